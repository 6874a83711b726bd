"""A software passkey and an authenticator app for tests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


def give_app(user: User) -> str:
    """Its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def give_backup_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def code_of(secret: str) -> str:
    """What the app shows now."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code
