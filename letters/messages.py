"""Messages as one page of a pack: who and when, and the words, with a name in the place of a sign that no font has."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.template.loader import get_template

from letters.refusals import UnshapedError
from letters.rendering import print_html
from letters.text import direction, printable

if TYPE_CHECKING:
    from collections.abc import Sequence


def messages_pdf(*, title: str, about: str, messages: Sequence[tuple[str, str]]) -> bytes:
    """Raises UnprintableError where they do not fit on one page."""
    try:
        return _printed(title, about, messages)
    except UnshapedError as error:
        named = {ord(sign): _name_of(sign) for sign in error.lost}
        return _printed(title, about, [(head.translate(named), words.translate(named)) for head, words in messages])


def _printed(title: str, about: str, messages: Sequence[tuple[str, str]]) -> bytes:
    rows = [(printable(head), printable(words), direction(words)) for head, words in messages]
    context = {"title": title, "about": about, "rows": rows}
    return print_html(get_template("letters/messages.html").render(context), most_pages=1).pdf


def _name_of(sign: str) -> str:
    """`[slightly smiling face]`; nothing for a mark that only says how the sign before it looks."""
    if unicodedata.category(sign) in {"Mn", "Cf"}:
        return ""
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}]"
