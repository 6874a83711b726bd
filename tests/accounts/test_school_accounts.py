"""Which providers an installation names: none by default, and none by halves."""

from __future__ import annotations

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from dkh_conduct.accounts.school_accounts import HOW_IT_WAS_DONE, school_accounts

TENANT = "11111111-2222-3333-4444-555555555555"
GOOGLE = {
    "SSO_GOOGLE_CLIENT_ID": "id",
    "SSO_GOOGLE_CLIENT_SECRET": "secret",
    "SSO_GOOGLE_DOMAINS": "School.example, @trust.example",
}
MICROSOFT = {
    "SSO_MICROSOFT_CLIENT_ID": "id",
    "SSO_MICROSOFT_CLIENT_SECRET": "secret",
    "SSO_MICROSOFT_DOMAINS": "school.example",
    "SSO_MICROSOFT_TENANT": TENANT.upper(),
}
OIDC = {
    "SSO_OIDC_CLIENT_ID": "id",
    "SSO_OIDC_CLIENT_SECRET": "secret",
    "SSO_OIDC_DOMAINS": "school.example",
    "SSO_OIDC_ISSUER": "https://sign-in.school.example/realms/staff",
}


def read(monkeypatch, given):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return school_accounts(environ.Env())


def test_there_is_none_by_default(monkeypatch):
    assert read(monkeypatch, {}) == []


def test_all_three_can_stand_side_by_side(monkeypatch):
    google, microsoft, oidc = read(monkeypatch, {**GOOGLE, **MICROSOFT, **OIDC})

    assert (google.name, google.issuer) == ("Google", "https://accounts.google.com")
    assert google.domains == {"school.example", "trust.example"}
    assert microsoft.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert (oidc.name, oidc.issuer) == ("your school account", "https://sign-in.school.example/realms/staff")
    assert not any(each.trusts_second_step for each in (google, microsoft, oidc))
    assert {google.client_secret, microsoft.client_secret, oidc.client_secret} == {"secret"}


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (GOOGLE, {"prompt": "select_account"}),
        ({**GOOGLE, "SSO_GOOGLE_DOMAINS": "trust.example"}, {"prompt": "select_account", "hd": "trust.example"}),
        (MICROSOFT, {"prompt": "select_account"}),
        (OIDC, {}),
        ({**OIDC, "SSO_OIDC_TRUST_SECOND_STEP": "yes"}, {"max_age": "0", "claims": HOW_IT_WAS_DONE}),
        ({**GOOGLE, "SSO_GOOGLE_TRUST_SECOND_STEP": "yes"}, {"prompt": "select_account", "max_age": "0"}),
    ],
)
def test_a_provider_is_asked_for_the_account_and_for_a_fresh_sign_in_where_its_second_step_counts(
    monkeypatch, given, asked
):
    assert read(monkeypatch, given)[0].parameters == asked


@pytest.mark.parametrize("given", [GOOGLE, MICROSOFT, OIDC])
@pytest.mark.parametrize("missing", ["CLIENT_SECRET", "DOMAINS", "TENANT", "ISSUER"])
def test_a_provider_named_by_halves_stops_the_portal_from_starting(monkeypatch, given, missing):
    name = next((name for name in given if name.endswith(missing)), None)
    if name is None:
        return

    with pytest.raises(ImproperlyConfigured, match=name):
        read(monkeypatch, {**given, name: ""})


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "school.onmicrosoft.com"])
def test_a_door_for_every_tenant_cannot_be_configured(monkeypatch, tenant):
    with pytest.raises(ImproperlyConfigured, match="every tenant"):
        read(monkeypatch, {**MICROSOFT, "SSO_MICROSOFT_TENANT": tenant})


def test_a_provider_on_the_same_computer_needs_no_https(monkeypatch):
    assert read(monkeypatch, {**OIDC, "SSO_OIDC_ISSUER": "http://localhost:8080"})[0].issuer == "http://localhost:8080"


def test_a_provider_without_https_cannot_be_configured(monkeypatch):
    with pytest.raises(ImproperlyConfigured, match="https"):
        read(monkeypatch, {**OIDC, "SSO_OIDC_ISSUER": "http://sign-in.school.example"})


def test_v13_3_1_a_secret_comes_from_a_file_and_is_never_printed(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from-a-file\n")

    google = read(monkeypatch, {**GOOGLE, "SSO_GOOGLE_CLIENT_SECRET": "", "SSO_GOOGLE_CLIENT_SECRET_FILE": str(file)})[
        0
    ]

    assert google.client_secret == "from-a-file"
    assert "from-a-file" not in repr(google)
