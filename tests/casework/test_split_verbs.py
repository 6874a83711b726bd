"""What splitting a case writes: the new case whole, what was chosen and no more, on both stories."""

from __future__ import annotations

import pytest
from django.utils import timezone

from incidents.casework.case_lock import Refused
from incidents.casework.next_action import soon
from incidents.casework.split import chosen_of, split_case, what_stays, why_not_split
from incidents.models import Case, CaseLink, CasePerson, Conflict, Event, Evidence, Step
from tests.addresses import a_step
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory

pytestmark = pytest.mark.django_db
SPLIT = {"summary": "Another  matter", "reason": "Other people, another day."}
DUE = "2026-12-01"


@pytest.fixture
def third(slt):
    return CaseFactory.create(school=slt.school, lead=slt, number=30)


def fresh(*rows):
    for row in rows:
        row.refresh_from_db()
    return rows[0] if len(rows) == 1 else rows


@pytest.fixture
def wide(case, subject, slt):
    """Two subjects, each with what they are said to have done; a witness; a concern."""
    other = CasePersonFactory.create(case=case, person=PersonFactory.create(full_name="Ama Boateng")).person
    witness = PersonFactory.create(full_name="Wit Ness")
    CasePersonFactory.create(case=case, person=witness, role="witness", description="Parent")
    for person in (subject, other):
        AllegationFactory.create(case=case, subject=person, made_by=slt)
    ConcernFactory.create(school=slt.school, case=case)
    return case


def asked(case, person, by):
    about = {"asked_on": DUE, "asked_how": "phone", "asked_by": by, "due_on": DUE}
    return case.information.create(person=person, **about)


def test_the_new_case_is_whole_and_both_stories_tell_of_it(wide, slt, colleague, head, school, outsider):
    before = CaseFactory.create(school=school).number
    school.last_case_number = before
    school.save()
    Conflict.objects.create(user=colleague, case=wide, kind="related", reason="A sister", recorded_by=head)

    new = split_case(case=wide, by=head, concerns=[wide.concerns.get().pk], **SPLIT)

    fresh(new, school)
    assert (new.number, school.last_case_number, new.school) == (before + 1, before + 1, school)
    assert (new.summary, new.lead, new.opened_by) == ("Another matter", slt, head)
    assert (new.next_action, new.next_on) == ("Decide what is next", soon(wide))
    conflict = new.conflicts.get()
    assert (conflict.user, conflict.kind, conflict.reason) == (colleague, "related", "A sister")
    assert conflict.recorded_by == head
    link = CaseLink.objects.get()
    assert (link.case, link.other, link.made_by, link.reason) == (wide, new, head, SPLIT["reason"])
    old, of_new = Event.objects.filter(kind="case_split").order_by("pk")
    assert (old.case, old.by, old.why, old.facts["new"]) == (wide, head, SPLIT["reason"], new.reference)
    assert (of_new.case, of_new.by, of_new.why) == (new, head, SPLIT["reason"])
    assert (of_new.facts["source"], of_new.facts["summary"]) == ("C014", "Another matter")


def test_only_what_was_chosen_of_this_case_goes(wide, third, slt):
    elsewhere = {
        "concerns": ConcernFactory.create(school=slt.school, case=third),
        "allegations": AllegationFactory.create(case=third, made_by=slt),
        "people": CasePersonFactory.create(case=third),
        "notes": third.notes.create(kind="fact", text="x", written_by=slt),
        "tasks": third.tasks.create(what="x", owner=slt, due_on=DUE, made_by=slt),
    }
    wide.notes.create(kind="fact", text="x", written_by=slt)
    wide.tasks.create(what="x", owner=slt, due_on=DUE, made_by=slt)

    chosen = chosen_of(wide, by=slt, **{name: [row.pk] for name, row in elsewhere.items()})
    nothing = chosen_of(wide, by=slt, concerns=[], allegations=[], people=[])

    for name in elsewhere:
        assert getattr(chosen, name) == getattr(nothing, name) == [], name


