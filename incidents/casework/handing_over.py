"""What somebody may do no longer goes to somebody else: they leave, or their new role does not allow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dkh_conduct.accounts.roles import PERMISSIONS, Role
from dkh_conduct.school.templatetags.dates import day
from incidents.casework.case_facts import approvers_of
from incidents.casework.leads import case_runners, leads_at_school, next_lead, set_lead
from incidents.casework.tasks import possible_owners
from incidents.models import Case, Concern, Event, Referral, Step, Task
from incidents.models.case import is_passed_on
from incidents.models.event import record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dkh_conduct.accounts.models import User

LEADS = {"incidents.run_case", "incidents.view_every_case"}
READS = {"incidents.triage_concern", "incidents.view_every_concern"}


@dataclass(frozen=True)
class Work:
    """Numbers only: an administrator does not read what a case is about. `decisions` wait for this person alone."""

    cases: int
    concerns: int
    tasks: int
    referrals: int
    decisions: int

    def __bool__(self) -> bool:
        return bool(self.cases or self.concerns or self.tasks)


def work_of(user: User, *, role: Role | None = None) -> Work:
    """What `role` does not let them go on with; without a role, everything."""
    return Work(
        len(_cases(user, role)),
        _concerns(user, role).count(),
        len(_tasks(user, role)),
        _referrals(user, role).count(),
        _decisions(user, role),
    )


def possible_heirs(user: User) -> QuerySet[User]:
    return case_runners(user.school).exclude(pk=user.pk)


@transaction.atomic
def hand_over_work(*, user: User, by: User, heir: User | None, role: Role | None = None) -> None:
    """To `heir`, but for what they may not know of: that goes to the Executive Head, or to somebody else who may.

    Before `user` gets `role`, or leaves. Raises Refused where there is work and nobody to take it.
    """
    goes = [case.pk for case in _cases(user, role)]
    led = Case.objects.open().led_by(user).filter(pk__in=goes).select_related("school").order_by("pk")
    for case in led.select_for_update(of=("self",)):
        set_lead(case, by=by, lead=next_lead(case, heir))
    for concern in _concerns(user, role).select_related("school").select_for_update(of=("self",)).order_by("pk"):
        taker = heir if heir and Concern.objects.visible_to(heir).filter(pk=concern.pk).exists() else None
        concern.assigned_to = taker
        concern.save(update_fields=["assigned_to"])
        who = taker.full_name if taker else "nobody yet"
        record(Event.Kind.CONCERN_ASSIGNED, school=concern.school, by=by, concern=concern, who=who)
    for task in _tasks(user, role):
        _hand_over_task(task, user=user, by=by, heir=heir)
    for referral in _referrals(user, role).select_related("case__school").order_by("pk"):
        referral.ended_at = timezone.now()
        referral.save(update_fields=["ended_at"])
        case = referral.case
        record(Event.Kind.REFERRAL_ENDED, school=case.school, by=by, case=case, who=user.full_name)


def _hand_over_task(task: Task, *, user: User, by: User, heir: User | None) -> None:
    """To whoever leads the case where the heir may not know of it."""
    case = task.case
    may_have = heir and possible_owners(case).filter(pk=heir.pk).exists()
    task.owner = heir if heir and may_have else case.lead
    task.save(update_fields=["owner"])
    record(
        Event.Kind.TASK_ADDED,
        school=case.school,
        by=by,
        case=case,
        task=task.what,
        who=task.owner.full_name,
        due=day(task.due_on),
        why=f"Until now it was for {user.full_name}.",
    )


def _may(role: Role | None, rights: set[str]) -> bool:
    return role is not None and rights <= set(PERMISSIONS[role])


def _cases(user: User, role: Role | None) -> list[Case]:
    """The chair goes on with a case that nobody at the school could lead."""
    if _may(role, LEADS):
        return []
    led = Case.objects.open().led_by(user).select_related("school").order_by("pk")
    return [case for case in led if role != Role.CHAIR or leads_at_school(case).exists()]


def _concerns(user: User, role: Role | None) -> QuerySet[Concern]:
    assigned = Concern.objects.unread().filter(assigned_to=user)
    if _may(role, READS):
        return assigned.none()
    return assigned.exclude(is_passed_on("concern")) if role == Role.CHAIR else assigned


def _tasks(user: User, role: Role | None) -> list[Task]:
    """Read when the cases have their new leads: what the chair goes on leading keeps their tasks."""
    if _may(role, LEADS):
        return []
    tasks = Task.objects.to_do().filter(owner=user).select_related("case__school", "case__lead").order_by("pk")
    kept = {case.pk for case in Case.objects.open().led_by(user)} - {case.pk for case in _cases(user, role)}
    return [task for task in tasks if task.case_id not in kept]


def _referrals(user: User, role: Role | None) -> QuerySet[Referral]:
    """Only the Trust’s legal team is shown cases one by one; another role reads by its own right, or not at all."""
    standing = Referral.objects.standing().to_user(user)
    return standing.none() if role == Role.LEGAL else standing


def _decisions(user: User, role: Role | None) -> int:
    """Proposals that nobody but `user` could decide, and that `role` does not let them decide."""
    if _may(role, {"incidents.approve_step", "incidents.view_every_case"}):
        return 0
    waiting = Step.objects.waiting_for(user).select_related("case", "proposed_by")
    others = (approvers_of(step.case, besides=step.proposed_by) for step in waiting if step.proposed_by)
    return sum(not each.exclude(pk=user.pk).exists() for each in others)
