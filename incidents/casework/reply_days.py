"""By when somebody can put their side: long enough after a letter should arrive, on a day the school is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dkh_conduct.school.calendar import PastCalendarError
from dkh_conduct.school.templatetags.dates import day, weekday
from incidents.casework.case_lock import Refused

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.school.calendar import SchoolCalendar
    from dkh_conduct.school.models import School


@dataclass(frozen=True)
class ReplyDays:
    """For a letter posted on one day. Where the calendar ends too soon, `past_calendar` is the sentence why."""

    calendar: SchoolCalendar
    minimum: int
    earliest: date | None = None
    usual: date | None = None
    past_calendar: str = ""

    @property
    def hint(self) -> str:
        if self.earliest is None:
            return self.past_calendar
        return (
            f"At least {self.minimum} school days after it should arrive. "
            f"Posted today, the earliest is {day(self.earliest)}."
        )

    def check(self, reply_by: date) -> None:
        """Raises Refused with the sentence that says which day to choose instead."""
        if self.earliest is None or reply_by > self.calendar.last_day:
            raise Refused(self.past_calendar or _past(self.calendar))
        if reply_by < self.earliest:
            raise Refused(
                f"Choose {day(self.earliest)} or a later day: "
                f"they have at least {self.minimum} school days after the letter should arrive."
            )
        if not self.calendar.is_school_day(reply_by):
            raise Refused(f"{weekday(reply_by)} is not a school day. Choose a day when the school is open.")


def _past(calendar: SchoolCalendar) -> str:
    return f"Term dates are only known up to {day(calendar.last_day)}. Choose an earlier day."


def reply_days(school: School, *, posted_on: date) -> ReplyDays:
    calendar, minimum = school.calendar(), school.minimum_reply_school_days
    arrives_on = calendar.deemed_receipt(posted_on)
    try:
        earliest = calendar.add_school_days(arrives_on, minimum)
    except PastCalendarError as error:
        return ReplyDays(calendar, minimum, past_calendar=str(error))
    try:
        usual = calendar.add_school_days(arrives_on, max(school.reply_school_days, minimum))
    except PastCalendarError:
        usual = earliest
    return ReplyDays(calendar, minimum, earliest, usual)
