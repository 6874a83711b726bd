"""A letter by email, where its addressee agreed: only a link goes, and its page asks for the letter's code.

The code is told in another way, by phone or in person. Whatever goes wrong, the letter goes by post.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from simple_history.utils import bulk_update_with_history

from dkh_conduct.school.following import POST_CHANGED, follow
from dkh_conduct.school.models import School, today
from letters.holding import check_not_held, holds_on
from letters.models import Letter, LetterEmail, LetterEvent
from letters.posting import FIELDS, fair_reply_by
from letters.printing import locked
from letters.queue import hurry_task
from letters.refusals import WrongStateError
from letters.voiding import void_if_moved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from letters.models import Staff

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)  # longer than a task may run
OVERDUE = timedelta(seconds=60)
TRIES = 8  # with minutes between them: some hours, then the post
GAVE_UP = f"The email could not be sent in {TRIES} tries, so the letter goes by post."


def email_letters(*, letters: Iterable[Letter], by: Staff) -> list[Letter]:
    """Sends the link of each, and counts it as delivered today; all of them, or none and the sentence why."""
    with transaction.atomic():
        chosen = locked(letters, by=by)
        for letter in chosen:
            if letter.state != Letter.State.READY or letter.delivery != Letter.Delivery.EMAIL:
                raise WrongStateError(f"{letter.reference} does not wait to be emailed any more. Nothing was sent.")
            if not letter.email_to:
                raise WrongStateError(f"{letter.reference} has no email address. Send it by post instead.")
        check_not_held(chosen)
        now, day = timezone.now(), today()
        school = School.objects.get(pk=by.school_id)
        calendar = school.calendar()
        for letter in chosen:
            letter.state = Letter.State.POSTED
            letter.posted_on, letter.posted_by_id, letter.posted_at = day, by.pk, now
            letter.arrives_on = day
            letter.fair_reply_by = fair_reply_by(
                letter, calendar=calendar, school_days=school.minimum_reply_school_days
            )
        bulk_update_with_history(chosen, Letter, FIELDS)
        for letter in chosen:
            email = LetterEmail.objects.create(letter=letter, to=letter.email_to, created_at=now)
            transaction.on_commit(partial(_hurry, email.pk), robust=True)
        LetterEvent.objects.bulk_create(
            LetterEvent(letter=letter, kind=LetterEvent.Kind.EMAILED, by_id=by.pk, at=now) for letter in chosen
        )
        follow(POST_CHANGED, [letter.pk for letter in chosen])
    return chosen


@transaction.atomic
def post_instead(*, letter: Letter, by: Staff) -> Letter:
    """By post after all: the link opens nothing any more, and the letter waits to be printed.

    It is void instead, to be issued again, where they moved since the link was sent.
    """
    [current] = locked([letter], by=by)
    email = LetterEmail.objects.filter(letter=current).first()
    if current.delivery != Letter.Delivery.EMAIL or current.state not in {Letter.State.READY, Letter.State.POSTED}:
        raise WrongStateError(f"{current.reference} does not go by email any more.")
    if email and email.opened_at:
        raise WrongStateError(f"{current.reference} was opened already. Print a copy if they ask for one on paper.")
    current = _to_post(current, by=by, why="")
    void_if_moved(current, by=by)
    return current


@transaction.atomic
def stop_emails(*, school: School, recipient: str, by: Staff, why: str) -> int:
    """Somebody no longer agrees: what waits to be emailed to them goes by post. How many there were."""
    waiting = Letter.objects.filter(school=school, recipient=recipient, delivery=Letter.Delivery.EMAIL)
    going = waiting.filter(pk__in=LetterEmail.objects.unsent().values("letter"))
    unsent = waiting.filter(
        state__in=[Letter.State.QUEUED, Letter.State.RENDERING, Letter.State.FAILED, Letter.State.READY]
    )
    letters = list((unsent | going).select_for_update())
    for letter in letters:
        if letter.state == Letter.State.POSTED:
            _to_post(letter, by=by, why=why)
            continue
        letter.delivery, letter.email_to = Letter.Delivery.POST, ""
        letter.save(update_fields=["delivery", "email_to"])
        LetterEvent.objects.create(letter=letter, kind=LetterEvent.Kind.POST_INSTEAD, by_id=by.pk, facts={"why": why})
    return len(letters)


def note_opened(letter: Letter) -> None:
    """The first time only."""
    now = timezone.now()
    with transaction.atomic():
        if LetterEmail.objects.filter(letter=letter, opened_at__isnull=True).update(opened_at=now):
            LetterEvent.objects.create(letter=letter, kind=LetterEvent.Kind.OPENED, at=now)


def send_letter_email(pk: int) -> None:
    """One link, unless it is sent or being sent. A failure waits in the row for the sweep; after the last, the post."""
    now = timezone.now()
    if not LetterEmail.objects.claimable().filter(pk=pk).update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return
    email = LetterEmail.objects.select_related("letter__school").get(pk=pk)
    if holds := holds_on(email.letter):  # set since somebody pressed the button
        _give_up(email, why=" ".join(hold.why for hold in holds))
        return
    try:
        _message(email).send()
    except (OSError, ValueError) as problem:
        logger.warning("the link to a letter was not sent: %s", type(problem).__name__)
        if email.attempts >= TRIES:
            _give_up(email, why=GAVE_UP)
            return
        wait = timedelta(minutes=2**email.attempts)
        LetterEmail.objects.filter(pk=pk).update(failure=str(problem)[:300], lease_until=now + wait)
    else:
        LetterEmail.objects.filter(pk=pk).update(sent_at=timezone.now(), lease_until=None, failure="")


def sweep_letter_emails() -> int:
    late = LetterEmail.objects.claimable().filter(created_at__lt=timezone.now() - OVERDUE)
    keys = list(late.order_by("created_at").values_list("pk", flat=True)[:50])
    for key in keys:
        _hurry(key)
    return len(keys)


def _message(email: LetterEmail) -> EmailMessage:
    """In the language they asked for. It says that there is a letter, and nothing of what is in it."""
    letter = email.letter
    with override(letter.language or settings.LANGUAGE_CODE):
        page = reverse("emailed-letter", args=[letter.reference])
        chosen = f"?language={letter.language}" if letter.language else ""
        link = f"{settings.SITE_URL}{page}{chosen}"
        return EmailMessage(
            subject=_("A letter from %(school)s") % {"school": letter.school.name},
            body=render_to_string("emails/letter_link.txt", {"school": letter.school, "link": link}),
            to=[email.to],
            headers={
                "Message-ID": f"<letter-{email.pk}@{urlsplit(settings.SITE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )


@transaction.atomic
def _give_up(email: LetterEmail, *, why: str) -> None:
    letter = Letter.objects.select_for_update().get(pk=email.letter_id)
    if letter.state == Letter.State.POSTED and letter.delivery == Letter.Delivery.EMAIL:
        _to_post(letter, by=None, why=why)


def _to_post(letter: Letter, *, by: Staff | None, why: str) -> Letter:
    LetterEmail.objects.filter(letter=letter).delete()
    letter.state, letter.delivery, letter.email_to = Letter.State.READY, Letter.Delivery.POST, ""
    letter.posted_on = letter.posted_by_id = letter.posted_at = None
    letter.arrives_on = letter.fair_reply_by = None
    letter.save()
    LetterEvent.objects.create(
        letter=letter,
        kind=LetterEvent.Kind.POST_INSTEAD,
        by_id=by.pk if by else None,
        facts={"why": why} if why else {},
    )
    follow(POST_CHANGED, [letter.pk])
    return letter


def _hurry(pk: int) -> None:
    from letters.tasks import send_email

    hurry_task(send_email, pk)
