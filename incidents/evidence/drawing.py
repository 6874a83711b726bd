"""Makes the clean copy of a file: in the request where that is quick and nobody else is waiting, or else by the worker.

The request seals the original first of all, so a file whose copy is not made yet is received, and is never lost.
`draw_at` in its row says that it waits; it is moved on while a worker has it, and a sweep finds what a dead one left.
"""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
import time
import uuid
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dkh_conduct.school.keyring import UnknownKeyError
from incidents.evidence import pictures, reading, refusals, sealing
from incidents.evidence.copies import Copies
from incidents.evidence.destroying import discard
from incidents.models import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidents.evidence.reading import Reading

logger = logging.getLogger(__name__)

BETWEEN_TRIES = 0.05
SECONDS = 120
LEASE = timedelta(seconds=240)  # longer than the task may run
MOST_TRIES = 4
AT_ONCE = 50


def read_now(path: Path, name: str) -> Reading | None:
    """What is shown of it, or None where that takes longer than somebody should wait. Raises like `reading.read`."""
    sniffed = reading.sniffed_of(path, name)
    reading.check(path, sniffed)
    if sniffed.kind in {"zip", "text", "email"} and path.stat().st_size > reading.SHORT_TEXT:
        return None  # read by the web server itself, it would slow down the pages beside it
    if settings.EVIDENCE_SECONDS_IN_REQUEST <= 0:
        return None
    with turn() as is_mine:
        if not is_mine:
            return None
        try:
            return reading.read(path, name, until=time.monotonic() + settings.EVIDENCE_SECONDS_IN_REQUEST)
        except pictures.TooSlowError:
            return None


@contextmanager
def turn(*, seconds: float = 0) -> Iterator[bool]:
    """One file is drawn at a time, whichever process does it: the other cores are for the pages. False where another
    is being drawn and goes on for longer than this may wait. The kernel lets go of it for a process that dies."""
    folder = os.open(settings.FILE_UPLOAD_TEMP_DIR, os.O_RDONLY | os.O_DIRECTORY)
    give_up = time.monotonic() + seconds
    try:
        while not (is_mine := _locked(folder)) and time.monotonic() < give_up:
            time.sleep(BETWEEN_TRIES)
        yield is_mine
    finally:
        os.close(folder)


def _locked(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk that knows no locks
        return True
    return True


def waiting_to_be_drawn() -> list[uuid.UUID]:
    """The oldest files that wait and that no worker has."""
    waiting = Evidence.objects.filter(draw_at__lte=timezone.now()).order_by("draw_at")
    return list(waiting.values_list("pk", flat=True)[:AT_ONCE])


def draw(key: uuid.UUID) -> bool:
    """Make the clean copy of a file that waits for it; True if this did. For a worker; safe to run twice.

    A file that cannot be shown stays as it came, with the sentence why: it may have been sent in the meantime.
    """
    now = timezone.now()
    waiting = Evidence.objects.filter(pk=key, draw_at__lte=now)
    if not waiting.update(draw_at=now + LEASE, draw_tries=F("draw_tries") + 1):
        return False
    evidence = Evidence.objects.select_related("school").get(pk=key)
    try:
        with _unsealed(evidence) as path:
            found = reading.read(path, evidence.name, until=time.monotonic() + SECONDS)
    except (pictures.PictureRefusedError, reading.NotTakenError) as refusal:
        return _give_up(evidence, str(refusal))
    except (OSError, pictures.TooSlowError, sealing.NotWholeError, UnknownKeyError):
        logger.exception("The clean copy of %s could not be made", key)
        return evidence.draw_tries >= MOST_TRIES and _give_up(evidence, refusals.NOT_OPENED)
    return _finish(evidence, Copies(found, f"{key}-{uuid.uuid4().hex[:8]}"))


def _finish(evidence: Evidence, copies: Copies) -> bool:
    try:
        copies.store()
        with transaction.atomic():
            mine = _still(evidence)
            if mine is not None:
                for name, value in copies.row.items():
                    setattr(mine, name, value)
                mine.draw_at = None
                mine.save(update_fields=[*copies.row, "draw_at"])
                copies.add_to(mine)
    except BaseException:
        discard(copies.names)
        raise
    if mine is None:
        discard(copies.names)
    return mine is not None


def _give_up(evidence: Evidence, sentence: str) -> bool:
    with transaction.atomic():
        mine = _still(evidence)
        if mine is None:
            return False
        mine.unshown, mine.draw_at = sentence, None
        mine.save(update_fields=["unshown", "draw_at"])
    return True


def _still(evidence: Evidence) -> Evidence | None:
    """The row, locked, unless it was taken away or another worker has it by now."""
    return (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("school")
        .filter(pk=evidence.pk, draw_at=evidence.draw_at)
        .first()
    )


@contextmanager
def _unsealed(evidence: Evidence) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".draw") as file:
        for piece in sealing.open_sealed(str(evidence.original)):
            file.write(piece)
        file.flush()
        yield Path(file.name)
