"""From queued to sealed: one worker claims a letter, makes it, stores it and writes down its SHA-256.

A worker may die at any line, be slow, or be told twice. The claim is a lease with a token; whoever no longer holds
the token changes nothing and takes its file away again.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from letters.models import Letter, LetterEvent
from letters.queue import MAX_ATTEMPTS, hurry, lease, requeue_after
from letters.refusals import LetterRefusedError
from letters.rendering import render

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from letters.models import LetterQuerySet
    from letters.rendering import Rendered

logger = logging.getLogger(__name__)

GAVE_UP = (
    f"The PDF could not be made in {MAX_ATTEMPTS} tries. The school office can try again. "
    "If it fails once more, tell the person who looks after the portal."
)


@dataclass(frozen=True)
class Claim:
    """One try at one letter, by one worker."""

    letter: Letter
    token: uuid.UUID


def make_letter(pk: int) -> bool:
    """Makes and seals the letter if it is waiting for that. Safe to call any number of times, from anywhere."""
    claim = take(pk)
    if claim is None:
        return False
    try:
        rendered = render(claim.letter)
        return seal(claim, rendered)
    except LetterRefusedError as refusal:
        _fail(claim, str(refusal))
    except Exception:
        logger.exception("letter %s could not be made, try %s", pk, claim.letter.attempts)
        _put_back(claim)
    return False


def take(pk: int) -> Claim | None:
    """Claims a letter that is queued, or whose worker has not been heard of for a whole lease."""
    before = Letter.objects.filter(_waiting(timezone.now()), pk=pk).values_list("lease_token", flat=True).first()
    token, now = uuid.uuid4(), timezone.now()
    claimed = Letter.objects.filter(_waiting(now), pk=pk, attempts__lt=MAX_ATTEMPTS).update(
        state=Letter.State.RENDERING, lease_token=token, lease_until=now + lease(), attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    if before:
        default_storage.delete(_file_name(before))  # of a worker that died between storing and sealing
    return Claim(Letter.objects.select_related("school", "signature").get(pk=pk), token)


def seal(claim: Claim, rendered: Rendered) -> bool:
    """Stores the PDF, then says so in the row; True when this worker's PDF is now the letter."""
    name = default_storage.save(_file_name(claim.token), ContentFile(rendered.pdf))
    digest = sha256(rendered.pdf).hexdigest()
    now = timezone.now()
    try:
        with transaction.atomic():
            is_ours = _ours(claim).update(
                state=Letter.State.READY,
                file=name,
                sha256=digest,
                size=len(rendered.pdf),
                pages=rendered.pages,
                sealed_at=now,
                failure="",
                lease_token=None,
                lease_until=None,
            )
            if is_ours:
                _remember(claim.letter.pk, LetterEvent.Kind.SEALED, sha256=digest, pages=rendered.pages)
    except BaseException:
        default_storage.delete(name)
        raise
    if not is_ours:
        default_storage.delete(name)
        logger.warning("letter %s was made by another worker; this one's file is gone again", claim.letter.pk)
    return bool(is_ours)


def requeue_lost() -> int:
    """Tells the worker again about every letter that waits too long; how many there were."""
    now = timezone.now()
    for letter in Letter.objects.filter(_waiting(now), attempts__gte=MAX_ATTEMPTS):
        _give_up(letter)
    lost = Letter.objects.filter(
        Q(state=Letter.State.QUEUED, queued_at__lt=now - requeue_after())
        | Q(state=Letter.State.RENDERING, lease_until__lt=now)
    )
    told = 0
    for pk, queued_at in lost.order_by("queued_at", "pk").values_list("pk", "queued_at"):
        # The time moves with the message: two sweeps at once, or a long queue, do not tell of a letter over and over.
        if Letter.objects.filter(pk=pk, queued_at=queued_at).update(queued_at=now):
            hurry(pk)
            told += 1
    return told


def _waiting(now: datetime) -> Q:
    return Q(state=Letter.State.QUEUED) | Q(state=Letter.State.RENDERING, lease_until__lt=now)


def _file_name(token: uuid.UUID) -> str:
    return f"letters/{token}.pdf"


def _ours(claim: Claim) -> LetterQuerySet:
    return Letter.objects.filter(pk=claim.letter.pk, state=Letter.State.RENDERING, lease_token=claim.token)


def _put_back(claim: Claim) -> None:
    """To be tried again by the sweep; after the last try, failed."""
    if claim.letter.attempts >= MAX_ATTEMPTS:
        _fail(claim, GAVE_UP)
    else:
        _ours(claim).update(state=Letter.State.QUEUED, queued_at=timezone.now(), lease_token=None, lease_until=None)


def _fail(claim: Claim, sentence: str) -> None:
    with transaction.atomic():
        if _ours(claim).update(**_failed(sentence)):
            _remember(claim.letter.pk, LetterEvent.Kind.FAILED, why=sentence)


def _give_up(letter: Letter) -> None:
    """Its workers died every time: the letter itself may be what kills them."""
    with transaction.atomic():
        stuck = Letter.objects.filter(_waiting(timezone.now()), pk=letter.pk, attempts__gte=MAX_ATTEMPTS)
        if stuck.update(**_failed(GAVE_UP)):
            _remember(letter.pk, LetterEvent.Kind.FAILED, why=GAVE_UP)


def _failed(sentence: str) -> dict[str, Any]:
    return {"state": Letter.State.FAILED, "failure": sentence[:300], "lease_token": None, "lease_until": None}


def _remember(pk: int, kind: LetterEvent.Kind, **facts: Any) -> None:
    """The event, and the row's own history, which a conditional update does not write by itself."""
    letter = Letter.objects.get(pk=pk)
    LetterEvent.objects.create(letter=letter, kind=kind, facts=facts)
    Letter.history.bulk_history_create([letter], update=True)
