"""Papers that go out together: several PDFs joined to one, and a pack made from plain facts."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.template.loader import get_template

from letters.rendering import print_html
from letters.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dkh_conduct.school.models import School


def joined(papers: Sequence[bytes], *, title: str) -> bytes:
    """Several PDFs as one, in their order."""
    import pikepdf

    out = BytesIO()
    with pikepdf.new() as pack:
        for paper in papers:
            with pikepdf.open(BytesIO(paper)) as pages:
                pack.pages.extend(pages.pages)
        with pack.open_metadata() as about:
            about["dc:title"] = title
        pack.save(out)
    return out.getvalue()


def pack_pdf(
    *,
    school: School,
    title: str,
    marking: str,
    reference: str,
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]],
) -> bytes:
    """A pack of labelled facts. `sections` are a heading and rows of a label and its text each."""
    context = {
        "school": school,
        "title": title,
        "marking": marking,
        "reference": reference,
        "sections": [
            (heading, [(label, printable(text)) for label, text in rows if text.strip()]) for heading, rows in sections
        ],
        "foot": f"{school.name}, {school.one_line_address}\n{marking}",
    }
    return print_html(get_template("letters/pack.html").render(context)).pdf
