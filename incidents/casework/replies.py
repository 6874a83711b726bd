"""Reading what an addressee replied: who read it, when, and what the case waits for then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from incidents.casework import next_action
from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.models import Event, Reply
from incidents.models.event import record

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case
    from incidents.models.reply import ReplyQuerySet


def replies_of(case: Case, *, user: User) -> ReplyQuerySet:
    """The replies to the letters of a case, with their files."""
    found = Reply.objects.visible_to(user).filter(step__case=case)
    return found.select_related("step__letter", "step__subject", "read_by").prefetch_related("evidence")


@transaction.atomic
def read_reply(*, reply: Reply, by: User) -> Reply:
    """Write down that it was read, once, by whom. Raises Refused where somebody else was first."""
    case = lock_case(reply.step.case, by=by)
    reply = replies_locked(case).get(pk=reply.pk)
    if reply.read_at:
        if reply.read_by_id == by.pk:
            return reply
        who, when = who_and_when(reply.read_by, reply.read_at)
        raise Refused(f"{who} marked this reply as read {when}.")
    reply.read_by, reply.read_at = by, timezone.now()
    reply.save(update_fields=["read_by", "read_at"])
    record(
        Event.Kind.REPLY_READ,
        school=case.school,
        by=by,
        case=case,
        letter=reply.step.letter.reference if reply.step.letter else "",
        person=reply.step.subject.full_name,
    )
    next_action.after_reply_read(case, reply_by=reply.step.letter.reply_counts_until if reply.step.letter else None)
    return reply


def replies_locked(case: Case) -> ReplyQuerySet:
    sent = Reply.objects.sent().filter(step__case=case)
    return sent.select_related("step__letter", "step__subject", "read_by").select_for_update(of=("self",))
