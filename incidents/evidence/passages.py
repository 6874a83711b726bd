"""What of a file may leave as text, in passages that somebody can choose: marked messages, or what an e-mail says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from incidents.models import ChatLine, Evidence

# Each is a tick on a form, which takes a few hundred answers: a longer e-mail has larger passages.
MOST_OF_AN_EMAIL = 150
WORDS_OF_IT = "Words of the email"
LEFT_OUT = "[left out]"
NO_DATE, BY_THE_APP = "No date", "Written by the app"
OF_A_CHAT = (
    "Messages that were marked in an exported chat, as they stand in the file. Other messages are left out. Names are "
    "those of the address book of whoever exported it, and times are those of their phone."
)
OF_AN_EMAIL = "Passages that were chosen from an email, as a program read them."


@dataclass(frozen=True)
class Passage:
    """`when` and `who` stand above the words. Of an e-mail, `who` is the name of a header, or nothing."""

    number: int
    when: str
    who: str
    words: str


def passages_of(evidence: Evidence, *, marked: Iterable[ChatLine] | None = None) -> list[Passage]:
    """Of a chat its marked messages, read already or not; of an e-mail all of it; nothing of what is no text."""
    if evidence.kind == "chat":
        lines = evidence.lines.marked() if marked is None else marked
        return [Passage(line.number, line.stamp or NO_DATE, line.sender, line.body) for line in lines]
    return _of_email(evidence.text) if evidence.kind == "email" else []


def chosen_of(evidence: Evidence, numbers: Collection[int]) -> list[Passage]:
    return [passage for passage in passages_of(evidence) if passage.number in numbers]


def heads_and_words(text: str) -> tuple[list[tuple[str, str]], str]:
    """From, To, Date and Subject, as far as an e-mail has them, and what follows."""
    heads, _, words = ("", "", text) if text.startswith("\n") else text.partition("\n\n")
    return [(name, value) for name, _, value in (line.partition(": ") for line in heads.splitlines())], words


def _of_email(text: str) -> list[Passage]:
    heads, words = heads_and_words(text)
    paragraphs = [each.strip("\r\n") for each in re.split(r"\r?\n[ \t]*\r?\n", words) if each.strip()]
    together = -(-len(paragraphs) // MOST_OF_AN_EMAIL) or 1
    bodies = ["\n\n".join(paragraphs[at : at + together]) for at in range(0, len(paragraphs), together)]
    told = [*heads, *(("", body) for body in bodies)]
    return [Passage(number, "", who, words) for number, (who, words) in enumerate(told, start=1)]
