"""Whether a letter could show who told the school: by name, or by what it says of where the school has it from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from letters.checks.claims import own_words
from letters.checks.objection import Objection
from letters.links import addresses_in
from letters.text import plain_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WHO = r"(?:another|a|one|some|other) (?:parents?|famil(?:y|ies)|carers?|person|members? of the group|people)"
_DID = r"(?:told|reported|complained|sent|showed|shared|raised|forwarded|contacted|came to)"
_HINT = re.compile(
    rf"\breported (?:to us |to the school )?by\b|\b{_WHO} (?:has |have |had |also |who )?{_DID}\b"
    r"|\bcomplain(?:ed|t) about you\b|\b(?:the|our) (?:reporter|informant|complainant|witness|source)\b"
    r"|\bscreenshots?\b|\bsomeone in the group\b|\bwho told us\b|\bwas passed to us\b",
    re.IGNORECASE,
)
_SHORTEST = 3
_SAME_DIGITS = 9  # the last of a number, whether it begins with +44 or with 0


def reporter_hints(body: str) -> Iterator[Objection]:
    for sentence, own in own_words(body):
        if _HINT.search(own):
            yield Objection(
                "reporter_hint",
                "It may show who told the school",
                "In a small group, how the school came to know is enough. Say only what was posted, and when.",
                sentence,
            )


def reporter_named(text: str, *, reporters: Iterable[str], addressee: str) -> Iterator[Objection]:
    """`reporters` are full names. A part of a name that the addressee has too says nothing."""
    shared = set(_parts(addressee))
    for sentence in [*plain_sentences(text), *addresses_in(text)]:
        words = set(_parts(sentence))
        for name in reporters:
            if any(part in words for part in _parts(name) if part not in shared):
                yield Objection(
                    "reporter_named",
                    "It holds a name of somebody who told the school",
                    "Take the name out. If it belongs to somebody else too, say it in another way.",
                    sentence,
                )
                break


def reporter_reached(text: str, *, reaches: Iterable[str]) -> Iterator[Objection]:
    """`reaches` are telephone numbers and email addresses, found however they are written."""
    emails = [each.casefold() for each in reaches if "@" in each]
    phones = [digits[-_SAME_DIGITS:] for each in reaches if len(digits := _digits(each)) >= _SAME_DIGITS]
    for sentence in [*plain_sentences(text), *addresses_in(text)]:
        said, digits = sentence.casefold(), _digits(sentence)
        if any(each in said for each in emails) or any(each in digits for each in phones):
            yield Objection(
                "reporter_reached",
                "It holds a number or an address of somebody who told the school",
                "Take it out. A number or an address shows who they are as surely as a name.",
                sentence,
            )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _parts(name: str) -> list[str]:
    return [part for part in re.findall(r"[^\W\d_]+", name.casefold()) if len(part) >= _SHORTEST]
