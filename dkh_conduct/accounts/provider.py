"""What a provider of school accounts says about somebody, believed only when its signature and its addressee hold.

allauth finds this module by its name. It does not check the signature of a token that it fetched itself, and it would
take scopes, parameters and what to do from the address of a request: here neither is so. How it is fetched is in
school_tokens.py.
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
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from dkh_conduct.accounts.school_accounts import GOOGLE, OIDC
from dkh_conduct.accounts.school_tokens import ProviderError, TokenClient, key_of

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

    client_class = TokenClient
    verifier = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") not in self.get_provider().issuers:
            raise ProviderError("it calls itself by another name")
        return config

    @property
    def basic_auth(self) -> bool:
        """The standard’s own default; Google and Microsoft ask for the other. The client tries both."""
        named = self.openid_config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return self.provider_id == OIDC and "client_secret_basic" in named

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """From the one configured address, never from what a request claims its host is."""
        return f"{settings.SITE_URL}{reverse('openid_connect_callback', args=[self.provider_id])}"

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> Any:
        """The code goes to the provider that sent it: RFC 9207, where the provider says that it follows that."""
        says_who, who = self.openid_config.get("authorization_response_iss_parameter_supported"), request.GET.get("iss")
        if who not in self.get_provider().issuers and (who is not None or says_who is True):
            raise ProviderError("the answer came from another")
        self.verifier = pkce_code_verifier or ""
        return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """From the signed token. Only the address is asked for besides, where the standard keeps it out of that."""
        claims = self._decode_id_token(app, str(kwargs["response"].get("id_token", "")))
        if "email" not in claims and self.provider_id == OIDC:
            claims |= self._address_of(claims["sub"], token.token)
        return self.get_provider().sociallogin_from_response(request, claims)

    def _address_of(self, subject: str, token: str) -> dict[str, Any]:
        """OpenID Connect 5.3: what is said about anybody but the subject of the signed token does not count."""
        if not token or "userinfo_endpoint" not in self.openid_config:
            return {}
        said = self._fetch_user_info(token)
        if not isinstance(said, dict) or said.get("sub") != subject:
            raise ProviderError("the address is of somebody else")
        return {name: said[name] for name in ("email", "email_verified") if name in said}

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key_of(id_token),
                algorithms=SIGNED,
                issuer=self.get_provider().issuers,
                audience=app.client_id,
                leeway=CLOCKS_DIFFER,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise ProviderError("the token does not hold") from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce_of(self.verifier).encode()):
            raise ProviderError("the token was made for another sign-in")
        if claims.get("azp", app.client_id) != app.client_id:
            raise ProviderError("the token was made for another portal")
        return {**claims, "iss": self.get_provider().issuer}  # one name, whichever of its names it used

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in SIGNED:
            raise ProviderError("the token is not signed with a key of the provider’s own")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            return key_of(header, response.json()["keys"])


class SchoolAccountsProvider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = SchoolAccountsClient
    pkce_enabled_default = True

    @property
    def issuer(self) -> str:
        return str(self.app.settings["issuer"])

    @property
    def issuers(self) -> list[str]:
        """Google names itself without https:// in some tokens."""
        return [self.issuer, *([self.issuer.partition("://")[2]] if self.app.provider_id == GOOGLE else [])]

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
