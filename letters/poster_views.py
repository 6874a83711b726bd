"""The poster, and its QR code by itself for newsletters: for everybody who works at the school."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dkh_conduct.school.context import school_of
from letters.posters import PosterFacts, poster_pdf, qr_png, qr_svg
from letters.views import as_pdf

if TYPE_CHECKING:
    from letters.http import StaffRequest

PICTURES = {"png": (qr_png, "image/png"), "svg": (qr_svg, "image/svg+xml")}
ONLY_HERE = {"localhost", "127.0.0.1", "::1"}


@require_safe
def poster(request: StaffRequest) -> HttpResponse:
    is_only_here = urlsplit(settings.SITE_URL).hostname in ONLY_HERE
    context = {"address": _address(), "is_only_here": is_only_here, "languages": settings.LANGUAGES}
    return render(request, "letters/poster_page.html", context)


@require_safe
def poster_file(request: StaffRequest) -> HttpResponse:
    school, language = school_of(request), _language(request)
    facts = PosterFacts(
        address=_address(language),
        school=school.name,
        one_line_address=school.one_line_address,
        phone=school.phone,
        safeguarding_phone=school.safeguarding_phone,
        language=language,
    )
    return as_pdf(poster_pdf(facts), name=f"poster{_in_names(language)}")


@require_safe
def poster_code(request: StaffRequest, kind: str) -> HttpResponse:
    draw, media_type = PICTURES[kind]
    language = _language(request)
    headers = {"Content-Disposition": f'inline; filename="qr-code{_in_names(language)}.{kind}"'}
    return HttpResponse(draw(_address(language)), content_type=media_type, headers=headers)


def _language(request: StaffRequest) -> str:
    """Of the paper: the page that offers it stays in English. What we do not speak is English as well."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _in_names(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else f"-{language}"


def _address(language: str = settings.LANGUAGE_CODE) -> str:
    """The start page, in the language of the poster that leads there."""
    query = "" if language == settings.LANGUAGE_CODE else f"?language={language}"
    return f"{settings.SITE_URL}/{query}"
