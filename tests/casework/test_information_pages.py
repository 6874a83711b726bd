"""The pages about what was asked and what came back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from incidents.casework.information import ask_for_information, receive_information
from incidents.casework.people import add_person

if TYPE_CHECKING:
    from django.test import Client
    from time_machine import TimeMachineFixture

    from dkh_conduct.accounts.models import User
    from incidents.models import Case, InformationRequest, Person

ASK = "/staff/cases/C014/information/ask/"
CANNOT_WAIT = "/staff/cases/C014/cannot-wait/"
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _thursday_morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 12, 3, 9, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def client(slt: User, signed_in: Any) -> Client:
    signed: Client = signed_in(slt)
    return signed


@pytest.fixture
def asked(case: Case, subject: Person, slt: User) -> InformationRequest:
    return ask_for_information(case=case, by=slt, person=subject, asked_on=MONDAY, asked_how="letter")


def receive_page(asked: InformationRequest) -> str:
    return reverse("information-receive", args=["C014", asked.pk])


def on(name: str, day: int, month: int, year: int = 2026) -> dict[str, str]:
    return {f"{name}_0": str(day), f"{name}_1": str(month), f"{name}_2": str(year)}


def asking(person: str, **given: str) -> dict[str, str]:
    return {
        "person": person,
        "asked_how": "phone",
        "due_in": "5",
        "due_unit": "school",
        **on("asked_on", 23, 11),
        **given,
    }


def test_asking_the_subject_is_asking_for_their_account(case, subject, client):
    response = client.post(ASK, asking(str(subject.pk)))

    assert response.status_code == 302
    asked = case.information.get()
    assert asked.is_subject_account
    assert asked.due_on == date(2026, 11, 30)


def test_today_and_five_school_days_are_filled_in(case, subject, client):
    page = client.get(ASK).content.decode()

    assert 'value="3"' in page
    assert 'value="12"' in page
    assert 'value="5"' in page
    assert "This asks for their own account" in page


def test_somebody_else_is_asked_by_name(case, client):
    client.post(ASK, asking("other", source="Tomas Lindqvist", topic="The PE lesson"))

    asked = case.information.get()
    assert (asked.who, asked.topic, asked.is_subject_account) == ("Tomas Lindqvist", "The PE lesson", False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"person": ""}, "Select who was asked"),
        ({"person": "other"}, "Enter the name of who was asked"),
        ({"asked_how": ""}, "Select how they were asked"),
        ({"asked_how": "owl"}, "Select a valid choice"),
        (on("asked_on", 4, 12), "Enter today or a day before it"),
        ({"due_in": "0"}, "Give them at least 1 day"),
        ({"due_in": "61"}, "Enter 60 days or fewer"),
        ({"due_in": "soon"}, "Enter a whole number of days"),
        ({"due_in": "9" * 5000}, "Enter a whole number of days"),
        ({"due_in": ""}, "Enter how many days they have"),
        ({"topic": "t" * 201}, "Use 200 characters or fewer"),
        ({"person": "other", "source": "s" * 121}, "Use 120 characters or fewer"),
    ],
)
def test_what_is_missing_is_explained_and_the_rest_is_kept(given, sentence, case, subject, client):
    page = client.post(ASK, {**asking(str(subject.pk), topic="What was said"), **given}).content.decode()

    assert sentence in page
    assert "topic" in given or "What was said" in page
    assert not case.information.exists()


def test_a_name_beside_a_person_is_explained(case, subject, client):
    page = client.post(ASK, asking(str(subject.pk), source="Tomas")).content.decode()

    assert "Leave this empty, or select “Someone else” above" in page
    assert not case.information.exists()


def test_somebody_of_another_case_cannot_be_asked_here(case, school, client):
    assert client.post(ASK, asking("999999")).status_code == 200
    assert not case.information.exists()


def test_a_calendar_that_ends_is_explained_beside_the_form(case, subject, client):
    case.school.terms.update(ends_on=date(2026, 11, 25))

    page = client.post(ASK, asking(str(subject.pk))).content.decode()

    assert "Term dates are only known up to 25 November 2026" in page
    assert not case.information.exists()


def test_the_same_question_twice_is_explained(asked, subject, client):
    page = client.post(ASK, asking(str(subject.pk))).content.decode()

    assert "Ruth Adeyemi asked Daniel Marsh for this on 23 November 2026." in page


def test_what_came_back_is_recorded_and_can_be_read_in_full(case, asked, client):
    statement = "I was angry.\r\nليلى 🌙 <b>sorry</b> " + "word " * 300

    response = client.post(
        receive_page(asked), {"received_how": "phone", "statement": statement, **on("received_on", 30, 11)}
    )
    page = client.get(reverse("information", args=["C014", asked.pk])).content.decode()

    assert response.status_code == 302
    asked.refresh_from_db()
    assert asked.statement == statement.replace("\r\n", "\n").strip()
    assert page.count("word") >= 300
    assert "ليلى 🌙 &lt;b&gt;sorry" in page
    assert "30 November 2026, by phone, recorded by Ruth Adeyemi" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"statement": ""}, "Enter what they said"),
        ({"statement": "s" * 10_001}, "Use 10000 characters or fewer"),
        ({"received_how": ""}, "Select how it was received"),
        (on("received_on", 20, 11), "They were asked on 23 November 2026. Enter that day or a later one."),
        (on("received_on", 4, 12), "Enter today or a day before it"),
        ({"received_on_0": "", "received_on_1": "", "received_on_2": ""}, "Enter the day it was received"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_explained(given, sentence, asked, client):
    typed = {"received_how": "phone", "statement": "I was angry.", **on("received_on", 30, 11), **given}

    page = client.post(receive_page(asked), typed).content.decode()

    assert sentence in page
    assert "statement" in given or "I was angry." in page
    asked.refresh_from_db()
    assert asked.received_on is None


def test_the_second_of_two_keeps_what_they_typed(case, asked, colleague, client):
    receive_information(
        case=case, by=colleague, information=asked, received_on=MONDAY, received_how="phone", statement="First."
    )

    read = client.get(receive_page(asked)).content.decode()
    page = client.post(
        receive_page(asked), {"received_how": "phone", "statement": "Second.", **on("received_on", 30, 11)}
    ).content.decode()

    assert "This was recorded already, received on 23 November 2026." in read
    assert "Tomas Lindqvist has recorded this already" in page
    assert "Second." in page
    asked.refresh_from_db()
    assert asked.statement == "First."


def test_a_page_of_nothing_received_says_so(asked, client):
    assert "Nothing received yet." in client.get(reverse("information", args=["C014", asked.pk])).content.decode()


def test_why_it_cannot_wait_is_recorded_shown_and_changed(case, client):
    client.post(CANNOT_WAIT, {"reason": "He said\r\nhe will be at the gate."})
    shown = client.get(CANNOT_WAIT)
    seen = shown.context["form"]["seen"].value()

    client.post(CANNOT_WAIT, {"reason": "He is at the gate.", "seen": seen.replace("\n", "\r\n")})

    case.refresh_from_db()
    assert seen == "He said\nhe will be at the gate."
    assert case.cannot_wait_reason == "He is at the gate."
    assert "He is at the gate." in client.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "Enter why a step cannot wait"), ("r" * 2001, "Use 2000 characters")]
)
def test_a_reason_that_cannot_be_kept_is_explained(reason, sentence, case, client):
    assert sentence in client.post(CANNOT_WAIT, {"reason": reason}).content.decode()


def test_people_of_the_case_are_offered_by_name(case, slt, client):
    add_person(case=case, by=slt, role="witness", full_name="<i>Priya</i>")

    page = client.get(ASK).content.decode()

    assert "&lt;i&gt;Priya&lt;/i&gt;" in page
    assert "<i>Priya" not in page
