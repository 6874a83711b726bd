"""The name a file is shown by: what the parent's phone called it, made safe to put on a page.

Whoever reads a case but no concern is never told who reported. They are shown “Picture 2”: what a phone called a file,
and what was written beside it, may say who sent it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Evidence

UNNAMED = "Unnamed file"
LONGEST = 100
KEPT_END = 16  # so that the suffix of a long name can still be read


def shown_name(name: str) -> str:
    """Without folders, at most 100 characters, never empty; marks that turn text round are made visible."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    words = " ".join("".join(map(_shown, last)).split())
    if not words.strip(". "):
        return UNNAMED
    if len(words) <= LONGEST:
        return words
    return f"{words[: LONGEST - KEPT_END - 1]}…{words[-KEPT_END:]}"


def may_read_names(user: User) -> bool:
    return user.has_perm("incidents.view_concern")


def without_names(evidence: Evidence, *, number: int) -> Evidence:
    """For a page: never saved."""
    evidence.name, evidence.caption = f"{evidence.kind_in_words} {number}", ""
    return evidence


def _shown(letter: str) -> str:
    if unicodedata.bidirectional(letter) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}:
        return "\N{REPLACEMENT CHARACTER}"
    match unicodedata.category(letter):
        case "Cs":
            return "\N{REPLACEMENT CHARACTER}"
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Co" | "Cn":
            return ""
    return letter