def test_a_concern_that_is_kept_from_whoever_splits_is_not_chosen(wide, slt, colleague):
    hidden = wide.concerns.get()
    hidden.conflicts.create(user=slt, reason="x")
    seen = ConcernFactory.create(school=slt.school, case=wide)
    seen.conflicts.create(user=colleague, reason="x")

    chosen = chosen_of(wide, by=slt, concerns=[hidden.pk, seen.pk], allegations=[], people=[])

    assert chosen.concerns == [seen]
    a_step(wide, "warning", by=slt)
    assert what_stays(wide, chosen, user=slt) == "2 allegations, 1 step with its letter"


def test_what_stays_is_what_nobody_chose(wide, slt):
    ConcernFactory.create(school=slt.school, case=wide)
    for _ in range(3):
        wide.notes.create(kind="fact", text="x", written_by=slt)
        wide.tasks.create(what="x", owner=slt, due_on=DUE, made_by=slt)
    keys = {name: [getattr(wide, name).first().pk] for name in ("concerns", "allegations", "notes", "tasks")}

    chosen = chosen_of(wide, by=slt, people=[], **keys)

    assert what_stays(wide, chosen, user=slt) == "1 concern, 1 allegation, 2 notes, 2 tasks"


def test_a_witness_who_was_not_chosen_stays_and_who_is_takes_along_what_they_were_asked(wide, slt, subject):
    witness, second = wide.people.get(role="witness"), PersonFactory.create(full_name="Wit Two")
    CasePersonFactory.create(case=wide, person=second, role="witness")
    theirs, others = asked(wide, witness.person, slt), asked(wide, second, slt)

    new = split_case(case=wide, by=slt, people=[witness.pk], **SPLIT)

    assert new.people.get() == witness
    assert (fresh(theirs).case, fresh(others).case) == (new, wide)
    assert wide.people.count() == 3


def test_a_subject_who_has_more_here_is_on_both_as_they_were(wide, slt, subject):
    CasePerson.objects.filter(person=subject).update(description="Parent")
    allegation = AllegationFactory.create(case=wide, subject=subject, made_by=slt)
    theirs = asked(wide, subject, slt)

    new = split_case(case=wide, by=slt, allegations=[allegation.pk], **SPLIT)

    link = new.people.get()
    assert (link.person, link.role, link.description) == (subject, "subject", "Parent")
    assert wide.people.filter(person=subject).count() == 1
    assert fresh(theirs).case == wide
    assert [each.pk for each in new.allegations.all()] == [allegation.pk]


@pytest.mark.parametrize(("state", "stays"), [("taken", True), ("declined", True), ("rescinded", True)])
def test_a_subject_to_whom_a_step_was_taken_is_on_both(wide, slt, subject, state, stays):
    step = a_step(wide, "warning", by=slt)
    about = {"rescinded_by": slt, "rescinded_at": timezone.now(), "rescinded_reason": "x"}
    Step.objects.filter(pk=step.pk).update(state=state, **(about if state == "rescinded" else {}))

    new = split_case(case=wide, by=slt, allegations=[wide.allegations.get(subject=subject).pk], **SPLIT)

    assert new.people.get().person == subject
    assert wide.people.filter(person=subject).exists() is stays


def test_of_two_subjects_one_stays_on_both_and_one_moves(wide, slt, subject):
    AllegationFactory.create(case=wide, subject=subject, made_by=slt)
    going = [wide.allegations.filter(subject=each).first().pk for each in wide.subjects]

    new = split_case(case=wide, by=slt, allegations=going, **SPLIT)

    assert {each.full_name for each in fresh(new).subjects} == {"Daniel Marsh", "Ama Boateng"}
    assert [each.full_name for each in Case.objects.get(pk=wide.pk).subjects] == ["Daniel Marsh"]


