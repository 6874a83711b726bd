"""Guessing references: no door says whether one exists, not by its answer, not by its headers, not by its work.

`tests/benchmarks/guessing.py` measures the same with ten thousand guesses and a clock; here the work is counted.
"""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.models import Email
from incidents.models.reference import new_access_code, new_reference
from incidents.reporting.guessing import WRONG_TRIES_AN_HOUR
from incidents.reporting.status import find_concern
from letters.models import Letter
from letters.reply_code import find_answered_letter
from tests.benchmarks.guessing import mann_whitney
from tests.casework.fair_case import drafted, fair_case
from tests.factories import ConcernFactory, ReporterFactory

pytestmark = pytest.mark.django_db
REFERENCE, INVENTED = "DKH-7R4K-2R", "DKH-2222-22"
DOORS = ("status", "reply", "status-lost-code")


@pytest.fixture
def known(school, slt):
    """What exists at each door: a concern whose reporter confirmed an address, and a letter that was posted."""
    concern = ConcernFactory.create(school=school, reference=REFERENCE, access_code_hash=make_password("right"))
    ReporterFactory.create(concern=concern, email="r@home.example", email_confirmed_at=timezone.now())
    letter = drafted(fair_case(slt)).letter
    now = timezone.now()
    letter.state, letter.approved_by, letter.approved_at = Letter.State.POSTED, slt, now
    letter.sha256, letter.file, letter.pages = "0" * 64, "letters/none.pdf", 2
    letter.posted_on, letter.posted_by, letter.posted_at = timezone.localdate(), slt, now
    letter.save()
    return {"status": concern.reference, "reply": letter.reference, "status-lost-code": concern.reference}


def asked(door, reference):
    """The answer of a browser that never came before, and the kinds of work that the database did for it."""
    names = {"status": ("reference", "code"), "reply": ("letter", "reply_code"), "status-lost-code": ("reference",)}
    typed = dict(zip(names[door], (reference, "0000-0000-0000-0000"), strict=False))
    with CaptureQueriesContext(
        connection,
    ) as work:
        response = Client().post(reverse(door), typed)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    kinds = [re.sub(r"\b(0x)?[0-9a-f]{8,}\b|'[^']*'|\d+", "?", query["sql"])[:90] for query in work.captured_queries]
    return page.replace(f'value="{reference}"', "value"), headers, [kind for kind in kinds if "SAVEPOINT" not in kind]


@pytest.mark.parametrize("door", DOORS)
def test_v6_3_8_what_exists_and_what_does_not_get_the_same_answer_byte_for_byte(known, door):
    page, headers, _ = asked(door, known[door])
    other_page, other_headers, _ = asked(door, INVENTED if door != "reply" else "DKH-C099-9")

    assert page == other_page
    assert headers == other_headers


@pytest.fixture
def hashed(monkeypatch):
    """Each slow hash that is computed: a quarter of a second with the portal's own hasher."""
    found, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: found.append(1) or encode(*given))
    return found


@pytest.mark.parametrize("door", DOORS)
def test_v6_3_8_what_exists_and_what_does_not_are_the_same_work(known, hashed, door):
    invented = INVENTED if door != "reply" else "DKH-C099-9"
    for reference in (known[door], invented):  # whatever is done once is done
        asked(door, reference)
    hashed.clear()

    work = asked(door, known[door])[2]
    of_known = len(hashed)

    assert asked(door, invented)[2] == work
    assert len(hashed) == 2 * of_known
    assert of_known == (1 if door == "status" else 0)


def test_a_lost_code_of_nobody_leaves_no_message(known):
    asked("status-lost-code", INVENTED)

    assert not Email.objects.exists()


def test_v6_3_8_a_thousand_guesses_hit_nothing(school, known, monkeypatch):
    """Of the two secrets; at the doors themselves the limit would stop them at the twenty-first."""
    monkeypatch.setattr("incidents.reporting.status.check_password", lambda typed, kept: typed == "right")

    guessed = [find_concern(school, reference=REFERENCE, code=new_access_code()) for _ in range(500)]
    guessed += [find_concern(school, reference=new_reference("DKH"), code="right") for _ in range(500)]
    letters = [find_answered_letter(school, reference=known["reply"], code=new_access_code()) for _ in range(500)]

    assert set(guessed) == set(letters) == {None}


@pytest.mark.parametrize("door", DOORS)
def test_v2_4_1_guesses_at_any_door_count_at_every_door(known, door):
    for _ in range(WRONG_TRIES_AN_HOUR):
        asked(door, INVENTED)

    assert [
        Client()
        .post(reverse(other), {"reference": REFERENCE, "code": "x", "letter": "x", "reply_code": "x"})
        .status_code
        for other in DOORS
    ] == [429, 429, 429]


def test_a_made_up_link_for_a_new_code_opens_nothing(school, known):
    for token in ("x", "AAAA:BBBB:CCCC", signing.dumps([0, "x"], salt="reporter.new-code")):
        assert Client().get(reverse("status-new-code", args=[token])).status_code == 410, token


def test_the_comparison_of_times_finds_what_is_there_and_nothing_else():
    slower, same = [float(n % 7) + 1 for n in range(500)], [float(n % 7) for n in range(500)]

    assert mann_whitney(slower, same) < 0.001
    assert mann_whitney(same, list(reversed(same))) == pytest.approx(1)
