"""What is looked at before a letter is approved: pure functions that say which sentence they object to, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from letters.checks.claims import over_claims
from letters.checks.copies import copied_to
from letters.checks.days import wrong_days
from letters.checks.missing import hard_to_read, left_open, missing_parts, missing_reply, outside_window
from letters.checks.objection import Objection
from letters.checks.reporter import reporter_hints, reporter_named, reporter_reached
from letters.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dkh_conduct.school.calendar import SchoolCalendar
    from letters.models import Letter

__all__ = ["Objection", "check"]


def check(
    letter: Letter,
    *,
    calendar: SchoolCalendar | None = None,
    reporters: Iterable[str] = (),
    reaches: Iterable[str] = (),
) -> list[Objection]:
    """Everything there is to object to in the letter as it stands, saved or not; the gravest first.

    `reporters` are the full names of those who told the school and of their children, `reaches` their numbers and
    email addresses: no letter to somebody else may hold one. A letter to a body is for others to read than a parent's,
    so what is only unkind in a parent's letter is not looked for there.
    """
    kind = KINDS.get(letter.kind)
    text = f"{letter.heading}.\n\n{letter.body}"
    names = f"{text}\n\n{letter.copies_to}." if letter.copies_to else text
    found = [
        *reporter_named(names, reporters=reporters, addressee=letter.addressee),
        *reporter_reached(names, reaches=list(reaches)),
        *outside_window(letter),
    ]
    if kind is None or kind.audience == "parent":
        found += reporter_hints(letter.body)
    found += [*left_open(letter), *copied_to(letter)]
    if kind is None or kind.audience != "body":
        found += [*over_claims(text), *hard_to_read(letter)]
        if calendar is not None:
            found += wrong_days(letter.body, calendar=calendar, after=letter.written_on)
    if kind is not None:
        found += [*missing_reply(letter, kind), *missing_parts(letter, kind)]
    return list({objection.key: objection for objection in found}.values())
