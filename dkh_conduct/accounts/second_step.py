"""Nobody comes in by a password alone: every page behind sign-in asks whether this session took a second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse

from dkh_conduct.school.context import school_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Open to somebody who has no second step yet: setting one up, saying again who they are, going away.
TO_SET_UP = frozenset(
    {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_logout"}
)
# Open to somebody who has one, set up elsewhere meanwhile, and did not use it here.
TO_TAKE = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"})


def took_second_step(request: StaffRequest) -> bool:
    """In this session: a code, a passkey, or a school account that says it asked for more than a password."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def note_second_step(request: StaffRequest, authenticator: Authenticator) -> None:
    """Setting one up proves it as well as using it."""
    record_authentication(request, request.user, "mfa", id=authenticator.pk, type=authenticator.type)


def skips_second_step(request: HttpRequest) -> bool:
    """The demo school alone, on this computer alone. A banner on every page says so."""
    return bool(settings.MAY_SKIP_SECOND_STEP and school_of(request).is_demo)


def has_second_step(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists())


class SecondStepMiddleware:
    """Where signing in is asked for, so is the second step: a new page cannot forget it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: StaffRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if took_second_step(request) or skips_second_step(request):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not has_second_step(request.user):
            return None if name in TO_SET_UP else redirect("mfa_index")
        if name in TO_TAKE:
            return None
        is_read = request.method in {"GET", "HEAD"}
        return redirect(f"{reverse('mfa_reauthenticate')}?next={request.path if is_read else reverse('dashboard')}")
