"""What each outcome writes and tells, what taking one back leaves, and what keeps it from being taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dkh_conduct.school.models import School
from incidents.models import Case, Concern, Conflict, Email, Event, HandOver
from incidents.triage.outcome import (
    AlreadyAssignedError,
    OutcomeRefusedError,
    add_to_case,
    assign_concern,
    close_concern,
    hand_to_complaints,
    mark_duplicate,
    open_case,
    pass_to_school,
)
from incidents.triage.undoing import undo_outcome, why_not_undone
from letters.models import Letter
from tests.addresses import a_step
from tests.casework.fair_case import ask_account
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
REASON = "The words are about one person."
OPENS = {"kind": "misconduct", "summary": "Words  about\n one person", "reason": REASON}
Kind = Event.Kind


@pytest.fixture
def other(school):
    return ConcernFactory.create(school=school)


def event_of(kind):
    event = Event.objects.get(kind=kind)
    return event.by, event.concern, event.why, event.facts


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def kept_out_of(*, case=None, concern=None):
    return set(Conflict.objects.filter(case=case, concern=concern).values_list("user", flat=True))


@pytest.mark.parametrize("tell", ["", "head@dkh.example"])
def test_a_complaint_says_whose_it_is_now_and_they_are_mailed_where_there_is_an_address(
    concern, other, slt, colleague, head, tell
):
    Conflict.objects.create(user=colleague, concern=concern, reason="Named in it")
    Conflict.objects.create(user=head, concern=other, reason="Named in it")

    hand_to_complaints(concern=concern, by=slt, kind="criticism", reason=REASON, handed_to=" The  Head\n", tell=tell)

    assert (fresh(concern).outcome, fresh(concern).handed_to, fresh(concern).outcome_by) == (
        "complaint",
        "The Head",
        slt,
    )
    by, about, why, facts = event_of(Kind.CONCERN_HANDED_OVER)
    assert (by, about, why, facts["handed_to"]) == (slt, concern, REASON, "The Head")
    assert (facts["outcome"], facts["told"]) == (fresh(concern).get_outcome_display(), "The Head" if tell else "")
    assert [email.to for email in Email.objects.all()] == [tell] * bool(tell)
    assert concern.messages.get().author == slt


def test_whoever_may_not_know_of_a_complaint_is_not_mailed_it_however_their_address_is_written(concern, slt, colleague):
    Conflict.objects.create(user=colleague, concern=concern, reason="Named in it")

    with pytest.raises(OutcomeRefusedError, match=f"{colleague} may not know of this concern"):
        hand_to_complaints(
            concern=concern, by=slt, kind="criticism", reason=REASON, handed_to="Them", tell=colleague.email.upper()
        )

    assert not fresh(concern).is_read
    assert not Email.objects.exists()


def test_another_schools_concern_says_which_and_tells_the_reporter(concern, slt):
    pass_to_school(concern=concern, by=slt, kind="criticism", reason=REASON, handed_to="Hill Rise")

    by, about, why, facts = event_of(Kind.CONCERN_HANDED_OVER)
    assert (by, about, why, facts["handed_to"], facts["told"]) == (slt, concern, REASON, "Hill Rise", "")
    assert concern.messages.get().author == slt


def test_a_duplicate_says_of_what_and_both_are_kept_from_the_same_people(concern, other, slt, colleague, head):
    Conflict.objects.create(user=colleague, concern=concern, reason="Named", kind="named", recorded_by=slt)
    Conflict.objects.create(user=head, concern=other, reason="Related")
    third = UserFactory.create(school=slt.school)
    Conflict.objects.create(user=third, concern=ConcernFactory.create(school=slt.school), reason="Elsewhere")

    mark_duplicate(concern=concern, original=other, by=slt, kind="misconduct", reason=REASON)

    assert (fresh(concern).outcome, fresh(concern).duplicate_of, fresh(concern).case) == ("duplicate", other, None)
    by, about, why, facts = event_of(Kind.CONCERN_DUPLICATE)
    assert (by, about, why, facts["original"]) == (slt, concern, REASON, other.reference)
    assert kept_out_of(concern=concern) == kept_out_of(concern=other) == {colleague.pk, head.pk}


def test_what_is_repeated_follows_into_the_case_and_a_case_is_kept_from_all_of_them(concern, other, slt, colleague):
    mark_duplicate(concern=other, original=concern, by=slt, kind="misconduct", reason=REASON)
    Conflict.objects.create(user=colleague, concern=other, reason="Named in it", recorded_by=slt)

    case = open_case(concern=concern, by=slt, **OPENS)

    assert (fresh(other).case, fresh(concern).case, case.summary) == (case, case, "Words about one person")
    assert kept_out_of(case=case) == {colleague.pk}
    assert Conflict.objects.get(case=case).recorded_by == slt


def test_a_concern_joins_the_case_that_was_chosen_and_each_case_has_a_number(concern, other, case, slt):
    School.objects.update(last_case_number=case.number)
    opened = open_case(concern=other, by=slt, **OPENS)
    add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason=REASON)
    third = open_case(concern=ConcernFactory.create(school=slt.school), by=slt, **OPENS)

    assert fresh(concern).case == case
    assert (opened.number, third.number, third.next_action) == (case.number + 1, case.number + 2, "Gather information")


@pytest.mark.parametrize(
    ("verb", "about"),
    [
        (pass_to_school, {"handed_to": "Hill Rise"}),
        (hand_to_complaints, {"handed_to": "The Head"}),
        (mark_duplicate, {"original": None}),
        (close_concern, {}),
    ],
)
@pytest.mark.parametrize("lacking", [{"reason": " "}, {"kind": "gossip"}, {"handed_to": " "}])
def test_no_outcome_is_given_without_all_of_it(concern, other, slt, verb, about, lacking):
    if "handed_to" in lacking and "handed_to" not in about:
        return
    given = {**about, "kind": "criticism", "reason": REASON, **lacking}
    if "original" in given:
        given["original"] = other

    with pytest.raises(OutcomeRefusedError):
        verb(concern=concern, by=slt, **given)

    assert not fresh(concern).is_read


def test_a_duplicate_is_of_another_that_one_may_read(concern, other, slt, colleague):
    Conflict.objects.create(user=slt, concern=other, reason="Named in it")
    for original in (concern, other):
        with pytest.raises(OutcomeRefusedError, match="reference"):
            mark_duplicate(concern=concern, original=original, by=slt, kind="misconduct", reason=REASON)
    seen = ConcernFactory.create(school=slt.school)
    open_case(concern=seen, by=slt, **OPENS)
    Conflict.objects.create(user=colleague, concern=concern, reason="Named in it")  # who leads no case

    mark_duplicate(concern=concern, original=seen, by=slt, kind="misconduct", reason=REASON)

    assert fresh(concern).duplicate_of == seen


def test_a_repetition_that_is_in_a_case_stays_there(concern, other, case, slt):
    mark_duplicate(concern=other, original=concern, by=slt, kind="misconduct", reason=REASON)
    Concern.objects.filter(pk=other.pk).update(case=case)

    open_case(concern=concern, by=slt, **OPENS)

    assert fresh(other).case == case


def test_the_letter_about_a_concern_is_kept_from_who_may_not_know_of_the_case_it_joins(concern, case, slt, head):
    Conflict.objects.create(user=head, case=case, reason="Named in it")
    letter = LetterFactory.create(school=slt.school, drafted_by=slt)
    HandOver.objects.create(concern=concern, letter=letter, written_by=slt)

    add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason=REASON)

    assert list(letter.withheld_from.all()) == [head]


def test_nothing_further_says_what_it_was(concern, slt):
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)

    assert event_of(Kind.CONCERN_CLOSED)[3]["outcome"] == fresh(concern).get_kind_display()


def test_a_concern_is_not_taken_from_somebody_who_no_longer_has_it(concern, slt, colleague):
    with pytest.raises(AlreadyAssignedError, match="Nobody has this concern now"):
        assign_concern(concern=concern, by=slt, instead_of=colleague)


def test_an_outcome_that_is_taken_back_leaves_the_concern_as_it_came(concern, slt, colleague, head, time_machine):
    before = CaseFactory.create(school=slt.school, lead=slt, number=90)
    case = open_case(concern=concern, by=slt, **OPENS)
    Concern.objects.update(handed_to="x")
    Conflict.objects.create(user=head, case=case, reason="Before", recorded_at=timezone.now() - timedelta(1))
    time_machine.shift(60)
    Conflict.objects.create(user=colleague, case=case, reason="Named", kind="named", recorded_by=slt)

    undo_outcome(concern=concern, by=slt, reason="A slip")

    now = fresh(concern)
    assert {now.kind, now.outcome, now.outcome_reason, now.handed_to} == {""}
    assert {now.outcome_by, now.outcome_at, now.case, now.duplicate_of} == {None}
    conflict = Conflict.objects.get(concern=concern)
    assert (conflict.user, conflict.reason, conflict.kind, conflict.recorded_by) == (colleague, "Named", "named", slt)
    assert fresh(before).status == "open"
    closed = fresh(case)
    assert (closed.status, closed.closed_at, closed.next_action, closed.next_on) == ("closed", timezone.now(), "", None)
    by, about, why, facts = event_of(Kind.OUTCOME_UNDONE)
    assert (by, about, why, facts["case"]) == (slt, concern, "A slip", case.reference)
    assert facts["outcome"] == Concern.Outcome.OPEN_CASE.label
    told = Event.objects.get(kind=Kind.CASE_CLOSED)
    assert (told.by, told.case, told.why) == (slt, case, closed.closed_reason)
    assert "A slip" in closed.closed_reason


def test_a_case_that_was_there_before_goes_on(concern, case, slt, colleague):
    add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason=REASON)
    case.notes.create(kind="fact", text="He rang.", written_by=slt)

    undo_outcome(concern=concern, by=slt, reason="A slip")

    assert (fresh(concern).case, fresh(case).status) == (None, "open")


def test_a_duplicate_that_is_taken_back_is_of_nothing(concern, other, slt):
    mark_duplicate(concern=concern, original=other, by=slt, kind="misconduct", reason=REASON)

    undo_outcome(concern=concern, by=slt, reason="A slip")

    assert fresh(concern).duplicate_of is None


WORK = {
    "person": lambda case, by: CasePersonFactory.create(case=case),
    "allegation": lambda case, by: AllegationFactory.create(case=case, subject=CasePersonFactory.create().person),
    "note": lambda case, by: case.notes.create(kind="fact", text="He rang.", written_by=by),
    "information": lambda case, by: ask_account(case, CasePersonFactory.create().person),
    "step": lambda case, by: a_step(case, "warning", by=by),
    "concern": lambda case, by: ConcernFactory.create(school=case.school, case=case),
}


@pytest.mark.parametrize("work", WORK)
def test_any_work_on_a_case_keeps_it_open_and_work_on_another_does_not(concern, slt, work):
    case = open_case(concern=concern, by=slt, **OPENS)
    elsewhere = CaseFactory.create(school=slt.school, lead=slt)
    CasePersonFactory.create(case=elsewhere)
    if work != "step":
        WORK[work](elsewhere, slt)
        assert why_not_undone(fresh(concern)) == ""
    else:
        CasePersonFactory.create(case=case)

    WORK[work](case, slt)

    assert "has begun" in why_not_undone(fresh(concern))


@pytest.mark.parametrize("state", ["draft", "void"])
def test_a_letter_that_tells_the_reporter_keeps_it_unless_it_is_void(concern, other, slt, state):
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)
    void = {"voided_at": timezone.now(), "voided_by": slt, "void_reason": "other", "approved_by": slt}
    letter = LetterFactory.create(school=slt.school, drafted_by=slt)
    Letter.objects.update(state=state, **({**void, "approved_at": timezone.now()} if state == "void" else {}))
    HandOver.objects.create(concern=other, letter=LetterFactory.create(school=slt.school), written_by=slt)
    HandOver.objects.create(concern=concern, letter=letter, written_by=slt)

    assert bool(why_not_undone(fresh(concern))) is (state == "draft")


def test_who_undid_it_on_another_day_is_not_told(concern, slt, time_machine):
    assign_concern(concern=concern, by=slt, instead_of=None)
    assert why_not_undone(fresh(concern)) == "This concern has no outcome to undo."
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)
    undo_outcome(concern=concern, by=slt, reason="A slip")
    assert "Ruth Adeyemi undid the outcome" in why_not_undone(fresh(concern))

    time_machine.shift(24 * 3600)

    assert why_not_undone(fresh(concern)) == "This concern has no outcome to undo."
    assert not Case.objects.exists()
