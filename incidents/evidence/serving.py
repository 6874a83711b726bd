"""Hands out a clean copy so that a browser can do nothing with it but show or play it."""

from __future__ import annotations

import logging
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

    from incidents.models import Evidence

logger = logging.getLogger(__name__)

MEDIA_TYPES = {
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".mp3": "audio/mpeg",
    ".txt": "text/plain; charset=utf-8",
}
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def picture_response(evidence: Evidence, rendition: str) -> HttpResponse:
    """The `copy` or the `thumbnail`; the original has no address. Raises Http404 when its file is gone."""
    stored = evidence.thumbnail if rendition == "thumbnail" else evidence.copy
    return stored_response(stored, name=f"evidence-{evidence.pk.hex[:8]}")


def stored_response(stored: FieldFile, *, name: str, asked_range: str = "") -> HttpResponse:
    """One stored file, or the range of it that a player asks for. Raises Http404 when it is gone."""
    if not stored:
        raise Http404  # it is not drawn yet
    suffix = PurePath(stored.name or "").suffix
    try:
        with stored.open("rb") as file:
            content = file.read()
        response = HttpResponse(content, content_type=MEDIA_TYPES[suffix])
    except (FileNotFoundError, KeyError, ValueError):
        logger.exception("A file of evidence cannot be read: %s", stored.name)
        raise Http404 from None
    if suffix == ".mp3":
        response.headers["Accept-Ranges"] = "bytes"
        _narrow(response, content, asked_range)
    response.headers["Content-Disposition"] = f'inline; filename="{name}{suffix}"'
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _narrow(response: HttpResponse, content: bytes, asked: str) -> None:
    """Some players play nothing that they cannot ask for in pieces."""
    found = RANGE.fullmatch(asked.strip())
    if found is None:
        return
    first, last = int(found[1]), min(int(found[2] or len(content) - 1), len(content) - 1)
    if first > last:
        response.status_code, response.content = 416, b""
        response.headers["Content-Range"] = f"bytes */{len(content)}"
        return
    response.status_code, response.content = 206, content[first : last + 1]
    response.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
