"""What a machine can check of PDF/UA-1 (ISO 14289-1, with the numbers of the Matterhorn Protocol), by pikepdf alone.

veraPDF checks more, and needs Java; where it can be had, its word counts before this one's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI"}
SHOWS = {"Tj", "TJ", "'", '"'}
STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "P",
    "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody",
    "TFoot", "Span", "Quote", "Note", "Reference", "Code", "Link", "Annot", "Figure", "Formula", "Form",
}  # fmt: skip
INSIDE = {"LI": {"L"}, "LBody": {"LI"}, "Lbl": {"LI", "Note"}, "TR": {"Table", "THead", "TBody", "TFoot"},
          "TH": {"TR"}, "TD": {"TR"}, "THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"}}  # fmt: skip


@dataclass
class Element:
    tag: str
    row: Any
    parent: Element | None
    kids: list[Element] = field(default_factory=list)
    marks: list[tuple[Any, int]] = field(default_factory=list)  # the page's object number, and the mark on it
    objects: list[Any] = field(default_factory=list)

    def all(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            yield from kid.all()

    @property
    def language(self) -> str:
        return str(self.row["/Lang"]) if "/Lang" in self.row else (self.parent.language if self.parent else "")


def tree_of(pdf: pikepdf.Pdf) -> list[Element]:
    root = pdf.Root.StructTreeRoot
    roles = {str(key): str(value) for key, value in root.get("/RoleMap", {}).items()}
    kids = root.K if isinstance(root.K, pikepdf.Array) else [root.K]
    return [_element(kid, None, roles, None) for kid in kids]


def _element(row: Any, parent: Element | None, roles: dict[str, str], page: Any) -> Element:
    name = str(row.S)
    found = Element(roles.get(name, name).lstrip("/"), row, parent)
    page = row.get("/Pg", page)
    kids = row.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            found.marks.append((page.objgen, kid))
        elif kid.get("/Type") == "/MCR":
            found.marks.append((kid.get("/Pg", page).objgen, int(kid.MCID)))
        elif kid.get("/Type") == "/OBJR":
            found.objects.append(kid.Obj)
        else:
            found.kids.append(_element(kid, found, roles, page))
    return found


def problems(content: bytes) -> list[str]:
    """Every way in which it is not what it claims to be; empty for a good one."""
    with pikepdf.open(BytesIO(content)) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            return ["it has no tags (01-006)"]
        elements = [element for root in tree_of(pdf) for element in root.all()]
        return [*_about(pdf), *_headings(elements), *_shapes(elements), *_pages(pdf, elements), *_fonts(pdf)]


def _about(pdf: Any) -> Iterator[str]:
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked"):
        yield "it does not say that it is tagged (06-001)"
    if not str(pdf.Root.get("/Lang", "")):
        yield "it has no language (11-006)"
    if not pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "its title is not shown (07-002)"
    with pdf.open_metadata() as about:
        if not about.get("dc:title"):
            yield "it has no title (06-003)"
        if about.get("pdfuaid:part") != "1":
            yield "it does not claim PDF/UA-1 (06-002)"


def _headings(elements: list[Element]) -> Iterator[str]:
    levels = [int(element.tag[1]) for element in elements if element.tag in {"H1", "H2", "H3", "H4", "H5", "H6"}]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"its headings do not begin with the one first: {levels} (14-002)"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"a level of heading is left out: {levels} (14-003)"


def _shapes(elements: list[Element]) -> Iterator[str]:
    for element in elements:
        around = element.parent.tag if element.parent else ""
        if element.tag not in STANDARD:
            yield f"{element.tag} is no standard element (02-001)"
        if element.tag in INSIDE and around not in INSIDE[element.tag]:
            yield f"{element.tag} lies in {around} (09-004)"
        if element.tag == "Figure" and not str(element.row.get("/Alt", "")).strip():
            yield "a picture has no words (13-004)"
        if element.tag == "TH" and "/Scope" not in _attributes(element.row):
            yield "a heading of a table does not say what it heads (15-003)"
        if element.tag == "Link":
            if not element.objects:
                yield "a link leads nowhere (28-011)"
            for found in element.objects:
                if not str(found.get("/Contents", "")).strip():
                    yield "a link has no words of its own (28-004)"


def _attributes(row: Any) -> dict[str, Any]:
    found = row.get("/A", [])
    rows = found if isinstance(found, pikepdf.Array) else [found]
    return {key: value for each in rows for key, value in each.items()}


def _pages(pdf: pikepdf.Pdf, elements: list[Element]) -> Iterator[str]:
    """Everything that is painted is either in the tree or marked as no content."""
    tagged = {mark for element in elements for mark in element.marks}
    seen: set[tuple[Any, int]] = set()
    for number, page in enumerate(pdf.pages, 1):
        stack: list[str | int] = []
        for operands, operator in _steps(page):
            name = str(operator)
            if name == "BDC":
                about = operands[1]
                if isinstance(about, pikepdf.Name):
                    about = page.Resources.Properties[about]
                stack.append(int(about.MCID) if "/MCID" in about else str(operands[0]))
            elif name == "BMC":
                stack.append(str(operands[0]))
            elif name == "EMC":
                stack.pop()
            elif name in PAINTS:
                marks = {mark for mark in stack if isinstance(mark, int)}
                seen |= {(page.objgen, mark) for mark in marks}
                if not marks and "/Artifact" not in stack:
                    yield f"something on page {number} is neither content nor an artefact: {name} (01-005)"
                if marks and "/Artifact" in stack:
                    yield f"an artefact on page {number} lies in content (01-004)"
                if name in SHOWS and not all((page.objgen, mark) in tagged for mark in marks):
                    yield f"text on page {number} is not in the tree (01-005)"
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"page {number} does not follow its tags from link to link (28-008)"


def _steps(page: pikepdf.Page) -> Iterator[tuple[Any, Any]]:
    for step in pikepdf.parse_content_stream(page):
        yield step.operands, step.operator


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for found in pdf.objects:
        if not isinstance(found, pikepdf.Dictionary):
            continue
        if "/FontName" in found and not any(f"/FontFile{n}" in found for n in ("", "2", "3")):
            yield f"{found.FontName} is not in the file (31-009)"
        if found.get("/Type") == "/Font" and "/DescendantFonts" in found and "/ToUnicode" not in found:
            yield f"{found.BaseFont} does not say which letters it draws (10-001)"


def empty_boxes(content: bytes) -> int:
    """How often the glyph of no character is drawn (31-030): every font here is addressed by two bytes a glyph."""
    count = 0
    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            for operands, operator in _steps(page):
                if str(operator) not in SHOWS:
                    continue
                texts = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[-1]]
                for text in texts:
                    if isinstance(text, pikepdf.String):
                        shown = bytes(text)
                        count += sum(shown[at : at + 2] == b"\0\0" for at in range(0, len(shown), 2))
    return count
