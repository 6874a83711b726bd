"""Signing in with a school account: against a provider that really answers and really signs, on this machine."""

from __future__ import annotations

import json
import time
from urllib.parse import urlsplit

import pytest
import requests
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.models import Invitation, User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.school_accounts import GOOGLE, MICROSOFT
from dkh_conduct.accounts.school_sign_in import SchoolAccountsAdapter
from dkh_conduct.accounts.staff import end_account, reset_second_step
from tests.accounts.school_idp import Provider
from tests.accounts.school_visit import FAILED, OUT, REFUSED, is_in, out_and_back, reads, says
from tests.accounts.second_steps import code_of, give_app
from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = "/staff/sign-in/"
SET_UP = "/staff/second-step/"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def test_without_a_provider_nothing_is_offered_and_nothing_answers(client, school, settings):
    assert settings.SCHOOL_ACCOUNTS == []
    assert "Sign in with Example School" not in client.get(SIGN_IN).content.decode()
    assert client.post(OUT).status_code == client.get(f"{OUT}back/").status_code == 404


def test_the_sign_in_page_offers_each_provider_that_is_named(client, school, provider, settings):
    settings.SCHOOL_ACCOUNTS = [provider.named(GOOGLE, name="Google"), provider.named(MICROSOFT, name="Microsoft")]

    page = client.get(SIGN_IN).content.decode()

    assert "Sign in with Google" in page
    assert "Sign in with Microsoft" in page


def test_v6_3_3_a_school_account_is_one_step_and_ours_is_the_second(client, slt, provider):
    secret = give_app(slt)
    says(provider, slt)

    asked = out_and_back(client)
    still_outside = is_in(client)
    inside = client.post("/staff/sign-in/code/", {"code": code_of(secret)})

    assert asked.url == "/staff/sign-in/code/"
    assert not still_outside
    assert inside.url == reverse("dashboard")
    assert is_in(client)


