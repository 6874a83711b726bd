"""How a reporter is reached: an address is used once its owner has confirmed it, and what was before is kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.models import Email, Event, Reporter
from incidents.reporting.contact import change_contact, confirm_link
from tests.factories import ConcernFactory, SchoolFactory

pytestmark = pytest.mark.django_db
PAGE = "/status/contact/"


@pytest.fixture
def reporter(concern):
    return concern.reporter


def link_in(email):
    return re.search(r"http://testserver(/\S+)", email.body)[1]


def test_a_new_address_waits_until_its_owner_confirms_it(inside, reporter):
    inside.post(PAGE, {"email": "amina@example.com", "phone": "07700 900123"})

    reporter.refresh_from_db()
    assert (reporter.email, reporter.pending_email, reporter.phone) == ("", "amina@example.com", "07700 900123")
    assert Event.objects.get().kind == "contact_changed"
    assert "amina" not in str(Event.objects.get().facts)
    assert "Waiting for you to confirm amina@example.com" in inside.get("/status/concern/").content.decode()

    email = Email.objects.get()
    assert email.to == "amina@example.com"
    assert "DKH-7R4K-2Q" not in email.subject + email.body
    assert Client().get(link_in(email)).status_code == 200
    reporter.refresh_from_db()
    assert not reporter.email_confirmed_at

    page = Client().post(link_in(email)).content.decode()
    reporter.refresh_from_db()
    assert "Your address is confirmed" in page
    assert (reporter.email, reporter.pending_email) == ("amina@example.com", "")
    assert reporter.email_confirmed_at


def test_the_old_address_is_used_until_the_new_one_is_confirmed_and_kept_in_the_history(concern, reporter):
    reporter.email, reporter.email_confirmed_at = "old@example.com", timezone.now()
    reporter.save()

    change_contact(concern=concern, email="new@example.com", phone="")
    reporter.refresh_from_db()
    assert reporter.email == "old@example.com"
    Client().post(confirm_link(reporter, "new@example.com"))

    reporter.refresh_from_db()
    assert reporter.email == "new@example.com"
    assert "old@example.com" in reporter.history.values_list("email", flat=True)


def test_an_address_taken_out_is_not_used_any_more(inside, reporter):
    reporter.email, reporter.email_confirmed_at = "old@example.com", timezone.now()
    reporter.save()

    inside.post(PAGE, {"email": "", "phone": ""})

    reporter.refresh_from_db()
    assert (reporter.email, reporter.email_confirmed_at) == ("", None)
    assert not Email.objects.exists()


def test_saving_the_same_again_changes_and_sends_nothing(inside, reporter):
    reporter.email, reporter.email_confirmed_at = "old@example.com", timezone.now()
    reporter.save()

    inside.post(PAGE, {"email": "old@example.com", "phone": ""})

    assert not Event.objects.exists()
    assert not Email.objects.exists()


def test_a_link_of_an_address_that_was_replaced_does_nothing(concern, reporter):
    change_contact(concern=concern, email="first@example.com", phone="")
    change_contact(concern=concern, email="second@example.com", phone="")

    response = Client().post(confirm_link(reporter, "first@example.com"))

    reporter.refresh_from_db()
    assert response.status_code == 410
    assert (reporter.email, reporter.pending_email) == ("", "second@example.com")


def test_a_link_ends_after_a_day(concern, reporter, time_machine):
    change_contact(concern=concern, email="amina@example.com", phone="")
    link = link_in(Email.objects.get())
    time_machine.move_to(timezone.now() + timedelta(hours=24, minutes=1))

    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "WzEsICJhIl0:1abc:zzz", "x" * 2000, "💥"])
def test_a_link_nobody_signed_opens_nothing(school, token):
    assert Client().get(f"/status/contact/confirm/{token}/").status_code == 410


def test_a_link_pressed_twice_is_confirmed_once(concern, reporter):
    change_contact(concern=concern, email="amina@example.com", phone="")
    link = link_in(Email.objects.get())

    answers = [Client().post(link).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert Event.objects.count() == 2


def test_a_link_of_another_school_opens_nothing_here(school):
    other = ConcernFactory.create(school=SchoolFactory.create(code="OTH"))
    reporter = Reporter.objects.create(concern=other, role="parent", pending_email="a@example.com")

    assert Client().post(confirm_link(reporter, "a@example.com")).status_code == 410


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "amina"}, "Enter an email address in the correct format"),
        ({"email": "a@localhost"}, "Enter an address that email from outside can reach"),
        ({"email": "a\x00@example.com"}, "One of the symbols here cannot be saved"),
        ({"phone": "0" * 31}, "Use 30 characters or fewer"),
    ],
)
def test_what_cannot_be_used_says_why_and_is_still_there(inside, reporter, typed, sentence):
    page = inside.post(PAGE, typed).content.decode()

    assert sentence in page
    assert next(iter(typed.values())).replace("\x00", "\ufffd") in page
    assert not Event.objects.exists()


def test_somebody_else_s_letterbox_is_not_filled(inside):
    for number in range(12):
        page = inside.post(PAGE, {"email": f"victim{number}@example.com", "phone": ""})

    assert Email.objects.count() == 6
    assert "You changed this several times just now" in page.content.decode()


def test_nobody_changes_it_without_the_codes(parent, concern, reporter):
    assert parent.get(PAGE).url == reverse("status")
    assert parent.post(PAGE, {"email": "thief@example.com"}).url == reverse("status")

    reporter.refresh_from_db()
    assert reporter.pending_email == ""


def test_the_acknowledgement_lets_the_address_be_confirmed(with_email, parent):
    parent.post(reverse("report-check"))
    link = re.search(r"http://testserver(/status/contact/confirm/\S+)", Email.objects.get().body)[1]

    Client().post(link)

    assert Reporter.objects.get().email_confirmed_at


def test_who_left_nothing_of_themselves_can_still_be_reached_later(inside, concern, reporter):
    reporter.delete()

    page = inside.get(PAGE)
    inside.post(PAGE, {"email": "amina@example.com", "phone": ""})

    assert page.status_code == 200
    added = Reporter.objects.get(concern=concern)
    assert (added.role, added.pending_email) == (Reporter.Role.OTHER, "amina@example.com")
