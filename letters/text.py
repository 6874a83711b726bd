"""The letter's text: Markdown without pictures, code or HTML, and values that stay values inside it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

from letters.links import SCHEMES, check_links, in_words, is_allowed
from letters.refusals import UnprintableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

MAX_CHARACTERS = 10_000
MAX_LINES = 300
MAX_PAGES = 10
MAX_COLUMNS = 6

# None of these is ever parsed. A link is, where `links.py` allows it.
OFF = ["image", "autolink", "reference", "html_block", "html_inline", "code", "fence", "backticks"]
# Staff write "&" and underline a line of dashes without meaning anything by it.
ALSO_OFF = ["entity", "lheading"]
ALLOWED = {
    "p", "br", "strong", "em", "h2", "h3", "ul", "ol", "li", "blockquote", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "span", "a",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {"th": {"scope"}, "ol": {"start"}, "p": {"dir"}, "a": {"href"}, "*": set()}
# Dates, telephone numbers and codes are read wrongly when a line breaks inside them.
UNBROKEN = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b|"
                      r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|"
                      r"December) \d{4}\b|\b0\d{2,4} \d{3,4} \d{3,4}\b")  # fmt: skip

# A full stop within “3.15” or “e.g. this” ends nothing; one before a capital letter or a quotation does.
SENTENCE_END = re.compile(r"(?<=[.!?])[”’)]*\s+(?=[“(‘]?[A-Z0-9])|(?<=[.!?]”)\s+(?=[A-Z“])")

_STARTS_BLOCK = re.compile(r"^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|(?:[-_]\s*){3,}$)")
_STARTS_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_INLINE = re.compile(r"[\[\]*]|(?<![^\W_])_|_(?![^\W_])|\\(?=[!-/:-@\[-`{-~]|$)|\|")


def as_text(value: str) -> str:
    """Somebody's words on one line, escaped only where Markdown would otherwise read them as a mark-up of its own."""
    line = " ".join(printable(value).split())
    line = _INLINE.sub(lambda match: "\\" + match[0], line)
    line = _STARTS_NUMBER.sub(r"\1\\\2", line)
    return "\\" + line if _STARTS_BLOCK.match(line) else line


def printable(text: str) -> str:
    """Without control characters, which no letter can print and which would break the PDF's own description."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def direction(text: str) -> str:
    """`rtl` when the first letter that has a direction runs from right to left, as HTML's `dir=auto` would say."""
    for character in text:
        found = unicodedata.bidirectional(character)
        if found in {"L", "R", "AL"}:
            return "ltr" if found == "L" else "rtl"
    return "ltr"


def check_body(body: str) -> None:
    """Raises UnprintableError for a table that no page is wide enough for, or a link that no letter may have."""
    check_links(body)
    columns = 0
    for token in _markdown().parse(body):
        if token.type == "tr_open":
            columns = 0
        elif token.type in {"th_open", "td_open"}:
            columns += 1
            if columns > MAX_COLUMNS:
                raise UnprintableError(f"A table has more than {MAX_COLUMNS} columns. Make it narrower.")


def body_html(body: str) -> str:
    """The body as the few elements a letter is made of."""
    markdown = _markdown()
    tokens = markdown.parse(printable(body))
    for token, following in pairwise(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag in {"h1", "h2"} else "h3"
        elif token.type == "paragraph_open" and direction(following.content) == "rtl":
            token.attrSet("dir", "rtl")
    html = markdown.renderer.render(tokens, markdown.options, {})
    return nh3.clean(html, tags=ALLOWED, attributes=ATTRIBUTES,
                     allowed_classes={"span": {"nowrap"}}, url_schemes=SCHEMES, link_rel=None)  # fmt: skip


def unbroken(text: str) -> str:
    """The text as HTML, with each date, number and code kept on one line."""
    return UNBROKEN.sub(lambda match: f'<span class="nowrap">{match[0]}</span>', escapeHtml(text))


def section_html(body: str, heading: str) -> str:
    """What a letter says under one of its headings, without the heading; nothing where it has no such heading."""
    _, found, after = f"\n{body}".partition(f"\n## {heading}\n")
    return body_html(after.partition("\n## ")[0]) if found and heading else ""


def plain_sentences(body: str) -> list[str]:
    """What is read one after the other: sentences, headings and items of lists, without any mark-up."""
    texts = []
    for token in _markdown().parse(printable(body)):
        if token.type == "inline":
            children = token.children or []
            texts.append(
                "".join("\n" if child.type in {"softbreak", "hardbreak"} else child.content for child in children)
            )
    lines = [" ".join(line.split()) for text in texts for line in text.split("\n")]
    return [sentence for line in lines for sentence in SENTENCE_END.split(line) if sentence]


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable([*OFF, *ALSO_OFF])
    markdown.validateLink = is_allowed  # type: ignore[assignment, method-assign]
    markdown.add_render_rule("text", _text)
    markdown.add_render_rule("link_close", _link_close)
    markdown.add_render_rule("th_open", _column_heading)
    markdown.add_render_rule("td_open", _cell)
    return markdown


def _text(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return unbroken(tokens[index].content)


def _link_close(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The address in words as well: nobody can follow a link on paper, and everybody sees where it leads."""
    start = max(place for place in range(index) if tokens[place].type == "link_open")
    words = "".join(token.content for token in tokens[start:index])
    said = in_words(str(tokens[start].attrGet("href")), beside=words)
    return "</a>" + (f" ({escapeHtml(said)})" if said else "")


def _column_heading(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return '<th scope="col">'


def _cell(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "<td>"
