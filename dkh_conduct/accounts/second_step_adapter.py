"""How allauth's second steps behave here: named after the portal, sealed, the last one never removed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import segno
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from dkh_conduct.accounts.second_step import SECOND_STEPS
from dkh_conduct.school.context import school_of
from dkh_conduct.school.sealing import seal, unseal

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

PURPOSE = "second step"


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right, or was used already. Wait for the next one and type it again.",
        "cannot_delete_authenticator": "This is your only second step. Set up another one first.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_STEPS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def build_totp_svg(self, url: str) -> str:
        """The dark squares as one SVG path, a unit a square: markup of its own would have to go around escaping."""
        rows = segno.make_qr(url, error="m").matrix
        return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """From the one configured address, never from what a request claims its host is."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": self._get_site_name()}

    def _get_site_name(self) -> str:
        return f"{school_of(context.request).name}, conduct portal"
