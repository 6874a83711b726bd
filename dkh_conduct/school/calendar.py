"""School days and working days, counted from a school's own calendar.

A school day is a day with a session at that school: inset days, half-terms and bank holidays are not
counted. A working day is Monday to Friday without the bank holidays of England. Counting starts the day
after; past the last loaded term it stops with a sentence instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

import holidays

FIRST_CLASS_WORKING_DAYS = 2  # Practice Direction (QBD: Postal Service) 1985: second working day after posting
SECOND_CLASS_WORKING_DAYS = 4  # the same: fourth working day after posting


class Unit(StrEnum):
    """Which days a deadline counts. Every deadline says which: ten of the one can be a month of the other."""

    SCHOOL = "school"
    WORKING = "working"

    def words(self, days: int) -> str:
        """`10 school days`, `1 working day`"""
        return f"{days} {self.value} day{'' if days == 1 else 's'}"


class PastCalendarError(Exception):
    """The school's calendar ends before the day asked for."""


@dataclass(frozen=True)
class SchoolCalendar:
    """The days a school is open. `terms` are first and last days of sessions; `closed` are inset and other days off.

    `bank_holidays` are those beyond the usual ones, such as for a coronation: they are no working days either.
    """

    terms: tuple[tuple[date, date], ...]
    closed: frozenset[date] = field(default_factory=frozenset)
    bank_holidays: frozenset[date] = field(default_factory=frozenset)

    @cached_property
    def last_day(self) -> date:
        if not self.terms:
            raise PastCalendarError("No term dates are set. An administrator can add them.")
        return max(end for _, end in self.terms)

    def is_school_day(self, day: date) -> bool:
        in_term = any(start <= day <= end for start, end in self.terms)
        return in_term and self.is_working_day(day) and day not in self.closed

    def is_working_day(self, day: date) -> bool:
        return is_working_day(day) and day not in self.bank_holidays

    def add_working_days(self, start: date, days: int) -> date:
        """Needs no term: working days go on in the holidays, and past the calendar's end."""
        day, left = start, days
        while left:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return day

    def add(self, start: date, days: int, unit: Unit) -> date:
        """The day that is so many school or working days after `start`. Raises PastCalendarError."""
        return self.add_school_days(start, days) if unit == Unit.SCHOOL else self.add_working_days(start, days)

    def deemed_receipt(self, posted_on: date, *, first_class: bool = True) -> date:
        """The day a posted letter counts as having arrived, unless the contrary is proved."""
        days = FIRST_CLASS_WORKING_DAYS if first_class else SECOND_CLASS_WORKING_DAYS
        return self.add_working_days(posted_on, days)

    def add_school_days(self, start: date, days: int) -> date:
        """The day that is `days` school days after `start`; the day after `start` can be day 1.

        Raises PastCalendarError where the calendar ends first.
        """
        day, left = start, days
        while left:
            day += timedelta(days=1)
            if day > self.last_day:
                raise PastCalendarError(
                    f"Term dates are only known up to {self.last_day:%-d %B %Y}. Add the next year’s dates first."
                )
            if self.is_school_day(day):
                left -= 1
        return day

    def school_days_between(self, start: date, end: date) -> int:
        """School days after `start`, up to and with `end`; negative when `end` is before `start`."""
        if end < start:
            return -self.school_days_between(end, start)
        return sum(self.is_school_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def knows(self, day: date, unit: Unit) -> bool:
        """Whether days of this unit can be counted up to `day`. Working days need no term."""
        return unit == Unit.WORKING or (bool(self.terms) and day <= self.last_day)

    def days_between(self, start: date, end: date, unit: Unit) -> int:
        """The same in either unit, for a `start` that is not after `end`."""
        if unit == Unit.SCHOOL:
            return self.school_days_between(start, end)
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


@lru_cache(maxsize=32)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """The same without a school's own extra days off."""
    return SchoolCalendar(terms=()).add_working_days(start, days)


def deemed_receipt(posted_on: date, *, first_class: bool = True) -> date:
    """The same without a school's own extra days off."""
    return SchoolCalendar(terms=()).deemed_receipt(posted_on, first_class=first_class)


def bank_holidays_of(year: int) -> list[tuple[date, str]]:
    """The usual ones of England, by name, in their order."""
    return sorted(holidays.country_holidays("GB", subdiv="ENG", years=year).items())
