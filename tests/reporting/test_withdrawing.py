"""Taking a concern back: a reason, once; the school keeps it and it still waits for an outcome."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.models import Concern, Event
from incidents.reporting.withdrawing import withdraw_concern

pytestmark = pytest.mark.django_db
PAGE = "/status/withdraw/"
PROMISE = "We may still have to look into it, to keep people safe."


def test_the_status_page_leads_there_and_says_what_may_follow(inside):
    page = inside.get("/status/concern/").content.decode()

    assert f'href="{PAGE}"' in page
    assert PROMISE in page
    assert PROMISE in inside.get(PAGE).content.decode()


def test_it_is_withdrawn_with_its_reason_and_stays_in_the_queue(inside, concern):
    response = inside.post(PAGE, {"reason": "We spoke.\r\nIt is settled."})

    concern.refresh_from_db()
    assert response.url == "/status/concern/"
    assert concern.withdrawn_at
    assert concern.withdrawn_reason == "We spoke.\nIt is settled."
    assert Concern.objects.unread().get() == concern
    assert Event.objects.get().kind == "concern_withdrawn"
    page = inside.get(response.url).content.decode()
    assert "You withdrew this concern on" in page
    assert f'href="{PAGE}"' not in page


def test_withdrawing_twice_keeps_the_first_reason(inside, concern):
    inside.post(PAGE, {"reason": "First"})
    assert inside.get(PAGE).url == "/status/concern/"
    inside.post(PAGE, {"reason": "Second"})
    withdraw_concern(concern=concern, reason="Third")

    concern.refresh_from_db()
    assert concern.withdrawn_reason == "First"
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Say why you want to withdraw it"),
        (" ", "Say why you want to withdraw it"),
        ("x" * 2_001, "Use 2000 characters or fewer"),
        ("no\x00", "One of the symbols here cannot be saved"),
    ],
)
def test_without_a_reason_that_can_be_kept_nothing_is_withdrawn(inside, concern, reason, sentence):
    page = inside.post(PAGE, {"reason": reason}).content.decode()

    concern.refresh_from_db()
    assert sentence in page
    assert not concern.is_withdrawn


def test_looking_at_the_page_withdraws_nothing(inside, concern):
    inside.get(PAGE)

    concern.refresh_from_db()
    assert not concern.is_withdrawn


def test_nobody_withdraws_without_the_codes(parent, concern):
    assert parent.get(PAGE).url == reverse("status")
    response = parent.post(PAGE, {"reason": "Mine"})

    concern.refresh_from_db()
    assert response.status_code == 403
    assert not concern.is_withdrawn
