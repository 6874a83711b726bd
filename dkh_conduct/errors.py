"""Pages for when something goes wrong: a plain sentence, what to do, and the school's telephone number.

They are drawn without context processors, so that none of them asks the database for more than the school, and
the page for a broken database asks it nothing that may fail.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

from dkh_conduct.school.context import known_school
from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

PAGES_FOR_BARE_ANSWERS = {405: "errors/405.html"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # no TRACE, and nothing made up
ROOM_FOR_FIELDS = 2 * 1024 * 1024
LARGEST_BODY_READ_AWAY = 512 * 1024 * 1024


def page(request: HttpRequest, template: str, status: int, *, ask: bool = True) -> HttpResponse:
    context = {"school": known_school(request, ask=ask), "is_staff_page": request.path.startswith("/staff/")}
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return too_large(request)
    return page(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "errors/404.html", 404)


def too_large(request: HttpRequest) -> HttpResponse:
    return page(request, "errors/413.html", 413)


def too_many(request: HttpRequest) -> HttpResponse:
    response = page(request, "errors/429.html", 429)
    response.headers["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away, full or locked is expected back: 503, try again soon. Anything else is our mistake."""
    cause = sys.exc_info()[1]
    if isinstance(cause, School.DoesNotExist):
        return page(request, "errors/no_school.html", 503)
    if isinstance(cause, OperationalError | InterfaceError):
        response = page(request, "errors/503.html", 503, ask=False)
        response.headers["Retry-After"] = "30"
        return response
    return page(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, "errors/csrf.html", 403)


class LastResortMiddleware:
    """Refuses what no link or form of ours can send, and gives a page to answers that come without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _body_size(request) > settings.EVIDENCE_MAX_TOTAL_BYTES + ROOM_FOR_FIELDS:
            _read_away(request)
            return too_large(request)
        if request.method not in METHODS:
            return page(request, "errors/405.html", 405)
        if "\0" in request.path_info:  # PostgreSQL takes no NUL in a text, so nothing can be found under it
            return page(request, "errors/404.html", 404)
        response = self.get_response(request)
        template = PAGES_FOR_BARE_ANSWERS.get(response.status_code)
        if template and not response.streaming and not response.content:
            drawn = page(request, template, response.status_code)
            response.content = drawn.content
            response.headers["Content-Type"] = drawn.headers["Content-Type"]
        return response


def _body_size(request: HttpRequest) -> int:
    claimed = request.META.get("CONTENT_LENGTH") or "0"
    return int(claimed) if claimed.isascii() and claimed.isdigit() else 0


def _read_away(request: HttpRequest) -> None:
    """A browser shows the answer only when it could send everything; what is far too much is cut off."""
    left = LARGEST_BODY_READ_AWAY
    while left > 0 and (chunk := request.read(64 * 1024)):
        left -= len(chunk)
