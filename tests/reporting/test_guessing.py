"""Twenty wrong tries an hour from one network, and no address is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school import limits
from incidents.reporting.guessing import WRONG_TRIES_AN_HOUR, count_wrong_try, has_guessed_too_often
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db
WRONG = {"reference": "DKH-2222-22", "code": "0000-0000-0000-0000"}


def test_the_twenty_first_wrong_try_is_turned_away_with_a_plain_sentence(parent):
    """Row 1: somebody tries other reference numbers."""
    answers = [parent.post(reverse("status"), WRONG).status_code for _ in range(WRONG_TRIES_AN_HOUR)]
    last = parent.post(reverse("status"), WRONG)

    assert set(answers) == {200}
    assert last.status_code == 429
    assert last["Retry-After"] == "3600"
    assert "Try again later" in last.content.decode()


def test_even_the_right_codes_wait_then(parent, school, rf):
    ConcernFactory.create(school=school, reference="DKH-7R4K-2Q", access_code_hash=make_password("1111"))
    for _ in range(WRONG_TRIES_AN_HOUR):
        count_wrong_try(rf.get("/"))

    assert parent.post(reverse("status"), {"reference": "DKH-7R4K-2Q", "code": "1111"}).status_code == 429


def test_right_tries_and_empty_forms_are_not_counted(parent, school, rf):
    ConcernFactory.create(school=school, reference="DKH-7R4K-2Q", access_code_hash=make_password("1111"))
    for _ in range(WRONG_TRIES_AN_HOUR + 1):
        parent.post(reverse("status"), {})
        last = parent.post(reverse("status"), {"reference": "DKH-7R4K-2Q", "code": "1111"})

    assert last.status_code == 302


def test_another_network_is_not_held_up(rf):
    for _ in range(WRONG_TRIES_AN_HOUR):
        count_wrong_try(rf.get("/", REMOTE_ADDR="198.51.100.7"))

    assert has_guessed_too_often(rf.get("/", REMOTE_ADDR="198.51.100.7"))
    assert not has_guessed_too_often(rf.get("/", REMOTE_ADDR="198.51.100.8"))


def test_the_next_hour_starts_from_nothing(rf, monkeypatch):
    for _ in range(WRONG_TRIES_AN_HOUR):
        count_wrong_try(rf.get("/"))
    later = timezone.localtime() + timedelta(hours=1)
    monkeypatch.setattr(limits.timezone, "localtime", lambda: later)

    assert not has_guessed_too_often(rf.get("/"))
