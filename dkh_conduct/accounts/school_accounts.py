"""The accounts people have at the school already: which providers an installation names, read from its environment.

None is named by default. One that is named by halves stops the portal from starting, with a sentence that says what is
missing: a sign-in that would let in any address of a provider must not come about by forgetting a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

GOOGLE, MICROSOFT, OIDC = "google", "microsoft", "oidc"
KINDS = (GOOGLE, MICROSOFT, OIDC)
NAMES = {GOOGLE: "Google", MICROSOFT: "Microsoft", OIDC: "your school account"}
TENANT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# OpenID Connect 5.5: strict providers say in the token how somebody signed in only when they are asked to.
HOW_IT_WAS_DONE = '{"id_token":{"amr":{"essential":true}}}'
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class SchoolAccounts:
    """One provider. Its accounts come in only with an address that it has verified, at one of `domains`."""

    kind: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: frozenset[str]
    tenant: str = ""
    trusts_second_step: bool = False

    @property
    def parameters(self) -> dict[str, str]:
        """What is asked of the provider: which account, and a fresh sign-in where its second step is to count."""
        asked = {"prompt": "select_account"} if self.kind in {GOOGLE, MICROSOFT} else {}
        if self.kind == GOOGLE and len(self.domains) == 1:
            asked["hd"] = next(iter(self.domains))
        if self.trusts_second_step:
            asked["max_age"] = "0"
            if self.kind == OIDC:
                asked["claims"] = HOW_IT_WAS_DONE
        return asked


def school_accounts(env: Any) -> list[SchoolAccounts]:
    """Those whose client id is given."""
    return [_one(env, kind) for kind in KINDS if env.str(f"SSO_{kind.upper()}_CLIENT_ID", default="")]


def _one(env: Any, kind: str) -> SchoolAccounts:
    prefix = f"SSO_{kind.upper()}_"
    tenant = str(env.str(f"{prefix}TENANT", default="")).lower()
    domains = frozenset(domain.strip().lower().lstrip("@") for domain in env.list(f"{prefix}DOMAINS", default=[]))
    if not domains - {""}:
        raise ImproperlyConfigured(f"Set {prefix}DOMAINS: only addresses at the school’s own domains may sign in.")
    if kind == MICROSOFT and not TENANT.fullmatch(tenant):
        raise ImproperlyConfigured(
            f"Set {prefix}TENANT to the school’s directory (tenant) ID. “common” would let every tenant in."
        )
    return SchoolAccounts(
        kind=kind,
        name=str(env.str(f"{prefix}NAME", default=NAMES[kind])),
        issuer=_issuer(env, kind, tenant),
        client_id=str(env.str(f"{prefix}CLIENT_ID")),
        client_secret=_secret(env, prefix),
        domains=domains - {""},
        tenant=tenant,
        trusts_second_step=bool(env.bool(f"{prefix}TRUST_SECOND_STEP", default=False)),
    )


def _issuer(env: Any, kind: str, tenant: str) -> str:
    if kind == GOOGLE:
        return "https://accounts.google.com"
    if kind == MICROSOFT:
        return f"https://login.microsoftonline.com/{tenant}/v2.0"
    issuer = str(env.str("SSO_OIDC_ISSUER", default=""))
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        raise ImproperlyConfigured("Set SSO_OIDC_ISSUER to the provider’s address, which starts with https://")
    return issuer


def _secret(env: Any, prefix: str) -> str:
    if given := env.str(f"{prefix}CLIENT_SECRET", default=""):
        return str(given)
    if mounted := env.str(f"{prefix}CLIENT_SECRET_FILE", default=""):
        return Path(mounted).read_text().strip()
    raise ImproperlyConfigured(f"Set {prefix}CLIENT_SECRET, or {prefix}CLIENT_SECRET_FILE to a file that holds it.")
