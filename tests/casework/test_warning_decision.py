"""Taking the step or giving its draft up: what is asked for, and what the slower of two is told."""

from __future__ import annotations

import pytest

from dkh_conduct.school.models import today
from incidents.casework.step_draft import discard_step
from incidents.casework.step_taking import take_step
from incidents.models import Event, Person, Step
from letters.models import Letter
from tests.casework.fair_case import drafted, fair_case, find, words_of
from tests.casework.warning_pages import (
    decision,
    draft_answers,
    page,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def step(case):
    return drafted(case)


@pytest.fixture
def client_of_slt(slt, signed_in):
    return signed_in(slt)


def test_taking_the_step_goes_back_to_the_case(step, client_of_slt):
    response = client_of_slt.post(page(step), decision(step), follow=True)

    assert response.redirect_chain == [(step.case.get_absolute_url(), 302)]
    assert "Warning letter taken. The letter is being made." in text_of(response)
    assert Step.objects.get().state == Step.State.TAKEN
    assert Letter.objects.get().state == Letter.State.QUEUED


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("reason", "Enter why you take this step, and what you weighed"),
        ("has_no_conflict", "Tick this if it is so. If it is not, someone else must decide"),
        ("has_read", "Tick this when you have read the whole letter"),
    ],
)
def test_a_decision_needs_its_reason_and_both_ticks(step, client_of_slt, missing, said):
    answers = decision(step, heading="Typed and kept")
    del answers[missing]

    response = client_of_slt.post(page(step), answers)

    assert said in text_of(response)
    assert "There is a problem" in text_of(response)
    assert "Typed and kept" in response.content.decode()
    assert Step.objects.get().state == Step.State.DRAFT


def test_a_draft_that_has_grown_old_needs_a_later_reply_date(step, client_of_slt):
    Letter.objects.update(reply_by=today())

    response = client_of_slt.post(page(step), decision(step))

    assert "or a later day" in text_of(response)
    assert Step.objects.get().state == Step.State.DRAFT


def test_what_keeps_a_step_shut_is_said_when_it_is_taken(step, slt, client_of_slt):
    find(step.case.allegations.get(), by=slt, finding="not_found")

    shown = client_of_slt.get(page(step))
    response = client_of_slt.post(page(step), decision(step))

    assert "Not yet: no allegation is found." in text_of(shown)
    assert "This step is not open any more" in text_of(response)
    assert "Both sides were heard." in text_of(response)
    assert Step.objects.get().state == Step.State.DRAFT


def test_an_address_that_does_not_fit_is_said_before_the_letter_goes(step, client_of_slt):
    Person.objects.update(address="\n".join(f"Line {number} of it" for number in range(9)))

    response = client_of_slt.post(page(step), decision(step))

    assert "envelope’s window" in text_of(response)
    assert Step.objects.get().state == Step.State.DRAFT


@pytest.mark.parametrize("deed", ["take", "discard"])
def test_who_comes_too_late_is_told_and_keeps_what_they_typed(step, colleague, slt, signed_in, deed):
    typed = decision(step, reason="A long and careful reason.", body="Words of the one who lost.")
    if deed == "take":
        take_step(step=step, by=slt, reason="First.", has_no_conflict=True, **words_of(step))
    else:
        discard_step(step=step, by=slt)

    response = signed_in(colleague).post(page(step), typed)

    done = "took this step" if deed == "take" else "discarded this draft"
    text = text_of(response)
    assert response.status_code == 409
    assert f"Ruth Adeyemi {done} on" in text
    assert "A long and careful reason." in text
    assert "Words of the one who lost." in text


@pytest.mark.parametrize("deed", ["take", "discard"])
def test_an_old_link_to_a_draft_leads_to_the_case(step, slt, client_of_slt, deed):
    if deed == "take":
        take_step(step=step, by=slt, reason="First.", has_no_conflict=True, **words_of(step))
    else:
        discard_step(step=step, by=slt)

    response = client_of_slt.get(page(step))

    assert (response.status_code, response.url) == (302, "/staff/cases/C014/")
    assert client_of_slt.get(page(step, "step-preview")).status_code == 404


def test_sending_the_decision_twice_takes_one_step(step, client_of_slt):
    answers = decision(step)

    client_of_slt.post(page(step), answers)
    second = client_of_slt.post(page(step), answers)

    assert second.status_code == 409
    assert Event.objects.filter(kind=Event.Kind.STEP_TAKEN).count() == 1


def test_what_was_typed_is_never_run(step, client_of_slt):
    hostile = "<script>alert(1)</script>{% now %}"
    client_of_slt.post(page(step), draft_answers(step, heading=hostile, body=hostile, reason=hostile, save=""))

    html = client_of_slt.get(page(step)).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{% now %}" in html


def test_discarding_asks_first_and_goes_back_to_the_case(step, client_of_slt):
    asked = client_of_slt.get(page(step, "step-discard"))
    assert Step.objects.exists()

    response = client_of_slt.post(page(step, "step-discard"), follow=True)

    assert "Discard the draft: warning letter?" in text_of(asked)
    assert response.redirect_chain == [(step.case.get_absolute_url(), 302)]
    assert "Draft discarded." in text_of(response)
    assert not Step.objects.exists()


def test_discarding_what_was_taken_says_who_took_it(step, slt, colleague, signed_in):
    take_step(step=step, by=slt, reason="First.", has_no_conflict=True, **words_of(step))

    response = signed_in(colleague).post(page(step, "step-discard"))

    assert response.status_code == 409
    assert "Ruth Adeyemi took this step on" in text_of(response)
    assert Letter.objects.exists()
