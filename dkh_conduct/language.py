"""Which language a page is in: the one chosen and kept in a cookie, or the first of the browser's that we have.

Staff pages are in English. A language is a folder of `dkh_conduct/locale`: settings, pages and tests find it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils import translation
from django.utils.http import escape_leading_slashes

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

NAME = "language"  # of the address's parameter, and of the buttons of a form
STAFF = "/staff/"


def choose_language(request: HttpRequest, code: str) -> bool:
    """Speak it from now on, in this answer and in the next; False, and nothing, for one that we have not."""
    if code not in dict(settings.LANGUAGES) or request.path_info.startswith(STAFF):
        return False
    translation.activate(code)
    request.LANGUAGE_CODE = code
    request._chosen_language = code  # type: ignore[attr-defined]
    return True


class LanguageMiddleware:
    """Reads no form: a form with files has a reader of its own, which its view must set up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_staff = request.path_info.startswith(STAFF)
        found = settings.LANGUAGE_CODE if is_staff else translation.get_language_from_request(request)
        with translation.override(found):
            request.LANGUAGE_CODE = found
            if request.method in {"GET", "HEAD"} and choose_language(request, request.GET.get(NAME, "")):
                response: HttpResponse = HttpResponseRedirect(_without_choice(request))
            else:
                response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        _remember(request, response)
        return response


def _without_choice(request: HttpRequest) -> str:
    """The same address again: a form that is sent to it must not choose a second time."""
    kept = request.GET.copy()
    del kept[NAME]
    query = kept.urlencode()
    return escape_leading_slashes(request.path) + (f"?{query}" if query else "")


def _remember(request: HttpRequest, response: HttpResponse) -> None:
    chosen: str = getattr(request, "_chosen_language", "")
    if chosen:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )
