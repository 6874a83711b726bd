"""Whether what a provider says makes somebody one of the school's: rules on claims that are signed already.

An address is believed only when the provider says that it has verified it. Microsoft lets the administrator of any
tenant write any address into `email`, so there the tenant must be the school's own, and the claim `xms_edov` must say
that whoever owns the address's domain has proved it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings

from dkh_conduct.accounts.school_accounts import GOOGLE, MICROSOFT, SchoolAccounts

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dkh_conduct.accounts.models import User

YES = (True, 1, "1", "true", "True")


class NotOursError(Exception):
    """A word for the log, which says no name and no address. The page says the same whatever it is."""


def accounts_of(kind: str) -> SchoolAccounts | None:
    found: list[SchoolAccounts] = settings.SCHOOL_ACCOUNTS
    return next((each for each in found if each.kind == kind), None)


def email_of(claims: dict[str, Any], accounts: SchoolAccounts) -> str:
    """Their verified address at the school, in small letters."""
    if accounts.kind == GOOGLE and str(claims.get("hd", "")).lower() not in accounts.domains:
        raise NotOursError("another workspace")
    if accounts.kind == MICROSOFT and str(claims.get("tid", "")).lower() != accounts.tenant:
        raise NotOursError("another tenant")
    verified = "xms_edov" if accounts.kind == MICROSOFT else "email_verified"
    if missing := [name for name in ("email", verified) if name not in claims]:
        raise NotOursError(f"without the claim {' and '.join(missing)}")  # how the portal is registered there, mostly
    if claims[verified] not in YES:
        raise NotOursError("an address that nobody verified")
    email = str(claims.get("email", "")).strip().lower()
    if email.count("@") != 1 or email.rpartition("@")[2] not in accounts.domains:
        raise NotOursError("an address elsewhere")
    return email


def took_step_at_school(claims: dict[str, Any], accounts: SchoolAccounts) -> bool:
    """The installation says that this provider's second step counts, and it was taken just now."""
    methods, at = claims.get("amr"), claims.get("auth_time")
    fresh = isinstance(at, int | float) and time.time() - at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return accounts.trusts_second_step and isinstance(methods, list) and "mfa" in methods and fresh


def note_step_at_school(request: HttpRequest, user: User, login: Any) -> None:
    """After signing in, when the session is theirs. Where they have a second step with us, that was asked for."""
    claims = getattr(login, "claims", None)
    accounts = accounts_of(login.account.provider) if claims else None
    if claims and accounts and took_step_at_school(claims, accounts):
        record_authentication(request, user, "mfa", type="school", provider=accounts.kind)