def test_v6_3_3_whoever_has_no_second_step_yet_opens_nothing_but_setting_it_up(client, slt, provider):
    says(provider, slt)

    out_and_back(client)

    assert client.get(reverse("case-list")).url == SET_UP
    assert client.get("/staff/second-step/app/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_v6_3_7_the_first_time_is_noted_and_told_and_keeps_nothing_that_the_provider_said(client, slt, provider):
    says(provider, slt, name="Ruth Adeyemi", picture="https://example.com/r.png")

    out_and_back(client)
    out_and_back(Client())

    kept = SocialAccount.objects.get()
    assert (kept.user, kept.extra_data, len(kept.uid)) == (slt, {}, 64)
    assert [entry.kind for entry in AuditEntry.objects.all()] == ["school_account_linked"]
    assert [message.to for message in mail.outbox] == [[slt.email]]
    assert "with your school account" in mail.outbox[0].body


def test_v6_8_1_who_it_is_is_the_issuer_and_the_subject_whatever_the_address_says_later(client, slt, provider):
    says(provider, slt)
    out_and_back(client)
    provider.says["email"] = "ruth.married@dkh.example"

    back = out_and_back(Client())

    assert back.url == reverse("dashboard")
    assert SocialAccount.objects.get().user == slt


def test_v6_8_1_an_address_that_was_given_to_somebody_else_opens_nothing_of_its_first_owner(client, slt, provider):
    says(provider, slt)
    out_and_back(client)
    provider.says["sub"] = "somebody-new"

    other = Client()
    assert REFUSED in reads(other, out_and_back(other))
    assert not is_in(other)


def test_v6_8_1_the_same_subject_at_another_issuer_is_somebody_else(client, slt, colleague, provider, settings):
    says(provider, slt)
    out_and_back(client)
    other = Provider(says={**provider.says, "email": colleague.email}).start()
    settings.SCHOOL_ACCOUNTS = [other.named()]

    out_and_back(Client())
    other.stop()

    assert SocialAccount.objects.get(user=colleague).uid != SocialAccount.objects.get(user=slt).uid


@pytest.mark.parametrize("email", ["stranger@dkh.example", "r.adeyemi@elsewhere.example"])
def test_nobody_registers_themselves(client, school, provider, email):
    provider.says = {"email": email, "email_verified": True}

    page = reads(client, out_and_back(client))

    assert page.count(f'content">{REFUSED}') == 1
    assert not User.objects.exists()


def test_an_invitation_is_accepted_by_proving_that_the_address_is_theirs(client, school, provider):
    invitation = InvitationFactory.create(school=school, role=Role.OFFICE)
    provider.says = {"email": invitation.email.upper(), "email_verified": True}

    out_and_back(client)

    joined = User.objects.get()
    assert (joined.email, joined.role, joined.school) == (invitation.email, Role.OFFICE, school)
    assert not joined.has_usable_password()
    assert client.get("/staff/print-room/").url == SET_UP
    assert Invitation.objects.get().used_at is not None


@pytest.mark.parametrize("over", ["used_at", "withdrawn_at", "expires_at"])
def test_an_invitation_that_is_over_lets_nobody_in(client, school, provider, over):
    long_ago = "2026-01-01T00:00:00Z"
    invitation = InvitationFactory.create(school=school, **{over: long_ago})
    provider.says = {"email": invitation.email, "email_verified": True}

    assert REFUSED in reads(client, out_and_back(client))


@pytest.mark.parametrize("verified", [False, None, "false", "no", 0, "TRUE-ish", [], {}])
def test_v6_8_2_an_address_that_nobody_verified_is_not_believed(client, slt, provider, verified):
    says(provider, slt, email_verified=verified)

    assert REFUSED in reads(client, out_and_back(client))
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "email", ["", None, 7, "@dkh.example", "x@dkh.example@evil.example", "x@evil.example", "x@sub.dkh.example"]
)
def test_v6_8_2_an_address_elsewhere_is_not_the_schools(client, slt, provider, email):
    says(provider, slt, email=email)

    assert REFUSED in reads(client, out_and_back(client))


def spoiled(provider, how):
    """One thing wrong with a token that is right in all else."""
    now = int(time.time())
    changes = {
        "another portal": {"aud": "another-portal"},
        "another portal besides": {"aud": ["conduct-portal", "another"], "azp": "another"},
        "another issuer": {"iss": "https://evil.example"},
        "too old": {"exp": now - 300, "iat": now - 600},
        "from the future": {"iat": now + 3600, "exp": now + 7200},
        "another sign-in": {"nonce": "made-up"},
        "no nonce": {"nonce": None},
        "no subject": {"sub": None},
        "no end": {"exp": None},
        "no addressee": {"aud": None},
    }
    provider.changed = changes.get(how, {})
    if how in {"none", "HS256"}:
        provider.sign_with = how
    if how == "another key":
        provider.published = rsa.generate_private_key(65537, 2048)
    if how == "a key that is not there":
        provider.key_name = "k2"
    if how == "another configuration":
        provider.configured = {"issuer": "https://evil.example"}


@pytest.mark.parametrize(
    "how",
    [
        *("none", "HS256", "another key", "another portal", "another portal besides", "another issuer", "too old"),
        *("from the future", "another sign-in", "no nonce", "no subject", "no end", "no addressee"),
        "a key that is not there",
    ],
)
def test_v6_8_3_a_token_that_does_not_hold_lets_nobody_in(client, slt, provider, how):
    says(provider, slt)
    spoiled(provider, how)

    page = reads(client, out_and_back(client))

    assert FAILED in page
    assert not SocialAccount.objects.exists()
    assert not is_in(client)


def test_v6_8_3_a_provider_that_calls_itself_otherwise_is_not_gone_to(client, slt, provider):
    spoiled(provider, "another configuration")

    assert FAILED in reads(client, client.post(OUT))


