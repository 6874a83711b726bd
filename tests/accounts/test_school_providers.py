"""What the providers of this world differ in: Google, Microsoft, and those that hold to the standard most strictly."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dkh_conduct.accounts.school_accounts import GOOGLE, MICROSOFT
from tests.accounts.school_idp import BASIC, POST
from tests.accounts.school_visit import FAILED, OUT, REFUSED, out_and_back, reads, says

pytestmark = pytest.mark.django_db
TENANT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


class TestAsCertifiedProvidersDo:
    """Each as oidc-provider does it when nothing is set, which the test provider does not."""

    def test_the_address_may_stand_at_the_userinfo_endpoint_alone(self, client, slt, provider):
        says(provider, slt, email=None, email_verified=None)
        provider.at_userinfo = {"sub": f"u-{slt.pk}", "email": slt.email, "email_verified": True}

        assert out_and_back(client).url == reverse("dashboard")
        assert SocialAccount.objects.get().user == slt

    @pytest.mark.parametrize(
        "changed",
        [{"sub": "somebody-else"}, {"sub": None}, {"email_verified": False}, {"email": "ruth@elsewhere.example"}],
    )
    def test_v6_8_2_what_it_says_there_is_held_to_the_same_rules(self, client, slt, provider, changed):
        says(provider, slt, email=None, email_verified=True)
        provider.at_userinfo = {"sub": f"u-{slt.pk}", "email": slt.email, "email_verified": True, **changed}

        page = reads(client, out_and_back(client))

        assert (FAILED if "sub" in changed else REFUSED) in page
        assert not SocialAccount.objects.exists()

    def test_where_no_address_is_said_and_there_is_nowhere_to_ask_nobody_is_let_in(self, client, slt, provider):
        says(provider, slt, email=None)
        provider.configured = {"userinfo_endpoint": None}
        without = {name: value for name, value in provider.configuration().items() if value is not None}
        provider.configuration = lambda: without

        assert REFUSED in reads(client, out_and_back(client))
        assert not SocialAccount.objects.exists()

    def test_a_page_in_place_of_a_token_is_a_sentence(self, client, slt, provider, caplog):
        says(provider, slt)
        provider.page = b"<h1>Please sign in to the guest network</h1>"

        assert FAILED in reads(client, out_and_back(client))
        assert "it gave no token: 200" in caplog.text

    def test_v6_8_3_what_stands_there_changes_nothing_that_is_signed(self, client, slt, colleague, provider):
        says(provider, slt)
        provider.at_userinfo = {"sub": f"u-{slt.pk}", "email": colleague.email, "email_verified": True, "amr": ["mfa"]}

        out_and_back(client)

        assert SocialAccount.objects.get().user == slt

    @pytest.mark.parametrize("takes", [BASIC, POST])
    @pytest.mark.parametrize("published", [None, [BASIC], [POST], [BASIC, POST]], ids=str)
    def test_the_secret_is_shown_in_the_way_that_the_portal_was_registered_with(
        self, client, slt, provider, takes, published
    ):
        says(provider, slt)
        provider.takes = takes
        provider.configured = {"token_endpoint_auth_methods_supported": published} if published else {}

        assert out_and_back(client).url == reverse("dashboard")
        assert len(provider.refused) <= 1

    def test_a_secret_that_is_wrong_is_named_in_the_log_for_whoever_registered_the_portal(
        self, client, slt, provider, settings, caplog
    ):
        settings.SCHOOL_ACCOUNTS = [replace(provider.named(), client_secret="another")]

        assert FAILED in reads(client, out_and_back(client))
        assert "it gave no token: 401, invalid_client" in caplog.text
        assert "ruth" not in caplog.text

    @pytest.mark.parametrize("sign_with", ["ES256", "RS512", "PS256"])
    @pytest.mark.parametrize("tells", [True, False])
    def test_v6_8_3_any_key_of_the_providers_own_holds(self, client, slt, provider, sign_with, tells):
        says(provider, slt)
        provider.sign_with, provider.tells_use_of_key = sign_with, tells
        if sign_with == "ES256":
            provider.key = ec.generate_private_key(ec.SECP256R1())

        assert out_and_back(client).url == reverse("dashboard")

    def test_v6_8_3_a_key_that_is_changed_between_two_sign_ins_is_found(self, client, slt, provider):
        says(provider, slt)
        out_and_back(client)
        provider.key, provider.key_name = rsa.generate_private_key(65537, 2048), None

        assert out_and_back(Client()).url == reverse("dashboard")

    def test_an_address_to_sign_in_at_keeps_the_question_that_it_was_published_with(self, client, slt, provider):
        says(provider, slt)
        provider.configured = {"authorization_endpoint": f"{provider.issuer}/authorize?p=b2c_staff"}

        assert out_and_back(client).url == reverse("dashboard")
        assert provider.asked[0]["p"] == "b2c_staff"

    def test_v6_8_3_its_name_in_the_answer_is_its_own(self, client, slt, provider):
        says(provider, slt)
        provider.configured = {"authorization_response_iss_parameter_supported": True}

        assert out_and_back(client).url == reverse("dashboard")

    @pytest.mark.parametrize("who", ["", "&iss=https%3A%2F%2Fevil.example"])
    def test_v6_8_3_an_answer_of_another_provider_gets_no_code_of_ours(self, client, slt, provider, who):
        says(provider, slt)
        there = client.post(OUT).headers["Refresh"].removeprefix("0; url=")
        back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
        provider.configured = {"authorization_response_iss_parameter_supported": True}

        assert FAILED in reads(client, client.get(back.removeprefix("http://testserver") + who))
        assert provider.waiting

    @pytest.mark.parametrize("error", ["login_required", "ruth.adeyemi"])
    def test_v16_2_5_an_error_comes_into_the_log_by_the_standards_word_alone(
        self, client, slt, provider, caplog, error
    ):
        state = client.post(OUT).headers["Refresh"].partition("state=")[2].partition("&")[0]

        page = reads(client, client.get(f"{OUT}back/?error={error}&error_description=Ruth+left&state={state}"))

        assert FAILED in page
        assert ("login_required" in caplog.text) == (error == "login_required")
        assert "ruth" not in caplog.text.lower()


class TestGoogle:
    @pytest.fixture(autouse=True)
    def google(self, provider, settings):
        settings.SCHOOL_ACCOUNTS = [provider.named(GOOGLE)]

    @pytest.mark.parametrize("hd", [None, "evil.example", "dkh.example.evil.example"])
    def test_v6_8_2_a_verified_address_outside_the_schools_workspace_is_refused(self, client, slt, provider, hd):
        says(provider, slt, hd=hd)

        assert REFUSED in reads(client, out_and_back(client, GOOGLE))

    def test_an_account_of_the_schools_workspace_comes_in(self, client, slt, provider):
        says(provider, slt, hd="dkh.example")

        assert out_and_back(client, GOOGLE).url == reverse("dashboard")
        assert (provider.asked[0]["hd"], provider.asked[0]["scope"]) == ("dkh.example", "openid email")
        assert provider.asked[0]["prompt"] == "select_account"

    def test_v6_8_1_it_names_itself_in_two_ways_and_is_one(self, client, slt, provider):
        """Its reference: `https://accounts.google.com`, or without `https://`; and “true” as text in older tokens."""
        settings_of = {"hd": "dkh.example", "azp": "conduct-portal", "at_hash": "x", "email_verified": "true"}
        says(provider, slt, **settings_of)
        out_and_back(client, GOOGLE)
        provider.changed = {"iss": provider.issuer.partition("://")[2]}

        assert out_and_back(Client(), GOOGLE).url == reverse("dashboard")
        assert SocialAccount.objects.count() == 1


class TestMicrosoft:
    @pytest.fixture(autouse=True)
    def microsoft(self, provider, settings):
        settings.SCHOOL_ACCOUNTS = [provider.named(MICROSOFT, tenant=TENANT)]

    @pytest.mark.parametrize("tenant", [None, "", TENANT.replace("1", "9")])
    def test_v6_8_2_an_administrator_of_another_tenant_can_write_any_address(self, client, slt, provider, tenant):
        says(provider, slt, tid=tenant, xms_edov=True)

        assert REFUSED in reads(client, out_and_back(client, MICROSOFT))

    @pytest.mark.parametrize("proved", [None, False, "0", 0])
    def test_v6_8_2_an_address_whose_domain_nobody_proved_is_refused(self, client, slt, provider, proved):
        says(provider, slt, tid=TENANT, xms_edov=proved, email_verified=True)

        assert REFUSED in reads(client, out_and_back(client, MICROSOFT))

    def test_an_account_of_the_schools_tenant_comes_in(self, client, slt, provider):
        says(provider, slt, tid=TENANT.upper(), xms_edov="1", email_verified=None)

        assert out_and_back(client, MICROSOFT).url == reverse("dashboard")

    def test_its_keys_do_not_say_for_what_and_it_may_give_no_access_token(self, client, slt, provider):
        says(provider, slt, tid=TENANT, xms_edov=True, email_verified=None, ver="2.0", nbf=int(time.time()))
        provider.tells_use_of_key, provider.gives_access = False, False

        assert out_and_back(client, MICROSOFT).url == reverse("dashboard")

    @pytest.mark.parametrize("missing", ["email", "xms_edov"])
    def test_v6_8_2_a_name_to_sign_in_with_is_no_address_and_the_log_says_which_claim_to_add(
        self, client, slt, provider, missing, caplog
    ):
        """`preferred_username` and `upn` are whatever the directory says; Microsoft itself says not to go by them."""
        given = {"tid": TENANT, "xms_edov": True, "preferred_username": slt.email, "upn": slt.email}
        says(provider, slt, **{**given, missing: None}, email_verified=True)
        provider.at_userinfo = {"sub": f"u-{slt.pk}", "email": slt.email}

        assert REFUSED in reads(client, out_and_back(client, MICROSOFT))
        assert f"without the claim {missing}" in caplog.text
