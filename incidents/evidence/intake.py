"""Takes a file in: the original hashed and sealed, a clean copy now or soon, one row; or a row that says why not."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from incidents.evidence import drawing, pictures, reading, refusals, scanning
from incidents.evidence.copies import Copies
from incidents.evidence.custody import Kind, note
from incidents.evidence.destroying import destroy, discard
from incidents.evidence.naming import shown_name
from incidents.evidence.reading import NotTakenError
from incidents.evidence.sealing import store_sealed
from incidents.evidence.tasks import hurry_drawing
from incidents.evidence.uploads import ReceivedFile
from incidents.models import Concern, Draft, Event, Evidence, Reply
from incidents.models.event import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.uploadedfile import UploadedFile

    from incidents.evidence.reading import Reading
    from incidents.models.evidence import EvidenceQuerySet

logger = logging.getLogger(__name__)

LONGEST_TURN = 4.0
LONGEST_PAUSE = 0.25
FOR_PAGES = 8  # times as long as a file kept the processor, it is left to the pages

# Somebody who sends nothing but files we cannot take fills a page, not the database.
MOST_REFUSED = 40
# What a file may hang on before it is sent: a concern's draft, or a reply to a letter.
Home = Draft | Reply


class DraftClosedError(Exception):
    """The draft or the reply was sent, or destroyed, while the file was on its way."""


class RefusedError(Exception):
    """The file is not taken. The message is the sentence the parent reads."""


@dataclass(frozen=True)
class Holder:
    """What a file hangs on: a draft or a reply that is still written, or a concern that was sent."""

    home: Draft | Reply | Concern

    @property
    def place(self) -> dict[str, Any]:
        """The row's one home, and that it has no other."""
        kinds = {"draft": Draft, "reply": Reply, "concern": Concern}
        return {name: self.home if isinstance(self.home, kind) else None for name, kind in kinds.items()}

    @property
    def channel(self) -> str:
        """How it came, for the chain of custody."""
        if isinstance(self.home, Reply):
            return "reply to a letter, online"
        return "added after sending, online" if isinstance(self.home, Concern) else "concern, online"

    @property
    def evidence(self) -> EvidenceQuerySet:
        return Evidence.objects.filter(**self.place)

    def lock(self) -> int:
        """Keep it as it is until the transaction ends; gives the key of its school. Raises DraftClosedError."""
        home = type(self.home)._default_manager.select_for_update().filter(pk=self.home.pk).first()
        if home is None or (isinstance(home, Draft | Reply) and home.is_sent):
            raise DraftClosedError
        return home.school_id


def receive(*, draft: Home, upload: UploadedFile[bytes], caption: str = "") -> Evidence:
    """Keep a file with a draft, or with a reply that is not sent yet.

    A file that cannot be taken becomes a row with its `problem` and no bytes. The same file under
    the same name is kept once. Raises DraftClosedError.
    """
    name = shown_name(upload.name or "")
    try:
        return _keep(Holder(draft), upload, name, caption)
    except RefusedError as error:
        return _refuse(draft, upload, name, str(error))
    except (pictures.PictureRefusedError, NotTakenError) as error:
        return _refuse(draft, upload, name, str(error))
    except OSError:
        logger.exception("Evidence could not be written to disk")
        return _refuse(draft, upload, name, refusals.NOT_KEPT)


def receive_later(*, concern: Concern, upload: UploadedFile[bytes]) -> Evidence:
    """Add a file to a concern after it was sent, within the same limits. Nothing is kept of one that is refused.

    Raises RefusedError with the sentence that says why.
    """
    try:
        return _keep(Holder(concern), upload, shown_name(upload.name or ""), "")
    except (pictures.PictureRefusedError, NotTakenError) as error:
        raise RefusedError(str(error)) from error
    except OSError:
        logger.exception("Evidence could not be written to disk")
        raise RefusedError(refusals.NOT_KEPT) from None


def remove(*, draft: Home, key: uuid.UUID) -> None:
    """Take a file back out of what is not sent yet; its bytes go when that is certain. One that is gone stays gone."""
    with transaction.atomic():
        holder = Holder(draft)
        holder.lock()
        found = holder.evidence.filter(pk=key).first()
        if found is None:
            return
        destroy([found])