def test_whoever_stays_as_a_subject_may_go_as_a_witness(wide, slt, subject):
    witness = CasePersonFactory.create(case=wide, person=subject, role="witness")

    new = split_case(case=wide, by=slt, people=[witness.pk], **SPLIT)

    assert new.people.get() == witness
    assert [link.role for link in wide.people.filter(person=subject)] == ["subject"]


def test_a_subject_who_is_a_witness_as_well_goes_as_a_subject_alone(wide, slt, subject):
    CasePersonFactory.create(case=wide, person=subject, role="witness")

    new = split_case(case=wide, by=slt, allegations=[wide.allegations.get(subject=subject).pk], **SPLIT)

    assert [link.role for link in new.people.all()] == ["subject"]
    assert [link.role for link in wide.people.filter(person=subject)] == ["witness"]


def test_everything_in_the_way_is_said(wide, slt, subject):
    relied, other = wide.allegations.order_by("pk")
    step = a_step(wide, "warning", by=slt)
    step.allegations.set([relied])
    chosen = chosen_of(wide, by=slt, concerns=[], allegations=[other.pk], people=[])
    assert why_not_split(wide, chosen, user=slt) == []
    both = chosen_of(wide, by=slt, concerns=[], allegations=[relied.pk, other.pk], people=[])
    assert [why.split("“")[0] for why in why_not_split(wide, both, user=slt)] == ["A step that was taken relies on "]
    Step.objects.filter(pk=step.pk).update(state="declined")
    assert why_not_split(wide, both, user=slt) == []
    Case.objects.filter(pk=wide.pk).update(status="paused")
    Step.objects.update(case=CaseFactory.create(school=slt.school))
    everything = chosen_of(
        wide, by=slt, concerns=[wide.concerns.get().pk], allegations=[relied.pk, other.pk], people=[]
    )
    assert why_not_split(fresh(wide), everything, user=slt) == ["Safeguarding comes first. Say that it is done."]
    Step.objects.create(case=wide, kind="meeting", subject=subject, drafted_by=slt)

    assert why_not_split(fresh(wide), both, user=slt) == [
        "A step is drafted or waits for approval. Take it, or discard the draft.",
        "Safeguarding comes first. Say that it is done.",
    ]


@pytest.mark.parametrize("hidden", [True, False])
def test_a_concern_that_is_kept_from_somebody_is_not_named_to_them(wide, slt, colleague, hidden):
    concern, allegation = wide.concerns.get(), wide.allegations.order_by("pk")[0]
    concern.conflicts.create(user=slt if hidden else colleague, reason="x")
    about = {"name": "a.png", "sha256": "0" * 64, "original": "o", "copy": "c", "thumbnail": "t"}
    allegation.evidence = Evidence.objects.create(school=slt.school, concern=concern, **about)
    allegation.save()
    chosen = chosen_of(wide, by=slt, concerns=[], allegations=[allegation.pk], people=[])

    (sentence,) = why_not_split(wide, chosen, user=slt)

    assert ("another concern" if hidden else concern.reference) in sentence
    assert (concern.reference in sentence) is not hidden


@pytest.mark.parametrize("left", ["concern", "allegation", "step", ""])
def test_one_thing_is_enough_to_be_left(wide, slt, left):
    concerns = [] if left == "concern" else [wide.concerns.get().pk]
    allegations = list(wide.allegations.order_by("pk").values_list("pk", flat=True))[left == "allegation" :]
    if left == "step":
        a_step(wide, "warning", by=slt)
    chosen = chosen_of(wide, by=slt, concerns=concerns, allegations=allegations, people=[])

    assert bool(why_not_split(wide, chosen, user=slt)) is (not left)


def test_a_person_alone_is_a_case(wide, slt):
    witness = wide.people.get(role="witness")

    with pytest.raises(Refused, match="Choose what goes"):
        split_case(case=wide, by=slt, **SPLIT)
    assert split_case(case=wide, by=slt, people=[witness.pk], **SPLIT).people.get() == witness
