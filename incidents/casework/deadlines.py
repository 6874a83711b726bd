"""How a case says what it waits for: late, today and tomorrow as everywhere, later days counted in school days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dkh_conduct.school.calendar import Unit
from dkh_conduct.school.deadlines import deadline

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.school.calendar import SchoolCalendar


@dataclass(frozen=True)
class Due:
    """`tone` is the modifier of a GOV.UK tag, or empty where the words stand without one. `left`: `2 school days`."""

    words: str
    tone: str = ""
    left: str = ""


def due_words(day: date | None, *, today: date, calendar: SchoolCalendar, unit: Unit = Unit.SCHOOL) -> Due | None:
    """`1 school day late`, `Today`, `Tomorrow`, `7 December, 2 school days`; past the calendar's end only the day."""
    if day is None:
        return None
    due = deadline(day, today=today, calendar=calendar, unit=unit)
    if due.is_late or due.is_near:
        return Due(due.short, due.tone)
    days = calendar.days_between(today, day, unit) if calendar.knows(day, unit) else 0
    left = unit.words(days).replace(" ", "\u00a0") if days else ""
    return Due(near_day(day, today=today) + (f", {left}" if left else ""), left=left)


def near_day(day: date, *, today: date) -> str:
    """`today`, `3 November`, or with its year where that is not this one."""
    if day == today:
        return "today"
    return f"{day:%-d %B}" if day.year == today.year else f"{day:%-d %B %Y}"
