"""The poster for the school gate, and the QR code on it: plain facts in, a PDF or a picture out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import mark_safe

from letters.rendering import assets, one_at_a_time, press
from letters.text import printable

if TYPE_CHECKING:
    from segno import QRCode

QUIET_ZONE = 4  # modules of white around it: with less, some cameras do not find it
PIXELS_PER_MODULE = 24
# Longer ones are printed with less room around everything, so that it stays one page.
LONG_ADDRESS, LONG_NAME = 45, 50


@dataclass(frozen=True)
class PosterFacts:
    """What is printed. `address` is where the QR code leads, in full."""

    address: str
    school: str
    one_line_address: str
    phone: str
    safeguarding_phone: str
    language: str = settings.LANGUAGE_CODE

    @property
    def typed_address(self) -> str:
        """As somebody would type it."""
        return self.address.partition("?")[0].removeprefix("https://").removeprefix("http://").rstrip("/")


def qr_svg(address: str) -> bytes:
    out = BytesIO()
    _qr(address).save(out, kind="svg", border=QUIET_ZONE, xmldecl=False, light="white", title=f"QR code for {address}")
    return out.getvalue()


def qr_png(address: str) -> bytes:
    out = BytesIO()
    _qr(address).save(out, kind="png", border=QUIET_ZONE, scale=PIXELS_PER_MODULE)
    return out.getvalue()


def _qr(address: str) -> QRCode:
    """Readable with a quarter of it scratched away: it hangs outside."""
    return segno.make_qr(address, error="q", boost_error=False)


@lru_cache(maxsize=16)
def poster_pdf(facts: PosterFacts) -> bytes:
    """The same facts give the same bytes."""
    import weasyprint

    with translation.override(facts.language):
        html = get_template("letters/poster.html").render(_context(facts))
    with one_at_a_time:
        tools = press()
        style = weasyprint.CSS(
            url=(assets() / "letters" / "poster.css").as_uri(), font_config=tools.fonts, url_fetcher=tools.fetcher
        )
        source = weasyprint.HTML(string=html, base_url=f"{assets().as_uri()}/", url_fetcher=tools.fetcher)
        pdf: bytes = source.write_pdf(
            font_config=tools.fonts, stylesheets=[style], pdf_variant="pdf/ua-1", cache=tools.images
        )
        return pdf


def _context(facts: PosterFacts) -> dict[str, Any]:
    words = {name: printable(str(value)) for name, value in vars(facts).items()}
    qr = qr_svg(facts.address).decode()
    is_long = len(facts.typed_address) > LONG_ADDRESS or len(facts.school) > LONG_NAME
    return {
        **words,
        "typed_address": printable(facts.typed_address),
        "is_long": is_long,
        "is_translated": facts.language != settings.LANGUAGE_CODE,
        "qr": mark_safe(qr),  # noqa: S308  # drawn above
    }
