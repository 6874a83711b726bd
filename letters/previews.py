"""What a letter looks like before it is sealed, and pictures of its pages."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from letters.rendering import one_at_a_time, render

if TYPE_CHECKING:
    from letters.models import Letter


def draft_pdf(letter: Letter) -> bytes:
    """A saved or unsaved letter with “Draft” on every page. Raises a LetterRefusedError when it cannot be printed."""
    return render(letter, is_draft=True).pdf


def page_picture(letter: Letter, page: int = 1, width: int = 910) -> bytes:
    """One page of a draft as PNG; the last page when there are fewer. Raises like `draft_pdf`."""
    return picture_of(draft_pdf(letter), page=page, width=width)


def picture_of(pdf: bytes, *, page: int = 1, width: int = 910) -> bytes:
    """One page as PNG, `width` pixels wide; the last page when there are fewer."""
    import pypdfium2  # type: ignore[import-untyped]

    with one_at_a_time:  # PDFium may only be used by one thread at a time
        document = pypdfium2.PdfDocument(pdf)
        try:
            sheet = document[min(max(page, 1), len(document)) - 1]
            bitmap = sheet.render(scale=width / sheet.get_width())
            out = BytesIO()
            bitmap.to_pil().save(out, format="PNG", compress_level=3)
            bitmap.close()
            sheet.close()
        finally:
            document.close()
    return out.getvalue()
