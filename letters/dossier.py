"""Many papers as one numbered PDF: sections of plain facts, then sealed papers as they are, each page marked.

Every page says which file it belongs to, its number of how many, and one fingerprint of everything that the file says
and encloses: a page that was swapped or left out can be told from one that belongs.
"""

from __future__ import annotations

import json
from collections.abc import Callable  # noqa: TC003  a dataclass names it
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.template.loader import get_template

from letters.refusals import LetterRefusedError, UnshapedError
from letters.rendering import print_html
from letters.sealed import A4
from letters.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dkh_conduct.school.models import School

MOST_PAGES = 600
STAMPS_AT_ONCE = 100
# Where an enclosed page stands on its sheet, in points: smaller, so that what is printed on it stays apart.
FRAME = (35.0, 60.0, 560.0, 803.0)


@dataclass(frozen=True)
class Block:
    """Facts that belong together: labels and texts. A long list of them may break over pages."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    key: str
    heading: str
    blocks: tuple[Block, ...]
    intro: str = ""


@dataclass(frozen=True)
class Enclosure:
    """A paper that goes in as it is; `mark` is printed above each of its pages, and `read` gives its PDF."""

    group: str
    title: str
    mark: str
    pages: int
    sha256: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Dossier:
    pdf: bytes
    pages: int
    fingerprint: str


def fingerprint_of(reference: str, sections: Sequence[Section], enclosures: Sequence[Enclosure]) -> str:
    """SHA-256 over the words of every section and the SHA-256 of every enclosure, in their order."""
    told = {
        "reference": reference,
        "sections": [asdict(section) for section in sections],
        "enclosed": [(each.title, each.sha256) for each in enclosures],
    }
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def dossier_pdf(
    *,
    school: School,
    title: str,
    marking: str,
    reference: str,
    facts: Sequence[tuple[str, str]],
    sections: Sequence[Section],
    enclosures: Sequence[Enclosure] = (),
    tell: Callable[[int], None] = lambda _: None,
) -> Dossier:
    """`facts` stand on the first page; `tell` is called with the number of enclosures that are in."""
    fingerprint = fingerprint_of(reference, sections, enclosures)
    context = {
        "school": school,
        "title": title,
        "marking": marking,
        "reference": reference,
        "facts": _printable(facts),
        "sections": [
            {"key": section.key, "heading": section.heading, "intro": section.intro, "blocks": _blocks(section)}
            for section in sections
        ],
        "fingerprint": fingerprint,
    }
    body = _body(context, enclosures, before=0)
    if enclosures:
        # Again, now that it is known on which page the first enclosure begins.
        body = _body(context, enclosures, before=body[1])
    total = body[1] + sum(each.pages for each in enclosures)
    if total > MOST_PAGES:
        raise LetterRefusedError(f"The file would have {total} pages. Leave something out: {MOST_PAGES} is the most.")
    return Dossier(_put_together(body[0], enclosures, context, total, tell), total, fingerprint)


def _blocks(section: Section) -> list[dict[str, Any]]:
    return [{"heading": printable(block.heading), "rows": _printable(block.rows)} for block in section.blocks]


def _printable(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(printable(label), printable(text).strip()) for label, text in rows if text.strip()]


def _body(context: dict[str, Any], enclosures: Sequence[Enclosure], *, before: int) -> tuple[bytes, int]:
    page, groups = before + 1, dict[str, list[tuple[str, int]]]()
    for each in enclosures:
        groups.setdefault(each.group, []).append((each.title, page))
        page += each.pages
    html = get_template("letters/dossier.html").render({**context, "groups": groups})
    try:
        made = print_html(html, most_pages=MOST_PAGES)
    except UnshapedError as missing:
        # Exact words may hold signs that no font here has. The file names them and goes on.
        for sign in missing.lost:
            html = html.replace(sign, f"[U+{ord(sign):04X}]")
        made = print_html(html, most_pages=MOST_PAGES)
    return made.pdf, made.pages


def _put_together(
    body: bytes, enclosures: Sequence[Enclosure], context: dict[str, Any], total: int, tell: Callable[[int], None]
) -> bytes:
    """The body keeps its tags, links and bookmarks; what is enclosed is set smaller inside a frame."""
    import pikepdf

    with pikepdf.open(BytesIO(body)) as out:
        marks = [""] * len(out.pages)
        begins = []
        for number, each in enumerate(enclosures, start=1):
            begins.append((each, len(out.pages)))
            with pikepdf.open(BytesIO(each.read())) as paper:
                if len(paper.pages) != each.pages:
                    raise LetterRefusedError(f"{each.title} has other pages than when it was sealed.")
                for page in paper.pages:
                    out.add_blank_page(page_size=A4)
                    out.pages[-1].add_overlay(page, pikepdf.Rectangle(*FRAME))
                    marks.append(each.mark)
            tell(number)
        _stamp(out, marks, context, total)
        with out.open_outline() as outline:
            for each, start in begins:
                outline.root.append(pikepdf.OutlineItem(each.title, start))
        with out.open_metadata() as about:
            about.pop("pdfuaid:part", None)  # the pages that were enclosed have no tags here
            about["dc:title"] = f"{context['title']}, {context['reference']}"
        saved = BytesIO()
        out.save(saved, deterministic_id=True)
    return saved.getvalue()


def _stamp(out: Any, marks: Sequence[str], context: dict[str, Any], total: int) -> None:
    import pikepdf

    template = get_template("letters/dossier_stamps.html")
    for start in range(0, total, STAMPS_AT_ONCE):
        some = list(enumerate(marks[start : start + STAMPS_AT_ONCE], start=start + 1))
        html = template.render({**context, "stamps": some, "total": total})
        made = print_html(html, most_pages=STAMPS_AT_ONCE)
        with pikepdf.open(BytesIO(made.pdf)) as stamps:
            for (number, _), stamp in zip(some, stamps.pages, strict=True):
                out.pages[number - 1].add_overlay(stamp, pikepdf.Rectangle(0, 0, *A4))
