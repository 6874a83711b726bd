"""Where today falls in the school's term; nothing is said of a day that no term is known for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dkh_conduct.school.calendar import SchoolCalendar

# Halves of one term lie a week apart, which is at most this many days from the last to the first; holidays are longer.
HALF_TERM = timedelta(days=13)
DAYS_AFTER = timedelta(days=6)


@dataclass(frozen=True)
class TermDay:
    """Today within its term: `week` counts only weeks with school days in them, `days_left` counts today too."""

    starts_on: date
    ends_on: date
    week: int
    days_left: int


def term_day(today: date, calendar: SchoolCalendar) -> TermDay | None:
    for first, last in _terms(calendar):
        if first <= today <= last:
            passed = [day for day in _days(first, today) if calendar.is_school_day(day)]
            left = sum(calendar.is_school_day(day) for day in _days(today, last))
            return TermDay(first, last, len({monday_of(day) for day in passed}), left)
    return None


def latest_term_start(today: date, calendar: SchoolCalendar) -> date | None:
    """The first day of this term, or in a holiday of the term before it; None where no term has begun."""
    return max((first for first, _ in _terms(calendar) if first <= today), default=None)


def weeks_without_school(mondays: list[date], calendar: SchoolCalendar) -> list[date]:
    """Those of the weeks, between the first and the last known day of school, in which there was none."""
    if not calendar.terms:
        return []
    first = min(start for start, _ in calendar.terms)
    known = [monday for monday in mondays if first <= monday <= calendar.last_day]
    return [monday for monday in known if not any(map(calendar.is_school_day, _days(monday, monday + DAYS_AFTER)))]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _terms(calendar: SchoolCalendar) -> list[tuple[date, date]]:
    """The calendar's stretches, with the two halves of a term put together."""
    whole: list[tuple[date, date]] = []
    for first, last in sorted(calendar.terms):
        if whole and first - whole[-1][1] <= HALF_TERM:
            whole[-1] = (whole[-1][0], max(last, whole[-1][1]))
        else:
            whole.append((first, last))
    return whole


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
