"""The rules for what a provider of school accounts says, each function by itself: no server, and mostly no database."""

from __future__ import annotations

import time
from types import SimpleNamespace

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.messages.storage.cookie import CookieStorage

from dkh_conduct.accounts import school_tokens
from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.models import Invitation
from dkh_conduct.accounts.provider import identity_of, nonce_of
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.school_accounts import GOOGLE, KINDS, MICROSOFT, OIDC, SchoolAccounts
from dkh_conduct.accounts.school_claims import NotOursError, accounts_of, email_of, note_step_at_school
from dkh_conduct.accounts.school_sign_in import FAILED, SchoolAccountsAdapter, admit, back_to_sign_in, why
from dkh_conduct.accounts.school_tokens import ProviderError, TokenClient, key_of, word_of
from tests.factories import InvitationFactory, UserFactory

TENANT = "11111111-2222-3333-4444-555555555555"
SAYS = {
    GOOGLE: {"hd": "dkh.example", "email_verified": True},
    MICROSOFT: {"tid": TENANT, "xms_edov": True},
    OIDC: {"email_verified": True},
}


def named(kind=OIDC, **about):
    return SchoolAccounts(
        kind=kind, name=kind, issuer=f"https://{kind}.example/", client_id=f"id of {kind}", client_secret="secret",
        domains=frozenset({"dkh.example"}), tenant=TENANT if kind == MICROSOFT else "", **about,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_is_believed_in_small_letters_when_everything_holds(kind):
    claims = {**SAYS[kind], "email": " Ruth@DKH.example "}

    assert email_of({**claims, "hd": "DKH.example"} if kind == GOOGLE else claims, named(kind)) == "ruth@dkh.example"
    assert email_of({**claims, "tid": TENANT.upper()}, named(kind)) == "ruth@dkh.example"


@pytest.mark.parametrize(
    ("kind", "changed", "reason"),
    [
        (GOOGLE, {"hd": None}, "another workspace"),
        (GOOGLE, {"hd": "other.example"}, "another workspace"),
        (MICROSOFT, {"tid": None}, "another tenant"),
        (MICROSOFT, {"xms_edov": None, "email_verified": True}, "without the claim xms_edov"),
        (MICROSOFT, {"xms_edov": None, "email": None}, "without the claim email and xms_edov"),
        (MICROSOFT, {"xms_edov": False, "email_verified": True}, "an address that nobody verified"),
        (OIDC, {"email_verified": None, "xms_edov": True}, "without the claim email_verified"),
        (OIDC, {"email_verified": "false"}, "an address that nobody verified"),
        (OIDC, {"email": "ruth@other.example"}, "an address elsewhere"),
        (OIDC, {"email": "ruth@other.example@dkh.example"}, "an address elsewhere"),
        (OIDC, {"email": "dkh.example"}, "an address elsewhere"),
    ],
)
def test_each_rule_refuses_by_itself_and_says_which_it_was(kind, changed, reason):
    said = {**SAYS[kind], "email": "ruth@dkh.example", **changed}
    with pytest.raises(NotOursError) as refused:
        email_of({name: value for name, value in said.items() if value is not None}, named(kind))

    assert str(refused.value) == reason


@pytest.mark.parametrize("verified", [True, 1, "1", "true", "True"])
def test_a_yes_may_be_written_in_each_of_these_ways(verified):
    assert email_of({"email": "a@dkh.example", "email_verified": verified}, named()) == "a@dkh.example"


@pytest.mark.parametrize(
    ("about", "claims", "counts"),
    [
        ({}, {}, True),
        ({"trusts_second_step": False}, {}, False),
        ({}, {"amr": ["pwd"]}, False),
        ({}, {"amr": "mfa"}, False),
        ({}, {"amr": None}, False),
        ({}, {"auth_time": -1}, False),
        ({}, {"auth_time": "now"}, False),
    ],
)
def test_a_second_step_at_the_school_is_noted_when_it_is_trusted_said_and_fresh(
    settings, monkeypatch, about, claims, counts
):
    noted = []
    monkeypatch.setattr(
        "dkh_conduct.accounts.school_claims.record_authentication", lambda *who, **how: noted.append((who, how))
    )
    settings.SCHOOL_ACCOUNTS = [named(GOOGLE), named(**{"trusts_second_step": True, **about})]
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
    at = {"auth_time": time.time() - 590, **claims}
    if at["auth_time"] == -1:
        at["auth_time"] = time.time() - 601
    login = SimpleNamespace(account=SimpleNamespace(provider=OIDC), claims={"amr": ["pwd", "mfa"], **at})

    note_step_at_school("request", "user", login)
    note_step_at_school("request", "user", None)
    login.account.provider = "another"
    note_step_at_school("request", "user", login)

    assert noted == [(("request", "user", "mfa"), {"type": "school", "provider": OIDC})] * counts


def test_an_account_is_of_the_provider_of_its_own_name(settings):
    settings.SCHOOL_ACCOUNTS = [named(GOOGLE), named(OIDC)]

    assert [accounts_of(kind) for kind in (OIDC, GOOGLE, MICROSOFT)] == [named(OIDC), named(GOOGLE), None]


def test_somebody_is_issuer_and_subject_together_and_a_nonce_is_of_its_sign_in():
    claims = [{"iss": "a", "sub": "b"}, {"iss": "a", "sub": "c"}, {"iss": "c", "sub": "b"}]

    assert len({identity_of(each) for each in claims}) == 3
    assert identity_of(claims[0]) == "c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65"
    assert nonce_of("x") != nonce_of("y")


def published(**about):
    key = rsa.generate_private_key(65537, 2048).public_key()
    held = jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True)
    return {**held, **about}


