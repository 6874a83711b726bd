"""Tasks on a case: what somebody does by a day; and which cases belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.templatetags.dates import day
from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.casework.leads import case_runners
from incidents.models import Case, CaseLink, Event, Task
from incidents.models.event import record

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from dkh_conduct.accounts.models import User


def possible_owners(case: Case) -> QuerySet[User]:
    """Who can be given a task: they run cases and have no conflict in this one."""
    return case_runners(case.school).exclude(conflicts__case=case)


@transaction.atomic
def add_task(*, case: Case, by: User, what: str, owner: User, due_on: date) -> Task:
    case = lock_case(case, by=by)
    if owner.pk != by.pk and not possible_owners(case).filter(pk=owner.pk).exists():
        raise Refused(f"{owner.full_name} cannot be given a task on this case. Choose somebody else.")
    if case.tasks.filter(what=what, owner=owner, due_on=due_on, done_at=None).exists():
        raise Refused("This same task is on the list already.")
    task = Task.objects.create(case=case, what=what, owner=owner, due_on=due_on, made_by=by)
    record(Event.Kind.TASK_ADDED, school=case.school, by=by, case=case, task=what, who=owner.full_name, due=day(due_on))
    return task


@transaction.atomic
def finish_task(*, case: Case, by: User, task: Task) -> Task:
    """Done, by whoever says so. Said twice, it is done once."""
    case = lock_case(case, by=by)
    held = case.tasks.select_related("done_by").select_for_update(of=("self",)).get(pk=task.pk)
    if held.done_at:
        if held.done_by_id == by.pk:
            return held
        who, when = who_and_when(held.done_by, held.done_at)
        raise Refused(f"{who} did this {when}.")
    held.done_at, held.done_by = timezone.now(), by
    held.save(update_fields=["done_at", "done_by"])
    record(Event.Kind.TASK_DONE, school=case.school, by=by, case=case, task=held.what)
    return held


@transaction.atomic
def link_cases(*, case: Case, by: User, other: Case, reason: str) -> CaseLink:
    """Neither case says the other's number in its story: whoever sees one may not know of the other."""
    first, second = both_locked(case, other, by=by)
    link, is_new = CaseLink.objects.get_or_create(case=first, other=second, defaults={"reason": reason, "made_by": by})
    if not is_new:
        raise Refused(f"{other.reference} is linked to this case already.")
    for each in (first, second):
        record(Event.Kind.CASE_LINKED, school=each.school, by=by, case=each, why=reason)
    return link


@transaction.atomic
def unlink_cases(*, case: Case, by: User, other: Case) -> None:
    first, second = both_locked(case, other, by=by)
    gone, _ = CaseLink.objects.filter(case=first, other=second).delete()
    if not gone:
        return
    for each in (first, second):
        record(Event.Kind.CASE_UNLINKED, school=each.school, by=by, case=each)


def both_locked(case: Case, other: Case, *, by: User) -> tuple[Case, Case]:
    """Always in the same order, so that two people never wait for each other. The first may be any of the two."""
    if case.pk == other.pk:
        raise Refused("A case cannot be linked to itself.")
    low, high = sorted((case, other), key=lambda each: each.pk)
    held = [lock_case(each, by=by) for each in (low, high)]
    return held[0], held[1]
