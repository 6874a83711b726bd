"""Quotes a message of an exported chat into an allegation, with date, time and sender as displayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidents.models import ChatLine

if TYPE_CHECKING:
    from incidents.models import Case

LONGEST_PLACE, LONGEST_WORDS = 120, 2_000


def quoted(case: Case, asked: str) -> dict[str, Any]:
    """What the form starts with, for the key of a message in evidence of this case; nothing for any other."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return {}
    line = ChatLine.objects.filter(pk=asked, evidence__concern__case=case).first()
    if line is None:
        return {}
    place = f"Exported chat: {line.stamp}, {line.sender}"
    return {
        "words": line.body[:LONGEST_WORDS],
        "posted_on": line.said_on,
        "posted_where": place if len(place) <= LONGEST_PLACE else f"{place[: LONGEST_PLACE - 1]}…",
        "evidence": str(line.evidence_id),
    }
