"""The receipt of a concern as a tagged PDF, from plain facts: printed in the same font as letters, and not stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import get_template

from letters.refusals import UnprintableError
from letters.rendering import print_html
from letters.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dkh_conduct.school.models import School


PICTURE = "picture:"


@dataclass(frozen=True)
class ReceiptFile:
    """One file that was sent, as its sender knows it; `thumbnail` is a small picture, or nothing."""

    name: str
    size: str
    caption: str = ""
    thumbnail: bytes = b""


def receipt_pdf(
    *,
    school: School,
    reference: str,
    access_code: str,
    sent: str,
    files: Sequence[ReceiptFile],
    refused: Sequence[tuple[str, str]] = (),
    steps: Sequence[tuple[str, str]],
    status_address: str,
) -> bytes:
    """`refused` are names of files that were not taken with the reason, `steps` are times with what happens then."""
    pictures = {f"{PICTURE}{place}": file.thumbnail for place, file in enumerate(files) if file.thumbnail}
    context: dict[str, Any] = {
        "school": school,
        "reference": reference,
        "access_code": access_code,
        "sent": sent,
        "files": _rows(files, printable),
        "refused": [(printable(name), why) for name, why in refused],
        "steps": steps,
        "status_address": status_address,
        "foot": f"{school.name}, {school.one_line_address}\n{school.phone}\u2002\u2002{school.email}",
    }
    template = get_template("letters/receipt.html")
    try:
        return print_html(template.render(context), pictures).pdf
    except UnprintableError:
        # A phone may name a file in signs that no font here has. The receipt matters more than its name.
        context["files"] = _rows(files, _plain)
        context["refused"] = [(_plain(name), why) for name, why in refused]
        return print_html(template.render(context), pictures).pdf


def _rows(files: Sequence[ReceiptFile], shown: Callable[[str], str]) -> list[dict[str, str]]:
    return [
        {
            "name": shown(file.name),
            "caption": shown(file.caption),
            "size": file.size,
            "picture": f"{PICTURE}{place}" if file.thumbnail else "",
        }
        for place, file in enumerate(files)
    ]


def _plain(name: str) -> str:
    return "".join(sign if sign.isascii() else "?" for sign in printable(name))
