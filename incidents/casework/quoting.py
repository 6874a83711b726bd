"""Messages of exported chats that a case speaks of: quoted into an allegation, or named for what is seen in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidents.models import ChatLine, Evidence

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case
    from incidents.models.evidence_part import ChatLineQuerySet

LONGEST_PLACE, LONGEST_WORDS = 120, 2_000
MOST_OFFERED = 100


def messages_of(case: Case, *, user: User) -> ChatLineQuerySet:
    """Every message of every chat that came with the case's concerns, as far as `user` may read them."""
    chats = Evidence.objects.good().visible_to(user).filter(concern__case=case)
    return ChatLine.objects.said().filter(evidence__in=chats.values("pk"))


def marked_messages(case: Case, *, user: User) -> list[ChatLine]:
    """Those that somebody marked and no allegation quotes: of what is quoted, the allegation is offered."""
    marked = messages_of(case, user=user).marked().filter(allegations=None)
    return list(marked.order_by("evidence", "number")[:MOST_OFFERED])


def message_of(case: Case, asked: str, *, user: User) -> ChatLine | None:
    """By its key as an address or a form gives it; nothing for one from elsewhere."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return None
    return messages_of(case, user=user).filter(pk=asked).first()


def quoted(case: Case, asked: str, *, user: User) -> dict[str, Any]:
    """What the form of an allegation starts with, with date, time and sender as displayed."""
    line = message_of(case, asked, user=user)
    if line is None:
        return {}
    place = f"Exported chat: {line.stamp}, {line.sender}"
    return {
        "words": line.body[:LONGEST_WORDS],
        "posted_on": line.said_on,
        "posted_where": place if len(place) <= LONGEST_PLACE else f"{place[: LONGEST_PLACE - 1]}…",
        "evidence": str(line.evidence_id),
        "line": str(line.pk),
    }
