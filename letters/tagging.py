"""What WeasyPrint leaves out of a tagged PDF: the language of a text, what a column heading heads, and page furniture.

It hands over the finished PDF before it is written, so this costs a letter a millisecond. The order of its own tags is
all that is relied on: where that is not as expected, the page stays as it was made, and the tests say so.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)


def finish(document: Any, pdf: Any) -> None:
    """For `write_pdf(finisher=…)`: changes the objects of `pdf`, made from the boxes of `document`."""
    import pydyf  # type: ignore[import-untyped]

    texts = _marked_texts(pdf)
    pages: list[Any] = [row for row in pdf.objects if isinstance(row, dict) and row.get("Type") == "/Page"]
    usual = document.pages[0]._page_box.style["lang"] if document.pages else None
    for page, drawn in zip(pages, document.pages, strict=True):
        boxes = list(_boxes(drawn._page_box))
        tagged = texts.get(page.reference, [])
        if len(boxes) != len(tagged):
            logger.warning("the tags of a page are not in the order of its text")
            continue
        furniture = set()
        for (box, is_margin), row in zip(boxes, tagged, strict=True):
            if is_margin:
                furniture.add(row["K"][0])
            elif (language := box.style["lang"]) and language != usual:
                row["Lang"] = pydyf.String(language)
        _set_aside(pdf.objects[int(page["Contents"].split()[0])].stream, furniture)


def _marked_texts(pdf: Any) -> dict[bytes, list[Any]]:
    """The elements that hold one text each, by the page they are on, in the order in which they were made."""
    found: dict[bytes, list[Any]] = {}
    for row in pdf.objects:
        if isinstance(row, dict) and row.get("S") == "/Span" and len(row["K"]) == 1 and isinstance(row["K"][0], int):
            found.setdefault(row["Pg"], []).append(row)
    return found


def _boxes(box: Any, *, is_margin: bool = False) -> Iterator[tuple[Any, bool]]:
    """Every text with an element of its own, in the order of the tags. The words of a link belong to the link."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.absolute import AbsolutePlaceholder

    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    is_margin = is_margin or isinstance(box, boxes.MarginBox)
    if box.element is not None and box.element_tag == "th" and hasattr(box, "mark"):
        box.mark["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
    is_link = box.element is not None and box.element_tag.split(":")[0] == "a"
    for child in getattr(box, "children", ()):
        for each in child.children if isinstance(child, boxes.LineBox) else [child]:
            if not isinstance(each, boxes.TextBox):
                yield from _boxes(each, is_margin=is_margin)
            elif not is_link:
                yield each, is_margin


def _set_aside(stream: list[Any], furniture: set[int]) -> None:
    """The running head, the foot and the page number are read to nobody between two lines of a letter."""
    for at, about in enumerate(stream):
        if isinstance(about, dict) and about.get("MCID") in furniture and stream[at + 1] == b"BDC":
            stream[at - 1] = "/Artifact"
            del about["MCID"]
            about["Type"] = "/Pagination"
