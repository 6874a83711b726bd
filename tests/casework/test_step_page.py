"""The page of a step that was taken, and taking it back in writing."""

from __future__ import annotations

import pytest

from incidents.casework.case_lock import Refused
from incidents.casework.step_taking import rescind_step
from incidents.models import Event, Step
from tests.casework.fair_case import REASON, drafted, fair_case, take
from tests.casework.warning_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(slt):
    return take(drafted(fair_case(slt)), slt)


def test_it_says_who_decided_and_why(taken, slt, signed_in):
    page = text_of(signed_in(slt).get(taken.get_absolute_url()))

    assert "By Ruth Adeyemi" in page
    assert REASON in page
    assert "DKH-C014-1" in page


def test_a_draft_sends_to_its_own_page(slt, signed_in):
    step = drafted(fair_case(slt))

    assert signed_in(slt).get(step.get_absolute_url()).url == f"/staff/cases/C014/steps/{step.pk}/draft/"


def test_rescinding_keeps_the_step_its_letter_and_the_reason(taken, slt, signed_in):
    address = f"{taken.get_absolute_url()}rescind/"

    empty = signed_in(slt).post(address, {"reason": " "})
    response = signed_in(slt).post(address, {"reason": "It was about another person."})

    assert "Enter why the step is rescinded" in text_of(empty)
    assert response.url == "/staff/cases/C014/"
    taken.refresh_from_db()
    assert (taken.state, taken.rescinded_by, taken.taken_by) == (Step.State.RESCINDED, slt, slt)
    assert Event.objects.get(kind=Event.Kind.STEP_RESCINDED).why == "It was about another person."
    assert "rescinded on" in text_of(signed_in(slt).get("/staff/cases/C014/"))


def test_the_second_to_rescind_is_told_who_and_when(taken, slt, colleague):
    with pytest.raises(Refused, match="Enter why the step is rescinded"):
        rescind_step(step=taken, by=slt, reason=" ")
    rescind_step(step=taken, by=slt, reason="First.")

    with pytest.raises(Refused, match="Ruth Adeyemi rescinded this step on"):
        rescind_step(step=taken, by=colleague, reason="Second.")


def test_a_draft_cannot_be_rescinded(slt):
    with pytest.raises(Refused, match="Only a step that was taken"):
        rescind_step(step=drafted(fair_case(slt)), by=slt, reason="No.")


def test_a_rescinded_step_no_longer_counts_on_the_ladder(taken, slt):
    rescind_step(step=taken, by=slt, reason="It was about another person.")

    again = take(drafted(taken.case), slt)

    assert again.explanations == []
