"""A letter that is not so any more does not go out, however far it is on its way."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from incidents.casework.case_lock import Refused
from incidents.casework.meetings import begin_meeting_part
from incidents.casework.step_taking import rescind_step
from incidents.models import Case, Step
from letters.copying import copy_letter
from letters.models import Letter, LetterEvent
from letters.refusals import WrongStateError
from letters.sealing import make_letter, seal, take
from tests.casework import fair_case as fair
from tests.casework.fair_case import drafted, fair_case
from tests.casework.meeting_case import held
from tests.factories import LetterFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]


@pytest.fixture
def taken(slt):
    return fair.take(drafted(fair_case(slt)), slt)


def rescind(step, slt) -> Letter:
    rescind_step(step=step, by=slt, reason="It was about another person.")
    return Letter.objects.get(pk=step.letter_id)


@pytest.mark.parametrize("state", ["queued", "rendering", "failed", "ready", "printed"])
def test_the_letter_of_a_rescinded_step_is_void_wherever_it_waits(taken, slt, state):
    sealed = {"file": "a.pdf", "sha256": "0" * 64, "pages": 1} if state in {"ready", "printed"} else {}
    Letter.objects.update(state=state, **sealed)

    letter = rescind(taken, slt)

    assert (letter.state, letter.voided_by) == (Letter.State.VOID, slt)
    assert "rescinded before the letter had gone" in letter.events.get(kind=LetterEvent.Kind.VOIDED).facts["why"]


def test_a_letter_that_was_posted_stays_as_it_went(taken, slt):
    Letter.objects.update(
        state="posted", file="a.pdf", sha256="0" * 64, pages=1, posted_on=date(2026, 12, 3), posted_by=slt
    )

    assert rescind(taken, slt).state == Letter.State.POSTED


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("queued", "has not gone yet and is made void.</p>"),
        ("printed", "has not gone yet and is made void. It is printed: ask the office to take it out of the post.</p>"),
        ("posted", "has gone and is not called back by this. Write to whoever got it.</p>"),
    ],
)
def test_the_page_says_beforehand_what_becomes_of_the_letter(taken, slt, signed_in, state, said):
    facts = {"file": "a.pdf", "sha256": "0" * 64, "pages": 1} if state != "queued" else {}
    facts |= {"posted_on": date(2026, 12, 3), "posted_by": slt} if state == "posted" else {}
    Letter.objects.update(state=state, **facts)

    page = signed_in(slt).get(reverse("step-rescind", args=[taken.case.reference, taken.pk])).content.decode()

    assert f"Warning letter {taken.letter.reference}</a> {said}" in page


def test_the_worker_that_was_making_it_seals_nothing(taken, slt, office, rendered):
    claim = take(taken.letter_id)

    letter = rescind(taken, slt)

    assert not seal(claim, rendered)
    assert not make_letter(letter.pk)
    with pytest.raises(WrongStateError):  # there is nothing to copy
        copy_letter(letter=letter, by=office, why="They ask for it.")


@pytest.fixture
def rendered():
    from letters.rendering import Rendered

    return Rendered(pdf=b"%PDF-", pages=1)


def follow_up(slt):
    meeting = held(fair_case(slt), by=slt)
    reply_by = meeting.step.letter.reply_by
    return begin_meeting_part(meeting=meeting, stage="follow_up", by=slt, reply_by=reply_by, reason="As agreed.")


def test_no_later_letter_of_a_rescinded_step_is_taken(slt):
    step = follow_up(slt)
    rescind_step(step=step.part_of, by=slt, reason="It was about another person.")

    with pytest.raises(Refused, match="part of was rescinded"):
        fair.take(step, slt)


def test_no_later_letter_of_a_step_is_taken_while_safeguarding_comes_first(slt):
    step = follow_up(slt)
    Case.objects.update(status=Case.Status.PAUSED)

    with pytest.raises(Refused, match="paused for safeguarding"):
        fair.take(step, slt)


def test_the_letters_of_its_parts_go_with_it_and_those_of_others_are_left_alone(taken, slt, school):
    about = {"state": "queued", "approved_by": slt, "approved_at": taken.taken_at}
    other, another, part = LetterFactory.create_batch(3, school=school, **about)
    step = {"case": taken.case, "subject": taken.subject, "drafted_by": slt}
    Step.objects.create(letter=another, kind="meeting", **step)
    Step.objects.create(letter=part, kind="warning", part_of=taken, **step)

    rescind(taken, slt)

    states = [Letter.objects.get(pk=letter.pk).state for letter in (other, another, part)]
    assert states == ["queued", "queued", "void"]
