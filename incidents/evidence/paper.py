"""What may leave of a file as a page of a PDF, for packs that go out: a redacted picture, or words."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from incidents.evidence.covering import COVERED
from incidents.evidence.redacted import MarkedMessages, RedactedPicture
from letters.messages import messages_pdf

if TYPE_CHECKING:
    from incidents.evidence.redacted import RedactedCopy

DOTS_PER_INCH = 150
ABOUT_COVERED = f"Where it says {COVERED}, the school covered a name or the like of somebody who is not part of this."
A4 = (1240, 1754)  # at 150 dots an inch


def page_of(copy: RedactedCopy) -> bytes:
    """One A4 page."""
    if isinstance(copy, MarkedMessages):
        has_covered = any(COVERED in text for row in copy.sheet.rows for text in row)
        about = f"{copy.about} {ABOUT_COVERED}" if has_covered else copy.about
        return messages_pdf(title=copy.title, about=about, messages=copy.sheet.rows)
    assert isinstance(copy, RedactedPicture)  # noqa: S101  there is no third kind
    return _picture_page(copy)


def _picture_page(copy: RedactedPicture) -> bytes:
    """The picture on it, as large as fits."""
    with copy.open() as file, Image.open(file) as picture:
        page = Image.new("RGB", A4, "white")
        fitted = picture.convert("RGB")
        fitted.thumbnail((A4[0] - 160, A4[1] - 160))
        page.paste(fitted, ((A4[0] - fitted.width) // 2, 80))
    out = BytesIO()
    page.save(out, "PDF", resolution=DOTS_PER_INCH, title=copy.title)
    return out.getvalue()
