"""What merging and splitting write: whole rows, of these cases alone, each with who, when and why."""

from __future__ import annotations

import pytest
from django.utils import timezone

from incidents.casework.case_lock import Refused
from incidents.casework.merge import merge_cases, said_in, what_moves, why_not_merged
from incidents.casework.next_action import soon
from incidents.casework.split import chosen_of, split_case, what_stays, why_not_split
from incidents.models import Case, CaseLink, CasePerson, Conflict, Event, Evidence, FlagException, Step
from tests.addresses import a_step
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    PersonFactory,
    PersonFlagFactory,
    ReferralFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
REASON = "The same evening in the same group."
SPLIT = {"summary": "Another  matter", "reason": "Other people, another day."}
DUE = "2026-12-01"


@pytest.fixture
def into(slt):
    return CaseFactory.create(school=slt.school, lead=slt, number=20)


@pytest.fixture
def third(slt):
    return CaseFactory.create(school=slt.school, lead=slt, number=30)


def merge(case, into, by):
    return merge_cases(case=case, into=into, by=by, reason=REASON)


def fresh(*rows):
    for row in rows:
        row.refresh_from_db()
    return rows[0] if len(rows) == 1 else rows


class TestMerge:
    def test_the_merged_case_waits_for_nothing_and_says_where_it_went(self, case, into, subject, slt):
        Case.objects.filter(pk=case.pk).update(next_action="Ring", next_on=DUE)
        before = timezone.now()

        assert merge(case, into, slt) == into

        fresh(case)
        assert (case.next_action, case.next_on, case.status, case.merged_into) == ("", None, "closed", into)
        assert before < case.closed_at < timezone.now()
        merged, closed = Event.objects.order_by("pk")
        assert (merged.kind, merged.case, merged.by, merged.why) == ("case_merged", into, slt, REASON)
        assert (merged.facts["merged"], merged.facts["summary"]) == ("C014", "1 person.")
        assert (closed.kind, closed.case, closed.by, closed.why) == ("case_closed", case, slt, case.closed_reason)
        link = CaseLink.objects.get()
        assert (link.case_id, link.other_id) == tuple(sorted((case.pk, into.pk)))
        assert (link.made_by, link.reason) == (slt, "C014 was merged into C020")

    def test_an_empty_case_says_that_nothing_was_in_it(self, case, into, slt):
        merge(case, into, slt)

        assert Event.objects.get(kind="case_merged").facts["summary"] == "Nothing was in it."

    def test_a_third_case_keeps_what_is_its_own(self, case, into, third, slt):
        person = CasePersonFactory.create(case=third).person
        before = CaseFactory.create(school=slt.school, lead=slt, status="closed", closed_reason="x",
                                    closed_at=timezone.now(), merged_into=third)  # fmt: skip
        flag = PersonFlagFactory.create(person=person, set_by=slt)
        leave = FlagException.objects.create(flag=flag, case=third, reason="x", made_by=slt)
        far = CaseFactory.create(school=slt.school, lead=slt)
        link = CaseLink.objects.create(case=third, other=far, reason="One family", made_by=slt)
        concern = ConcernFactory.create(school=slt.school, case=third)

        merge(case, into, slt)

        assert fresh(before).merged_into == third
        assert (fresh(leave).case, fresh(concern).case) == (third, third)
        assert CaseLink.objects.filter(pk=link.pk).exists()
        assert third.people.count() == 1

    def test_leave_that_was_given_in_both_is_there_once_and_leave_given_in_one_moves(self, case, into, slt):
        both, one = PersonFlagFactory.create_batch(2, set_by=slt)
        for each, flag in ((case, both), (case, one), (into, both)):
            FlagException.objects.create(flag=flag, case=each, reason=each.reference, made_by=slt)

        merge(case, into, slt)

        assert {(each.case, each.flag, each.reason) for each in FlagException.objects.all()} == {
            (into, both, "C020"),
            (into, one, "C014"),
        }

    @pytest.mark.parametrize(("ours", "theirs", "kept"), [("A", "B", "B"), ("", "B", "B"), ("A", "", "A")])
    def test_why_it_could_not_wait_is_never_written_over(self, case, into, slt, ours, theirs, kept):
        for each, why in ((case, ours), (into, theirs)):
            Case.objects.filter(pk=each.pk).update(cannot_wait_reason=why)

        merge(case, into, slt)

        fresh(case, into)
        assert (case.cannot_wait_reason, into.cannot_wait_reason) == ("", kept)

    def test_a_link_that_moves_says_who_made_it_when_and_why(self, case, into, third, slt, colleague):
        made = CaseLink.objects.create(case=case, other=third, reason="One family", made_by=colleague)
        at = made.made_at
        # Linked with both: one link is left.
        last = CaseFactory.create(school=slt.school, lead=slt)
        for each in (case, into):
            CaseLink.objects.create(case=each, other=last, reason=each.reference, made_by=slt)

        merge(case, into, slt)

        moved = CaseLink.objects.get(case=into, other=third)
        assert (moved.reason, moved.made_by, moved.made_at) == ("One family", colleague, at)
        assert [link.reason for link in CaseLink.objects.filter(other=last)] == ["C020"]
        assert not CaseLink.objects.filter(case=case).exclude(other=into).exists()

    def test_a_link_from_an_earlier_case_moves_too(self, into, slt):
        early = CaseFactory.create(school=slt.school, lead=slt)
        late = CaseFactory.create(school=slt.school, lead=slt)
        CaseLink.objects.create(case=early, other=late, reason="One family", made_by=slt)

        merge(late, into, slt)

        low, high = sorted((early.pk, into.pk))
        assert CaseLink.objects.get(case=low, other=high).reason == "One family"
        assert CaseLink.objects.count() == 2

    def test_a_conflict_of_either_is_one_of_both_as_it_was_recorded(self, case, into, slt, colleague, head):
        about = {"kind": "related", "reason": "A sister"}
        Conflict.objects.create(user=colleague, case=case, **about)
        Conflict.objects.create(user=head, case=into, **about)

        merge(case, into, slt)

        found = {(each.user, each.case): each for each in Conflict.objects.all()}
        assert set(found) == {(user, each) for user in (colleague, head) for each in (case, into)}
        for each in found.values():
            assert (each.kind, each.reason) == ("related", "A sister")
        assert [found[colleague, into].recorded_by, found[head, case].recorded_by] == [slt, slt]

    def test_what_is_in_the_way_is_said_each_in_a_sentence(self, case, into, third, subject, slt, colleague):
        assert why_not_merged(case, into) == []
        done = Step.objects.create(case=case, kind="warning", subject=subject, drafted_by=slt, state="declined")
        ReferralFactory.create(case=case, ended_at=timezone.now())
        Conflict.objects.create(user=slt, case=third, reason="x")
        Case.objects.filter(pk=case.pk).update(lead=colleague)
        assert why_not_merged(fresh(case), into) == []  # no legal advice, so the leads may differ

        Step.objects.filter(pk=done.pk).update(kind="legal")
        assert why_not_merged(case, into) == [
            "Legal advice is read by whoever leads the case. Give both cases the same lead first."
        ]
        Case.objects.filter(pk=case.pk).update(lead=slt)
        assert why_not_merged(fresh(case), into) == []
        Step.objects.filter(pk=done.pk).update(state="draft")
        Case.objects.filter(pk=into.pk).update(status="paused")
        ReferralFactory.create(case=into)
        Conflict.objects.create(user=slt, case=case, reason="x")
        assert [why.split(".")[0] for why in why_not_merged(case, fresh(into))] == [
            "A step is drafted or waits for approval in C014",
            "Safeguarding comes first in C020",
            "C020 is shown to the Trust’s legal team, who would then read both",
            "Ruth Adeyemi, who leads C020, may not know of C014",
        ]

    def test_only_what_somebody_may_know_of_is_counted(self, case, slt):
        hidden, seen = ConcernFactory.create_batch(2, school=slt.school, case=case)
        hidden.conflicts.create(user=slt, reason="x")
        seen.conflicts.create(user=UserFactory.create(school=slt.school), reason="x")
        AllegationFactory.create_batch(2, case=case)

        assert what_moves(case, user=slt) == [("allegations", 2), ("concern", 1)]
        assert said_in(what_moves(case, user=slt)) == "2 allegations, 1 concern"


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


