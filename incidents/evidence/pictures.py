"""Has a file drawn or played again by a limited process, so that none is ever decoded in the web server itself."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings

from incidents.evidence import refusals

logger = logging.getLogger(__name__)

REDRAW = Path(__file__).with_name("redraw.py")
WALL_SECONDS = 15
# A long voice note is worth waiting for, on a machine that is busy too.
WALL_SECONDS_OF = {"sound": 45, "pdf": 30}
# Each may take 1 GiB and a whole core; the others wait their turn.
AT_ONCE = BoundedSemaphore(2)


class PictureRefusedError(Exception):
    """It cannot be shown or played. The message is the sentence the parent reads."""


class TooSlowError(Exception):
    """It was not ready in the time that there was. This says nothing about the file: another try may have more."""


@dataclass(frozen=True)
class CleanPicture:
    """Pixels or samples only. `media_type` is what the original is, by its content; `suffix` is the copy's own format.

    `look` is a perceptual hash, `detail` how much fine detail there is (0 to 255).
    """

    media_type: str
    width: int
    height: int
    suffix: str
    copy: bytes
    thumbnail: bytes
    tool: str
    seconds: int = 0
    look: str = ""
    detail: int = 0


def redraw(
    original: Path, *, boxes: list[tuple[int, int, int, int]] | None = None, until: float | None = None
) -> CleanPicture:
    """A clean copy of the picture in the file at `original`; or of a clean copy, with `boxes` painted over.

    Raises PictureRefusedError, whatever happened to the process: an error, a crash, a limit, a kill. With `until`, a
    time of the monotonic clock, raises TooSlowError when that has come.
    """
    with original.open("rb") as source:
        return _draw(source, until, kind="picture", **({} if boxes is None else {"boxes": boxes}))[0]


def redraw_pdf(original: Path, *, until: float | None = None) -> list[CleanPicture]:
    """Its pages as pictures. Raises PictureRefusedError."""
    with original.open("rb") as source:
        return _draw(source, until, kind="pdf", most_pages=settings.EVIDENCE_MAX_PAGES)


def replay(original: Path, *, media_type: str, container: str, until: float | None = None) -> CleanPicture:
    """A voice note, of which only the sound is left. Raises PictureRefusedError."""
    with original.open("rb") as source:
        return _draw(
            source,
            until,
            kind="sound",
            media_type=media_type,
            format=container,
            most_seconds=settings.EVIDENCE_MAX_SECONDS,
        )[0]


def draw_card(*, media_type: str, look: str, until: float | None = None) -> CleanPicture:
    """The small picture of a chat or an e-mail. It has no copy."""
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as nothing:
        return _draw(nothing, until, kind="card", media_type=media_type, format=look)[0]


def draw_signature(source: IO[bytes]) -> CleanPicture:
    """A PNG of ink on white, from a PNG or JPEG. Raises PictureRefusedError for anything else, and without any ink."""
    return _draw(source, None, kind="signature")[0]


def _draw(source: IO[bytes], until: float | None, **asked: Any) -> list[CleanPicture]:
    # -I: nothing of the environment, the working folder or the user's own packages reaches it.
    asked |= {"most_pixels": settings.EVIDENCE_MAX_PIXELS, "niceness": settings.EVIDENCE_NICENESS}
    command = [sys.executable, "-I", str(REDRAW), json.dumps(asked)]
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as drawn:
        try:
            with AT_ONCE:
                code = subprocess.run(  # noqa: S603  our own script and a line of JSON
                    command,
                    stdin=source,
                    stdout=drawn,
                    stderr=subprocess.DEVNULL,
                    timeout=_seconds(asked["kind"], until),
                    env={},
                    check=False,
                ).returncode
        except subprocess.TimeoutExpired:
            if until is not None:
                raise TooSlowError from None
            logger.warning("A file took too long to draw and was refused")
            raise PictureRefusedError(refusals.damaged(asked["kind"])) from None
        if code:
            logger.info("A file was refused: the process that draws it ended with %s", code)
            raise PictureRefusedError(refusals.damaged(asked["kind"]))
        drawn.seek(0)
        return _read(drawn)


def _seconds(kind: str, until: float | None) -> float:
    """How long one process may take. Its own limits stop a hostile file; this one stops the waiting."""
    if until is None:
        return WALL_SECONDS_OF.get(kind, WALL_SECONDS)
    return max(0.0, until - time.monotonic())


def _read(drawn: IO[bytes]) -> list[CleanPicture]:
    told = json.loads(drawn.readline())
    if told.get("too_large"):
        raise PictureRefusedError(refusals.too_many_pixels(told["width"], told["height"]))
    if told.get("too_many_pages"):
        raise PictureRefusedError(refusals.too_many_pages(told["too_many_pages"]))
    if told.get("too_long"):
        raise PictureRefusedError(refusals.too_long())
    if told.get("is_video"):
        raise PictureRefusedError(refusals.VIDEO)
    pages = []
    for facts in told["pages"]:
        copy, thumbnail = drawn.read(facts.pop("copy_size")), drawn.read(facts.pop("small_size"))
        pages.append(CleanPicture(**facts, copy=copy, thumbnail=thumbnail))
    return pages
