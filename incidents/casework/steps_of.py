"""The letters of a case and what was replied to them, read together in one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from dkh_conduct.accounts.models import User
from incidents.models import Evidence, Reply, Step
from letters.models import Letter

if TYPE_CHECKING:
    from incidents.models import Case

LETTER = ("reference", "title", "addressee", "pages", "state", "posted_on", "reply_by", "fair_reply_by", "delivery")
REPLY = ("pk", "sent_at", "agreement", "side", "help", "read_at")


def letters_of(case: Case, *, user: User) -> tuple[list[Letter], list[Reply]]:
    """The newest letter first; the replies in the order they were sent, each with its number of `files`."""
    files = Evidence.objects.filter(reply=OuterRef("replies__pk")).order_by().values("reply")
    stopped = Letter.objects.held().filter(pk=OuterRef("letter"))
    rows = (
        Step.objects.filter(case=case, letter__in=Letter.objects.visible_to(user).values("pk"))
        .annotate(
            files=Coalesce(Subquery(files.annotate(number=Count("pk")).values("number")), 0), is_stopped=Exists(stopped)
        )
        .order_by("-letter__drafted_at", "-letter__pk", "replies__sent_at", "replies__pk")
        .values_list(
            "subject_id",
            "files",
            "is_stopped",
            "letter__email__opened_at",
            "replies__read_by__full_name",
            *(f"letter__{name}" for name in LETTER),
            *(f"replies__{name}" for name in REPLY),
        )
    )
    letters: dict[str, Letter] = {}
    replies = []
    for subject, number, is_stopped, opened_at, reader, *rest in rows:
        found = Letter(**dict(zip(LETTER, rest, strict=False)))
        letter = letters.setdefault(found.reference, found)
        letter.opened_at, letter.is_stopped = opened_at, is_stopped  # type: ignore[attr-defined]
        said = dict(zip(REPLY, rest[len(LETTER) :], strict=True))
        if said["sent_at"]:
            reply = Reply(**said, step=Step(subject_id=subject, letter=letter))
            reply.read_by = User(full_name=reader) if reader else None
            reply.files = number  # type: ignore[attr-defined]
            replies.append(reply)
    return list(letters.values()), sorted(replies, key=lambda reply: (reply.sent_at, reply.pk))
