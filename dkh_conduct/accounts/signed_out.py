"""Where somebody is sent who is not signed in, and what they are told about a form that came too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware

from dkh_conduct.accounts.lock import is_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseRedirect
    from django.http.response import HttpResponseBase


class SignInMiddleware(LoginRequiredMiddleware):
    """A session ends by an administrator, or elsewhere by its owner, while a form is being filled in. Nobody knows then
    whose words they are, so they are not kept for whoever signs in next; but it is said that they were not saved.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if is_form(request):
            messages.warning(
                request, "You were signed out before this was sent, so it was not saved. Sign in, and send it again."
            )
        return super().handle_no_permission(request, view_func)
