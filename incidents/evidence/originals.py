"""Opens what came in and was sealed, never without leaving an event; and seals it again with a newer key."""

from __future__ import annotations

import hashlib
import uuid
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.school import keyring
from incidents.evidence import sealing
from incidents.evidence.custody import Kind, note
from incidents.evidence.destroying import discard
from incidents.models import Event, Evidence, Recording
from incidents.models.event import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkh_conduct.accounts.models import User
    from incidents.models import Case, Concern

OPEN_ORIGINAL = "incidents.open_original"


class CannotOpenError(Exception):
    """The original cannot be handed out. The message is a sentence for whoever asked."""


def open_original(*, evidence: Evidence, by: User, why: str) -> Iterator[bytes]:
    """Its bytes as they came, piece by piece, after proving that they are. Raises CannotOpenError, PermissionDenied."""
    if not by.has_perm(OPEN_ORIGINAL):
        raise PermissionDenied
    name = str(evidence.original)
    try:
        sha256 = sealing.sha256_of(name)
    except (OSError, sealing.NotWholeError, keyring.UnknownKeyError) as error:
        raise CannotOpenError(
            "The sealed original cannot be opened: it is not as it was stored. Tell whoever runs the portal."
        ) from error
    if sha256 != evidence.sha256:
        raise CannotOpenError("The sealed original is not the file that came in. Tell whoever runs the portal.")
    with transaction.atomic():
        record(
            Event.Kind.ORIGINAL_OPENED,
            school=evidence.school,
            by=by,
            case=case_of(evidence),
            concern=evidence.concern,
            why=why,
        )
        note(Kind.ORIGINAL_OPENED, evidence, by=by, sha256=sha256)
    return sealing.open_sealed(name)


def reseal_original(*, evidence: Evidence) -> bool:
    """Seal it with the ring's newest key, where it is sealed with an older one. For rotation; safe to run twice.

    Both files are there until the row says which one counts, so a crash loses nothing.
    """
    newest = keyring.newest(sealing.RING).id
    with transaction.atomic():
        row = Evidence.objects.select_for_update().filter(pk=evidence.pk).exclude(original="").first()
        if row is None or sealing.key_id_of(str(row.original)) == newest:
            return False
        old, new = str(row.original), f"originals/{uuid.uuid4()}.bin"
        sealing.store_sealed(new, sealing.open_sealed(old))
        row.original = new
        row.save(update_fields=["original"])
        note(Kind.SEALED_AGAIN, row, key=newest, sha256=row.sha256)
        transaction.on_commit(partial(discard, [old]), robust=True)
    return True


def reseal_email(*, recording: Recording) -> bool:
    """The same for the e-mail that a concern came in. It is no evidence, so no chain of custody tells of it."""
    newest = keyring.newest(sealing.RING).id
    with transaction.atomic():
        row = Recording.objects.select_for_update().filter(pk=recording.pk).exclude(email_file="").first()
        if row is None or sealing.key_id_of(str(row.email_file)) == newest:
            return False
        old, new = str(row.email_file), f"mail/{uuid.uuid4()}.bin"
        sealing.store_sealed(new, sealing.open_sealed(old))
        row.email_file = new
        row.save(update_fields=["email_file"])
        transaction.on_commit(partial(discard, [old]), robust=True)
    return True


def open_email(*, concern: Concern, by: User) -> bytes:
    """The e-mail a concern came in, byte for byte, after proving that it is. Raises CannotOpenError."""
    recording = Recording.objects.exclude(email_file="").get(concern=concern)
    try:
        raw = b"".join(sealing.open_sealed(str(recording.email_file)))
    except (OSError, sealing.NotWholeError, keyring.UnknownKeyError) as error:
        raise CannotOpenError("The email cannot be opened: it is not as it was stored.") from error
    if hashlib.sha256(raw).hexdigest() != recording.email_sha256:
        raise CannotOpenError("What is stored is not the email that came in. Tell whoever runs the portal.")
    record(Event.Kind.EMAIL_SAVED, school=concern.school, by=by, case=concern.case, concern=concern)
    return raw


def case_of(evidence: Evidence) -> Case | None:
    if evidence.concern is not None:
        return evidence.concern.case
    return evidence.reply.step.case if evidence.reply is not None else None
