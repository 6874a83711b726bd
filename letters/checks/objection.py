"""One thing a check objects to: the sentence, why, and what else could be said."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Objection:
    """`sentence` is the letter's own; empty where something is missing. `code` names the check."""

    code: str
    title: str
    why: str
    sentence: str = ""
    may_go_on: bool = True

    @property
    def key(self) -> str:
        """Names this objection to this sentence: a reason that was given for one sentence does not cover another."""
        return sha256(f"{self.code} {self.title} {self.sentence}".encode()).hexdigest()[:16]
