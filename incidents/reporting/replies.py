"""The addressee's answer to a letter: kept while they write it, sent once, and destroyed if it never is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.models import Case, Event, Reply, Step
from incidents.models.event import record
from incidents.models.reply import READ_REPLY
from incidents.reporting.sending import promised_day

if TYPE_CHECKING:
    from letters.models import Letter

# More than anybody needs, so that a code in the wrong hands cannot fill the disk.
MOST_REPLIES = 20


class ReplyRefusedError(Exception):
    """Nothing can be added to the letter. The message is the sentence the addressee reads."""


class ReplySentError(Exception):
    """The same form was sent before: a second click, or another tab."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


class ReplyWords(TypedDict, total=False):
    agreement: str
    side: str
    help: list[str]
    help_words: str
    reach: str


def step_of(letter: Letter) -> Step | None:
    """The step that was taken with this letter."""
    steps = Step.objects.decided().select_related("case__school", "letter", "subject")
    return steps.filter(letter=letter).first()


def unsent_reply(step: Step) -> Reply | None:
    """What they began to write last."""
    return step.replies.unsent().order_by("-saved_at", "-pk").first()


@transaction.atomic
def save_reply(*, step: Step, key: UUID, **words: Unpack[ReplyWords]) -> Reply:
    """Keep what was typed, in the reply that the page with this key writes.

    Raises ReplySentError or ReplyRefusedError.
    """
    held = Step.objects.select_for_update(of=("self",)).select_related("case").get(pk=step.pk)
    reply = Reply.objects.filter(key=key).first()
    if reply and reply.step_id != step.pk:
        reply, key = None, uuid4()
    if reply and reply.is_sent:
        raise ReplySentError(reply)
    _check_open(held.case)
    if reply is None:
        if held.replies.count() >= MOST_REPLIES:
            raise ReplyRefusedError(
                _("You have replied %(number)d times, the most this page can take. Call us to say more.")
                % {"number": MOST_REPLIES}
            )
        reply = Reply(school_id=held.case.school_id, step=held, key=key)
    for name, value in words.items():
        setattr(reply, name, value)
    reply.language = get_language() or settings.LANGUAGE_CODE
    reply.saved_at = timezone.now()
    reply.save()
    return reply


@transaction.atomic
def send_reply(*, reply: Reply) -> Reply:
    """Give it to the school. One that was sent already stays as it is. Raises ReplyRefusedError."""
    case = Case.objects.select_for_update(of=("self",)).select_related("school").get(steps__replies=reply)
    reply = (
        Reply.objects.select_related("step__letter", "step__subject").select_for_update(of=("self",)).get(pk=reply.pk)
    )
    if reply.is_sent:
        return reply
    _check_open(case)
    reply.evidence.bad().delete()
    reply.sent_at = timezone.now()
    reply.save(update_fields=["sent_at"])
    case.next_action = READ_REPLY
    case.next_on = promised_day(case.school, timezone.localdate())
    case.save(update_fields=["next_action", "next_on"])
    record(
        Event.Kind.REPLY_RECEIVED,
        school=case.school,
        by=None,
        case=case,
        letter=reply.step.letter.reference if reply.step.letter else "",
        person=reply.step.subject.full_name,
        summary="Sent online, after the day to reply by." if reply.is_late else "Sent online.",
    )
    return reply


def _check_open(case: Case) -> None:
    if case.status == Case.Status.CLOSED:
        raise ReplyRefusedError(_("We have finished looking into this, so nothing can be added here. Call us instead."))
