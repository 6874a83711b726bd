"""Markdown that staff write for the public, as the few elements such a page is made of."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

# Pictures, code, HTML and tables are never parsed: they stay the characters that were typed.
OFF = ["image", "html_block", "html_inline", "code", "fence", "backticks", "reference", "lheading", "entity"]
ALLOWED = {"p", "br", "strong", "em", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "a"}
SCHEMES = {"https", "http", "mailto", "tel"}
CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "link_open": "govuk-link",
}
HEADINGS = {"h2": "govuk-heading-m", "h3": "govuk-heading-s"}
KEPT = {"a": {"href", "class"}, "ol": {"start", "class"}} | {
    tag: {"class"} for tag in ("p", "ul", "h2", "h3", "blockquote", "hr")
}


def safe_html(text: str) -> str:
    """The page has a heading of its own, so the highest that a text can have is the second."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    for token in [found for block in tokens for found in (block, *(block.children or ()))]:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag in {"h1", "h2"} else "h3"
            if token.type == "heading_open":
                token.attrSet("class", HEADINGS[token.tag])
        elif token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
    html = markdown.renderer.render(tokens, markdown.options, {})
    return nh3.clean(
        html, tags=ALLOWED, attributes=KEPT, attribute_filter=_only_kept, url_schemes=SCHEMES, link_rel=None
    )


def _only_kept(tag: str, name: str, value: str) -> str | None:
    """nh3 lets `title` and `lang` through on every element; whatever is put into the text later must not land there."""
    return value if name in KEPT.get(tag, ()) else None


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(OFF)
