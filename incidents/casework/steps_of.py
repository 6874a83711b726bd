"""The steps of a case with their letters, and what was replied to these, read together in one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from dkh_conduct.accounts.models import User
from incidents.models import Evidence, Reply, Step
from letters.models import Letter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from incidents.models import Case

LETTER = ("reference", "title", "addressee", "pages", "state", "posted_on", "reply_by", "fair_reply_by", "delivery")
REPLY = ("pk", "sent_at", "agreement", "side", "help", "read_at")
# A step comes once for each reply to it, so no more of it is read than is shown.
SHOWN = (
    *("case", "kind", "stage", "part_of", "state", "drafted_at", "proposed_at", "taken_at", "rescinded_at"),
    *("subject__full_name", "drafted_by__full_name", "proposed_by__full_name", "taken_by__full_name"),
    *("ban__state", "ban__ends_on", "letter__drafted_at", *(f"letter__{name}" for name in LETTER)),
)
LED_TO = ("subject", "drafted_by", "proposed_by", "taken_by", "letter", "ban")


@dataclass(frozen=True)
class Steps:
    """The newest letter first, the others in the order they were drafted or sent. A reply has its number of `files`.

    Every step says which letter it led to. `letters`, and the `replies` to them, are those that somebody may read.
    """

    steps: list[Step] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


def steps_of(case: Case, *, user: User) -> Steps:
    """Of a case that was read through `visible_to(user)`."""
    found: dict[int, Step] = {}
    replies = []
    for row in _rows(case, user=user):
        step = found.setdefault(row.pk, row)
        if row.is_readable and row.reply_sent_at:
            replies.append(_reply(row, step))
    for step in found.values():
        step.case = case
    letters = [_letter(step) for step in found.values() if step.is_readable]  # type: ignore[attr-defined]
    return Steps(
        list(found.values()),
        sorted(letters, key=lambda letter: (letter.drafted_at, letter.pk), reverse=True),
        sorted(replies, key=lambda reply: (reply.sent_at, reply.pk)),
    )


def _rows(case: Case, *, user: User) -> QuerySet[Any]:
    files = Evidence.objects.filter(reply=OuterRef("replies__pk")).order_by().values("reply")
    return (
        case.steps.select_related(*LED_TO)
        .only(*SHOWN)
        .annotate(
            is_readable=Exists(Letter.objects.visible_to(user).filter(pk=OuterRef("letter"))),
            is_stopped=Exists(Letter.objects.held().filter(pk=OuterRef("letter"))),
            opened_at=F("letter__email__opened_at"),
            files=Coalesce(Subquery(files.annotate(number=Count("pk")).values("number")), 0),
            reader=F("replies__read_by__full_name"),
            **{f"reply_{name}": F(f"replies__{name}") for name in REPLY},
        )
    )


def _letter(step: Any) -> Letter:
    letter: Letter = step.letter
    letter.opened_at, letter.is_stopped = step.opened_at, step.is_stopped  # type: ignore[attr-defined]
    return letter


def _reply(row: Any, step: Step) -> Reply:
    reply = Reply(**{name: getattr(row, f"reply_{name}") for name in REPLY}, step=step)
    reply.read_by = User(full_name=row.reader) if row.reader else None
    reply.files = row.files  # type: ignore[attr-defined]
    return reply
