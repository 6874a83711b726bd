"""Keeps the messages of an exported chat as rows, and the days they were said on once their order is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.evidence.chats import Line, read_chat
from incidents.models import ChatLine

if TYPE_CHECKING:
    from incidents.evidence.chats import Chat
    from incidents.models import Evidence

BATCH = 1_000


def keep_lines(evidence: Evidence, chat: Chat) -> None:
    ChatLine.objects.bulk_create(
        (_row(evidence, number, line, chat.order) for number, line in enumerate(chat.lines, start=1)), batch_size=BATCH
    )


def set_days(evidence: Evidence, order: str) -> None:
    """Work the days out again, for an order that somebody has told. What is not a day in that order stays without."""
    rows = list(evidence.lines.all())
    read = {line.raw: line for line in read_chat("".join(row.raw for row in rows)).lines}
    for row in rows:
        line = read.get(row.raw)
        row.said_on = line.said_on(order) if line else None
    ChatLine.objects.bulk_update(rows, ["said_on"], batch_size=BATCH)


def _row(evidence: Evidence, number: int, line: Line, order: str) -> ChatLine:
    return ChatLine(
        evidence=evidence,
        number=number,
        kind=line.kind,
        raw=line.raw,
        stamp=line.stamp[:80],
        said_on=line.said_on(order),
        said_at=line.at,
        sender=line.sender,
        body=line.body,
        attachment=line.attachment,
        fingerprint=line.fingerprint,
    )