def _keep(holder: Holder, upload: UploadedFile[bytes], name: str, caption: str) -> Evidence:
    size = upload.size or 0
    if isinstance(upload, ReceivedFile) and upload.problem:
        raise RefusedError(upload.problem)
    if not size:
        raise RefusedError(refusals.EMPTY)
    if size > settings.EVIDENCE_MAX_BYTES:
        raise RefusedError(refusals.too_big(size))
    _check_room(holder, size)  # before the work, and again when nobody else can add

    sha256 = _sha256(upload)
    with _on_disk(upload) as path:
        scan = scanning.scan(path)
        if scan == Evidence.Scan.FOUND:
            raise RefusedError(refusals.VIRUS)
        found = drawing.read_now(path, name)
        media_type = reading.sniffed_of(path, name).media_type

    with TURNS.take():
        return _store(
            holder,
            upload,
            found,
            name=name,
            caption=caption,
            size=size,
            sha256=sha256,
            scan=scan,
            media_type=media_type,
        )


def _store(holder: Holder, upload: UploadedFile[bytes], found: Reading | None, **facts: Any) -> Evidence:
    """The original sealed, its copies where they are made, and the row that holds them."""
    key = uuid.uuid4()
    original = f"originals/{key}.bin"
    copies = Copies(found, key) if found else None
    names = [original, *(copies.names if copies else [])]
    drawn = copies.row if copies else {"draw_at": timezone.now()}
    try:
        store_sealed(original, upload.chunks())
        if copies:
            copies.store()
        with transaction.atomic():
            school_id = holder.lock()
            again = holder.evidence.good().filter(sha256=facts["sha256"], name=facts["name"]).first()
            if again is None:
                _check_room(holder, facts["size"])
                made = _create(holder, id=key, school_id=school_id, original=original, **{**facts, **drawn})
                told = {name: getattr(made, name) for name in ("sha256", "size", "media_type")}
                note(Kind.RECEIVED, made, channel=holder.channel, **told)
                if copies:
                    copies.add_to(made)
                else:
                    transaction.on_commit(partial(hurry_drawing, key), robust=True)
                if made.scan == Evidence.Scan.CLEAN:
                    note(Kind.SCANNED, made, result="nothing found")
                return made
    except BaseException:
        discard(names)
        raise
    discard(names)
    return again


class Turns:
    """Files that come at once are taken in one after another in each process, with time for the pages between them.

    A courtesy, not a lock that anything relies on: after a while it goes on all the same. The pause comes before the
    next one, so that whoever sends a single file does not wait for it.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.not_before = 0.0

    @contextmanager
    def take(self) -> Iterator[None]:
        is_mine = self.lock.acquire(timeout=LONGEST_TURN)
        time.sleep(min(LONGEST_PAUSE, max(0.0, self.not_before - time.monotonic())))
        began = time.thread_time()
        try:
            yield
        finally:
            self.not_before = time.monotonic() + min(LONGEST_PAUSE, FOR_PAGES * (time.thread_time() - began))
            if is_mine:
                self.lock.release()


TURNS = Turns()


def _create(holder: Holder, **row: Any) -> Evidence:
    """The row; what is added after sending is an event of its own."""
    position = _next_position(holder)
    made = Evidence.objects.create(**holder.place, position=position, **row)
    if isinstance(holder.home, Concern):
        record(Event.Kind.EVIDENCE_ADDED, school=made.school, by=None, concern=holder.home)
    return made


def _refuse(draft: Home, upload: UploadedFile[bytes], name: str, problem: str) -> Evidence:
    with transaction.atomic():
        holder = Holder(draft)
        school_id = holder.lock()
        refused = holder.evidence.bad()
        again = refused.filter(name=name, problem=problem).first()
        if again is not None:
            return again
        for oldest in refused[: max(0, refused.count() - MOST_REFUSED + 1)]:
            oldest.delete()
        return _create(
            holder,
            school_id=school_id,
            name=name,
            problem=problem,
            size=upload.size or 0,
        )


def _check_room(holder: Holder, size: int) -> None:
    good = holder.evidence.good()
    what_to_do = refusals.DESCRIBE_IT if isinstance(holder.home, Concern) else refusals.REMOVE_ONE
    if good.count() >= settings.EVIDENCE_MAX_FILES:
        raise RefusedError(refusals.too_many(what_to_do))
    if (good.aggregate(total=Sum("size"))["total"] or 0) + size > settings.EVIDENCE_MAX_TOTAL_BYTES:
        raise RefusedError(refusals.too_much(what_to_do))


def _next_position(holder: Holder) -> int:
    last: int | None = holder.evidence.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _sha256(upload: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _on_disk(upload: UploadedFile[bytes]) -> Iterator[Path]:
    """Where the process that draws can read it."""
    if isinstance(upload, ReceivedFile):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
