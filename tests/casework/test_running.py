"""Notes, hand-overs and stepping aside."""

from __future__ import annotations

import pytest

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.leads import change_lead, possible_leads
from incidents.casework.notes import add_note
from incidents.models import Case, Concern, Conflict, Evidence, Note, Step
from incidents.models.story import lines_of, title_of
from letters.models import Letter
from tests.factories import CaseFactory, ConcernFactory, LetterFactory, UserFactory


def test_a_note_is_added_with_one_event_that_does_not_repeat_it(case, slt):
    note = add_note(case=case, by=slt, kind="opinion", text="I think he wants to talk.")

    assert (note.kind, note.written_by) == (Note.Kind.OPINION, slt)
    event = case.events.get()
    assert title_of(event) == "Note added"
    assert lines_of(event) == ["Marked as opinion."]


def test_the_same_note_sent_twice_is_one(case, slt, colleague):
    add_note(case=case, by=slt, kind="fact", text="He rang.")

    with pytest.raises(Refused, match="You wrote this same note on"):
        add_note(case=case, by=slt, kind="fact", text="He rang.")
    add_note(case=case, by=colleague, kind="fact", text="He rang.")

    assert case.notes.count() == 2


@pytest.mark.parametrize("other", ["kind", "text", "case"])
def test_another_note_is_one_of_its_own(case, slt, other):
    about = {"case": case, "kind": "fact", "text": "He rang."}
    changes = {"kind": "opinion", "text": "She rang.", "case": CaseFactory.create(school=case.school, lead=slt)}
    add_note(by=slt, **about)

    note = add_note(by=slt, **{**about, other: changes[other]})

    note.refresh_from_db()
    assert (note.text, note.case.events.first().by) == ({**about, other: changes[other]}["text"], slt)
    assert Note.objects.count() == 2


def test_the_lead_is_handed_to_somebody_else_with_one_event(case, slt, colleague):
    change_lead(case=case, by=slt, lead=colleague, seen=str(slt.pk))

    case.refresh_from_db()
    assert case.lead == colleague
    assert title_of(case.events.get()) == "Tomas Lindqvist now leads the case"


def test_who_cannot_run_the_case_cannot_lead_it(case, slt, office, colleague, head, outsider):
    Conflict.objects.create(user=colleague, case=case, reason="His sister")
    gone = UserFactory.create(school=case.school, role=Role.SLT, is_active=False)

    assert set(possible_leads(case)) == {head}
    for user in (office, colleague, outsider, gone, slt):
        with pytest.raises(Refused, match="cannot lead this case"):
            change_lead(case=case, by=slt, lead=user)


def test_the_second_of_two_hand_overs_is_told_of_the_first(case, slt, colleague, head):
    change_lead(case=case, by=head, lead=colleague, seen=str(slt.pk))

    with pytest.raises(Refused, match="Marian Okoro made Tomas Lindqvist the lead on"):
        change_lead(case=case, by=slt, lead=head, seen=str(slt.pk))

    case.refresh_from_db()
    assert case.lead == colleague


def test_stepping_aside_hides_the_case_its_concerns_evidence_and_letters_at_once(case, subject, slt, colleague):
    concern = ConcernFactory.create(school=case.school, case=case)
    Evidence.objects.create(school=case.school, concern=concern, name="1.png", sha256="0", original="o", copy="c")
    letter = LetterFactory.create(school=case.school, drafted_by=slt)
    Step.objects.create(case=case, kind="warning", subject=subject, drafted_by=slt, letter=letter)

    record_conflict(case=case, by=colleague, reason="I am his neighbour.")

    for model in (Case, Concern, Evidence, Letter):
        assert not model.objects.visible_to(colleague).exists(), model
        assert model.objects.visible_to(slt).exists(), model
    event = case.events.get()
    assert title_of(event) == "Tomas Lindqvist stepped aside"
    assert lines_of(event) == ["Reason: I am his neighbour."]


def test_whoever_leads_hands_the_case_on_first(case, slt, colleague):
    with pytest.raises(Refused, match="You lead this case"):
        record_conflict(case=case, by=slt, reason="I am his neighbour.")

    record_conflict(case=case, by=slt, reason="I am his neighbour.", new_lead=colleague)

    case.refresh_from_db()
    assert case.lead == colleague
    assert [event.kind for event in case.events.order_by("pk")] == ["lead_changed", "conflict_recorded"]


def test_nobody_with_a_conflict_takes_over(case, slt, colleague):
    Conflict.objects.create(user=colleague, case=case, reason="His sister")

    with pytest.raises(Refused, match="Tomas Lindqvist cannot lead this case"):
        record_conflict(case=case, by=slt, reason="I am his neighbour.", new_lead=colleague)

    assert Case.objects.visible_to(slt).exists()
    assert not case.events.exists()


def test_stepping_aside_twice_is_refused(case, colleague):
    record_conflict(case=case, by=colleague, reason="I am his neighbour.")

    with pytest.raises(Refused, match="no longer see this case"):
        record_conflict(case=case, by=colleague, reason="I am his neighbour.")


def test_a_closed_case_refuses_notes_and_hand_overs(closed_case, slt, colleague):
    with pytest.raises(Refused, match="A closed case cannot be changed"):
        add_note(case=closed_case, by=slt, kind="fact", text="He rang.")
    with pytest.raises(Refused, match="A closed case cannot be changed"):
        change_lead(case=closed_case, by=slt, lead=colleague)
