"""The dashboard's two lists: what is due this week, and the reader's own cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from dkh_conduct.school.deadlines import Deadline, deadline
from incidents.insights.counts import week_end
from incidents.models import Case, CasePerson, Concern
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.calendar import SchoolCalendar

ROWS = 8


@dataclass(frozen=True)
class Due:
    """One thing to be done this week, what it is about, whose it is, and where."""

    what: str
    about: str
    who: str
    url: str
    deadline: Deadline


@dataclass(frozen=True)
class MyCase:
    case: Case
    last_step: str
    deadline: Deadline | None


@dataclass(frozen=True)
class Lists:
    due: list[Due]
    cases: list[MyCase]


def lists_of(user: User, *, today: date, calendar: SchoolCalendar) -> Lists:
    """Both lists in three queries: concerns, cases, and the people those cases are about."""

    def at(day: date) -> Deadline:
        return deadline(day, today=today, calendar=calendar)

    waiting = Concern.objects.visible_to(user).due_by(week_end(today)).select_related("assigned_to")
    cases = _cases(user, today)
    due = [_due_concern(concern, user, at(concern.due_on)) for concern in waiting.by_deadline()[:ROWS]]
    due += [_due_case(case, user, at(case.next_on)) for case in cases if case.next_on]
    due = sorted((row for row in due if row.deadline.day <= week_end(today)), key=lambda row: row.deadline.day)
    mine = [
        MyCase(case, _last_step(case), at(case.next_on) if case.next_on else None)
        for case in cases
        if case.lead == user
    ]
    return Lists(due[:ROWS], mine[:ROWS])


def _due_concern(concern: Concern, reader: User, at: Deadline) -> Due:
    who = _name(concern.assigned_to, reader) or "Nobody yet"
    return Due(f"Read concern {concern.reference}", f"“{concern.title}”.", who, concern.get_absolute_url(), at)


def _due_case(case: Case, reader: User, at: Deadline) -> Due:
    what = f"{case.next_action or 'Decide what is next'}, case {case.reference}"
    return Due(what, f"{case.title}.", _name(case.lead, reader), case.get_absolute_url(), at)


def _cases(user: User, today: date) -> Iterable[Case]:
    """The first few of both lists at once: cases due this week, and the reader's own."""
    seen = Case.objects.visible_to(user).open().by_deadline()
    soon = seen.filter(next_on__lte=week_end(today))
    subjects = CasePerson.objects.filter(role=CasePerson.Role.SUBJECT).select_related("person")
    return list(
        Case.objects.filter(Q(pk__in=soon.values("pk")[:ROWS]) | Q(pk__in=seen.led_by(user).values("pk")[:ROWS]))
        .select_related("lead")
        .prefetch_related(Prefetch("people", subjects))
        .with_last_step()
        .by_deadline()
    )


def _name(person: User | None, reader: User) -> str:
    if person is None:
        return ""
    return "You" if person == reader else person.full_name


def _last_step(case: Case) -> str:
    kind, at = case.last_step_kind, case.last_step_at  # type: ignore[attr-defined]
    return f"{POLICY.step(kind).short}, {at:%-d %B}" if kind else "None yet"
