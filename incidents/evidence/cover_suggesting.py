"""Suggests which words of a chat or an e-mail may need covering before they leave. Nothing is covered unasked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidents.evidence.covering import MOST_MASKS, Mask, pieces_of
from incidents.evidence.originals import case_of
from incidents.evidence.redacting import Why
from incidents.evidence.suggesting import EMAIL, PHONE, names_on, parts_of
from incidents.models import CasePerson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dkh_conduct.accounts.models import User
    from incidents.evidence.passages import Passage
    from incidents.models import Evidence

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
SIGNS_OF_A_STRANGER = "~ \u202f\u00a0"  # WhatsApp writes `~ Name` for who is not in the address book


@dataclass(frozen=True)
class WordsSuggestion:
    """Words that somebody may accept to be covered."""

    number: int
    mask: Mask

    @property
    def why_label(self) -> str:
        return str(Why(self.mask.why).label)


def words_suggested(evidence: Evidence, passages: Iterable[Passage], *, user: User) -> list[WordsSuggestion]:
    """Each once, in the order of the text; senders last, because most of them are no part of the case."""
    names, subject = dict(names_on(evidence, user)), set(_subject(evidence))
    found: dict[str, Mask] = {}
    told = list(passages)
    for passage in told:
        for text in (passage.who if evidence.kind == "chat" else "", passage.words):
            for words, why in _found_in(text, names, subject):
                found.setdefault(words.casefold(), Mask(words, why.value))
    if evidence.kind == "chat":
        for passage in told:
            sender = passage.who.strip(SIGNS_OF_A_STRANGER)
            if sender and not subject & set(parts_of(sender)):
                found.setdefault(sender.casefold(), Mask(sender, Why.PARENT.value))
    return [WordsSuggestion(number, mask) for number, mask in enumerate(list(found.values())[:MOST_MASKS], start=1)]


def not_masked(suggested: Iterable[WordsSuggestion], masks: list[Mask]) -> list[WordsSuggestion]:
    return [each for each in suggested if not all(piece.is_covered for piece in pieces_of(each.mask.words, masks))]


def _found_in(text: str, names: dict[str, Why], subject: set[str]) -> Iterator[tuple[str, Why]]:
    for pattern in (EMAIL, PHONE):
        for match in pattern.finditer(text):
            yield match[0].strip(), Why.CONTACT
    run: list[re.Match[str]] = []
    for word in [*WORD.finditer(text), None]:
        why = next((names[part] for part in parts_of(word[0]) if part in names), None) if word else None
        goes_on = run and word and why and text[run[-1].end() : word.start()].isspace()
        if run and not goes_on:
            # A surname that a child shares with whom the case is about is no reason to cover that one's name.
            theirs = [each for each in run if not set(parts_of(each[0])) <= subject]
            if theirs:
                yield text[run[0].start() : run[-1].end()], names[parts_of(theirs[0][0])[0]]
            run = []
        if word and why:
            run.append(word)


def _subject(evidence: Evidence) -> Iterator[str]:
    """Parts of the names of whom the case is about, which a pack is there to say."""
    case = case_of(evidence)
    if case is not None:
        for link in CasePerson.objects.filter(case=case, role=CasePerson.Role.SUBJECT).select_related("person"):
            yield from parts_of(link.person.full_name)
