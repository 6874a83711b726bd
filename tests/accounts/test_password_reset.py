"""A forgotten password: one e-mail with one link, which says nothing about who has an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "copper-harbour-violin"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def ask(client, email):
    return client.post("/staff/password/", {"email": email})


def link():
    return re.search(r"http\S+", mail.outbox[-1].body)[0]


def open_link(client, url):
    return client.get(url.removeprefix("http://testserver"), follow=True)


def set_password(client, page, first=NEW, second=NEW):
    return client.post(page.redirect_chain[-1][0], {"password1": first, "password2": second}, follow=True)


def test_the_link_sets_a_new_password(client, slt):
    ask(client, slt.email)
    done = set_password(client, open_link(client, link()))

    slt.refresh_from_db()
    assert "Password changed" in done.content.decode()
    assert slt.check_password(NEW)


def test_a_used_link_says_so(client, slt):
    ask(client, slt.email)
    url = link()
    set_password(client, open_link(client, url))

    page = Client().get(url.removeprefix("http://testserver"))

    assert "This link does not work any more" in page.content.decode()


def test_the_link_starts_at_our_own_address_whatever_the_request_claims(slt, settings):
    settings.SITE_URL = "https://conduct.school.example"

    Client(headers={"host": "localhost"}).post(
        "/staff/password/", {"email": slt.email}, headers={"x-forwarded-host": "evil.example"}
    )

    assert link().startswith("https://conduct.school.example/staff/password/new/")
    assert "evil.example" not in mail.outbox[-1].body


def test_the_message_is_in_the_schools_words_and_about_nothing_else(client, slt, school):
    ask(client, slt.email)

    message = mail.outbox[0]
    assert message.to == [slt.email]
    assert message.subject == "Set a new password for the conduct portal"
    assert school.name in message.body
    assert school.phone in message.body
    assert "example.com" not in message.body
    assert not message.alternatives


def test_an_unknown_address_gets_the_same_page_and_no_mail(client, slt):
    known = ask(client, slt.email)
    unknown = ask(client, "nobody@dkh.example")

    assert known.url == unknown.url == "/staff/password/sent/"
    assert [message.to for message in mail.outbox] == [[slt.email]]
    assert "If that address belongs to somebody" in client.get(known.url).content.decode()


def test_somebody_who_has_left_gets_no_mail(client, slt):
    slt.is_active = False
    slt.save()

    ask(client, slt.email)

    assert not mail.outbox


def test_the_link_ends_after_an_hour(client, slt):
    ask(client, slt.email)

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        page = open_link(client, link())

    assert "This link does not work any more" in page.content.decode()


@pytest.mark.parametrize("key", ["x-y", "0-abc-def", "1-set-password", "zzzzzzzzzzzzzzzz-1-2"])
def test_a_made_up_link_is_a_page_and_not_a_fault(client, school, key):
    page = client.get(f"/staff/password/new/{key}/")

    assert page.status_code == 200
    assert "This link does not work any more" in page.content.decode()


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("", "", "Enter a new password"),
        ("short", "short", "at least 14 characters"),
        ("password123456", "password123456", "too common"),
        (NEW, "something-else-entirely", "You must type the same password each time."),
        ("ruth adeyemi 12", "ruth adeyemi 12", "too similar to the full name"),
    ],
)
def test_a_weak_password_gets_a_sentence(client, slt, first, second, sentence):
    ask(client, slt.email)
    page = open_link(client, link())

    answer = set_password(client, page, first, second).content.decode()

    slt.refresh_from_db()
    assert sentence in answer
    assert "Error: Set a new password" in answer
    assert slt.check_password(PASSWORD)


def test_a_change_is_told_to_its_owner_without_network_or_browser(client, slt):
    ask(client, slt.email)
    set_password(client, open_link(client, link()))

    notice = mail.outbox[-1]
    assert notice.subject == "Your password for the conduct portal was changed"
    assert notice.to == [slt.email]
    assert "127.0.0.1" not in notice.body


def test_a_new_password_ends_the_wait_after_wrong_ones(client, slt):
    for _ in range(6):
        client.post("/staff/sign-in/", {"login": slt.email, "password": "not-the-right-one"})
    ask(client, slt.email)
    set_password(client, open_link(client, link()))

    response = client.post("/staff/sign-in/", {"login": slt.email, "password": NEW})

    assert response.status_code == 302


def test_a_new_password_signs_other_browsers_out(client, signed_in, slt):
    elsewhere = signed_in(slt)
    ask(client, slt.email)
    set_password(client, open_link(client, link()))

    assert elsewhere.get("/staff/cases/").url.startswith("/staff/sign-in/")


def test_one_address_cannot_be_sent_many_mails(client, slt):
    for _ in range(7):
        response = ask(client, slt.email)

    assert response.status_code == 429
    assert len(mail.outbox) == 5


def test_nobody_is_signed_in_by_asking(client, slt):
    ask(client, slt.email)
    set_password(client, open_link(client, link()))

    assert "_auth_user_id" not in client.session
