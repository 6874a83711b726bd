"""Whose wrong passwords are counted together: those for one address from one network, and neither can be read back.

What somebody types as their address may be their password, and where they are is nobody's business: both are counted
under a keyed hash. axes keeps a network in a column for addresses, so its hash is written like one.
"""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING, Any

from django.conf import settings

from dkh_conduct.school.limits import network_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def hidden(text: str) -> str:
    seed = text.strip().lower().encode(errors="replace")
    return hmac.new(settings.SECRET_KEY.encode(), b"throttling " + seed, "sha256").hexdigest()


def whose(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    given = credentials or {}
    typed = given.get("email") or given.get("username") or request.POST.get("login", "")
    return typed if len(typed) == 64 and "@" not in typed else hidden(typed)


def from_where(request: HttpRequest) -> str:
    """An address in fd00::/8, which belongs to nobody."""
    digest = bytes.fromhex(hidden(network_of(request)))
    return str(ipaddress.IPv6Address(b"\xfd" + digest[:15]))
