"""Works out whom to tell of what. Everything is read through `visible_to`: who has a conflict is told nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.models import Case, Concern, Email, Notice, NoticeChoice, Reply, Step, Task
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.calendar import SchoolCalendar

Kind, Often = Notice.Kind, NoticeChoice.Often
NEW_FOR = timedelta(days=14)  # what came before somebody's account was made is not news
MORNING = 7


def notice(user: User) -> int:
    """Write what this person has not been told yet; how many lines are new."""
    day = today()
    wanted = list(_wanted(user, day=day, soon=user.school.calendar().add_working_days(day, 1)))
    known = set(Notice.objects.filter(user=user, key__in=[each.key for each in wanted]).values_list("key", flat=True))
    new = [each for each in wanted if each.key not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def email_notices(user: User) -> bool:
    """One e-mail for all that is new, when this person wants one now. It says how many there are, and no more."""
    with transaction.atomic():
        NoticeChoice.objects.get_or_create(user=user)
        choice = NoticeChoice.objects.select_for_update().get(user=user)
        if not _is_due(choice, day=today(), calendar=user.school.calendar()):
            return False
        fresh = Notice.objects.visible_to(user).unread().filter(emailed_at=None)
        number = fresh.count()
        if not number:
            return False
        # Those that they may not know of any more stay out of the count, and are never sent later.
        Notice.objects.filter(user=user, emailed_at=None).update(emailed_at=timezone.now())
        choice.last_emailed_on = today()
        choice.save(update_fields=["last_emailed_on"])
        link = f"{settings.SITE_URL}{reverse('notice-list')}"
        things = f"{number} new thing{'' if number == 1 else 's'}"
        body = render_to_string("emails/notices.txt", {"things": things, "link": link, "school": user.school})
        email = Email.objects.create(
            school=user.school, to=user.email, subject=f"{things} in the conduct portal", body=body
        )
        transaction.on_commit(partial(hurry_email, email.pk), robust=True)
    return True


def _is_due(choice: NoticeChoice, *, day: date, calendar: SchoolCalendar) -> bool:
    if choice.often == Often.NEVER:
        return False
    if choice.often == Often.ONCE:
        return True
    is_morning = timezone.localtime().hour >= MORNING and calendar.is_working_day(day)
    if choice.last_emailed_on == day or not is_morning:
        return False
    monday = day - timedelta(days=day.weekday())
    return choice.often == Often.DAILY or choice.last_emailed_on is None or choice.last_emailed_on < monday


def _wanted(user: User, *, day: date, soon: date) -> Iterator[Notice]:
    concerns = Concern.objects.visible_to(user)
    if user.has_perm("incidents.triage_concern"):
        for concern in concerns.unread().filter(received_at__gte=timezone.now() - NEW_FOR):
            yield Notice(user=user, kind=Kind.NEW_CONCERN, key=f"concern:{concern.pk}", concern=concern)
    for concern in concerns.due_by(soon).filter(assigned_to=user):
        kind = Kind.CONCERN_LATE if concern.due_on < day else Kind.CONCERN_SOON
        yield Notice(user=user, kind=kind, key=f"{kind}:{concern.pk}:{concern.due_on}", concern=concern)
    for concern in concerns.with_new_message().filter(assigned_to=user):
        last = concern.messages.from_reporter().order_by("-pk").values_list("pk", flat=True).first()
        yield Notice(user=user, kind=Kind.MESSAGE, key=f"message:{last}", concern=concern)
    for case in Case.objects.visible_to(user).open().led_by(user).filter(next_on__lte=soon):
        kind = Kind.CASE_LATE if case.next_on and case.next_on < day else Kind.CASE_SOON
        yield Notice(user=user, kind=kind, key=f"{kind}:{case.pk}:{case.next_on}", case=case)
    for task in Task.objects.visible_to(user).due_by(soon).filter(owner=user).select_related("case"):
        kind = Kind.TASK_LATE if task.due_on < day else Kind.TASK_SOON
        yield Notice(user=user, kind=kind, key=f"{kind}:{task.pk}:{task.due_on}", case=task.case)
    for reply in Reply.objects.visible_to(user).unread().filter(step__case__lead=user).select_related("step__case"):
        yield Notice(user=user, kind=Kind.REPLY, key=f"reply:{reply.pk}", case=reply.step.case)
    for step in Step.objects.waiting_for(user).select_related("case"):
        yield Notice(user=user, kind=Kind.APPROVAL, key=f"approval:{step.pk}:{step.proposals}", case=step.case)
