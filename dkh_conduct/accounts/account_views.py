"""One's own account: where one is signed in, ending that, and whether this session is locked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from dkh_conduct.accounts.lock import is_locked
from dkh_conduct.accounts.sessions import end_session, end_sessions, sessions_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest


@require_safe
def session_list(request: StaffRequest) -> HttpResponse:
    context = {"sessions": sessions_of(request.user), "current": request.session.session_key}
    return render(request, "account/sessions.html", context)


@require_POST
def session_end(request: StaffRequest) -> HttpResponse:
    """One of them, or every other."""
    name = request.POST.get("session", "")
    if name:
        end_session(request.user, name)
        messages.success(request, "That browser is signed out.")
    else:
        ended = end_sessions(request.user, but=request.session.session_key)
        messages.success(request, "You are signed in here only." if ended else "You were signed in here only already.")
    return redirect("session-list")


@require_safe
def unlocked(request: StaffRequest) -> HttpResponse:
    """Asked by the page's own script: is this session open (204), locked (423), or another person's by now (409)?

    Looking does not keep it open. Where it is open, the forms of that page get a token that it takes.
    """
    if request.GET.get("who") != str(request.user.pk):
        return HttpResponse(status=409)
    if is_locked(request, time.time()):
        return HttpResponse(status=423)
    return HttpResponse(status=204, headers={"X-CSRF-Token": get_token(request)})


@require_POST
def stay(request: StaffRequest) -> HttpResponse:
    """Somebody is still typing. The middleware has noted it."""
    return HttpResponse(status=204)
