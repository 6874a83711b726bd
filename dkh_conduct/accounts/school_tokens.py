"""Fetching tokens from a provider of school accounts, and finding the key that signed one.

Providers differ in how they take the secret: many hold an installation to the way that it was registered with, and
the standard’s default is not the one that most of them suggest. So a secret that was not taken one way is shown once
more the other way, and nobody has to set which.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error

if TYPE_CHECKING:
    from collections.abc import Iterable

    import requests

# Words of the standards: nothing else that a provider, or an address, says comes into a log.
WORDS = frozenset(
    {
        *("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"),
        *("invalid_scope", "access_denied", "unsupported_response_type", "server_error", "temporarily_unavailable"),
        *("interaction_required", "login_required", "account_selection_required", "consent_required"),
    }
)


class ProviderError(OAuth2Error):  # type: ignore[misc]
    """In words of ours, for the log: no name, no address, nothing that came from outside."""


def word_of(error: object) -> str:
    """`invalid_client`, for whoever registered the portal; or that there was no word."""
    return error if isinstance(error, str) and error in WORDS else "no word of the standard"


def key_of(header: dict[str, Any], published: list[dict[str, Any]]) -> jwt.PyJWK:
    """The one that is named. Keys often do not say for what; the token may, where its key is the only one."""
    signing = [key for key in published if key.get("use", "sig") == "sig"]
    kid = header.get("kid")
    found = [key for key in signing if key.get("kid") == kid] if kid is not None else signing
    if not found or (kid is None and len(found) > 1):
        raise ProviderError("it has no such key")
    return jwt.PyJWK(found[0], algorithm=found[0].get("alg") or header["alg"])


class TokenClient(OAuth2Client):  # type: ignore[misc]
    def get_redirect_url(self, authorization_url: str, scope: Iterable[str], extra_params: dict[str, str]) -> str:
        """`openid` first, as Google asks; and after what the published address has of its own."""
        params = {
            "client_id": self.consumer_key,
            "redirect_uri": self.callback_url,
            "scope": " ".join(scope),
            "response_type": "code",
            **({"state": self.state} if self.state else {}),
            **extra_params,
        }
        return f"{authorization_url}{'&' if '?' in authorization_url else '?'}{urlencode(params)}"

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: dict[str, str] | None = None
    ) -> dict[str, Any]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback_url,
            "code_verifier": pkce_code_verifier or "",
        }
        response = self._post(asked, in_header=self.basic_auth)
        if response.status_code == HTTPStatus.UNAUTHORIZED or _said(response).get("error") == "invalid_client":
            response = self._post(asked, in_header=not self.basic_auth)
        said = _said(response)
        if response.status_code != HTTPStatus.OK or "id_token" not in said:
            raise ProviderError(f"it gave no token: {response.status_code}, {word_of(said.get('error'))}")
        return {"access_token": "", **said}  # Microsoft sends none when nothing but who it is was asked for

    def _post(self, asked: dict[str, str], *, in_header: bool) -> requests.Response:
        """RFC 6749, 2.3.1: in the header both are encoded as in a form, so that a colon or a plus is no riddle."""
        held = (self.consumer_key, self.consumer_secret)
        with get_adapter().get_requests_session() as session:
            response: requests.Response
            if in_header:
                response = session.post(self.access_token_url, asked, auth=tuple(map(quote_plus, held)))
            else:
                named = dict(zip(("client_id", "client_secret"), held, strict=True))
                response = session.post(self.access_token_url, {**asked, **named})
        return response


def _said(response: requests.Response) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
