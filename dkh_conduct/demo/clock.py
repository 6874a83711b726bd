"""The days of the story, counted in school days from today, and a clock that can be set back to any of them.

The story is told with the portal's own verbs. Set back, the clock gives the rows they write, their events and their
history the time at which each thing is said to have been done.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Self

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkh_conduct.school.calendar import SchoolCalendar


class _AnyDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """`django.utils.timezone.now()` is `moment`. For a command that has its process to itself."""

    class Then(datetime, metaclass=_AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return moment.astimezone(tz)  # type: ignore[return-value]

    names = vars(timezone)
    names["datetime"], before = Then, names["datetime"]
    try:
        yield
    finally:
        names["datetime"] = before


class Days:
    """School days before and after `today`: `day(-3)` was three school days ago, `day(0)` is today itself."""

    def __init__(self, today: date, calendar: SchoolCalendar) -> None:
        self.today = today
        self.calendar = calendar

    def day(self, school_days: int) -> date:
        day, step = self.today, timedelta(days=1 if school_days > 0 else -1)
        for _ in range(abs(school_days)):
            day += step
            while not self.calendar.is_school_day(day):
                day += step
        return day

    def moment(self, school_days: int, clock: str) -> datetime:
        """`moment(-3, "8:51am")`"""
        at = datetime.strptime(clock.upper(), "%I:%M%p").time()  # noqa: DTZ007
        return timezone.make_aware(datetime.combine(self.day(school_days), at))

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)
