"""How allauth behaves here: nobody registers themselves, and every link starts at our own address."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from axes.handlers.proxy import AxesProxyHandler
from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from dkh_conduct.accounts.proof import has_proved_recently
from dkh_conduct.accounts.school_claims import note_step_at_school
from dkh_conduct.accounts.sessions import BROWSER, SEEN, STARTED, browser_of
from dkh_conduct.accounts.throttling import hidden
from dkh_conduct.school.context import school_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dkh_conduct.accounts.models import User

FIRST_PAGES = (
    ("incidents.view_concern", "dashboard"),
    ("incidents.view_case", "case-list"),
    ("letters.view_letter", "print-room"),
    ("accounts.manage_staff", "staff-list"),
    ("school.change_page", "page-list"),
    ("accounts.read_access_log", "access-log"),
    ("accounts.view_rights", "rights"),
)


WAYS_TO_PROVE = (
    ("mfa_reauthenticate", "Use a code from your app, or a backup code"),
    ("mfa_reauthenticate:webauthn", "Use a passkey"),
    ("reauthenticate", "Use your password"),
)


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Check your email address and password. One of them is not right.",
        "incorrect_password": "That is not your password",
        "too_many_login_attempts": "Wait five minutes, then try again. There were too many wrong passwords in a row.",
    }

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        now = time.time()
        request.session.update({STARTED: now, SEEN: now, BROWSER: browser_of(request)})

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        note_step_at_school(request, user, (kwargs.get("signal_kwargs") or {}).get("sociallogin"))
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page of the staff menu: the office and the administrator have no dashboard."""
        for permission, first in FIRST_PAGES:
            if request.user.has_perm(permission):
                return reverse(first)
        return reverse("poster")

    def is_safe_url(self, url: str) -> bool:
        """allauth would also follow a link to any other host that we answer for."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        uidb36, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
        return f"{settings.SITE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user: User | None = context.get("user")
        school = user.school if user else school_of(self.request)
        super().send_mail(template_prefix, email, {"school": school, **context})

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Without the network and browser that allauth would add: those are somebody's personal data."""
        self.send_mail(
            template_prefix, email or user.email, {"user": user, "changed_at": timezone.now(), **(context or {})}
        )

    def set_password(self, user: User, password: str) -> None:
        """Whoever could open the link may sign in at once."""
        super().set_password(user, password)
        reset(username=hidden(user.email))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not AxesProxyHandler.is_allowed(request, credentials):
            raise self.validation_error("too_many_login_attempts")
        # The limit for a network. That for a key is for second steps: with a key of its own, nothing is counted twice.
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed", key=secrets.token_hex(8)
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Somebody who has left reads the same sentence as somebody with a wrong password."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A passkey of somebody who has left. A password is refused in authenticate() already."""
        messages.error(request, "That passkey does not work any more.")
        return redirect("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who signed in a moment ago has just said who they are."""
        return not has_proved_recently(self.request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """The strongest first, and in the words of this portal."""
        methods = super().get_reauthentication_methods(user)
        return [
            {**method, "description": words}
            for name, words in WAYS_TO_PROVE
            for method in methods
            if method["id"] == name
        ]