def test_the_key_of_a_token_is_the_one_it_names_and_none_that_is_for_something_else():
    first, second, third = published(kid="1"), published(kid="2", use="sig", alg="RS512"), published(kid="3", use="enc")

    assert key_of({"kid": "1", "alg": "RS256"}, [second, first]).key_id == "1"
    assert key_of({"kid": "2", "alg": "RS256"}, [first, second]).algorithm_name == "RS512"
    assert key_of({"kid": "1", "alg": "RS384"}, [first]).algorithm_name == "RS384"
    assert key_of({"alg": "RS256"}, [third, first]).key_id == "1"
    for header, keys in (({"kid": "4"}, [first]), ({"kid": "3"}, [third]), ({}, [first, second]), ({}, [])):
        with pytest.raises(ProviderError, match="no such key"):
            key_of({"alg": "RS256", **header}, keys)


def test_a_log_has_words_of_the_standard_and_no_other(rf):
    assert word_of("invalid_client") == "invalid_client"
    assert [word_of(said) for said in ("ruth@dkh.example", None, ["access_denied"])] == ["no word of the standard"] * 3
    assert why(rf.get("/"), ProviderError("it has no such key")) == "it has no such key"
    assert why(rf.get("/?error=access_denied"), KeyError("ruth")) == "KeyError"
    assert why(rf.get("/"), KeyError("ruth")) == "KeyError"
    assert why(rf.get("/?error=access_denied"), None) == "access_denied"
    assert why(rf.get("/"), None).startswith("this browser had not asked")


