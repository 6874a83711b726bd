"""What we tell allauth, each answer by itself: where somebody lands, which links are ours, and what may be removed."""

from __future__ import annotations

import pytest
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ValidationError
from django.urls import reverse

from dkh_conduct.accounts.audit import AuditEntry, note_account
from dkh_conduct.accounts.models import Invitation, User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.second_step_adapter import SecondStepAdapter
from tests.accounts.second_steps import give_app
from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
LANDS = {
    Role.OFFICE: "/staff/print-room/",
    Role.SLT: "/staff/",
    Role.HEAD: "/staff/",
    Role.CHAIR: "/staff/",
    Role.DSL: "/staff/",
    Role.LEGAL: "/staff/cases/",
    Role.DPO: "/staff/access-log/",
    Role.ADMIN: "/staff/people/",
}


def asked_of(rf, user=None, **headers):
    request = rf.get("/", headers=headers)
    request.user, request.session = user, {}
    return request


@pytest.mark.parametrize("role", Role)
def test_each_role_lands_on_the_first_page_of_its_menu(rf, school, role):
    request = asked_of(rf, UserFactory.create(school=school, role=role))

    assert get_adapter(request).get_login_redirect_url(request) == LANDS[role]


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [("/staff/", True), ("http://testserver/staff/", True), ("http://elsewhere.example/", False), ("", False)],
)
def test_a_link_is_followed_to_the_host_that_was_asked_and_no_other(rf, settings, url, is_ours):
    settings.ALLOWED_HOSTS = ["testserver", "elsewhere.example"]
    request = asked_of(rf)

    with context.request_context(request):
        assert get_adapter(request).is_safe_url(url) is is_ours


def test_a_link_to_a_new_password_starts_at_our_own_address(rf, settings):
    settings.SITE_URL = "https://conduct.example"

    link = get_adapter(asked_of(rf, host="elsewhere.example")).get_reset_password_from_key_url("1a-token-2")

    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "1a", "key": "token-2"})
    assert link == f"https://conduct.example{path}"


def test_the_last_second_step_of_somebody_stays(slt, colleague):
    give_app(slt)
    give_app(colleague)
    app = Authenticator.objects.get(user=slt, type="totp")
    codes, _ = Authenticator.objects.get_or_create(user=slt, type="recovery_codes", defaults={"data": {}})
    adapter = SecondStepAdapter()

    assert adapter.can_delete_authenticator(app) is False
    assert adapter.generate_authenticator_name(slt, Authenticator.Type.WEBAUTHN) == "Passkey"
    Authenticator.objects.create(user=slt, type="webauthn", data={})
    Authenticator.objects.create(user=colleague, type="webauthn", data={})
    assert adapter.can_delete_authenticator(app) is True
    assert adapter.generate_authenticator_name(slt, Authenticator.Type.WEBAUTHN) == "Passkey 2"
    assert codes.user == slt
    assert adapter.decrypt(adapter.encrypt("secret")) == "secret"
    assert adapter.encrypt("secret") != "secret"


def test_what_is_done_to_an_account_is_noted_with_whom_it_was_about(school, slt, colleague):
    kind = AuditEntry.Kind.STAFF_CHANGED

    about = note_account(kind, school=school, by=slt, about=colleague, role="head")
    alone = note_account(kind, school=school, by=None)

    assert (about.by, about.facts, about.words) == (slt, {"user": colleague.pk, "role": "head"}, "Account changed")
    assert (alone.by, alone.facts) == (None, {})
    assert AuditEntry(kind="of another year").words == "of another year"


def test_an_account_is_made_in_small_letters_and_found_in_any(school):
    user = User.objects.create_user(
        "Ines@DKH.example", "a-long-enough-password", role=Role.DSL, school=school, full_name="Ines Okafor"
    )
    other = User.objects.create_user("pat@dkh.example", school=school, full_name="Pat")

    assert User.objects.get_by_natural_key("INES@dkh.example") == user
    assert (user.email, user.role, user.first_name) == ("ines@dkh.example", Role.DSL, "Ines")
    assert user.check_password("a-long-enough-password")
    assert (other.role, other.has_usable_password()) == (None, False)


def test_an_invitation_is_open_until_it_is_used_withdrawn_or_too_old(school):
    now = InvitationFactory.create(school=school)
    at = now.expires_at
    InvitationFactory.create(school=school, used_at=at)
    InvitationFactory.create(school=school, withdrawn_at=at)
    InvitationFactory.create(school=school, expires_at=now.invited_at)

    assert list(Invitation.objects.open()) == [now]
    assert now.role_label == Role.SLT.label


def test_a_network_with_a_flood_of_wrong_passwords_waits_and_a_leavers_passkey_leads_back(rf, slt, monkeypatch):
    monkeypatch.setattr("dkh_conduct.accounts.adapter.ratelimit.consume", lambda *given, **named: None)
    request = asked_of(rf)
    request._messages = CookieStorage(request)
    adapter = get_adapter(request)

    with pytest.raises(ValidationError, match="too many wrong passwords"):
        adapter.pre_authenticate(request, username="a@dkh.example", password="b")
    assert adapter.respond_user_inactive(request, slt).url == "/staff/sign-in/"


def test_a_mail_is_of_the_school_of_whom_it_is_about(rf, slt, outsider, monkeypatch):
    sent = []
    monkeypatch.setattr(DefaultAccountAdapter, "send_mail", lambda self, *given: sent.append(given))
    request = asked_of(rf)

    with context.request_context(request):
        adapter = get_adapter(request)
        adapter.send_notification_mail("prefix", outsider)
        adapter.send_notification_mail("prefix", outsider, {"more": 1}, "old@dkh.example")
        adapter.send_mail("prefix", "nobody@dkh.example", {})

    assert [email for _, email, _ in sent] == [outsider.email, "old@dkh.example", "nobody@dkh.example"]
    assert [about["school"] for _, _, about in sent] == [outsider.school, outsider.school, slt.school]
    assert [about.get("more") for _, _, about in sent] == [None, 1, None]
