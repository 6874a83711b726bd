"""Covers what is nobody else's business: boxes over one page, kept as a list and burnt into a copy of their own."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction

from incidents.evidence import pictures
from incidents.evidence.custody import Kind, hashes_of, note
from incidents.evidence.destroying import discard
from incidents.evidence.originals import case_of
from incidents.models import Event, Evidence, Redaction
from incidents.models.event import record

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.evidence.viewer import Page

REDACT = "incidents.redact_evidence"
MOST_BOXES = 60


class Why(models.TextChoices):
    """Why something is covered."""

    PARENT = "parent", "Another parent"
    CHILD = "child", "A child"
    REPORTER = "reporter", "Who told us"
    GROUP = "group", "Name of the group"
    CONTACT = "contact", "Contact details"
    OTHER = "other", "Nothing to do with this"


@dataclass(frozen=True)
class Box:
    """In pixels of the clean copy, from its upper left corner."""

    left: int
    top: int
    width: int
    height: int
    why: str


class CannotRedactError(Exception):
    """The copy was not made. The message is a sentence for whoever asked."""


def redact(*, evidence: Evidence, page: Page, boxes: list[Box], by: User) -> Redaction:
    """Burn the boxes into a new copy of one page, which supersedes the one before. No boxes: nothing needs covering.

    Raises CannotRedactError, PermissionDenied.
    """
    if not by.has_perm(REDACT):
        raise PermissionDenied
    if len(boxes) > MOST_BOXES:
        raise CannotRedactError(f"{MOST_BOXES} boxes are the most. Use larger ones.")
    inside = [inside_of(page, box) for box in boxes]
    drawn = _burn(page, [(box.left, box.top, box.width, box.height) for box in inside])
    name = f"redacted/{uuid.uuid4()}.{drawn.suffix}"
    default_storage.save(name, ContentFile(drawn.copy))
    try:
        with transaction.atomic():
            locked = Evidence.objects.select_for_update().filter(pk=evidence.pk).first()
            if locked is None:
                raise CannotRedactError("This file was destroyed in the meantime.")
            files = hashes_of([name])
            made = Redaction.objects.create(
                evidence=locked,
                part=page.number,
                boxes=[asdict(box) for box in inside],
                copy=name,
                sha256=files[name],
                made_by=by,
            )
            record(
                Event.Kind.EVIDENCE_REDACTED,
                school=evidence.school,
                by=by,
                case=case_of(evidence),
                concern=evidence.concern,
            )
            note(Kind.REDACTED, locked, by=by, files=files, part=page.number, boxes=len(inside), tool=drawn.tool)
    except BaseException:
        discard([name])
        raise
    return made


def current(evidence: Evidence) -> dict[int, Redaction]:
    """The redacted copy that counts, by page."""
    found: dict[int, Redaction] = {}
    for made in sorted(evidence.redactions.all(), key=lambda made: (made.made_at, made.pk)):  # may be prefetched
        found[made.part] = made
    return found


def boxes_of(redaction: Redaction | None) -> list[Box]:
    return [Box(**box) for box in redaction.boxes] if redaction else []


def inside_of(page: Page, box: Box) -> Box:
    """The part of a box that lies on the page. Raises CannotRedactError when none does."""
    left, top = max(0, box.left), max(0, box.top)
    right, bottom = min(page.width, box.left + box.width), min(page.height, box.top + box.height)
    if right <= left or bottom <= top:
        raise CannotRedactError(
            f"A box lies outside the picture, which is {page.width} wide and {page.height} high. Move it or remove it."
        )
    return Box(left, top, right - left, bottom - top, box.why)


def _burn(page: Page, boxes: list[tuple[int, int, int, int]]) -> pictures.CleanPicture:
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".redact") as file:
        try:
            with page.source.copy.open("rb") as source:
                for piece in source.chunks():
                    file.write(piece)
            file.flush()
            return pictures.redraw(Path(file.name), boxes=boxes)
        except (OSError, pictures.PictureRefusedError) as error:
            raise CannotRedactError("The redacted copy could not be made. Try again in a few minutes.") from error
