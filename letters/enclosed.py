"""A letter as it goes into a file that others read: the sealed pages, or a copy without the code that answers it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dkh_conduct.school.templatetags.dates import day
from letters.dossier import Enclosure
from letters.rendering import render
from letters.reply_code import prints_code
from letters.sealed import read_sealed

if TYPE_CHECKING:
    from letters.models import Letter


def enclosed(letter: Letter, *, group: str) -> Enclosure:
    """Whoever holds the code answers in the addressee's name, so that no copy for others may print it."""
    posted = f", posted {day(letter.posted_on)}" if letter.posted_on else ""
    mark, pages, read = f"Letter {letter.reference}{posted}", letter.pages, partial(read_sealed, letter)
    if prints_code(letter):
        read_sealed(letter)  # raises where the sealed file is not what it was
        copy = render(letter, without_code=True)
        mark, pages, read = f"{mark}. Copy without the reply code", copy.pages, partial(bytes, copy.pdf)
    return Enclosure(
        group=group,
        title=f"{letter.reference}: {letter.title}, {day(letter.written_on)}",
        mark=mark,
        pages=pages,
        sha256=letter.sha256,
        read=read,
    )
