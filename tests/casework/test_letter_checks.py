"""Before a step is taken its letter is looked at, and each objection is put right or answered with a reason."""

from __future__ import annotations

import pytest

from incidents.casework.letter_checks import objections_to
from incidents.models import Step
from letters.models import Letter, LetterEvent
from tests.casework.fair_case import drafted, fair_case
from tests.casework.warning_pages import decision, page, text_of
from tests.factories import ConcernFactory, ReporterFactory

pytestmark = pytest.mark.django_db
HARSH = "What you did is illegal."


@pytest.fixture
def step(slt):
    return drafted(fair_case(slt))


@pytest.fixture
def client_of_slt(slt, signed_in):
    return signed_in(slt)


def test_a_fair_letter_has_nothing_to_look_at(step, client_of_slt):
    assert objections_to(step.case, step.letter) == []
    assert "Look at this first" not in text_of(client_of_slt.get(page(step)))


def test_an_over_claim_stops_the_step_and_keeps_what_was_typed(step, client_of_slt):
    body = f"{step.letter.body}\n\n{HARSH}"

    response = client_of_slt.post(page(step), decision(step, body=body))

    shown = text_of(response)
    assert "Look at this before you approve the letter: It says that a law was broken" in shown
    assert "What you did is illegal." in shown
    assert Step.objects.get().state == Step.State.DRAFT
    assert Letter.objects.get().state == Letter.State.DRAFT


def test_with_a_reason_it_goes_on_and_the_reason_is_kept(step, client_of_slt, slt):
    body = f"{step.letter.body}\n\n{HARSH}"
    step.letter.body = body
    (found,) = objections_to(step.case, step.letter)

    client_of_slt.post(page(step), decision(step, body=body, **{f"reason-{found.key}": "The court has said so."}))

    assert Step.objects.get().state == Step.State.TAKEN
    event = LetterEvent.objects.get(kind=LetterEvent.Kind.CHECK_ANSWERED)
    assert (event.by, event.facts["sentence"], event.facts["why"]) == (slt, HARSH, "The court has said so.")


def test_the_name_of_who_told_the_school_is_found(step):
    concern = ConcernFactory.create(school=step.case.school, case=step.case)
    ReporterFactory.create(concern=concern, name="Priya Nadkarni")
    step.letter.body += "\n\nPriya was very upset by it."

    (found,) = objections_to(step.case, step.letter)

    assert (found.code, found.sentence) == ("reporter_named", "Priya was very upset by it.")


def test_a_saved_draft_shows_what_to_look_at_before_anybody_decides(step, client_of_slt):
    Letter.objects.update(body=f"{step.letter.body}\n\nYou must leave the group.")

    shown = text_of(client_of_slt.get(page(step)))

    assert "Look at this first" in shown
    assert "A school cannot make anyone leave a group or delete a message." in shown
