"""What asking and receiving write: whole rows of one case, one person and one question."""

from __future__ import annotations

from datetime import date

import pytest

from incidents.casework.case_lock import Refused
from incidents.casework.information import ask_for_information, receive_information, record_cannot_wait
from incidents.models import Case, InformationRequest
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, PersonFactory

MONDAY = date(2026, 11, 23)


@pytest.fixture
def asked(case, subject, slt):
    return ask_for_information(case=case, by=slt, person=subject, asked_on=MONDAY, asked_how="letter")


def test_what_was_asked_and_received_is_kept_whole(case, subject, slt, colleague):
    asked = ask_for_information(
        case=case, by=slt, person=subject, source="Nobody", topic="Why", asked_on=MONDAY, asked_how="email", due_in=1,
        due_unit="working",
    )  # fmt: skip
    told = case.events.get()
    assert (told.by, told.facts["who"], told.facts["account"]) == (slt, "Daniel Marsh", "Daniel Marsh")
    assert told.facts["summary"].endswith(", on 24 November 2026. Why.")

    receive_information(
        case=case, by=colleague, information=asked, received_on=MONDAY, received_how="email", statement="I was angry."
    )

    row = InformationRequest.objects.get()
    assert (row.case, row.person, row.source, row.topic, row.asked_by) == (case, subject, "", "Why", slt)
    assert (row.asked_on, row.asked_how, row.due_on) == (MONDAY, "email", date(2026, 11, 24))
    assert (row.due_days, row.due_unit) == (1, "working")
    assert (row.received_on, row.received_how, row.received_by) == (MONDAY, "email", colleague)
    assert row.statement == "I was angry."
    told = case.events.newest_first()[0]
    assert (told.by, told.facts["who"], told.facts["account"]) == (colleague, "Daniel Marsh", "Daniel Marsh")


@pytest.mark.parametrize("role", ["witness", "subject elsewhere"])
def test_only_a_subject_of_this_case_gives_an_account(case, subject, slt, role):
    where = case if role == "witness" else CaseFactory.create(school=case.school, lead=slt)
    person = CasePersonFactory.create(case=where, role=role.split()[0]).person

    asked = ask_for_information(case=case, by=slt, person=person, asked_on=MONDAY, asked_how="phone")

    assert not asked.is_subject_account
    assert case.events.get().facts["account"] == ""
    receive_information(
        case=case, by=slt, information=asked, received_on=MONDAY, received_how="phone", statement="I heard it."
    )
    assert case.events.newest_first()[0].facts["account"] == ""


@pytest.mark.parametrize("other", ["topic", "person", "source", "case", "received"])
def test_another_question_is_another_request(case, asked, subject, slt, other):
    about = {"person": subject, "asked_on": MONDAY, "asked_how": "phone", "case": case, "by": slt}
    if other == "topic":
        about["topic"] = "What else"
    elif other == "person":
        about["person"] = PersonFactory.create(school=case.school)
    elif other == "source":
        for source in ("Pat Nair", "Sam Nair"):
            ask_for_information(**{**about, "person": None, "source": source})
        return
    elif other == "case":
        about["case"] = CaseFactory.create(school=case.school, lead=slt)
    else:
        InformationRequest.objects.update(
            received_on=MONDAY, received_how="phone", received_by=slt, statement="I was angry."
        )

    assert ask_for_information(**about).pk != asked.pk


def test_a_request_of_another_case_is_not_received_in_this_one(case, asked, slt):
    other = CaseFactory.create(school=case.school, lead=slt)

    with pytest.raises(InformationRequest.DoesNotExist):
        receive_information(
            case=other, by=slt, information=asked, received_on=MONDAY, received_how="phone", statement="Yes."
        )


def test_who_wrote_the_other_reason_is_read_from_its_own_line(case, asked, slt, colleague):
    Case.objects.update(cannot_wait_reason="First.")
    with pytest.raises(Refused, match="Somebody else wrote another reason meanwhile"):
        record_cannot_wait(case=case, by=slt, reason="Second.")
    assert record_cannot_wait(case=case, by=colleague, reason="Third.", seen="First.") == case
    told = case.events.newest_first()[0]
    assert (told.by, told.why) == (colleague, "Third.")
    ask_for_information(case=case, by=slt, source="Pat Nair", asked_on=MONDAY, asked_how="letter")

    with pytest.raises(Refused, match="Tomas Lindqvist wrote another reason"):
        record_cannot_wait(case=case, by=slt, reason="Second.")
    assert record_cannot_wait(case=case, by=slt, reason="Third.") == case


def test_what_others_are_asked_and_say_leaves_what_the_case_waits_for(case, asked, subject, slt):
    AllegationFactory.create(case=case, subject=subject)
    Case.objects.update(next_action="Ring")

    other = ask_for_information(case=case, by=slt, source="Pat Nair", asked_on=MONDAY, asked_how="letter")
    InformationRequest.objects.filter(pk=asked.pk).delete()
    came = {"received_on": MONDAY, "received_how": "phone", "statement": "I heard it."}
    assert receive_information(case=case, by=slt, information=other, **came) == other

    assert Case.objects.get().next_action == "Ring"
    InformationRequest.objects.update(received_by=None)
    with pytest.raises(Refused, match="Somebody else has recorded this already"):
        receive_information(case=case, by=slt, information=other, **came)


def test_nothing_is_received_in_a_case_that_was_closed_meanwhile(case, asked, slt):
    Case.objects.update(status="closed", closed_at=case.opened_at, closed_reason="Done")

    with pytest.raises(Refused, match="closed"):
        receive_information(
            case=case, by=slt, information=asked, received_on=MONDAY, received_how="phone", statement="Yes."
        )
