"""Signing in, with the ways that this installation offers; out to the school's own sign-in, and back from it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import requests
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from dkh_conduct.accounts.provider import SchoolAccountsClient
from dkh_conduct.accounts.school_claims import accounts_of
from dkh_conduct.accounts.school_sign_in import FAILED, back_to_sign_in, why

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class SignInView(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "school_accounts": settings.SCHOOL_ACCOUNTS}


@login_not_required
@require_POST
def school_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A page that goes on by itself: the content security policy stops a form's answer from leading elsewhere."""
    accounts = accounts_of(provider_id)
    if accounts is None:
        raise Http404
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if limited:
        return limited
    answer = _talk(OAuth2LoginView, request, provider_id)
    if answer.status_code != 302 or answer.headers["Location"].startswith("/"):
        return answer
    address = answer.headers["Location"]
    response = render(request, "account/school_going.html", {"accounts": accounts, "address": address})
    response.headers["Refresh"] = f"0; url={address}"
    return response


@login_not_required
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    if accounts_of(provider_id) is None:
        raise Http404
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="come_back", limit_get=True)
    if limited:
        return limited
    return _talk(OAuth2CallbackView, request, provider_id)


def _talk(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """However the provider fails, there is a sentence and the password."""
    try:
        answer: HttpResponse = view.adapter_view(SchoolAccountsClient(request, provider_id))(request)
    except (requests.RequestException, OAuth2Error, AttributeError, LookupError, TypeError, ValueError) as error:
        logger.warning("A sign-in at a provider failed: %s", why(request, error), exc_info=True)
        answer = back_to_sign_in(request, FAILED).response
    return answer


sign_in = SignInView.as_view()
