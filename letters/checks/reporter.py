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


def _parts(name: str) -> list[str]:
    return [part for part in re.findall(r"[^\W\d_]+", name.casefold()) if len(part) >= _SHORTEST]