def test_a_code_works_in_the_browser_that_asked_for_it_alone(client, slt, provider):
    """Somebody sends a link that would sign its reader in as somebody else, or catches a code on its way."""
    says(provider, slt)
    there = client.post(OUT).headers["Refresh"].removeprefix("0; url=")
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"].removeprefix("http://testserver")

    elsewhere, first, again = Client(), Client(), Client()
    assert FAILED in reads(elsewhere, elsewhere.get(back))
    assert client.get(back).url == reverse("dashboard")
    assert FAILED in reads(again, again.get(back))
    assert not is_in(first)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_provider_that_is_away_leaves_the_password(client, slt, provider, status):
    provider.fails_with = status

    assert FAILED in reads(client, client.post(OUT))


def test_coming_back_without_signing_in_says_so(client, slt, provider):
    state = client.post(OUT).headers["Refresh"].partition("state=")[2].partition("&")[0]

    page = reads(client, client.get(f"{OUT}back/?error=access_denied&error_description=Ruth+left&state={state}"))

    assert "You came back without signing in" in page


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x", "?code=%00&state=💥", "?error=%0a<b>"])
def test_made_up_answers_get_a_sentence(client, slt, provider, query):
    assert FAILED in reads(client, client.get(f"{OUT}back/{query}"))


def test_the_page_that_was_asked_for_opens_and_never_one_elsewhere(client, slt, provider):
    says(provider, slt)

    assert out_and_back(client, next=reverse("case-list")).url == reverse("case-list")
    assert out_and_back(Client(), next="//evil.example/").url == reverse("dashboard")


def test_a_request_cannot_ask_the_provider_for_more_or_link_an_account(signed_in, slt, colleague, provider):
    says(provider, slt)
    client = signed_in(colleague)

    page = client.post(f"{OUT}?scope=drive&auth_params=prompt%3Dnone&process=connect", {"process": "connect"})
    there = page.headers["Refresh"].removeprefix("0; url=")
    client.get(
        urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
        ._replace(scheme="", netloc="")
        .geturl()
    )

    assert set(provider.asked[0]["scope"].split()) == {"openid", "email"}
    assert "prompt" not in provider.asked[0]
    assert SocialAccount.objects.get().user == slt


def test_v7_4_2_a_leaver_is_out_and_stays_out(client, slt, admin, provider):
    says(provider, slt)
    out_and_back(client)

    end_account(user=slt, by=admin)

    assert client.get(SET_UP).url.startswith(SIGN_IN)
    assert REFUSED in reads(client, out_and_back(client))
    assert not SocialAccount.objects.exists()


def test_a_link_of_somebody_who_is_not_active_opens_nothing(client, slt, provider):
    says(provider, slt)
    out_and_back(Client())
    User.objects.update(is_active=False)

    assert REFUSED in reads(client, out_and_back(client))


def test_a_reset_lets_another_school_account_be_linked(client, slt, admin, provider):
    says(provider, slt)
    out_and_back(client)
    reset_second_step(user=slt, by=admin)
    provider.says["sub"] = "a-new-account"

    assert out_and_back(client).url == reverse("dashboard")


def test_v7_5_1_saying_again_who_one_is_goes_by_the_second_step_where_there_is_no_password(client, school, provider):
    joined = UserFactory.create(school=school, role=Role.ADMIN)
    joined.set_unusable_password()
    joined.save()
    secret = give_app(joined)
    says(provider, joined)
    with time_machine.travel(time.time() - 11 * 60, tick=True):
        out_and_back(client)
        client.post("/staff/sign-in/code/", {"code": code_of(secret)})

    asked = client.get("/staff/people/invite/")
    back = client.post("/staff/again/code/", {"code": code_of(secret), "next": "/staff/people/invite/"})

    assert asked.url.startswith("/staff/again/code/")
    assert back.url == "/staff/people/invite/"
    assert client.get(back.url).status_code == 200


