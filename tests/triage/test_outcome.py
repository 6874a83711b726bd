"""A concern gets one outcome, once, with a reason, from somebody who may give it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.school.calendar import PastCalendarError
from dkh_conduct.school.models import Term
from incidents.models import Case, Concern, Conflict, Event, Step
from incidents.triage.outcome import (
    AlreadyAssignedError,
    AlreadyDecidedError,
    OutcomeRefusedError,
    add_to_case,
    assign_concern,
    close_concern,
    open_case,
)
from tests.factories import CaseFactory, ConcernFactory, LetterFactory, PersonFactory

REASON = "The words are about one person, not about the school."


def opened(concern, by, **changes):
    answers = {"kind": "misconduct", "summary": "Comments about a member of staff", "reason": REASON}
    return open_case(concern=concern, by=by, **{**answers, **changes})


def test_opening_a_case_makes_the_next_number_with_a_lead_and_a_first_deadline(school, slt, concern):
    school.last_case_number = 13
    school.save()

    case = opened(concern, slt)

    assert case.reference == "C014"
    assert (case.lead, case.opened_by) == (slt, slt)
    assert case.next_action == "Gather information"
    assert case.next_on == date(2026, 11, 30)
    assert case.status == Case.Status.OPEN


def test_opening_a_case_leaves_one_event_on_both(slt, concern):
    case = opened(concern, slt)

    event = Event.objects.get()
    assert event.kind == Event.Kind.CASE_OPENED
    assert (event.case, event.concern, event.by, event.why) == (case, concern, slt, REASON)
    assert event.facts == {
        "case": case.reference,
        "concern": "DKH-7R4K-2Q",
        "summary": "Comments about a member of staff",
    }


def test_the_concern_keeps_who_decided_when_and_why(slt, concern):
    case = opened(concern, slt, kind="both")

    concern.refresh_from_db()
    assert concern.outcome == Concern.Outcome.OPEN_CASE
    assert concern.kind == Concern.Kind.BOTH
    assert (concern.case, concern.outcome_by, concern.outcome_reason) == (case, slt, REASON)
    assert concern.outcome_at is not None
    assert concern.assigned_to == slt


def test_deciding_does_not_take_a_concern_from_whom_it_was_assigned_to(slt, colleague, concern):
    assign_concern(concern=concern, by=colleague, instead_of=None)

    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)

    concern.refresh_from_db()
    assert concern.assigned_to == colleague


def test_adding_to_a_case_leaves_one_event_on_both(slt, concern, case):
    add_to_case(concern=concern, case=case, by=slt, kind="both", reason=REASON)

    concern.refresh_from_db()
    event = Event.objects.get()
    assert concern.case == case
    assert concern.outcome == Concern.Outcome.ADD_TO_CASE
    assert (event.kind, event.case, event.concern) == (Event.Kind.CONCERN_ADDED, case, concern)


def test_nothing_further_keeps_the_reason_and_opens_nothing(slt, concern):
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)

    concern.refresh_from_db()
    event = Event.objects.get()
    assert concern.outcome == Concern.Outcome.NOTHING_FURTHER
    assert concern.case is None
    assert (event.kind, event.concern, event.why) == (Event.Kind.CONCERN_CLOSED, concern, REASON)
    assert not Case.objects.exists()


@pytest.mark.parametrize("kind", ["criticism", "unclear"])
def test_criticism_alone_or_not_yet_told_never_opens_a_case_or_joins_one(slt, concern, case, kind):
    with pytest.raises(OutcomeRefusedError):
        opened(concern, slt, kind=kind)
    with pytest.raises(OutcomeRefusedError):
        add_to_case(concern=concern, case=case, by=slt, kind=kind, reason=REASON)

    concern.refresh_from_db()
    assert not concern.is_read
    assert Case.objects.get() == case
    assert not Event.objects.exists()


@pytest.mark.parametrize("kind", Concern.Kind.values)
def test_any_concern_can_end_with_nothing_further(slt, concern, kind):
    close_concern(concern=concern, by=slt, kind=kind, reason=REASON)

    concern.refresh_from_db()
    assert concern.kind == kind


@pytest.mark.parametrize("kind", ["", "gossip"])
def test_the_question_must_be_answered(slt, concern, kind):
    with pytest.raises(OutcomeRefusedError):
        close_concern(concern=concern, by=slt, kind=kind, reason=REASON)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_no_outcome_without_a_reason(slt, concern, case, reason):
    for decide in (
        lambda: opened(concern, slt, reason=reason),
        lambda: add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason=reason),
        lambda: close_concern(concern=concern, by=slt, kind="criticism", reason=reason),
    ):
        with pytest.raises(OutcomeRefusedError):
            decide()

    concern.refresh_from_db()
    assert not concern.is_read


def test_a_case_needs_a_summary_of_more_than_spaces(slt, concern):
    with pytest.raises(OutcomeRefusedError):
        opened(concern, slt, summary="  ")

    assert not Case.objects.exists()


def test_the_second_to_decide_is_told_who_was_first_when_and_what(slt, colleague, concern):
    opened(concern, colleague)

    with pytest.raises(AlreadyDecidedError) as refusal:
        close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)

    assert str(refusal.value) == "Tomas Lindqvist decided this at 8:51am: Open a case."
    assert refusal.value.by == colleague
    assert Event.objects.count() == 1


def test_a_decision_of_another_day_is_told_with_its_date(slt, colleague, concern, time_machine):
    opened(concern, colleague)
    time_machine.shift(3 * 24 * 3600)

    with pytest.raises(AlreadyDecidedError, match="on 23 November 2026 at 8:51am"):
        opened(concern, slt)


@pytest.mark.parametrize("who", ["office", "outsider"])
def test_only_this_schools_senior_leaders_decide(request, who, concern, case):
    somebody = request.getfixturevalue(who)

    for decide in (
        lambda: opened(concern, somebody),
        lambda: add_to_case(concern=concern, case=case, by=somebody, kind="misconduct", reason=REASON),
        lambda: close_concern(concern=concern, by=somebody, kind="criticism", reason=REASON),
        lambda: assign_concern(concern=concern, by=somebody, instead_of=None),
    ):
        with pytest.raises(PermissionDenied):
            decide()

    concern.refresh_from_db()
    assert not concern.is_read
    assert concern.assigned_to is None


def test_somebody_with_a_conflict_decides_nothing(slt, concern):
    Conflict.objects.create(user=slt, concern=concern, reason="Named in it")

    with pytest.raises(PermissionDenied):
        opened(concern, slt)


def test_a_case_one_may_not_see_cannot_be_added_to(slt, colleague, concern, case, outsider):
    Conflict.objects.create(user=slt, case=case, reason="Related to a subject")
    elsewhere = CaseFactory.create(school=outsider.school, lead=outsider)

    for hidden in (case, elsewhere):
        with pytest.raises(PermissionDenied):
            add_to_case(concern=concern, case=hidden, by=slt, kind="misconduct", reason=REASON)


def test_a_closed_case_cannot_be_added_to(slt, concern, case):
    Case.objects.filter(pk=case.pk).update(status="closed", closed_reason="Done", closed_at=concern.received_at)

    with pytest.raises(OutcomeRefusedError, match="C014 is closed"):
        add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason=REASON)


def test_who_may_not_know_of_the_concern_may_not_know_of_its_case(slt, colleague, concern):
    Conflict.objects.create(user=colleague, concern=concern, reason="Named in it")

    case = opened(concern, slt)

    assert case not in Case.objects.visible_to(colleague)
    assert case in Case.objects.visible_to(slt)


def test_who_may_not_know_of_the_concern_no_longer_sees_the_case_it_joins_nor_its_letters(
    slt, head, concern, case, school
):
    letter = LetterFactory.create(school=school, drafted_by=slt)
    Step.objects.create(
        case=case, kind="warning", subject=PersonFactory.create(school=school), drafted_by=slt, letter=letter
    )
    Conflict.objects.create(user=head, concern=concern, reason="Named in it")

    add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason=REASON)

    assert case not in Case.objects.visible_to(head)
    assert list(letter.withheld_from.all()) == [head]


def test_a_concern_its_lead_may_not_see_does_not_join_the_case(slt, colleague, concern, case):
    Conflict.objects.create(user=colleague, concern=concern, reason="Named in it")

    with pytest.raises(OutcomeRefusedError, match="Tomas Lindqvist leads case C014"):
        add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason=REASON)


def test_without_term_dates_no_half_case_is_left(school, slt, concern):
    Term.objects.all().delete()

    with pytest.raises(PastCalendarError):
        opened(concern, slt)

    school.refresh_from_db()
    concern.refresh_from_db()
    assert school.last_case_number == 0
    assert not concern.is_read
    assert not Case.objects.exists()


def test_two_schools_number_their_own_cases(slt, outsider, concern):
    there = ConcernFactory.create(school=outsider.school, reference="OTH-2222-22")
    Term.objects.create(school=outsider.school, name="Term", starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 20))

    assert opened(concern, slt).number == 1
    assert opened(there, outsider).number == 1


def test_taking_a_concern_on_leaves_one_event(slt, concern):
    assign_concern(concern=concern, by=slt, instead_of=None)
    assign_concern(concern=concern, by=slt, instead_of=None)

    concern.refresh_from_db()
    assert concern.assigned_to == slt
    assert Event.objects.get().facts == {"concern": concern.reference, "who": "Ruth Adeyemi"}


def test_a_concern_can_be_taken_over_from_whom_the_page_showed(slt, colleague, concern):
    assign_concern(concern=concern, by=colleague, instead_of=None)

    assign_concern(concern=concern, by=slt, instead_of=colleague)

    concern.refresh_from_db()
    assert concern.assigned_to == slt


def test_a_concern_somebody_took_meanwhile_is_not_taken_from_them(slt, colleague, concern):
    assign_concern(concern=concern, by=colleague, instead_of=None)

    with pytest.raises(AlreadyAssignedError, match="Tomas Lindqvist has this concern now"):
        assign_concern(concern=concern, by=slt, instead_of=None)

    concern.refresh_from_db()
    assert concern.assigned_to == colleague


def test_a_decided_concern_cannot_be_taken_on(slt, colleague, concern):
    close_concern(concern=concern, by=colleague, kind="criticism", reason=REASON)

    with pytest.raises(AlreadyDecidedError):
        assign_concern(concern=concern, by=slt, instead_of=colleague)
