"""Finishing on another device: a link by e-mail, a second secret, for as long as the draft lives."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.limits import Rate
from incidents.models import Concern, Draft, Email
from incidents.reporting import later
from incidents.tasks import destroy_drafts
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(answered, parent) -> str:
    answered()
    parent.post(reverse("report-later"), {"email": "amina@example.com"})
    found = re.search(r"/report/resume/\S+", Email.objects.get().body)
    assert found
    return found[0]


def test_the_link_opens_the_answers_on_another_device(link):
    other = Client()

    page = other.get(link)
    assert page.status_code == 200
    assert "called the teaching assistant a liar" not in page.content.decode()
    opened = other.post(link, follow=True)

    assert "called the teaching assistant a liar" in opened.content.decode()
    other.post(reverse("report-check"))
    assert Concern.objects.count() == 1


def test_what_was_sent_in_another_tab_a_moment_ago_leads_to_its_receipt(answered, parent):
    answered()

    with just_before_the_lock(lambda: parent.post(reverse("report-check"))):
        response = parent.post(reverse("report-later"), {"email": "amina@example.com"})

    assert response.url == reverse("report-sent")
    assert "/report/resume/" not in "".join(email.body for email in Email.objects.all())


def test_looking_at_the_link_opens_nothing(link):
    other = Client()
    other.get(link)

    assert "draft" not in other.cookies
    assert "liar" not in other.get(reverse("report-check")).content.decode()


def test_the_first_device_keeps_its_draft(link, parent):
    Client().post(link)

    assert "liar" in parent.get(reverse("report-check")).content.decode()


def test_the_message_says_nothing_of_the_answers(link):
    email = Email.objects.get()

    assert email.to == "amina@example.com"
    for secret in ("D Marsh", "liar", "Year 4"):
        assert secret not in email.subject + email.body
    assert "999" in email.body


def test_a_later_link_ends_the_one_before(link, parent):
    parent.post(reverse("report-later"), {"email": "amina@example.com"})

    assert Client().post(link).status_code == 410
    assert Email.objects.count() == 2


def test_after_a_day_the_link_and_the_answers_are_gone(link):
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1), tick=False):
        assert Client().get(link).status_code == 410
        destroy_drafts()

    assert not Draft.objects.exists()


def test_a_made_up_link_is_over(school):
    for token in ("made-up", "é" * 300, "%00"):
        assert Client().get(reverse("report-resume", args=[token])).status_code in {404, 410}


def test_one_mailbox_cannot_be_flooded(answered, parent):
    answered()
    for address in ("amina@example.com", "Amina@example.com") * 3:
        parent.post(reverse("report-later"), {"email": address})

    assert Email.objects.count() == 3


def test_nobody_is_sent_links_to_many_mailboxes_from_one_network(answered, parent, monkeypatch):
    monkeypatch.setattr(later, "FROM_ONE_NETWORK", Rate("draft link from", 1))
    answered()
    page = reverse("report-later")

    looked = parent.get(page).context
    sent = parent.post(page, {"email": "amina@example.com"}).context
    refused = parent.post(page, {"email": "sam@example.com"}).context

    assert [each["is_done"] for each in (looked, sent, refused)] == [False, True, False]
    assert refused["form"].errors["email"] == [later.TOO_MANY]
    assert Email.objects.get().to == "amina@example.com"


def test_opening_the_link_starts_the_life_of_the_answers_again(link):
    soon = timezone.now() + timedelta(minutes=1)
    Draft.objects.update(expires_at=soon)
    assert not Client().get(link).context["is_over"]

    Client().post(link)

    assert Draft.objects.get().expires_at > soon + timedelta(hours=23)


def test_finishing_later_keeps_the_answer_on_the_page(parent):
    sent = parent.post(reverse("report-words"), {"account": "They shouted.", "later": ""})

    assert sent.headers["Location"] == reverse("report-later")
    assert Draft.objects.get().answers["words"] == {"account": "They shouted."}


def test_finishing_later_does_not_ask_for_an_answer_first(parent):
    assert parent.post(reverse("report-words"), {"account": " ", "later": ""}).status_code == 302


def test_finishing_later_never_loses_what_cannot_be_kept(parent):
    page = parent.post(reverse("report-when"), {"seen_on_0": "31", "seen_on_1": "2", "seen_on_2": "2025", "later": ""})

    assert "There is no such day" in page.content.decode()


def test_another_schools_address_and_odd_addresses_are_refused(answered, parent):
    """Row 22: odd but valid addresses."""
    answered()
    for odd in ("x@localhost", "x@[127.0.0.1]", "-oQ@example.com", "a@x,b@y", "a@example.com\nBcc: b@example.com"):
        parent.post(reverse("report-later"), {"email": odd})

    assert not Email.objects.exists()
