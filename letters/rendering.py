"""A letter as a tagged PDF. The only place that knows WeasyPrint.

Importing WeasyPrint takes most of a second, so that happens when the first letter is made. It and its fonts are
not safe to use from two threads at once: previews in the web server take turns.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from letters.drafting import check_length
from letters.kinds import ALL
from letters.refusals import UnprintableError, UnshapedError
from letters.reply_code import with_reply_line
from letters.tagging import finish
from letters.text import MAX_PAGES, body_html, check_body, direction, printable, unbroken
from letters.window import address_as_typed, envelope_of, fit_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from letters.models import Letter, Signature

logger = logging.getLogger(__name__)
one_at_a_time = Lock()

# “In Arabic? Call us.” The portal speaks it; our own font does not. Short: more would make another line.
ARABIC = "بالعربية؟ اتصل بنا."
NAMELESS = {"Sir or Madam", "Madam or Sir", "Sir", "Madam"}
TO_A_BODY = {kind.key for kind in ALL if kind.audience == "body"}


@dataclass(frozen=True)
class Rendered:
    pdf: bytes
    pages: int


@dataclass(frozen=True)
class Press:
    """What every letter of a process shares: the fonts, the style sheet, the crest, and who may be asked for files."""

    fonts: Any
    stylesheet: Any
    images: dict[str, Any]
    fetcher: Any


def render(letter: Letter, *, is_draft: bool = False, without_code: bool = False) -> Rendered:
    """The same letter gives the same bytes. Raises a LetterRefusedError when it cannot be printed.

    A draft says so on every page, and is shown even while its address does not fit the window yet.
    """
    check_length(letter.body)
    check_body(letter.body)
    most_pages = MAX_PAGES * 2 if letter.is_large_print else MAX_PAGES
    html = letter_html(letter, is_draft=is_draft, without_code=without_code)
    signature = None if is_draft else letter.signature
    return print_html(html, {_address_of(signature): signature.png} if signature else None, most_pages=most_pages)


def _address_of(signature: Signature) -> str:
    return f"signature:{signature.sha256}"


def letter_html(letter: Letter, *, is_draft: bool = False, without_code: bool = False) -> str:
    school = letter.school
    lines = [letter.addressee, *letter.address_lines]
    envelope = envelope_of(school.envelope)
    fit = address_as_typed(lines, envelope) if is_draft else fit_address(lines, envelope)
    body = with_reply_line(letter, without_code=without_code)
    contact = "\u2002\u2002".join((school.phone, school.email, school.website))
    context = {
        "letter": _Printable(letter),
        "school": _Printable(school),
        "is_draft": is_draft,
        "signature": _address_of(letter.signature) if letter.signature and not is_draft else "",
        "heading": mark_safe(unbroken(printable(letter.heading))),  # noqa: S308  escaped there
        "offers_arabic": can_draw(ARABIC),
        "arabic": ARABIC,
        "closing": "Yours faithfully" if letter.salutation in NAMELESS else "Yours sincerely",
        "is_to_a_body": letter.kind in TO_A_BODY,
        "css_class": fit.css_class,
        "layout": f"{envelope.key} large" if letter.is_large_print else envelope.key,
        "address": [(line, direction(line)) for line in fit.lines],
        "foot": f"{school.name}, {school.one_line_address}\n{contact}",
        "body": mark_safe(body_html(body)),  # noqa: S308  cleaned by nh3 against a list of elements
    }
    return get_template("letters/letter.html").render(context)


def print_html(html: str, pictures: Mapping[str, bytes] | None = None, *, most_pages: int = MAX_PAGES) -> Rendered:
    """`pictures` are the only ones beside ours that it may show, each by the address the page gives it."""
    with one_at_a_time:
        tools = press()
        if pictures:
            tools = replace(tools, images=dict(tools.images), fetcher=_with_pictures(tools.fetcher, pictures))
        document = _document(html, tools)
        if len(document.pages) > most_pages:
            raise UnprintableError(
                f"The letter is {len(document.pages)} pages long. Shorten it to {most_pages} or fewer."
            )
        pdf = document.write_pdf(finisher=finish, **options(tools))
        _check_shapes(document)
        return Rendered(pdf, len(document.pages))


@lru_cache(maxsize=4)
def can_draw(text: str) -> bool:
    """Whether this machine has a font for it: what every letter offers must keep none of them from being made."""
    try:
        print_html(f"<!doctype html><html lang=en><title>Fonts</title><p>{text}")
    except UnshapedError:
        logger.warning("No font here can draw the offer in Arabic, so letters go without it. Install fonts-noto-core.")
        return False
    return True


def _with_pictures(fetcher: Any, pictures: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import URLFetcherResponse

    def fetch(url: str, *args: Any, **more: Any) -> Any:
        return URLFetcherResponse(url, pictures[url]) if url in pictures else fetcher(url, *args, **more)

    return fetch


def _document(html: str, tools: Press) -> Any:
    import weasyprint

    source = weasyprint.HTML(string=html, base_url=assets().as_uri() + "/", url_fetcher=tools.fetcher)
    return source.render(font_config=tools.fonts, **options(tools))


def _check_shapes(document: Any) -> None:
    """A character that no font on this machine can draw would be printed as an empty box, even in a name."""
    lost = sorted({chr(code) for font in document.fonts.values() for code in font.missing})
    if lost:
        raise UnshapedError(lost)


def options(tools: Press) -> dict[str, Any]:
    return {
        "stylesheets": [tools.stylesheet],
        "pdf_variant": "pdf/ua-1",
        "cache": tools.images,
    }


@lru_cache(maxsize=1)
def press() -> Press:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    # WeasyPrint tells Pillow to accept pictures that are cut short, everywhere in the process. Evidence must not be.
    if pillow := sys.modules.get("PIL.ImageFile"):
        pillow.LOAD_TRUNCATED_IMAGES = False  # type: ignore[attr-defined]

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        """Reads the files of one folder. No network, no other file, no redirect, no data: address."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            return URLFetcherResponse(url, asset(url).read_bytes())

    fetcher = AssetFetcher()
    fonts = FontConfiguration()
    stylesheet = weasyprint.CSS(
        url=(assets() / "letters" / "letter.css").as_uri(), font_config=fonts, url_fetcher=fetcher
    )
    return Press(fonts, stylesheet, {}, fetcher)


def asset(url: str) -> Path:
    """The file a `file:` address names, if it lies in the letters' own folder; raises ValueError otherwise."""
    parts = urlsplit(url)
    path = Path(unquote(parts.path)).resolve()
    if parts.scheme != "file" or parts.netloc or not path.is_relative_to(assets()):
        raise ValueError(f"A letter may not read {url[:80]}")
    return path


def assets() -> Path:
    return Path(settings.LETTER_ASSETS_DIR).resolve()


class _Printable:
    """A row whose words have lost the control characters that cannot be printed."""

    def __init__(self, row: object) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._row, name)
        return printable(value) if isinstance(value, str) else value
