"""What the page of a case says about its rows: whose account is where, what is late, which step was last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case as Which
from django.db.models import Exists, OuterRef, Q, Value, When
from django.utils import timezone

from dkh_conduct.accounts.models import User
from dkh_conduct.school.calendar import Unit
from incidents.casework.deadlines import due_words
from incidents.models import Allegation, CasePerson, Conflict, Event, Step
from incidents.models.kept_out import named_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.casework.case_lists import LinkRow
    from incidents.casework.concerns import CaseConcern, CaseEvidence
    from incidents.casework.deadlines import Due
    from incidents.casework.ladder import LadderRow
    from incidents.models import Case, InformationRequest, Person, Reply, Task


@dataclass(frozen=True)
class AllegationRow:
    """One allegation; it is settled once a step that was taken relies on its finding."""

    allegation: Allegation
    evidence: CaseEvidence | None
    is_settled: bool


@dataclass(frozen=True)
class RequestRow:
    """Somebody who was asked, as the table names them; `due` is said until the answer is there."""

    request: InformationRequest
    name: str
    due: Due | None


@dataclass(frozen=True)
class AccountBlock:
    """One subject, and the times they were asked for their account."""

    subject: Person
    rows: list[RequestRow]
    replies: list[Reply]


def allegations_for_page() -> QuerySet[Allegation]:
    relying = Step.objects.taken().filter(allegations=OuterRef("pk"))
    return Allegation.objects.select_related("subject", "found_by").annotate(is_settled=Exists(relying))


def allegation_rows(case: Case, concerns: list[CaseConcern]) -> list[AllegationRow]:
    """Needs the allegations as `allegations_for_page` reads them."""
    shown = {each.file.pk: each for concern in concerns for each in concern.evidence}
    return [
        AllegationRow(each, shown.get(each.evidence_id) if each.evidence_id else None, each.is_settled)  # type: ignore[attr-defined]
        for each in case.allegations.all()
    ]


def account_blocks(case: Case, rows: list[RequestRow], replies: Iterable[Reply] = ()) -> list[AccountBlock]:
    replies = list(replies)
    accounts = [row for row in rows if row.request.is_subject_account]
    return [
        AccountBlock(
            subject,
            [row for row in accounts if row.request.person_id == subject.pk],
            [reply for reply in replies if reply.step.subject_id == subject.pk],
        )
        for subject in case.subjects
    ]


def request_rows(case: Case, *, today: date, calendar: SchoolCalendar) -> list[RequestRow]:
    roles = {link.person_id: link.get_role_display().lower() for link in case.people.all()}
    rows = []
    for each in case.information.all():
        role = roles.get(each.person_id or 0, "")
        name = f"{each.who}: {each.topic}" if each.topic else ", ".join(filter(None, (each.who, role)))
        due = (
            None
            if each.received_on
            else due_words(each.due_on, today=today, calendar=calendar, unit=Unit(each.due_unit))
        )
        rows.append(RequestRow(each, name, due))
    return rows


def staff_of(case: Case, *, user: User) -> list[User]:
    """Staff at work, and all who did something in the case as `user` may know it: those have `has_acted`.

    Those with a conflict of interest have `is_kept_out`.
    """
    done = Event.objects.of_case(case).known_to(user).order_by().values("by")
    acted = Which(When(pk__in=done, then=Value(value=True)), default=Value(value=False))
    kept_out = Exists(Conflict.objects.filter(case=case, user=OuterRef("pk")))
    staff = User.objects.filter(school=case.school_id).annotate(has_acted=acted, is_kept_out=kept_out)
    return list(staff.filter(Q(is_active=True) | Q(has_acted=True)).order_by("full_name"))


def staff_on(case: Case, staff: Iterable[User]) -> list[User]:
    """People on the case who have the name of a member of staff from whom it is not kept. Needs `staff_of`."""
    names = [link.person.full_name for link in case.people.all() if link.role != CasePerson.Role.CHILD]
    named = named_in(names, [user for user in staff if user.is_active])
    return [user for user in named if not user.is_kept_out]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class TaskRow:
    task: Task
    due: Due | None


def task_rows(tasks: Iterable[Task], *, today: date, calendar: SchoolCalendar) -> list[TaskRow]:
    return [TaskRow(task, due_words(task.due_on, today=today, calendar=calendar)) for task in tasks]


def where_merged(case: Case, links: list[LinkRow]) -> Case | None:
    """The case that it went into."""
    return next((link.case for link in links if case.merged_into_id == link.case.pk), None)


def last_step_of(ladder: list[LadderRow]) -> str:
    """`meeting, 21 October 2026`, or nothing where no step was taken."""
    taken = [(step.taken_at, row.short) for row in ladder for step in row.taken if step.taken_at]
    if not taken:
        return ""
    at, short = max(taken)
    return f"{short[:1].lower()}{short[1:]}, {timezone.localtime(at):%-d %B %Y}"
