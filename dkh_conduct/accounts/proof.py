"""Saying again who you are, before what cannot be taken back: a decorator that every slice can use.

    @proof_required
    def original_open(request: StaffRequest, ...) -> HttpResponseBase: ...

Whoever signed in, or said it again, within the last ten minutes goes straight through. Others are asked for a code,
passkey or password, and come back to where they were; what a form had sent is kept for them, files excepted.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from dkh_conduct.accounts.http import StaffRequest

P = ParamSpec("P")


def has_proved_recently(request: HttpRequest) -> bool:
    """Signed in, or said again who they are, within the last ten minutes."""
    if not request.user.is_authenticated:
        return False
    newest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)
    return bool(time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def proof_required(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[StaffRequest, P], HttpResponseBase]:
    @wraps(view)
    def asked(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if has_proved_recently(request):
            return view(request, *args, **kwargs)
        if not get_adapter(request).get_reauthentication_methods(request.user):
            # They come in through the school's own sign-in, so that is who has to ask them again.
            logout(request)
            return redirect_to_login(request.get_full_path())
        raise ReauthenticationRequired

    return asked
