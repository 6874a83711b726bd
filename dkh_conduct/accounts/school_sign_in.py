"""Who comes in with a school account: whoever has an account here, or was invited. Nobody else, however verified."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect

from dkh_conduct.accounts.audit import AuditEntry, note_account
from dkh_conduct.accounts.invitations import accept_at_school
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.school_claims import NotOursError, accounts_of, email_of
from dkh_conduct.accounts.school_tokens import ProviderError, word_of

if TYPE_CHECKING:
    import requests
    from django.http import HttpRequest

logger = logging.getLogger(__name__)
# The same for a stranger, a leaver and an address elsewhere: it does not say who has an account.
REFUSED = "That account cannot sign in here. Ask an administrator to invite you at your school email address."
FAILED = "Your school’s sign-in did not answer as it should. Try again, or use your password."
CANCELLED = "You came back without signing in. Try again, or use your password."


@transaction.atomic
def admit(*, provider: str, uid: str, email: str) -> tuple[User, SocialAccount]:
    """Whose account this is. The first time it is found by its verified address, and by who it is ever after."""
    linked = SocialAccount.objects.select_related("user").filter(provider=provider, uid=uid).first()
    if linked is not None:
        if not linked.user.is_active:
            raise NotOursError("somebody who has left")
        return linked.user, linked
    user = User.objects.select_for_update(of=("self",)).select_related("school").filter(email__iexact=email).first()
    user = user or accept_at_school(email=email)
    if user is None:
        raise NotOursError("somebody who was not invited")
    if not user.is_active:
        raise NotOursError("somebody who has left")
    if SocialAccount.objects.filter(user=user).exists():
        raise NotOursError("a second account with the same address")
    made = SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data={})
    transaction.on_commit(partial(_tell, user), robust=True)
    note_account(AuditEntry.Kind.SCHOOL_ACCOUNT_LINKED, school=user.school, by=user, about=user, provider=provider)
    return user, made


def _tell(user: User) -> None:
    get_account_adapter().send_notification_mail("accounts/email/school_account_linked", user)


class SchoolAccountsAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """From the settings alone: no row of the database can add a provider."""
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=each.kind,
                name=each.name,
                client_id=each.client_id,
                secret=each.client_secret,
                settings={
                    "server_url": each.issuer.rstrip("/"),
                    "issuer": each.issuer,
                    "auth_params": each.parameters,
                    "oauth_pkce_enabled": True,
                },
            )
            for each in settings.SCHOOL_ACCOUNTS
            if provider in {None, each.kind, "openid_connect"} and client_id in {None, each.client_id}
        ]

    def get_requests_session(self) -> requests.Session:
        """To the addresses that the provider publishes, and nowhere else: a redirect is a fault."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        accounts = accounts_of(sociallogin.account.provider)
        try:
            if accounts is None:
                raise NotOursError("a provider that is not named")
            email = email_of(sociallogin.claims, accounts)
            user, account = admit(provider=accounts.kind, uid=sociallogin.account.uid, email=email)
        except NotOursError as reason:
            logger.warning("A school account was refused: %s", reason)
            raise back_to_sign_in(request, REFUSED) from reason
        sociallogin.user, sociallogin.account = user, account

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **kwargs: Any
    ) -> None:
        logger.warning("A sign-in at a provider failed: %s", why(request, exception))
        raise back_to_sign_in(request, CANCELLED if error == "cancelled" else FAILED)


def why(request: HttpRequest, exception: Exception | None) -> str:
    """For whoever registered the portal at the provider: the word of the standard, or the sentence of ours."""
    if isinstance(exception, ProviderError):
        return str(exception)
    if exception or "error" in request.GET:
        return type(exception).__name__ if exception else word_of(request.GET["error"])
    return "this browser had not asked, or more than ten minutes ago"


def back_to_sign_in(request: HttpRequest, why: str) -> ImmediateHttpResponse:
    messages.error(request, why)
    return ImmediateHttpResponse(redirect("account_login"))
