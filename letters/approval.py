"""Approving a letter: from here on its words are fixed, and the worker makes the PDF."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import day
from letters.holding import holds_on
from letters.models import Letter
from letters.queue import hurry
from letters.refusals import HeldError, StaleDraftError, UnprintableError, WrongStateError
from letters.rendering import render
from letters.signatures import signature_under
from letters.templatetags.sentences import when

if TYPE_CHECKING:
    from letters.models import LetterQuerySet, Staff


def approve_letter(*, letter: Letter, by: Staff) -> Letter:
    """Raises a LetterRefusedError with a sentence when it cannot become a letter, or somebody else was first."""
    if by.school_id != letter.school_id or not by.has_perm("letters.approve_letter"):
        raise PermissionDenied
    seen = _draft(Letter.objects.filter(pk=letter.pk))
    check_printable(seen)
    with transaction.atomic():
        current = _draft(Letter.objects.select_for_update().filter(pk=letter.pk))
        if holds := holds_on(current):
            raise HeldError(current, [hold.why for hold in holds])
        if current.version != seen.version:
            raise StaleDraftError(current)
        now = timezone.now()
        current.state = Letter.State.QUEUED
        current.approved_by_id = by.pk
        current.approved_at = current.queued_at = now
        current.written_on = today()
        current.signature = signature_under(current, by=by)
        current.save()
        transaction.on_commit(partial(hurry, current.pk), robust=True)
    return current


def _draft(letters: LetterQuerySet) -> Letter:
    letter = letters.first()
    if letter is None:
        raise WrongStateError("Somebody else has discarded this draft.")
    if letter.state != Letter.State.DRAFT:
        who = letter.approved_by.full_name if letter.approved_by else "somebody else"
        raise WrongStateError(f"This letter was approved by {who} {when(letter.approved_at)}.")
    return letter


def check_printable(letter: Letter) -> None:
    """An approved letter cannot be changed: what would fail at the worker is refused while it still can.

    The letter is printed once here, before any lock is taken, because that takes some tenths of a second.
    """
    if not letter.body.strip():
        raise UnprintableError("The letter is empty. Write what it should say.")
    if letter.reply_by and letter.reply_by < today():
        raise UnprintableError(f"The reply date, {day(letter.reply_by)}, has passed. Choose a later one.")
    letter.approved_at = timezone.now()  # not saved: so that it is printed with a reply code
    render(letter)
