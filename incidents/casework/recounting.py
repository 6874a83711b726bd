"""Counting again by when somebody is to answer us, after the school's calendar changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.school.calendar import PastCalendarError, Unit
from dkh_conduct.school.models import School
from dkh_conduct.school.templatetags.dates import day
from incidents.casework import next_action
from incidents.models import Case, Event, InformationRequest
from incidents.models.event import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from dkh_conduct.school.calendar import SchoolCalendar


def recount_information(schools: Iterable[int]) -> int:
    """What was asked for at these schools and has not come; how many answers are due later. Safe to run twice."""
    moved = 0
    for school in School.objects.filter(pk__in=list(schools)):
        waiting = _waiting().filter(case__school=school).order_by("case").values_list("case", flat=True).distinct()
        calendar = school.calendar()
        moved += sum(_recount(pk, calendar=calendar) for pk in waiting)
    return moved


def recount_all() -> None:
    """In case the portal stopped between a change of the calendar and what follows from it."""
    recount_information(School.objects.values_list("pk", flat=True))


@transaction.atomic
def _recount(pk: int, *, calendar: SchoolCalendar) -> int:
    """A day only ever moves later, as with a letter's: a day that somebody was told stays theirs."""
    case = Case.objects.select_related("school").select_for_update(of=("self",)).get(pk=pk)
    moved = 0
    for asked in _waiting().filter(case=case).select_related("person"):
        try:
            fair = calendar.add(asked.asked_on, asked.due_days or 0, Unit(asked.due_unit))
        except PastCalendarError:
            continue  # the day that was counted with longer terms stays
        if fair <= asked.due_on:
            continue
        before, asked.due_on = asked.due_on, fair
        asked.save(update_fields=["due_on"])
        record(
            Event.Kind.INFORMATION_RECOUNTED,
            school=case.school,
            by=None,
            case=case,
            who=asked.who,
            summary=f"Due on {day(fair)} in place of {day(before)}: the school’s calendar changed. "
            f"It is still {asked.time_given}.",
        )
        moved += 1
    if moved and case.next_action == next_action.ACCOUNT:
        next_action.after_account_asked(case)
    return moved


def _waiting() -> QuerySet[InformationRequest]:
    """Those with a number of days to count, on cases that go on."""
    waiting = InformationRequest.objects.filter(received_on=None, due_days__isnull=False)
    return waiting.exclude(case__status=Case.Status.CLOSED)
