"""Sees what may make a file hard to use later. Each is a hint to who sends it and who reads it, never a refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from incidents.models.evidence_hints import BLURRED, CROPPED, HINTS, LEFT_OUT, NO_DATE, NO_SENDER, SMALL, UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.evidence.pictures import CleanPicture
    from incidents.evidence.reading import Reading

# A phone's screen is at least this many pixels wide, since about 2012.
NARROWEST = 540
# A whole screen is between 4:3 and 24:9, upright or on its side.
SQUAREST, LONGEST = 1.3, 2.7
LEAST_DETAIL = 1
LEAST_WORDS = 8
MOST_NAMES = 4
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DAYS = "mon|tues|wednes|thurs|fri|satur|sun|yester|to"
WHEN = re.compile(
    rf"\b\d{{1,2}}[:.]\d{{2}}\b(?:\s?[ap]\.?m\b\.?)?|\b\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:{MONTHS})[a-z]*\b|\b(?:{MONTHS})[a-z]*\s\d{{1,2}}\b|\b(?:{DAYS})day\b"
    r"|\b\d{1,2}\s?(?:[ap]m|h|hrs?|min|m|d|w)(?:\sago)?\b",
    re.IGNORECASE,
)


def hints_of(found: Reading) -> list[str]:
    """Keys of HINTS, in their order."""
    first = found.first
    hints = _of_picture(first) if first.look and first.media_type != "application/pdf" else []
    if found.chat is not None and not found.chat.order:
        hints.append(UNDATED)
    if found.left_out:
        hints.append(LEFT_OUT)
    return hints


def hints_of_text(text: str) -> list[str]:
    """From what a machine read in a picture. Too few words say nothing: it may show no writing at all."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(text.split()) < LEAST_WORDS:
        return []
    hints = [] if WHEN.search(text) else [NO_DATE]
    return hints if any(_is_sender(line) for line in lines) else [*hints, NO_SENDER]


def _is_sender(line: str) -> bool:
    """Alone on its line: a few capitalised words, a number, or a name with the tilde that apps put before it."""
    words = WHEN.sub("", line).split()
    if re.fullmatch(r"[~+@]?[ \d()-]*\+?\d[\d ()-]{6,}", " ".join(words)) or (words and words[0][0] in "~@"):
        return True
    names = [word.strip(".,:;") for word in words if any(map(str.isalpha, word))]
    return (
        1 <= len(names) <= MOST_NAMES and all(name[:1].isupper() for name in names) and line.rstrip()[-1] not in ".!?"
    )


def words_of(hints: Iterable[str]) -> list[str]:
    return [HINTS[hint] for hint in hints if hint in HINTS]


def _of_picture(picture: CleanPicture) -> list[str]:
    short, long = sorted((picture.width, picture.height))
    hints = []
    if short < NARROWEST:
        hints.append(SMALL)
    if not SQUAREST <= long / max(1, short) <= LONGEST and picture.media_type in {"image/png", "image/webp"}:
        hints.append(CROPPED)
    if picture.detail < LEAST_DETAIL and short >= NARROWEST:
        hints.append(BLURRED)
    return hints
