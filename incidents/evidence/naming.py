"""The name a file is shown by: what the parent's phone called it, made safe to put on a page."""

from __future__ import annotations

import unicodedata

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
