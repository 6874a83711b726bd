"""Before a step is taken its letter is looked at, and each objection is put right or answered with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dkh_conduct.school.models import ClosedDay
from incidents.casework.letter_checks import answer_checks, objections_to, still_asked
from incidents.models import Allegation, FamilyLink, Step
from letters.models import Letter, LetterEvent
from letters.refusals import UnansweredError
from tests.casework.fair_case import drafted, fair_case, find
from tests.casework.warning_pages import decision, page, text_of
from tests.factories import AllegationFactory, ConcernFactory, PersonFactory, ReporterFactory

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


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Ask on +44 7700 900123 first.", "reporter_reached"),
        ("Write to PN72@families.example first.", "reporter_reached"),
        ("It was about Saffron in Oak class.", "reporter_named"),
        ("Rowan may come in by the side gate.", ""),
        ("Call us on 020 7946 0123.", ""),
    ],
)
def test_a_number_an_address_or_a_child_of_who_told_the_school_is_found(step, said, code):
    """Not a child of whoever the letter is to: two parents of one household may disagree."""
    school = step.case.school
    concern = ConcernFactory.create(school=school, case=step.case)
    ReporterFactory.create(concern=concern, name="Priya Nadkarni", phone="07700 900 123", email="pn72@families.example")
    parent = PersonFactory.create(school=school, full_name="priya nadkarni", is_contact=True)
    for name, parents in (("Saffron Lee", [parent]), ("Rowan Marsh", [parent, step.subject])):
        child = PersonFactory.create(school=school, full_name=name, is_child=True)
        for each in parents:
            FamilyLink.objects.create(person=each, relative=child, kind="parent")
    step.letter.body += f"\n\n{said}"

    assert [found.code for found in objections_to(step.case, step.letter)] == ([code] if code else [])


def test_a_saved_draft_shows_what_to_look_at_before_anybody_decides(step, client_of_slt):
    Letter.objects.update(body=f"{step.letter.body}\n\nYou must leave the group.")

    shown = text_of(client_of_slt.get(page(step)))

    assert "Look at this first" in shown
    assert "A school cannot make anyone leave a group or delete a message." in shown


@pytest.mark.parametrize("minutes", [None, -1, 0, 1])
def test_what_was_decided_again_since_the_letter_was_written_is_said_of_what_it_is_about(step, minutes):
    other = find(AllegationFactory.create(case=step.case, subject=step.subject), by=step.drafted_by)
    (about,) = step.allegations.all()
    when = None if minutes is None else step.letter.drafted_at + timedelta(minutes=minutes)
    Allegation.objects.filter(pk=other.pk).update(found_at=step.letter.drafted_at + timedelta(hours=1))
    undecided = {"finding": "undecided", "finding_reason": "", "found_by": None} if when is None else {}
    Allegation.objects.filter(pk=about.pk).update(found_at=when, **undecided)

    found = objections_to(step.case, step.letter)

    assert [(each.code, about.short in each.title) for each in found] == [("found_anew", True)] * (minutes == 1)


def test_each_that_was_decided_again_is_said_in_the_order_in_which_it_was_added(step):
    second, elsewhere = (
        find(AllegationFactory.create(case=step.case, subject=step.subject, clause=clause), by=step.drafted_by)
        for clause in ("anger", "threat")
    )
    step.allegations.add(second)
    Allegation.objects.update(found_at=step.letter.drafted_at + timedelta(minutes=1))
    step.case.steps.create(kind="meeting", subject=step.subject, drafted_by=step.drafted_by).allegations.add(elsewhere)

    found = objections_to(step.case, step.letter)

    assert [each.code for each in found] == ["found_anew"] * 2
    assert second.short in found[1].title


def test_what_was_answered_is_asked_no_more_and_what_was_not_is_not_written_down(step, slt):
    step.letter.body += f"\n\n{HARSH}"
    calendar = step.case.school.calendar()
    (found,) = (each.objection for each in still_asked(step.case, step.letter, calendar=calendar))

    with pytest.raises(UnansweredError):
        answer_checks(step.case, step.letter, by=slt, answers={})
    answer_checks(step.case, step.letter, by=slt, answers={found.key: "The court has said so."})

    assert still_asked(step.case, step.letter, calendar=calendar) == []
    assert LetterEvent.objects.get(kind=LetterEvent.Kind.CHECK_ANSWERED).by == slt


def test_a_day_on_which_the_school_is_closed_is_found_by_its_calendar(step):
    thursday = step.letter.written_on + timedelta(days=10 - step.letter.written_on.weekday())
    ClosedDay.objects.create(school=step.case.school, day=thursday, reason="Inset")
    step.letter.body += f"\n\nCome to see us on {thursday:%A %-d %B %Y}."

    (found,) = objections_to(step.case, step.letter)

    assert (found.code, f"{thursday:%A}" in found.sentence) == ("not_a_school_day", True)
