"""A worker's claim on a paper it puts together: a lease with a token, renewed as the work goes on.

A worker may die at any line, be slow, or be told twice. Who no longer holds the token changes nothing, and takes its
file away again.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from letters.papers import Paper, PaperQuerySet
from letters.queue import MAX_ATTEMPTS, lease
from letters.refusals import LetterRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

P = TypeVar("P", bound=Paper)


@dataclass(frozen=True)
class Claim(Generic[P]):
    """One try at one paper, by one worker. `folder` is where its file goes."""

    paper: P
    token: uuid.UUID
    folder: str

    @property
    def file_name(self) -> str:
        return file_name(self.folder, self.token)

    @property
    def rows(self) -> QuerySet[Any]:
        """The paper's row, for as long as this worker holds it."""
        return _all(type(self.paper)).filter(pk=self.paper.pk, state=Paper.State.MAKING, lease_token=self.token)


def file_name(folder: str, token: uuid.UUID) -> str:
    return f"{folder}/{token}.pdf"


def work_on(
    kind: type[P], pk: int, *, folder: str, gave_up: str, make: Callable[[Claim[P]], bool], **start: Any
) -> bool:
    """Makes the paper if it is waiting for that. Safe to call any number of times, from anywhere."""
    claim = take(kind, pk, folder=folder, **start)
    if claim is None:
        return False
    try:
        return make(claim)
    except LetterRefusedError as refusal:
        fail(claim, str(refusal))
    except Exception:
        logger.exception("%s could not be put together, try %s", claim.paper, claim.paper.attempts)
        _put_back(claim, gave_up)
    return False


def take(kind: type[P], pk: int, *, folder: str, **start: Any) -> Claim[P] | None:
    """Claims a paper that waits; `start` are its columns as a new try begins them."""
    token, now = uuid.uuid4(), timezone.now()
    waiting = _all(kind).waiting(now).filter(pk=pk)
    before = waiting.values_list("lease_token", flat=True).first()
    claimed = waiting.filter(attempts__lt=MAX_ATTEMPTS).update(
        state=Paper.State.MAKING, lease_token=token, lease_until=now + lease(), attempts=F("attempts") + 1, **start
    )
    if not claimed:
        return None
    if before:
        default_storage.delete(file_name(folder, before))  # of a worker that died between storing and saying so
    return Claim(cast("P", _all(kind).get(pk=pk)), token, folder)


def tell(claim: Claim[P], **so_far: Any) -> None:
    """How far it is; renews the lease. Raises where another worker has taken over."""
    if not claim.rows.update(lease_until=timezone.now() + lease(), **so_far):
        raise LetterRefusedError("Another worker has begun this again.")


def store(claim: Claim[P], pdf: bytes, *, pages: int, also: Callable[[], None] = lambda: None, **columns: Any) -> bool:
    """Stores the PDF, then says so in the row, in one transaction with `also`; True when this worker's is the one."""
    name = default_storage.save(claim.file_name, ContentFile(pdf))
    try:
        with transaction.atomic():
            is_ours = bool(
                claim.rows.update(
                    state=Paper.State.READY,
                    file=name,
                    sha256=sha256(pdf).hexdigest(),
                    pages=pages,
                    failure="",
                    lease_token=None,
                    lease_until=None,
                    **columns,
                )
            )
            if is_ours:
                also()
    except BaseException:
        default_storage.delete(name)
        raise
    if not is_ours:
        default_storage.delete(name)
    return is_ours


def fail(claim: Claim[P], sentence: str) -> None:
    claim.rows.update(state=Paper.State.FAILED, failure=sentence[:300], lease_token=None, lease_until=None)


def requeue_lost(kind: type[P], *, gave_up: str, hurry: Callable[[int], None]) -> int:
    """Tells the worker again of what a dead one, or an emptied queue, left behind."""
    lost = _all(kind).waiting(timezone.now())
    lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Paper.State.FAILED, failure=gave_up, lease_token=None, lease_until=None
    )
    keys = list(lost.values_list("pk", flat=True))
    for key in keys:
        hurry(key)
    return len(keys)


def _put_back(claim: Claim[P], gave_up: str) -> None:
    if claim.paper.attempts >= MAX_ATTEMPTS:
        fail(claim, gave_up)
    else:
        claim.rows.update(state=Paper.State.QUEUED, lease_token=None, lease_until=None)


def _all(kind: type[Paper]) -> PaperQuerySet:
    return cast("PaperQuerySet", kind._default_manager.all())
