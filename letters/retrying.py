"""Trying again to make a letter that could not be made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from letters.models import Letter, LetterEvent
from letters.printing import locked
from letters.queue import hurry
from letters.refusals import WrongStateError

if TYPE_CHECKING:
    from letters.models import Staff


def retry_letter(*, letter: Letter, by: Staff) -> Letter:
    with transaction.atomic():
        (current,) = locked([letter], by=by)
        if current.state != Letter.State.FAILED:
            raise WrongStateError(f"{current.reference} has already been queued again.")
        current.state = Letter.State.QUEUED
        current.attempts = 0
        current.failure = ""
        current.queued_at = timezone.now()
        current.save()
        LetterEvent.objects.create(letter=current, kind=LetterEvent.Kind.RETRIED, by_id=by.pk)
        transaction.on_commit(partial(hurry, current.pk), robust=True)
    return current
