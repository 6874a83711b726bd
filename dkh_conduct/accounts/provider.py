"""What a provider of school accounts says about somebody, believed only when its signature and its addressee hold.

allauth finds this module by its name. It does not check the signature of a token that it fetched itself, and it would
take scopes, parameters and what to do from the address of a request: here neither is so.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import jwt
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest

# Signed with a key that only the provider has. “none”, and HS256 with a secret that we share, are not.
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS_DIFFER = 60  # seconds


def identity_of(claims: dict[str, Any]) -> str:
    """Who it is, for ever: issuer and subject together. An address may be given to somebody else one day."""
    return hashlib.sha256(f"{claims['iss']} {claims['sub']}".encode()).hexdigest()


def nonce_of(verifier: str) -> str:
    return hashlib.sha256(f"nonce {verifier}".encode()).hexdigest()


class SchoolAccountsClient(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The talk with the provider, from its published configuration to a token that was checked."""

    verifier = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != self.get_provider().issuer:
            raise OAuth2Error("The provider calls itself by another name")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """From the one configured address, never from what a request claims its host is."""
        return f"{settings.SITE_URL}{reverse('openid_connect_callback', args=[self.provider_id])}"

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> Any:
        self.verifier = pkce_code_verifier or ""
        return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """From the signed token alone: what else the provider would say is not needed."""
        claims = self._decode_id_token(app, str(kwargs["response"].get("id_token", "")))
        return self.get_provider().sociallogin_from_response(request, claims)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key_of(id_token),
                algorithms=SIGNED,
                issuer=self.get_provider().issuer,
                audience=app.client_id,
                leeway=CLOCKS_DIFFER,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise OAuth2Error("The token does not hold") from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce_of(self.verifier).encode()):
            raise OAuth2Error("The token was made for another sign-in")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The token was made for another portal")
        return claims

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        kid = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(response.json()).keys
        found = next((key for key in keys if key.key_id == kid), None)
        if found is None:
            raise OAuth2Error("The provider has no such key")
        return found


class SchoolAccountsProvider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = SchoolAccountsClient
    pkce_enabled_default = True

    @property
    def issuer(self) -> str:
        return str(self.app.settings["issuer"])

    def get_pkce_params(self) -> dict[str, str]:
        given: dict[str, str] = super().get_pkce_params()
        return {**given, "nonce": nonce_of(given["code_verifier"])}

    def get_default_scope(self) -> list[str]:
        """Who it is and their address; not their picture, not their phone."""
        return ["openid", "email"]

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """To sign in, and nothing else, whatever the address says."""
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        """Nothing that the provider told is kept in the database but whose account it is."""
        account = SocialAccount(provider=self.sub_id, uid=identity_of(response), extra_data={})
        found = SocialLogin(user=get_user_model()(), account=account, provider=self)
        found.claims = response
        return found


provider_classes = [SchoolAccountsProvider]
