"""How somebody comes to have an account: asked by an administrator, by a link that works once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.invitations import CannotInviteError, accept, invite, withdraw
from dkh_conduct.accounts.models import Invitation, User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.staff import change_staff, end_account
from tests.factories import InvitationFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "copper-harbour-violin"
WHO = {"full_name": "Ines Okafor", "job_title": "Deputy head", "email": "ines.okafor@dkh.example", "role": "slt"}


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


@pytest.fixture
def link(school, admin):
    return invite(school=school, by=admin, **{**WHO, "role": Role.SLT})[1].removeprefix("http://testserver")


def take_up(client, link, password=PASSWORD):
    client.get(link)
    return client.post("/staff/invitation/", {"password1": password, "password2": password})


@pytest.mark.django_db(transaction=True)
def test_an_administrator_invites_by_email_and_the_link_makes_the_account(signed_in, admin, client):
    sent = signed_in(admin).post("/staff/people/invite/", WHO, follow=True)
    url = re.search(r"http\S+", mail.outbox[-1].body)[0].removeprefix("http://testserver")

    done = take_up(client, url)

    user = User.objects.get(email=WHO["email"])
    assert "Ines Okafor was sent a link" in sent.content.decode()
    assert mail.outbox[-1].to == [WHO["email"]]
    assert (user.role, user.school, user.full_name) == (Role.SLT, admin.school, "Ines Okafor")
    assert user.check_password(PASSWORD)
    assert done.url == "/staff/second-step/"
    assert client.get("/staff/cases/").url == "/staff/second-step/"


def test_v6_4_1_the_link_works_once(link):
    take_up(Client(), link)

    again = take_up(Client(), link)

    assert again.status_code == 410
    assert User.objects.filter(email=WHO["email"]).count() == 1


def test_v6_4_1_the_link_ends_after_three_days(client, link):
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert take_up(client, link).status_code == 410


def test_v6_4_1_a_withdrawn_invitation_opens_nothing(client, link, signed_in, admin):
    signed_in(admin).post(f"/staff/people/invitations/{Invitation.objects.get().pk}/withdraw/")

    assert take_up(client, link).status_code == 410


def test_a_second_invitation_ends_the_first(client, link, school, admin):
    invite(school=school, by=admin, **{**WHO, "role": Role.OFFICE})

    assert take_up(client, link).status_code == 410


def test_v14_2_1_the_secret_leaves_the_address_at_once_and_is_not_in_the_database(client, link):
    opened = client.get(link)

    token = link.strip("/").rsplit("/", 1)[-1]
    assert opened.url == "/staff/invitation/"
    assert len(token) >= 43
    assert token not in str(list(Invitation.objects.values_list()))


@pytest.mark.parametrize("token", ["x", "💥", "x" * 500, "..", "%00"])
def test_a_made_up_link_is_a_page_and_not_a_fault(client, school, token):
    page = client.get(f"/staff/invitation/{token}/", follow=True)

    assert page.status_code in {404, 410}
    assert "</html>" in page.content.decode()


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("", "", "Enter a password"),
        ("short", "short", "at least 14 characters"),
        ("password123456", "password123456", "too common"),
        (PASSWORD, "another-" + PASSWORD, "Type the same password twice"),
        ("ines okafor 123", "ines okafor 123", "too similar to the full name"),
        ("x" * 1001, "x" * 1001, "1000 characters or fewer"),
    ],
)
def test_v6_2_1_a_weak_password_gets_a_sentence(client, link, first, second, sentence):
    client.get(link)

    page = client.post("/staff/invitation/", {"password1": first, "password2": second})

    assert sentence in page.content.decode()
    assert not User.objects.filter(email=WHO["email"]).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("full_name", "", "Enter their full name"),
        ("full_name", "x" * 121, "Use 120 characters or fewer"),
        ("full_name", "a\x00b", "cannot be saved"),
        ("job_title", "", "Enter their job title"),
        ("email", "", "Enter their school email address"),
        ("email", "ines", "Enter an email address in the right form"),
        ("email", "a@b.example\nBcc: c@d.example", "Enter an email address in the right form"),
        ("role", "", "Select a role"),
        ("role", "owner", "Select a role"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_rest(signed_in, admin, field, value, sentence):
    page = signed_in(admin).post("/staff/people/invite/", {**WHO, field: value}).content.decode()

    assert sentence in page
    assert ("Deputy head" if field != "job_title" else "Ines Okafor") in page
    assert not Invitation.objects.exists()


def test_somebody_who_has_an_account_is_not_invited_again(signed_in, admin, slt):
    page = signed_in(admin).post("/staff/people/invite/", {**WHO, "email": slt.email.upper()}).content.decode()

    assert "has an account already" in page


def test_the_lists_of_another_school_are_not_touched(school, admin):
    theirs = InvitationFactory.create(school=SchoolFactory.create(code="OTH"), email=WHO["email"])

    invite(school=school, by=admin, **{**WHO, "role": Role.SLT})

    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_v16_3_1_who_invited_whom_and_who_joined_is_in_the_log(link, admin, client):
    take_up(client, link)

    invited, joined = AuditEntry.objects.all()
    assert (invited.kind, invited.by, invited.facts["role"]) == ("staff_invited", admin, "slt")
    assert (joined.kind, joined.by.email) == ("staff_joined", WHO["email"])
    assert WHO["email"] not in str(invited.facts)


def test_withdrawing_twice_is_one_line_in_the_log(school, admin):
    invitation, _ = invite(school=school, by=admin, **{**WHO, "role": Role.SLT})

    withdraw(invitation=invitation, by=admin)
    withdraw(invitation=invitation, by=admin)

    assert AuditEntry.objects.filter(kind="invitation_withdrawn").count() == 1


class TestFirstAdministrator:
    """A real installation starts without any account."""

    def test_v6_3_2_the_command_prints_a_link_that_makes_an_administrator(self, school, capsys, client):
        call_command("invite_administrator", "head@dkh.example", "Marian Okoro")
        link = re.search(r"http\S+", capsys.readouterr().out)[0].removeprefix("http://testserver")

        take_up(client, link)

        assert User.objects.get(email="head@dkh.example").role == Role.ADMIN
        assert not mail.outbox

    @pytest.mark.parametrize("email", ["", "nonsense", "a@b"])
    def test_a_wrong_address_is_refused(self, school, email):
        with pytest.raises(CommandError):
            call_command("invite_administrator", email, "Marian Okoro")

    def test_it_says_when_there_is_no_school_or_more_than_one(self, db):
        with pytest.raises(CommandError, match="no such school yet"):
            call_command("invite_administrator", "head@dkh.example", "Marian Okoro")
        SchoolFactory.create()
        SchoolFactory.create(code="OTH")
        with pytest.raises(CommandError, match="--school CODE"):
            call_command("invite_administrator", "head@dkh.example", "Marian Okoro")

    def test_somebody_who_has_an_account_is_refused(self, school, slt):
        with pytest.raises(CommandError, match="has an account already"):
            call_command("invite_administrator", slt.email, "Ruth Adeyemi")


def test_an_account_made_meanwhile_wins(school, admin, link):
    token = link.strip("/").rsplit("/", 1)[-1]
    User.objects.create_user(WHO["email"], PASSWORD, school=school, full_name="Ines", job_title="Head")

    assert accept(token=token, password="another-long-password") is None
    with pytest.raises(CannotInviteError):
        invite(school=school, by=admin, **{**WHO, "role": Role.SLT})


def test_an_account_made_while_a_password_was_typed_leaves_the_link_gone(client, link, school):
    UserFactory.create(school=school, email=WHO["email"])

    assert take_up(client, link).status_code == 410
    assert User.objects.get(email=WHO["email"]).has_usable_password()


@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_cannot_be_sent_is_kept_and_logged_without_its_address(school, admin, monkeypatch, caplog):
    def refuses(*_args, **_kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses)

    invitation, _ = invite(school=school, by=admin, **{**WHO, "role": Role.SLT})

    assert f"The invitation {invitation.pk} could not be sent" in caplog.text
    assert WHO["email"] not in caplog.text


@pytest.mark.parametrize("goes", ["leaves", "has another role"])
def test_who_may_not_invite_any_more_lets_nobody_in_later(link, admin, school, goes):
    other = UserFactory.create(school=school, role=Role.ADMIN)
    kept = invite(school=school, by=other, **{**WHO, "email": "other@dkh.example", "role": Role.SLT})[0]

    if goes == "leaves":
        end_account(user=admin, by=other)
    else:
        about = {"full_name": admin.full_name, "job_title": admin.job_title, "phone": admin.phone}
        change_staff(user=admin, by=other, role=Role.OFFICE, **about)

    assert take_up(Client(), link).status_code == 410
    assert list(Invitation.objects.open()) == [kept]
    assert AuditEntry.objects.filter(kind=AuditEntry.Kind.INVITATION_WITHDRAWN).count() == 1
