"""Reading a printed letter back: its words, and where on the paper they are."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator

MM = 25.4 / 72


@dataclass(frozen=True)
class Box:
    """A printed character, in millimetres from the top left corner of the page."""

    character: str
    left: float
    top: float
    right: float
    bottom: float

    def is_inside(self, left: float, top: float, right: float, bottom: float) -> bool:
        return left <= self.left and top <= self.top and self.right <= right and self.bottom <= bottom

    def touches(self, left: float, top: float, right: float, bottom: float) -> bool:
        return self.left < right and self.right > left and self.top < bottom and self.bottom > top


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def page_texts(pdf: bytes) -> list[str]:
    texts = []
    with opened(pdf) as document:
        for page in document:
            textpage = page.get_textpage()
            texts.append(textpage.get_text_bounded().replace("\r\n", "\n"))
            textpage.close()
            page.close()
    return texts


def words(pdf: bytes) -> str:
    """All of its text with every space and line break made one space."""
    return " ".join(" ".join(page_texts(pdf)).split())


def boxes(pdf: bytes, page_number: int = 0) -> list[Box]:
    with opened(pdf) as document:
        page = document[page_number]
        height = page.get_height()
        textpage = page.get_textpage()
        found = []
        for index in range(textpage.count_chars()):
            character = textpage.get_text_range(index, 1)
            if character.strip():
                left, bottom, right, top = textpage.get_charbox(index)
                found.append(Box(character, left * MM, (height - top) * MM, right * MM, (height - bottom) * MM))
        textpage.close()
        page.close()
    return found


def picture(pdf: bytes, page_number: int = 0, *, per_mm: int = 6) -> Any:
    with opened(pdf) as document:
        page = document[page_number]
        bitmap = page.render(scale=per_mm * MM)
        found = bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()
    return found


def marks(pdf: bytes, box: tuple[float, float, float, float], *, per_mm: int = 6) -> tuple[float, float, float, float]:
    """Around every pixel that is not white in this part of the first page: left, top, right, bottom in millimetres."""
    page = picture(pdf, per_mm=per_mm)
    part = page.crop(tuple(round(side * per_mm) for side in box)).convert("L").point(lambda light: 255 * (light < 245))
    left, top, right, bottom = part.getbbox() or (0, 0, 0, 0)
    return tuple(round(box[i % 2] + edge / per_mm, 2) for i, edge in enumerate((left, top, right, bottom)))  # type: ignore[return-value]
