"""Reads a school calendar from an iCalendar file (RFC 5545), and guesses what each of its entries means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar

MOST_ENTRIES = 200
MOST_BYTES = 1_000_000
LEAVE_OUT = "leave"
SHORTEST_TERM = timedelta(days=6)
INSET = re.compile(r"\binset\b|training day|staff day|staff training", re.IGNORECASE)
HOLIDAY = re.compile(r"half[ -]?term|holiday|break|closed", re.IGNORECASE)
TERM = re.compile(r"\bterm\b|\bautumn\b|\bspring\b|\bsummer\b", re.IGNORECASE)


class UnreadableError(Exception):
    """The message says what to do about the file."""


@dataclass(frozen=True)
class Found:
    """One entry: its first and last day, and what it seems to be: `term`, a kind of closed day, or to leave out."""

    name: str
    first: date
    last: date
    kind: str


def read_calendar(raw: bytes) -> list[Found]:
    """Every whole-day entry, in order. Raises UnreadableError."""
    if len(raw) > MOST_BYTES:
        raise UnreadableError("The file is too big for a calendar. Choose the one that ends in .ics")
    try:
        calendar = Calendar.from_ical(raw)
        found = [each for event in calendar.walk("VEVENT") if (each := _found(event))]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise UnreadableError("This is not a calendar that can be read. Choose a file that ends in .ics") from None
    if not found:
        raise UnreadableError("There is no whole day in this calendar. Choose the one with the term dates")
    if len(found) > MOST_ENTRIES:
        raise UnreadableError(
            f"There are {len(found)} days in this calendar. Choose one with the term dates alone, "
            f"{MOST_ENTRIES} at most"
        )
    return sorted(found, key=lambda each: (each.first, each.last))


def _found(event: object) -> Found | None:
    """None for an entry with a time of day: school begins and ends with days."""
    start = getattr(event, "DTSTART", None)
    if start is None or isinstance(start, datetime):
        return None
    end = getattr(event, "DTEND", None)
    last = end - timedelta(days=1) if end and not isinstance(end, datetime) else start  # the end is not part of it
    name = " ".join(str(event.get("SUMMARY", "")).split())[:80] or "No name"  # type: ignore[attr-defined]
    name = re.sub("[\x00-\x1f\ud800-\udfff]", "", name)
    return Found(name, start, max(start, last), _guess(name, last - start))


def _guess(name: str, length: timedelta) -> str:
    if INSET.search(name):
        return "inset"
    if length >= SHORTEST_TERM and TERM.search(name) and not HOLIDAY.search(name):
        return "term"
    # Holidays lie between terms and need no row; a bank holiday is known already.
    return LEAVE_OUT
