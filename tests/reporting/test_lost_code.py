"""A lost access code: only the confirmed address gets a link, and the link gives one new code, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.models import Email, Event
from incidents.reporting.lost_code import LINKS_AN_HOUR, send_code_link
from incidents.reporting.status import find_concern
from tests.factories import SchoolFactory
from tests.reporting.conftest import CODE, REFERENCE

pytestmark = pytest.mark.django_db
PAGE = "/status/lost-code/"


@pytest.fixture(autouse=True)
def _no_earlier_tries():
    cache.clear()


@pytest.fixture
def confirmed(concern):
    concern.reporter.email, concern.reporter.email_confirmed_at = "amina@example.com", timezone.now()
    concern.reporter.save()
    return concern


@pytest.fixture
def link(school, confirmed):
    send_code_link(school=school, reference=REFERENCE)
    return re.search(r"http://testserver(/\S+)", Email.objects.get().body)[1]


def code_on(response):
    return response.context["receipt"].access_code


def test_the_sign_in_page_leads_there(parent):
    assert f'href="{PAGE}"' in parent.get(reverse("status")).content.decode()


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_concern(parent, confirmed):
    known = parent.post(PAGE, {"reference": "dkh 7r4k2q"})
    unknown = parent.post(PAGE, {"reference": "DKH-2222-22"})
    nonsense = parent.post(PAGE, {"reference": "nonsense"})

    assert known.content == unknown.content == nonsense.content
    assert {known.status_code, unknown.status_code} == {200}
    assert [email.to for email in Email.objects.all()] == ["amina@example.com"]


def test_an_address_that_was_not_confirmed_gets_nothing(parent, concern):
    concern.reporter.email = concern.reporter.pending_email = "amina@example.com"
    concern.reporter.save()

    parent.post(PAGE, {"reference": REFERENCE})

    assert not Email.objects.exists()


def test_another_schools_concern_gets_nothing(confirmed):
    send_code_link(school=SchoolFactory.create(code="OTH"), reference=REFERENCE)

    assert not Email.objects.exists()


def test_one_address_gets_a_few_links_an_hour(school, confirmed):
    for _ in range(LINKS_AN_HOUR + 3):
        send_code_link(school=school, reference=REFERENCE)

    assert Email.objects.count() == LINKS_AN_HOUR


def test_asking_without_end_is_stopped(parent, concern):
    answers = [parent.post(PAGE, {"reference": f"DKH-2222-{n}"}).status_code for n in range(22, 44)]

    assert answers[0] == 200
    assert answers[-1] == 429


def test_looking_at_the_link_changes_nothing(school, link):
    assert Client().get(link).status_code == 200

    assert find_concern(school, reference=REFERENCE, code=CODE)
    assert not Event.objects.exists()


def test_the_link_gives_a_new_code_that_ends_the_old_one(school, confirmed, link):
    response = Client().post(link)

    code = code_on(response)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert find_concern(school, reference=REFERENCE, code=code) == confirmed
    assert find_concern(school, reference=REFERENCE, code=CODE) is None
    event = Event.objects.get()
    assert (event.kind, event.by) == ("code_reissued", None)
    assert code not in str(event.facts)
    assert code not in str(list(confirmed.history.values()))
    assert "no-store" in response["Cache-Control"]


def test_a_double_click_shows_the_same_code(link):
    first, second = Client().post(link), Client().post(link)

    assert code_on(first) == code_on(second)
    assert Event.objects.count() == 1


def test_a_moment_later_the_link_is_over(link, time_machine):
    Client().post(link)
    time_machine.move_to(timezone.now() + timedelta(minutes=2))

    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410


def test_an_older_link_ends_when_another_is_used(school, confirmed, link, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    send_code_link(school=school, reference=REFERENCE)
    newer = re.search(r"http://testserver(/\S+)", Email.objects.last().body)[1]
    assert newer != link

    Client().post(newer)

    assert Client().post(link).status_code == 410


def test_the_link_ends_after_an_hour_and_when_the_address_changes(confirmed, link, time_machine):
    confirmed.reporter.email = "other@example.com"
    confirmed.reporter.save()
    assert Client().post(link).status_code == 410

    confirmed.reporter.email = "amina@example.com"
    confirmed.reporter.save()
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    assert Client().post(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "WzEsICJhIl0:1abc:zzz", "x" * 2000, "💥"])
def test_a_link_nobody_signed_opens_nothing(school, token):
    assert Client().get(f"/status/new-code/{token}/").status_code == 410
    assert Client().post(f"/status/new-code/{token}/").status_code == 410


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Enter your reference"), ("\x00", "One of the symbols"), ("x" * 61, "Use 60 characters or fewer")],
)
def test_bad_input_says_how_to_fix_it(parent, typed, sentence):
    assert sentence in parent.post(PAGE, {"reference": typed}).content.decode()


def test_the_email_says_nothing_of_the_concern(confirmed, link):
    email = Email.objects.get()

    for secret in (REFERENCE, CODE, "D Marsh"):
        assert secret not in email.subject + email.body
