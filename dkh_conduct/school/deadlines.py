"""How a deadline reads on a page: late, today, or the day it falls on, counted in the school's own days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dkh_conduct.school.calendar import Unit

if TYPE_CHECKING:
    from dkh_conduct.school.calendar import SchoolCalendar


@dataclass(frozen=True)
class Deadline:
    """One day something is due. `days_late` are days of `unit`; 0 where none has passed, or none can be counted."""

    day: date
    today: date
    days_late: int = 0
    unit: Unit = Unit.SCHOOL

    @property
    def is_late(self) -> bool:
        return self.day < self.today

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def is_near(self) -> bool:
        """Today or tomorrow."""
        return self.today <= self.day <= self.today + timedelta(days=1)

    @property
    def _late(self) -> str:
        if self.days_late:
            return f"{self.unit.words(self.days_late)} late"
        return f"Late, due {self.day:%a %-d %b}"

    @property
    def label(self) -> str:
        """`2 school days late`, `Due today`, `Due Tue 24 Nov`"""
        if self.is_late:
            return self._late
        return "Due today" if self.is_today else f"Due {self.day:%a %-d %b}"

    @property
    def short(self) -> str:
        """`2 school days late`, `Today`, `Tomorrow`, `Fri 27 Nov`"""
        if self.is_late:
            return self._late
        if self.is_today:
            return "Today"
        return "Tomorrow" if self.is_near else f"{self.day:%a %-d %b}"

    @property
    def tone(self) -> str:
        """The modifier of a GOV.UK tag; the words say the same."""
        if self.is_late:
            return "govuk-tag--red"
        return "govuk-tag--yellow" if self.is_near else "govuk-tag--grey"


def deadline(day: date, *, today: date, calendar: SchoolCalendar, unit: Unit = Unit.SCHOOL) -> Deadline:
    """Late days are only counted while the calendar knows them: past its end it says when it was due instead."""
    can_count = day < today and calendar.knows(today, unit)
    return Deadline(day, today, calendar.days_between(day, today, unit) if can_count else 0, unit)
