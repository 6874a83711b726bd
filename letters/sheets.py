"""Sheets that are no letter: one between two letters, and the line that marks a copy."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.template.loader import get_template

from dkh_conduct.school.templatetags.dates import day
from letters.models import PrintBatch
from letters.rendering import print_html
from letters.text import direction, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from letters.models import Letter

SHEETS_AT_ONCE = 40


def sheets_pdf(letters: Sequence[Letter], sheets: str) -> bytes:
    """One page for each letter: its reference, or also the name and address for an envelope without a window."""
    context = {
        "letters": [
            {
                "reference": letter.reference,
                "title": letter.title,
                "enclosures": printable(letter.enclosures),
                "lines": [
                    (line, direction(line)) for line in map(printable, [letter.addressee, *letter.address_lines])
                ],
            }
            for letter in letters
        ],
        "with_address": sheets == PrintBatch.Sheets.ADDRESS,
    }
    return print_html(get_template("letters/sheets.html").render(context), most_pages=SHEETS_AT_ONCE).pdf


def as_copy(pdf: bytes, *, on: date) -> bytes:
    """The sealed pages with “Copy” and the day in the top margin of each, where no window shows."""
    import pikepdf

    stamp = print_html(get_template("letters/copy.html").render({"day": day(on)})).pdf
    with pikepdf.open(BytesIO(pdf)) as copy, pikepdf.open(BytesIO(stamp)) as mark:
        for page in copy.pages:
            page.add_overlay(mark.pages[0], pikepdf.Rectangle(page.trimbox))
        out = BytesIO()
        copy.save(out, deterministic_id=True)
    return out.getvalue()