class TestSplit:
    def test_the_new_case_is_whole_and_both_stories_tell_of_it(self, wide, slt, colleague, head, school):
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

    def test_only_what_was_chosen_of_this_case_goes(self, wide, third, slt):
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

    def test_a_concern_that_is_kept_from_whoever_splits_is_not_chosen(self, wide, slt, colleague):
        hidden = wide.concerns.get()
        hidden.conflicts.create(user=slt, reason="x")
        seen = ConcernFactory.create(school=slt.school, case=wide)
        seen.conflicts.create(user=colleague, reason="x")

        chosen = chosen_of(wide, by=slt, concerns=[hidden.pk, seen.pk], allegations=[], people=[])

        assert chosen.concerns == [seen]
        a_step(wide, "warning", by=slt)
        assert what_stays(wide, chosen, user=slt) == "2 allegations, 1 step with its letter"

    def test_a_witness_who_was_not_chosen_stays_and_who_is_takes_along_what_they_were_asked(self, wide, slt, subject):
        witness, second = wide.people.get(role="witness"), PersonFactory.create(full_name="Wit Two")
        CasePersonFactory.create(case=wide, person=second, role="witness")
        theirs, others = asked(wide, witness.person, slt), asked(wide, second, slt)

        new = split_case(case=wide, by=slt, people=[witness.pk], **SPLIT)

        assert new.people.get() == witness
        assert (fresh(theirs).case, fresh(others).case) == (new, wide)
        assert wide.people.count() == 3

    def test_a_subject_who_has_more_here_is_on_both_as_they_were(self, wide, slt, subject):
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
    def test_a_subject_to_whom_a_step_was_taken_is_on_both(self, wide, slt, subject, state, stays):
        step = a_step(wide, "warning", by=slt)
        about = {"rescinded_by": slt, "rescinded_at": timezone.now(), "rescinded_reason": "x"}
        Step.objects.filter(pk=step.pk).update(state=state, **(about if state == "rescinded" else {}))

        new = split_case(case=wide, by=slt, allegations=[wide.allegations.get(subject=subject).pk], **SPLIT)

        assert new.people.get().person == subject
        assert wide.people.filter(person=subject).exists() is stays

    def test_a_subject_who_is_a_witness_as_well_goes_as_a_subject_alone(self, wide, slt, subject):
        CasePersonFactory.create(case=wide, person=subject, role="witness")

        new = split_case(case=wide, by=slt, allegations=[wide.allegations.get(subject=subject).pk], **SPLIT)

        assert [link.role for link in new.people.all()] == ["subject"]
        assert [link.role for link in wide.people.filter(person=subject)] == ["witness"]

    def test_everything_in_the_way_is_said(self, wide, slt, subject):
        relied, other = wide.allegations.order_by("pk")
        step = a_step(wide, "warning", by=slt)
        step.allegations.set([relied])
        chosen = chosen_of(wide, by=slt, concerns=[], allegations=[other.pk], people=[])
        assert why_not_split(wide, chosen, user=slt) == []
        both = chosen_of(wide, by=slt, concerns=[], allegations=[relied.pk, other.pk], people=[])
        assert [why.split("“")[0] for why in why_not_split(wide, both, user=slt)] == [
            "A step that was taken relies on "
        ]
        Step.objects.filter(pk=step.pk).update(state="declined")
        assert why_not_split(wide, both, user=slt) == []
        Step.objects.create(case=wide, kind="meeting", subject=subject, drafted_by=slt)
        Case.objects.filter(pk=wide.pk).update(status="paused")

        assert why_not_split(fresh(wide), both, user=slt) == [
            "A step is drafted or waits for approval. Take it, or discard the draft.",
            "Safeguarding comes first. Say that it is done.",
        ]

    @pytest.mark.parametrize("hidden", [True, False])
    def test_a_concern_that_is_kept_from_somebody_is_not_named_to_them(self, wide, slt, colleague, hidden):
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
    def test_one_thing_is_enough_to_be_left(self, wide, slt, left):
        concerns = [] if left == "concern" else [wide.concerns.get().pk]
        allegations = list(wide.allegations.order_by("pk").values_list("pk", flat=True))[left == "allegation" :]
        if left == "step":
            a_step(wide, "warning", by=slt)
        chosen = chosen_of(wide, by=slt, concerns=concerns, allegations=allegations, people=[])

        assert bool(why_not_split(wide, chosen, user=slt)) is (not left)

    def test_a_person_alone_is_a_case(self, wide, slt):
        witness = wide.people.get(role="witness")

        with pytest.raises(Refused, match="Choose what goes"):
            split_case(case=wide, by=slt, **SPLIT)
        assert split_case(case=wide, by=slt, people=[witness.pk], **SPLIT).people.get() == witness