class TestTheirSecondStep:
    """Counts only where the installation says so, the provider says so, and it was taken just now."""

    @pytest.fixture
    def trusted(self, provider, settings):
        settings.SCHOOL_ACCOUNTS = [provider.named(trusts_second_step=True)]

    def test_v6_8_4_it_counts_where_the_settings_say_that_the_provider_enforces_it(
        self, trusted, client, slt, provider
    ):
        says(provider, slt, amr=["pwd", "mfa"], auth_time=int(time.time()))

        out_and_back(client)

        assert is_in(client)
        assert provider.asked[0]["max_age"] == "0"
        assert "amr" in json.loads(provider.asked[0]["claims"])["id_token"]

    @pytest.mark.parametrize("amr", [None, [], ["pwd"], "mfa", ["MFA "]])
    def test_v6_8_4_without_its_word_ours_is_asked_for(self, trusted, client, slt, provider, amr):
        says(provider, slt, amr=amr, auth_time=int(time.time()))

        out_and_back(client)

        assert client.get(reverse("case-list")).url == SET_UP

    @pytest.mark.parametrize("ago", [None, 3600, "now"])
    def test_v6_8_4_one_of_this_morning_does_not_count(self, trusted, client, slt, provider, ago):
        says(provider, slt, amr=["mfa"], auth_time=int(time.time()) - ago if isinstance(ago, int) else ago)

        out_and_back(client)

        assert client.get(reverse("case-list")).url == SET_UP

    def test_v6_8_4_it_never_counts_unless_the_settings_say_so(self, client, slt, provider):
        says(provider, slt, amr=["mfa"], auth_time=int(time.time()))

        out_and_back(client)

        assert client.get(reverse("case-list")).url == SET_UP

    def test_v6_8_4_whoever_has_one_with_us_is_asked_for_ours(self, trusted, client, slt, provider):
        give_app(slt)
        says(provider, slt, amr=["mfa"], auth_time=int(time.time()))

        assert out_and_back(client).url == "/staff/sign-in/code/"

    def test_v7_5_1_whoever_has_nothing_with_us_is_asked_again_by_the_school(self, trusted, client, school, provider):
        joined = UserFactory.create(school=school, role=Role.ADMIN)
        joined.set_unusable_password()
        joined.save()
        with time_machine.travel(time.time() - 11 * 60, tick=True):
            says(provider, joined, amr=["mfa"], auth_time=int(time.time()))
            out_and_back(client)

        asked = client.get("/staff/people/invite/")
        says(provider, joined, amr=["mfa"], auth_time=int(time.time()))
        back = out_and_back(client, next="/staff/people/invite/")

        assert asked.url == f"{SIGN_IN}?next=/staff/people/invite/"
        assert client.get(back.url).status_code == 200


def test_whatever_allauth_asks_nobody_signs_up_and_a_provider_that_is_not_named_lets_nobody_in(rf, school, settings):
    request = rf.get("/")
    request.session, request._messages = {}, CookieStorage(request)
    settings.SCHOOL_ACCOUNTS = []
    login = SocialLogin(user=User(), account=SocialAccount(provider="oidc", uid="x"))
    login.claims = {}

    adapter = SchoolAccountsAdapter(request)

    assert not adapter.is_open_for_signup(request, login)
    assert not get_adapter(request).is_open_for_signup(request)
    with pytest.raises(ImmediateHttpResponse) as refused:
        adapter.pre_social_login(request, login)
    assert refused.value.response.url == SIGN_IN


@pytest.mark.parametrize("way", ["there", "back"])
def test_v6_3_1_a_flood_is_asked_to_wait_on_the_way_to_the_provider_and_back(client, school, provider, settings, way):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip", "come_back": "1/m/ip"}

    def go():
        return client.post(OUT) if way == "there" else client.get(f"{OUT}back/")

    first, second = go(), go()

    assert (first.status_code == 429, second.status_code) == (False, 429)
