"""Opening a sealed letter: only the very bytes that were sealed are ever shown or printed."""

from __future__ import annotations

import hmac
import logging
from hashlib import sha256
from typing import TYPE_CHECKING

from dkh_conduct.school.templatetags.dates import day
from letters.papers import Paper
from letters.refusals import SealBrokenError

if TYPE_CHECKING:
    from letters.models import Letter

logger = logging.getLogger(__name__)

A4 = (595, 842)  # in points


def read_sealed(letter: Letter) -> bytes:
    """The PDF. Raises SealBrokenError, and tells the log, when it is missing or is not what was sealed."""
    try:
        with letter.file.open("rb") as stored:
            pdf: bytes = stored.read()
    except (OSError, ValueError) as fault:
        logger.exception("letter %s: the sealed file %r cannot be read", letter.reference, letter.file.name)
        raise SealBrokenError(_sentence(letter, "is missing")) from fault
    if not hmac.compare_digest(sha256(pdf).hexdigest(), letter.sha256):
        logger.error("letter %s: %r is not what was sealed with %s", letter.reference, letter.file.name, letter.sha256)
        raise SealBrokenError(_sentence(letter, "has been changed since"))
    return pdf


def read_paper(paper: Paper) -> bytes | None:
    """The PDF of a batch or a file; None where there is none yet, or what is stored is not what was put together."""
    if paper.state != Paper.State.READY:
        return None
    try:
        with paper.file.open("rb") as stored:
            pdf: bytes = stored.read()
    except (OSError, ValueError):
        logger.exception("%s: its file %r cannot be read", paper, paper.file.name)
        return None
    if not hmac.compare_digest(sha256(pdf).hexdigest(), paper.sha256):
        logger.error("%s: %r is not what was put together", paper, paper.file.name)
        return None
    return pdf


def _sentence(letter: Letter, what: str) -> str:
    return (
        f"The file of {letter.reference}, sealed on {day(letter.sealed_at)}, {what}. It cannot be opened or printed. "
        "Tell the person who looks after the portal."
    )
