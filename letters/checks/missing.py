"""What a letter of its kind must say and does not, and what somebody left open in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from letters.checks.objection import Objection
from letters.checks.reading import MOST, hardest, reading_age
from letters.refusals import AddressDoesNotFitError
from letters.text import plain_sentences
from letters.window import envelope_of, fit_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from letters.kinds import Kind
    from letters.models import Letter

# “[reply online]” is a field that the printer fills in; every other bracket is something to be filled in by hand.
_OPEN = re.compile(
    r"\[(?!reply online\])[^\]]*\]|\(\([^)]*\)\)|\{\{.*?\}\}|\bTBC\b|\bTBD\b|\bXX+\b|_{3,}|\?{2,}|…{2,}|\.{4,}"
)


def left_open(letter: Letter) -> Iterator[Objection]:
    for sentence in plain_sentences(f"{letter.heading}\n\n{letter.body}"):
        if found := _OPEN.search(sentence):
            yield Objection(
                "left_open",
                f"Something is left open: {found[0][:40]}",
                "Fill it in, or take it out. It would be printed as it stands.",
                sentence,
            )


def missing_parts(letter: Letter, kind: Kind) -> Iterator[Objection]:
    body = " ".join(f"{letter.heading} {letter.body}".lower().split()).replace("'", "’")
    for part in kind.parts:
        if not any(phrase in body for phrase in part.phrases):
            yield Objection("missing_part", f"It does not say {part.label}", part.why + " Put it back.")


def missing_reply(letter: Letter, kind: Kind) -> Iterator[Objection]:
    if not kind.asks_reply:
        return
    body = " ".join(letter.body.split())
    if letter.reply_by is None:
        yield Objection("no_reply_day", "It gives no day to reply by", "Set the day by which they can put their side.")
    elif f"{letter.reply_by:%-d %B %Y}" not in body:
        yield Objection(
            "reply_day_unsaid",
            "It does not say by when they can reply",
            f"The day is {letter.reply_by:%A %-d %B %Y}. Write it where the letter says how to reply.",
        )
    if "school" not in body.lower() or not re.search(r"\b(?:call|phone|email|write to)\b", body, re.IGNORECASE):
        yield Objection(
            "only_online",
            "It gives no way to reply but online",
            "Not everybody is online. Say where they can write or whom they can call.",
        )


def hard_to_read(letter: Letter) -> Iterator[Objection]:
    age = reading_age(letter.body)
    if age is not None and age > MOST:
        yield Objection(
            "hard_to_read",
            f"It reads like a text for somebody of {age:.0f} or older",
            f"Aim for {MOST}. Make sentences shorter and words plainer. Begin with this one.",
            hardest(letter.body),
        )


def outside_window(letter: Letter) -> Iterator[Objection]:
    try:
        envelope = envelope_of(letter.school.envelope if letter.school_id else "")
        fit_address([letter.addressee, *letter.address_lines], envelope)
    except AddressDoesNotFitError as refusal:
        yield Objection(
            "outside_window", "The address would not show in the envelope’s window", str(refusal), may_go_on=False
        )
