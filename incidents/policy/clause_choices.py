"""What a list is narrowed to by what was posted: each kind of inappropriate activity, and all guidelines as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable

GUIDELINE = "guideline"
CLAUSES = {clause.key: clause.short for clause in POLICY.clauses_of("inappropriate")} | {
    GUIDELINE: "A WhatsApp group guideline"
}


def keys_of(chosen: Iterable[str]) -> list[str]:
    """The keys of the clauses that were meant."""
    found: list[str] = []
    for key in chosen:
        found += [clause.key for clause in POLICY.clauses_of(GUIDELINE)] if key == GUIDELINE else [key]
    return found
