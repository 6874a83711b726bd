"""Row 38: under a flood each concern costs its sender a second of computing, or a minute with the page open."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from altcha.v1 import ChallengeOptions, create_challenge
from django.urls import reverse
from django.utils import timezone

from incidents.models import Concern
from incidents.reporting import proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def flooded(settings, answered):
    settings.SENDS_AN_HOUR_BEFORE_PROOF = 1
    proof.count_one_more()
    return answered()


def solve(challenge: str) -> str:
    """As a browser does."""
    task = json.loads(challenge)
    for number in range(task["maxNumber"] + 1):
        if hashlib.sha256(f"{task['salt']}{number}".encode()).hexdigest() == task["challenge"]:
            found = {name: task[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
            return base64.b64encode(json.dumps(found).encode()).decode()
    raise AssertionError("no number fits")


def test_on_a_quiet_day_nothing_is_asked(answered, parent):
    answered()

    assert "data-dkh-proof" not in parent.get(reverse("report-check")).content.decode()
    parent.post(reverse("report-check"))
    assert Concern.objects.count() == 1


def test_in_a_flood_nothing_is_sent_without_either_and_the_answers_stay(flooded):
    page = flooded.post(reverse("report-check"))

    assert page.status_code == 429
    assert "Stay on this page for one minute" in page.content.decode()
    assert "liar" in page.content.decode()
    assert not Concern.objects.exists()


def test_a_browser_that_computes_sends_at_once(flooded):
    with mock.patch.object(proof, "WORK", 200):
        task = flooded.get(reverse("report-check")).context["proof"]["challenge"]

    flooded.post(reverse("report-check"), {"proof": solve(task)})

    assert Concern.objects.count() == 1


def test_without_a_script_a_minute_is_enough(flooded):
    waited = flooded.get(reverse("report-check")).context["proof"]["waited"]
    again = flooded.post(reverse("report-check"), {"waited": waited}).context["proof"]["waited"]
    assert again == waited, "a page shown again must not begin its minute again"

    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        flooded.post(reverse("report-check"), {"waited": again})

    assert Concern.objects.count() == 1


def test_a_proof_is_good_once():
    with mock.patch.object(proof, "WORK", 50):
        solved = solve(proof.new_proof()["challenge"])

    assert proof.is_proven(proof=solved, waited="")
    assert not proof.is_proven(proof=solved, waited="")


def test_a_proof_for_another_key_or_one_that_is_bent_counts_for_nothing():
    other = create_challenge(ChallengeOptions(hmac_key="theirs", max_number=10)).to_dict()
    bent = ("", "x", "e30=", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"salt": 1}').decode(), "\x00é")

    assert not proof.is_proven(proof=solve(json.dumps(other)), waited="")
    for found in bent:
        assert not proof.is_proven(proof=found, waited=found)
