"""In with two codes, out with one button; the page never says which of the two was wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from incidents.models import Concern
from incidents.reporting import status as status_module
from incidents.reporting.guessing import HOUR
from incidents.reporting.opened import OPENED
from incidents.reporting.status import NO_MATCH, find_concern
from tests.factories import ConcernFactory, SchoolFactory

pytestmark = pytest.mark.django_db
REFERENCE, CODE = "DKH-7R4K-2Q", "K7QM-2XRA-90TB-WN4C"


@pytest.fixture
def concern(school):
    return ConcernFactory.create(
        school=school,
        reference=REFERENCE,
        access_code_hash=make_password(CODE),
        due_on=timezone.localdate() + timedelta(days=2),
        poster="D Marsh",
    )


@pytest.fixture
def inside(parent, concern):
    parent.post(reverse("status"), {"reference": REFERENCE, "code": CODE})
    return parent


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        (REFERENCE, CODE),
        ("dkh7r4k2q", "k7qm2xra90tbwn4c"),
        (" dkh 7r4k 2q ", "K7QM 2XRA 90TB WN4C"),
        ("DKH–7R4K–2Q", "K7QM–2XRA–90TB–WN4C"),
        (REFERENCE, "K7QM-2XRA-9OTB-WN4C"),
    ],
)
def test_the_two_codes_open_the_concern_however_they_are_typed(parent, concern, reference, code):
    response = parent.post(reverse("status"), {"reference": reference, "code": code})

    assert response.url == reverse("status-concern")
    assert parent.get(response.url).status_code == 200


def test_a_wrong_code_and_an_unknown_reference_get_the_same_answer(parent, concern):
    """Row 1: the answer does not say which was wrong."""
    wrong_code = parent.post(reverse("status"), {"reference": REFERENCE, "code": "0000-0000-0000-0000"})
    unknown = parent.post(reverse("status"), {"reference": "DKH-2222-22", "code": "0000-0000-0000-0000"})

    assert wrong_code.context["form"].errors == unknown.context["form"].errors
    assert str(NO_MATCH) in wrong_code.content.decode()
    assert wrong_code.status_code == unknown.status_code == 200


@pytest.mark.parametrize("reference", [REFERENCE, "DKH-2222-22", "nonsense", ""])
def test_one_hash_is_computed_whether_or_not_the_reference_exists(school, concern, monkeypatch, reference):
    """Row 2: the time taken does not say it either."""
    checked = []
    real = status_module.check_password
    monkeypatch.setattr(status_module, "check_password", lambda *args: checked.append(args[1]) or real(*args))

    find_concern(school, reference=reference, code="wrong")

    assert len(checked) == 1
    assert "$" in checked[0]


def test_a_concern_of_another_school_is_not_found(school, concern):
    other = SchoolFactory.create(code="OTH")

    assert find_concern(other, reference=REFERENCE, code=CODE) is None
    assert find_concern(school, reference=REFERENCE, code=CODE) == concern


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter your reference"),
        ({"reference": REFERENCE}, "Enter your access code"),
        ({"reference": "\x00", "code": CODE}, "One of the symbols here cannot be saved"),
        ({"reference": "x" * 61, "code": CODE}, "Use 60 characters or fewer"),
        ({"reference": "😡", "code": "مرحبا"}, str(NO_MATCH)),
    ],
)
def test_bad_input_says_how_to_fix_it(parent, concern, typed, sentence):
    response = parent.post(reverse("status"), typed)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert "<title>Error: " in response.content.decode()


def test_what_was_typed_is_still_there_after_a_mistake(parent, concern):
    page = parent.post(reverse("status"), {"reference": REFERENCE, "code": "K7QM-2XRA"}).content.decode()

    assert f'value="{REFERENCE}"' in page
    assert 'value="K7QM-2XRA"' in page


def test_v7_2_4_opening_a_concern_changes_the_session_key(parent, concern):
    parent.session.save()
    session = parent.session
    session["before"] = 1
    session.save()
    before = session.session_key

    parent.post(reverse("status"), {"reference": REFERENCE, "code": CODE})

    assert parent.session.session_key != before


def test_without_the_codes_the_page_asks_for_them(parent, concern):
    assert parent.get(reverse("status-concern")).url == reverse("status")


def test_an_opened_concern_closes_by_itself_after_an_hour(inside):
    session = inside.session
    pk, until, mark = session[OPENED]
    assert until <= timezone.now().timestamp() + HOUR
    session[OPENED] = [pk, timezone.now().timestamp() - 1, mark]
    session.save()

    assert inside.get(reverse("status-concern")).url == reverse("status")


def test_a_concern_that_is_gone_asks_for_the_codes(inside):
    Concern.objects.all().delete()

    assert inside.get(reverse("status-concern")).url == reverse("status")


def test_the_page_shows_the_reference_and_nothing_of_what_was_reported(inside, concern):
    page = inside.get(reverse("status-concern")).content.decode()

    assert "Your concern DKH-7R4K-2Q" in page
    assert "We have your concern" in page
    assert "D Marsh" not in page
    assert concern.account not in page


def test_closing_forgets_the_concern_and_clears_the_device(inside):
    """Row 29: a shared computer."""
    response = inside.post(reverse("status-leave"))

    assert response.url == reverse("start")
    assert response["Clear-Site-Data"] == '"cache", "storage", "cookies"'
    assert inside.get(reverse("status-concern")).url == reverse("status")


def test_closing_leaves_staff_signed_in(signed_in, slt, concern):
    client = signed_in(slt)
    client.post(reverse("status"), {"reference": REFERENCE, "code": CODE})

    response = client.post(reverse("status-leave"))

    assert "cookies" not in response["Clear-Site-Data"]
    assert OPENED not in client.session
    assert "_auth_user_id" in client.session


def test_closing_twice_does_no_harm(inside):
    inside.post(reverse("status-leave"))

    assert inside.post(reverse("status-leave")).status_code == 302


def test_leaving_is_a_post(inside):
    assert inside.get(reverse("status-leave")).status_code == 405


def test_asking_for_the_page_writes_nothing(parent, concern, django_assert_max_num_queries):
    response = parent.get(reverse("status"))

    assert "session" not in response.cookies


def test_the_codes_of_a_receipt_open_the_concern(parent, answered):
    answered()
    parent.post(reverse("report-check"))
    receipt = parent.get(reverse("report-sent")).context["receipt"]

    response = parent.post(reverse("status"), {"reference": receipt.reference, "code": receipt.access_code})

    assert parent.get(response.url).context["concern"].reference == receipt.reference
