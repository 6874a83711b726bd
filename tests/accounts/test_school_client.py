"""The talk with a provider, each step by itself, with what the provider says put in its place."""

from __future__ import annotations

from types import SimpleNamespace

import jwt
import pytest
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

from dkh_conduct.accounts.provider import SchoolAccountsClient, SchoolAccountsProvider
from dkh_conduct.accounts.school_accounts import GOOGLE, OIDC
from dkh_conduct.accounts.school_tokens import ProviderError

OURS, OTHER = "https://ours.example", "https://other.example"


def client_of(kind=OIDC, **config):
    provider = SimpleNamespace(issuers=[OURS], sociallogin_from_response=lambda request, claims: claims)
    about = {"openid_config": config, "provider_id": kind, "get_provider": lambda self: provider}
    made = type("Client", (SchoolAccountsClient,), about)
    return made.__new__(made)


@pytest.mark.parametrize(
    ("kind", "published", "is_basic"),
    [
        (OIDC, None, True),
        (OIDC, ["client_secret_basic", "client_secret_post"], True),
        (OIDC, ["client_secret_post"], False),
        (GOOGLE, None, False),
        (GOOGLE, ["client_secret_basic"], False),
    ],
)
def test_a_secret_is_shown_first_as_the_provider_asks(kind, published, is_basic):
    config = {"token_endpoint_auth_methods_supported": published} if published else {}

    assert client_of(kind, **config).basic_auth is is_basic


@pytest.mark.parametrize(
    ("says_who", "who", "is_taken"),
    [
        (None, None, True), (None, OURS, True), (None, OTHER, False), (True, None, False), (True, OURS, True),
        (True, OTHER, False), (False, None, True), (False, OTHER, False),
    ],
)  # fmt: skip
def test_a_code_goes_to_the_provider_that_sent_it(rf, monkeypatch, says_who, who, is_taken):
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "get_access_token_data", lambda *given, **named: named)
    client = client_of(**({} if says_who is None else {"authorization_response_iss_parameter_supported": says_who}))
    request = rf.get("/", {"iss": who} if who else {})

    if is_taken:
        assert client.get_access_token_data(request, None, None, "v") == {"pkce_code_verifier": "v"}
        assert client.verifier == "v"
        client.get_access_token_data(request, None, None)
        assert client.verifier == ""
    else:
        with pytest.raises(ProviderError, match="came from another"):
            client.get_access_token_data(request, None, None, "v")


@pytest.mark.parametrize(
    ("kind", "signed", "email"),
    [
        (OIDC, {"email": "signed@dkh.example"}, "signed@dkh.example"),
        (OIDC, {}, "asked@dkh.example"),
        (GOOGLE, {}, None),
    ],
)
def test_an_address_is_asked_for_where_the_signed_token_has_none(monkeypatch, kind, signed, email):
    client = client_of(kind, userinfo_endpoint="there")
    said = {"sub": "1", "email": "asked@dkh.example", "email_verified": True, "amr": ["mfa"]}
    monkeypatch.setattr(client, "_decode_id_token", lambda app, token: {"sub": "1", "token": token, **signed})
    monkeypatch.setattr(client, "_fetch_user_info", lambda token: said)

    claims = client.complete_login(None, None, SimpleNamespace(token="a"), response={"id_token": "t"})

    assert (claims.get("email"), claims["token"], "amr" in claims) == (email, "t", False)


def test_nobody_else_is_believed_about_and_without_a_token_or_an_endpoint_nobody_is_asked(monkeypatch):
    asked, nowhere = client_of(userinfo_endpoint="there"), client_of()
    for client in (asked, nowhere):
        monkeypatch.setattr(client, "_fetch_user_info", lambda token: {"sub": "2", "email": "a@dkh.example"})

    assert asked._address_of("2", "a") == {"email": "a@dkh.example"}
    assert asked._address_of("1", "") == nowhere._address_of("1", "a") == {}
    with pytest.raises(ProviderError, match="somebody else"):
        asked._address_of("1", "a")
    monkeypatch.setattr(asked, "_fetch_user_info", lambda token: ["sub"])
    with pytest.raises(ProviderError, match="somebody else"):
        asked._address_of("1", "a")


@pytest.mark.parametrize("alg", ["HS256", "none"])
def test_a_token_that_anybody_could_have_signed_is_refused_before_a_key_is_fetched(alg):
    token = jwt.encode({}, "x" * 32 if alg == "HS256" else None, algorithm=alg)

    with pytest.raises(ProviderError, match="not signed with a key of the provider’s own"):
        client_of()._key_of(token)


def test_google_alone_may_leave_https_out_of_its_name():
    def issuers(kind):
        named = SimpleNamespace(issuer="https://accounts.example", app=SimpleNamespace(provider_id=kind))
        return SchoolAccountsProvider.issuers.fget(named)

    assert issuers(GOOGLE) == ["https://accounts.example", "accounts.example"]
    assert issuers(OIDC) == ["https://accounts.example"]