class Answers:
    """In place of a provider: one answer after the other, and what was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass

    def post(self, address, data, auth=None):
        self.asked.append((auth, data))
        status, said = self.answers.pop(0)
        return SimpleNamespace(status_code=status, json=lambda: said)


TOKEN = {"id_token": "t"}


@pytest.mark.parametrize(
    ("answers", "basic", "ways"),
    [
        ([(200, TOKEN)], True, [True]),
        ([(200, TOKEN)], False, [False]),
        ([(401, {}), (200, TOKEN)], True, [True, False]),
        ([(400, {"error": "invalid_client"}), (200, TOKEN)], False, [False, True]),
        ([(400, {"error": "invalid_grant"})], False, [False]),
        ([(401, {}), (401, {})], False, [False, True]),
        ([(200, {})], False, [False]),
        ([(200, [])], False, [False]),
        ([(500, TOKEN)], False, [False]),
    ],
)
def test_a_secret_is_shown_once_more_the_other_way_when_it_was_not_taken_and_for_no_other_reason(
    monkeypatch, answers, basic, ways
):
    there = Answers(*answers)
    monkeypatch.setattr(school_tokens, "get_adapter", lambda: SimpleNamespace(get_requests_session=lambda: there))
    client = TokenClient(None, "a:b", "c+d", "POST", "https://token", "https://back", basic_auth=basic)

    if answers[-1] == (200, TOKEN):
        assert client.get_access_token("code", "verifier") == {"access_token": "", **TOKEN}
    else:
        with pytest.raises(ProviderError, match=rf"^it gave no token: {answers[-1][0]}, "):
            client.get_access_token("code")

    assert [bool(auth) for auth, _ in there.asked] == ways
    for auth, data in there.asked:
        assert auth in {None, ("a%3Ab", "c%2Bd")}
        shown = {"client_id": "a:b", "client_secret": "c+d"}
        asked = {"grant_type": "authorization_code", "code": "code", "redirect_uri": "https://back"}
        verifier = {"code_verifier": "verifier" if answers[-1] == (200, TOKEN) else ""}
        assert data == {**asked, **verifier, **({} if auth else shown)}


def test_the_way_to_the_provider_keeps_its_question_and_asks_for_what_we_set():
    client = TokenClient(None, "id", "secret", "POST", "https://token", "https://back")

    plain = client.get_redirect_url("https://there/", ["openid", "email"], {})
    client.state = "s"
    asked = client.get_redirect_url("https://there/?tenant=1", ["openid"], {"prompt": "login"})

    query = "client_id=id&redirect_uri=https%3A%2F%2Fback"
    assert plain == f"https://there/?{query}&scope=openid+email&response_type=code"
    assert asked == f"https://there/?tenant=1&{query}&scope=openid&response_type=code&state=s&prompt=login"


def test_the_providers_are_those_of_the_settings_each_by_its_kind_or_its_number(rf, settings):
    settings.SCHOOL_ACCOUNTS = [named(GOOGLE), named(OIDC)]
    adapter = SchoolAccountsAdapter(rf.get("/"))

    def kinds(**which):
        return [app.provider_id for app in adapter.list_apps(None, **which)]

    assert kinds() == kinds(provider="openid_connect") == [GOOGLE, OIDC]
    assert kinds(provider=OIDC) == kinds(client_id="id of oidc") == [OIDC]
    assert kinds(provider=MICROSOFT) == kinds(provider=GOOGLE, client_id="id of oidc") == []
    assert adapter.list_apps(None)[1].settings["server_url"] == "https://oidc.example"
    assert adapter.get_requests_session().max_redirects == 0


def test_somebody_refused_is_sent_back_with_a_sentence(rf):
    request = rf.get("/")
    request.session, request._messages = {}, CookieStorage(request)

    back = back_to_sign_in(request, FAILED)

    assert back.response.url == "/staff/sign-in/"
    assert [str(each) for each in request._messages] == [FAILED]


@pytest.mark.django_db
class TestAdmitted:
    def test_the_first_time_by_the_address_and_ever_after_by_who_it_is_at_that_provider(
        self, slt, colleague, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as later:
            user, made = admit(provider=GOOGLE, uid="1", email=slt.email.upper())
            again, same = admit(provider=GOOGLE, uid="1", email=colleague.email)
            other, _ = admit(provider=OIDC, uid="1", email=colleague.email)

        assert [each.args for each in later] == [(slt,), (colleague,)]
        assert (user, again, other) == (slt, slt, colleague)
        assert (made.pk, made.provider, made.uid, made.extra_data) == (same.pk, GOOGLE, "1", {})
        noted = AuditEntry.objects.filter(kind=AuditEntry.Kind.SCHOOL_ACCOUNT_LINKED).order_by("seq")
        assert [(each.by, each.facts) for each in noted] == [
            (slt, {"user": slt.pk, "provider": GOOGLE}), (colleague, {"user": colleague.pk, "provider": OIDC}),
        ]  # fmt: skip

    def test_a_leaver_a_stranger_and_a_second_account_are_refused_and_nothing_is_kept(self, school, slt):
        left = UserFactory.create(school=school, is_active=False)
        linked = UserFactory.create(school=school)
        SocialAccount.objects.create(user=linked, provider=OIDC, uid="1")

        def reason(uid, email):
            with pytest.raises(NotOursError) as refused:
                admit(provider=OIDC, uid=uid, email=email)
            return str(refused.value)

        assert reason("2", left.email) == "somebody who has left"
        assert reason("2", "nobody@dkh.example") == "somebody who was not invited"
        assert reason("2", linked.email) == "a second account with the same address"
        type(linked).objects.filter(pk=linked.pk).update(is_active=False)
        assert reason("1", slt.email) == "somebody who has left"
        assert SocialAccount.objects.count() == 1

    def test_whoever_was_invited_joins_and_nobody_elses_invitation_is_used(self, school):
        others = InvitationFactory.create(school=school)
        InvitationFactory.create(school=school, email="ines@dkh.example", role=Role.DSL)

        user, made = admit(provider=OIDC, uid="1", email="ines@dkh.example")

        assert (user.email, user.role, made.user) == ("ines@dkh.example", Role.DSL, user)
        assert list(Invitation.objects.open()) == [others]
