"""What every answer carries: strict headers, no inline anything, no word to another site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.e2e.crawling import ALWAYS

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}
# A stored file is given out with a stricter policy of its own.
FILES = {
    "evidence-file",
    "evidence-part",
    "evidence-redacted",
    "report-evidence-thumbnail",
    "letter-pdf",
    "letter-picture",
    "print-batch",
    "poster-png",
    "poster-svg",
    "step-preview",
    "mailing-preview",
    "emailed-letter-file",
    "template-preview",
}


def check_headers(response: HttpResponseBase, name: str = "") -> None:
    csp = {directive.strip() for directive in response.headers["Content-Security-Policy"].split(";")}
    if name in FILES and response.status_code == 200:
        assert "default-src 'none'" in csp, name
    else:
        assert csp == STRICT, name
    for header, value in ALWAYS.values():
        assert response.headers[header] == value, name
    assert response.headers["Permissions-Policy"].startswith("camera=()"), name
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow", name
    assert response.headers["Cache-Control"] == "no-store, private", name
    if response.status_code not in {301, 302, 303}:
        media_type = response.headers["Content-Type"]
        assert "charset=utf-8" in media_type or not media_type.startswith("text/html"), name
    for cookie in response.cookies.values():
        assert cookie["httponly"], (name, cookie.key)
        assert cookie["samesite"] in {"Lax", "Strict"}, (name, cookie.key)


def check_markup(page: str, name: str) -> None:
    """What a strict policy would block, or what would tell another site who reads this."""
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page), name
    # "Exit this page" is a link that somebody follows on purpose, and without saying where they come from.
    elsewhere = r"(?!www\.gov\.uk|ico\.org\.uk|www\.equalityadvisoryservice\.com|www\.bbc\.co\.uk/weather\"|testserver)"
    assert not re.search(rf'(?:src|href|action)="(?:https?:)?//{elsewhere}', page), name
