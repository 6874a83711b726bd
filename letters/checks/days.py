"""Days named in a letter: one on which the school is closed, and one whose weekday is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from letters.checks.claims import own_words
from letters.checks.objection import Objection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkh_conduct.school.calendar import SchoolCalendar

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DAY = re.compile(rf"(?:\b({_WEEKDAYS}),? )?\b(\d{{1,2}}) ({_MONTHS}) (\d{{4}})\b")
# How long something is kept, and when a claim ends, may be any day.
_ANY_DAY = re.compile(r"\bkeep\b|\bkept\b|\bhold\b|\byear\b", re.IGNORECASE)


def wrong_days(body: str, *, calendar: SchoolCalendar, after: date) -> Iterator[Objection]:
    """Only days to come are looked at for being school days: messages are posted at weekends too."""
    for sentence, own in own_words(body):
        for weekday, day_in_words in _days(own):
            found = _read(day_in_words)
            if found is None:
                yield Objection(
                    "no_such_day",
                    f"There is no {day_in_words}",
                    "Check the day and the month.",
                    sentence,
                    may_go_on=False,
                )
                continue
            if weekday and weekday != f"{found:%A}":
                yield Objection(
                    "wrong_weekday",
                    f"{day_in_words} is a {found:%A}",
                    f"The letter calls it a {weekday}. Nobody can tell which day is meant.",
                    sentence,
                )
            if found > after and not _ANY_DAY.search(own) and _is_closed(found, calendar):
                yield Objection(
                    "not_a_school_day",
                    f"The school is closed on {found:%A %-d %B %Y}",
                    "Choose a school day, or say why this day is meant.",
                    sentence,
                )


def _days(text: str) -> Iterator[tuple[str, str]]:
    for match in _DAY.finditer(text):
        yield match[1] or "", f"{match[2]} {match[3]} {match[4]}"


def _read(words: str) -> date | None:
    try:
        return datetime.strptime(words, "%d %B %Y").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None


def _is_closed(day: date, calendar: SchoolCalendar) -> bool:
    """A day past the calendar's end is not known to be closed."""
    return bool(calendar.terms) and day <= calendar.last_day and not calendar.is_school_day(day)
