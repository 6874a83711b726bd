"""Hearing both sides: asked, received, or why it could not wait."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from dkh_conduct.school.calendar_editing import close_day
from dkh_conduct.school.models import ClosedDay
from incidents.casework.case_lock import Refused
from incidents.casework.information import ask_for_information, receive_information, record_cannot_wait
from incidents.casework.recounting import recount_information
from incidents.models import Case, InformationRequest
from incidents.models.story import lines_of, title_of
from tests.factories import AllegationFactory, CasePersonFactory, PersonFactory, SchoolFactory

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Person

MONDAY = date(2026, 11, 23)


@pytest.fixture
def asked(case: Case, subject: Person, slt: User) -> InformationRequest:
    return ask_for_information(case=case, by=slt, person=subject, asked_on=MONDAY, asked_how="letter")


def test_asking_a_subject_asks_for_their_account_and_sets_the_deadline(case, subject, slt):
    ClosedDay.objects.create(school=case.school, day=date(2026, 11, 25), reason="Inset")

    asked = ask_for_information(case=case, by=slt, person=subject, asked_on=MONDAY, asked_how="letter")

    assert asked.is_subject_account
    assert asked.due_on == date(2026, 12, 1)
    case.refresh_from_db()
    assert (case.next_action, case.next_on) == ("Their account", date(2026, 12, 1))
    event = case.events.get()
    assert title_of(event) == "Daniel Marsh asked for their account"
    assert lines_of(event) == ["Asked by letter on 23 November 2026, due in 5 school days, on 1 December 2026."]


def test_a_witness_is_asked_without_moving_the_case(case, slt):
    witness = CasePersonFactory.create(
        case=case, role="witness", person=PersonFactory.create(school=case.school, full_name="Priya Raman")
    ).person

    asked = ask_for_information(
        case=case, by=slt, person=witness, topic="What was said", asked_on=MONDAY, asked_how="phone"
    )

    assert not asked.is_subject_account
    case.refresh_from_db()
    assert case.next_action == ""
    assert title_of(case.events.get()) == "Priya Raman asked for information"


def test_somebody_who_is_not_on_the_case_is_asked_by_name(case, slt):
    asked = ask_for_information(
        case=case, by=slt, source="Tomas Lindqvist", asked_on=MONDAY, asked_how="person", due_in=2
    )

    assert (asked.who, asked.due_on) == ("Tomas Lindqvist", date(2026, 11, 25))


def test_the_same_question_is_not_asked_twice_while_it_is_open(case, asked, subject, slt):
    with pytest.raises(Refused, match=r"Ruth Adeyemi asked Daniel Marsh for this on 23 November 2026\. It is due on"):
        ask_for_information(case=case, by=slt, person=subject, asked_on=MONDAY, asked_how="phone")

    assert case.information.count() == 1


def test_past_the_last_term_the_deadline_is_refused_with_a_sentence(case, subject, slt):
    with pytest.raises(Refused, match="Term dates are only known up to"):
        ask_for_information(case=case, by=slt, person=subject, asked_on=date(2030, 7, 19), asked_how="letter")

    assert not case.information.exists()


def test_what_was_received_is_kept_with_one_event_and_moves_the_case(case, asked, subject, slt):
    AllegationFactory.create(case=case, subject=subject)

    receive_information(
        case=case,
        by=slt,
        information=asked,
        received_on=date(2026, 11, 30),
        received_how="phone",
        statement="I was angry.",
    )

    asked.refresh_from_db()
    case.refresh_from_db()
    assert (asked.statement, asked.received_by) == ("I was angry.", slt)
    assert case.next_action == "Decide the allegations"
    event = case.events.newest_first()[0]
    assert title_of(event) == "Account of Daniel Marsh received"
    assert lines_of(event) == ["Received by phone on 30 November 2026."]


def test_the_case_waits_while_another_subjects_account_is_out(case, asked, slt):
    second = CasePersonFactory.create(
        case=case, role="subject", person=PersonFactory.create(school=case.school, full_name="Kate Marsh")
    ).person
    ask_for_information(case=case, by=slt, person=second, asked_on=date(2026, 11, 25), asked_how="letter")

    receive_information(
        case=case, by=slt, information=asked, received_on=date(2026, 11, 30), received_how="phone", statement="Yes."
    )

    case.refresh_from_db()
    assert (case.next_action, case.next_on) == ("Their account", date(2026, 12, 2))


def test_what_was_received_once_is_not_received_again(case, asked, slt, colleague):
    content = {"received_on": date(2026, 11, 30), "received_how": "phone"}
    receive_information(case=case, by=colleague, information=asked, statement="First.", **content)

    with pytest.raises(Refused, match="Tomas Lindqvist has recorded this already, received on 30 November 2026"):
        receive_information(case=case, by=slt, information=asked, statement="Second.", **content)

    asked.refresh_from_db()
    assert asked.statement == "First."


def test_nothing_is_received_before_it_was_asked_for(case, asked, slt):
    with pytest.raises(Refused, match="They were asked on 23 November 2026"):
        receive_information(
            case=case, by=slt, information=asked, received_on=date(2026, 11, 20), received_how="phone", statement="Yes."
        )


def test_what_a_witness_says_does_not_move_the_case(case, slt):
    about = {"asked_on": MONDAY, "asked_how": "phone"}
    asked = ask_for_information(case=case, by=slt, source="The swimming teacher", **about)

    came = {"received_on": date(2026, 11, 24), "received_how": "phone", "statement": "I heard it."}
    receive_information(case=case, by=slt, information=asked, **came)

    case.refresh_from_db()
    assert case.next_action == ""


def test_a_statement_is_kept_even_past_the_last_term(case, subject, slt):
    AllegationFactory.create(case=case, subject=subject)
    case.school.terms.all().delete()
    asked = InformationRequest.objects.create(
        case=case,
        person=subject,
        is_subject_account=True,
        asked_on=MONDAY,
        asked_how="letter",
        asked_by=slt,
        due_on=MONDAY,
    )

    receive_information(
        case=case, by=slt, information=asked, received_on=MONDAY, received_how="phone", statement="I was angry."
    )

    case.refresh_from_db()
    assert (case.next_action, case.next_on) == ("Decide the allegations", None)


def test_why_it_cannot_wait_is_recorded_once(case, slt):
    record_cannot_wait(case=case, by=slt, reason="He said he will be at the gate.")
    record_cannot_wait(case=case, by=slt, reason="He said he will be at the gate.")

    case.refresh_from_db()
    assert case.cannot_wait_reason == "He said he will be at the gate."
    assert lines_of(case.events.get()) == ["Reason: He said he will be at the gate."]


def test_the_second_of_two_reasons_does_not_replace_the_first_unread(case, slt, colleague):
    record_cannot_wait(case=case, by=colleague, reason="First.")

    with pytest.raises(Refused, match="Tomas Lindqvist wrote another reason on"):
        record_cannot_wait(case=case, by=slt, reason="Second.")
    record_cannot_wait(case=case, by=slt, reason="Second.", seen="First.")

    case.refresh_from_db()
    assert case.cannot_wait_reason == "Second."


def test_a_closed_case_refuses_information(closed_case, slt):
    with pytest.raises(Refused, match="A closed case cannot be changed"):
        ask_for_information(case=closed_case, by=slt, source="Pat Nair", asked_on=MONDAY, asked_how="letter")
    with pytest.raises(Refused, match="A closed case cannot be changed"):
        record_cannot_wait(case=closed_case, by=slt, reason="It cannot.")


def test_a_day_closed_later_gives_them_a_later_day_to_answer_and_says_so(
    case, asked, slt, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        close_day(school=case.school, by=slt, day=date(2026, 11, 26), kind="closure", reason="No heating")

    asked.refresh_from_db()
    case.refresh_from_db()
    assert (asked.due_on, asked.time_given) == (date(2026, 12, 1), "5 school days")
    assert (case.next_action, case.next_on) == ("Their account", date(2026, 12, 1))
    told = case.events.latest("pk")
    assert title_of(told) == "More time for Daniel Marsh to answer"
    assert lines_of(told) == [
        "Due on 1 December 2026 in place of 30 November 2026: the school’s calendar changed. It is still 5 school days."
    ]


def test_a_day_they_were_told_never_comes_earlier_and_counting_twice_changes_nothing(case, asked, slt):
    closed = ClosedDay.objects.create(school=case.school, day=date(2026, 11, 26), reason="No heating")
    assert recount_information([case.school_id]) == 1

    closed.delete()

    assert recount_information([case.school_id]) == 0
    asked.refresh_from_db()
    assert asked.due_on == date(2026, 12, 1)


def test_past_the_end_of_the_terms_a_day_stays_where_it_was(case, asked, slt):
    case.school.terms.update(ends_on=date(2026, 11, 25))

    assert recount_information([case.school_id]) == 0
    asked.refresh_from_db()
    assert asked.due_on == date(2026, 11, 30)


@pytest.mark.parametrize("over", ["received", "closed", "another school"])
def test_what_is_over_or_elsewhere_is_not_counted_again(case, asked, slt, over):
    ClosedDay.objects.create(school=case.school, day=date(2026, 11, 26), reason="No heating")
    schools = [case.school_id]
    if over == "received":
        what = {"received_on": date(2026, 11, 24), "received_how": "phone", "statement": "I was angry."}
        receive_information(case=case, by=slt, information=asked, **what)
    elif over == "closed":
        Case.objects.update(status="closed", closed_at=case.opened_at, closed_reason="He said sorry.")
    else:
        schools = [SchoolFactory.create(code="GVS").pk]

    assert recount_information(schools) == 0
