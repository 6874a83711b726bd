"""A session that nobody used for half an hour is locked, and one of ten hours ends, however often it is used.

Locked is not signed out: the same person says again who they are and goes on, and what a form had sent is kept.
The page itself warns five minutes before, and covers what it shows when the time is up (static/src/js/lock.mjs).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login

from dkh_conduct.accounts.proof import has_proved_recently
from dkh_conduct.accounts.sessions import SEEN, STARTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from dkh_conduct.accounts.http import StaffRequest

NOTED_EVERY = 60  # seconds: a write a minute, not one a click
OPEN_WHILE_LOCKED = frozenset(
    {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout", "unlocked"}
)


def is_locked(request: StaffRequest, now: float) -> bool:
    proved = max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)
    return now - max(float(request.session.get(SEEN, 0.0)), proved) > settings.IDLE_LOCK_SECONDS


class LockMiddleware:
    """Where signing in is asked for. After the second step, so that a locked session has taken it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: StaffRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        now = time.time()
        name = request.resolver_match.url_name if request.resolver_match else ""
        if now - self._started(request, now) > settings.SESSION_LIMIT_SECONDS:
            return _sign_in_again(request, "You were signed in for ten hours. Sign in again to go on.")
        if is_locked(request, now):
            if name in OPEN_WHILE_LOCKED:
                return None
            ways = get_adapter(request).get_reauthentication_methods(request.user)
            if not ways:
                return _sign_in_again(request, "Nobody did anything for half an hour. Sign in again to go on.")
            return suspended(request, ways)
        if name in settings.PROOF_ADDRESSES and not has_proved_recently(request):
            ways = get_adapter(request).get_reauthentication_methods(request.user)
            return suspended(request, ways) if ways else _sign_in_again(request, "Sign in again to take that out.")
        if now - float(request.session.get(SEEN, 0.0)) > NOTED_EVERY and name != "unlocked":
            request.session[SEEN] = now
        return None

    def _started(self, request: StaffRequest, now: float) -> float:
        if STARTED not in request.session:
            records = get_authentication_records(request, request.user)
            request.session[STARTED] = records[0]["at"] if records else now
        return float(request.session[STARTED])


def suspended(request: HttpRequest, ways: list[dict[str, str]]) -> HttpResponse:
    """What was asked for waits until its asker has said who they are."""
    response: HttpResponse = suspend_request(request, ways[0]["url"])
    return response


def is_form(request: HttpRequest) -> bool:
    """Something that somebody typed was sent, and not only that they are still there, which a page says by itself."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    return request.method == "POST" and name != "session-stay"


def _sign_in_again(request: HttpRequest, why: str) -> HttpResponse:
    asked = request.get_full_path() if request.method in {"GET", "HEAD"} else "/staff/"
    logout(request)
    messages.warning(request, f"{why} What you sent was not saved." if is_form(request) else why)
    return redirect_to_login(asked)
