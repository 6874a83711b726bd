"""What may leave of a chat or an e-mail, laid out on sheets: date, time, sender and words as they are displayed in the
file, but for what is covered."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidents.evidence.chat_view import visible
from incidents.evidence.covering import covered
from incidents.evidence.passages import BY_THE_APP, LEFT_OUT, WORDS_OF_IT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from incidents.evidence.covering import Mask
    from incidents.evidence.passages import Passage

# Fewer than fit on a page of the pack's type, so that a sheet is one page whatever its letters are like.
ROWS, ACROSS = 36, 62
WIDE = frozenset("mw@%—…")  # about twice as wide as other letters, as capitals are
HEAD_ROWS = 2  # who and when, and the space between messages


@dataclass(frozen=True)
class Sheet:
    """One page: who and when, and what was said, for each message."""

    rows: list[tuple[str, str]]

    @property
    def sha256(self) -> str:
        words = "\n".join(f"{head}\n{words}" for head, words in self.rows)
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def sheets_of_chat(marked: Iterable[Passage], masks: Collection[Mask] = ()) -> list[Sheet]:
    return _sheets(
        (f"{each.when}, {visible(covered(each.who, masks)) or BY_THE_APP}", covered(each.words, masks))
        for each in marked
    )


def sheets_of_email(passages: Iterable[Passage], chosen: Collection[int], masks: Collection[Mask] = ()) -> list[Sheet]:
    """Its headers one by one, then its words in one go, with a note in each place where something is left out."""
    told: list[tuple[str, str]] = []
    words: list[str] = []
    for each in passages:
        is_in = each.number in chosen
        if each.who:
            told.append((each.who, covered(each.words, masks) if is_in else LEFT_OUT))
        elif is_in or words[-1:] != [LEFT_OUT]:
            words.append(covered(each.words, masks) if is_in else LEFT_OUT)
    if words:
        told.append((WORDS_OF_IT, "\n\n".join(words)))
    return _sheets(told) if chosen else []


def _sheets(told: Iterable[tuple[str, str]]) -> list[Sheet]:
    sheets: list[Sheet] = []
    room = 0
    for head, body in told:
        for at, (words, height) in enumerate(_pieces(body)):
            if height + HEAD_ROWS > room:
                sheets.append(Sheet([]))
                room = ROWS
            sheets[-1].rows.append((f"{head} (continued)" if at else head, words))
            room -= height + HEAD_ROWS
    return sheets


def _pieces(body: str) -> Iterator[tuple[str, int]]:
    """The words in pieces that fit on one sheet each, and how many rows they take. None is left out."""
    piece, height = "", 0
    for row in _rows(body):
        if height == ROWS - HEAD_ROWS:
            yield piece, height
            piece, height = "", 0
        piece, height = piece + row, height + 1
    yield piece, max(1, height)


def _rows(body: str) -> Iterator[str]:
    """As long as may stand on one row of the paper. Joined, they are the message again."""
    for line in body.splitlines(keepends=True):
        row, across = "", 0
        for letter in line:
            wide = 2 if unicodedata.east_asian_width(letter) in {"W", "F"} or letter.isupper() or letter in WIDE else 1
            if across + wide > ACROSS:
                yield row
                row, across = "", 0
            row, across = row + letter, across + wide
        yield row
