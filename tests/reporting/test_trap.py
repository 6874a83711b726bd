"""The box that only a program fills in: no concern is dropped without a word because of it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from incidents.models import Concern

pytestmark = pytest.mark.django_db
CHECK = "/report/check/"


def box_of(page: str) -> str:
    found = re.search(r'<div[^>]*>\s*<div id="div_id_subject".*?</div>\s*</div>', page, re.DOTALL)
    assert found
    return found[0]


def test_nobody_meets_the_box_by_looking_listening_or_tabbing(answered):
    box = box_of(answered().get(CHECK).content.decode())

    assert "govuk-visually-hidden" in box
    assert 'aria-hidden="true"' in box
    assert 'tabindex="-1"' in box
    assert 'autocomplete="off"' in box
    assert "Leave this empty" in box
    assert not re.search(r"\srequired", box)


def test_an_empty_box_sends(answered):
    assert answered().post(CHECK, {"subject": ""}).url == reverse("report-sent")


def test_a_filled_box_gets_a_sentence_and_an_empty_box_that_can_be_seen(answered):
    client = answered()

    response = client.post(CHECK, {"subject": "Buy now"})
    page = response.content.decode()

    assert response.status_code == 200
    assert not Concern.objects.exists()
    assert "Nothing is sent yet. A box that should stay empty was filled in" in page
    assert "There is a problem" in page
    assert "Buy now" not in page
    assert 'aria-hidden="true"' not in box_of(page)
    assert "govuk-visually-hidden" not in re.split(r"<span", box_of(page))[0]


def test_leaving_it_empty_then_sends_what_was_kept(answered):
    client = answered()
    client.post(CHECK, {"subject": "Buy now"})

    assert client.post(CHECK, {"subject": ""}).url == reverse("report-sent")
    assert Concern.objects.get().account.startswith("They called")
