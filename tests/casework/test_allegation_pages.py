"""The pages that add an allegation and decide one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from incidents.casework.allegations import record_finding, seen_finding
from incidents.casework.information import ask_for_information, receive_information
from incidents.models import Allegation, Evidence
from incidents.policy.wording import POLICY
from tests.factories import AllegationFactory, ConcernFactory, PersonFactory

if TYPE_CHECKING:
    from django.test import Client

    from dkh_conduct.accounts.models import User
    from incidents.models import Case, Person

ADD = "/staff/cases/C014/allegations/add/"


@pytest.fixture
def client(slt: User, signed_in: Any) -> Client:
    signed: Client = signed_in(slt)
    return signed


@pytest.fixture
def picture(case: Case) -> Evidence:
    concern = ConcernFactory.create(school=case.school, case=case)
    return Evidence.objects.create(
        school=case.school, concern=concern, name="<IMG>.png", sha256="0" * 64, original="o", copy="c"
    )


def answers(subject: Person, **given: str) -> dict[str, str]:
    return {"subject": str(subject.pk), "clause": "abusive", "words": "Useless AND a liar", **given}


def decide_page(allegation: Allegation) -> str:
    return reverse("finding-record", args=["C014", allegation.pk])


def test_every_clause_is_offered_in_full_under_the_policys_own_words(case, subject, client):
    page = client.get(ADD).content.decode()

    for clause in POLICY.clauses:
        assert clause.text in page
    for lead in POLICY.group_leads.values():
        assert page.count(lead) == 1


def test_without_a_subject_the_page_says_to_add_one_first(case, client):
    page = client.get(ADD).content.decode()

    assert "nobody is a subject yet" in page
    assert reverse("person-add", args=["C014"]) in page
    assert "Add the allegation" not in page


def test_an_allegation_is_added(case, subject, picture, client):
    response = client.post(
        ADD,
        answers(
            subject,
            posted_on_0="19",
            posted_on_1="11",
            posted_on_2="2025",
            posted_where="Class WhatsApp group",
            evidence=str(picture.pk),
        ),
    )

    assert response.status_code == 302
    allegation = case.allegations.get()
    assert (allegation.subject, allegation.clause, allegation.evidence) == (subject, "abusive", picture)
    assert f"{allegation.posted_on:%Y-%m-%d}" == "2025-11-19"


def test_words_keep_their_lines_and_their_spelling(case, subject, client):
    client.post(ADD, answers(subject, words="Usless!!\r\nليلى 🌙"))

    assert case.allegations.get().words == "Usless!!\nليلى 🌙"


def test_nothing_posted_says_what_to_do(case, subject, client):
    page = client.post(ADD, answers(subject, words="")).content.decode()

    assert "Enter the exact words, or say below what was posted" in page
    assert not case.allegations.exists()


def test_what_was_posted_stands_where_there_are_no_words(case, subject, client):
    client.post(ADD, answers(subject, words="", description="A photograph at the gate"))

    assert case.allegations.get().description == "A photograph at the gate"


def test_a_file_name_is_escaped(case, subject, picture, client):
    page = client.get(ADD).content.decode()

    assert "&lt;IMG&gt;.png" in page
    assert "<IMG>" not in page


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (("31", "2", "2026"), "There is no such day. Check the day and the month"),
        (("1", "", "2026"), "Enter the day, the month and the year"),
        (("1", "1", "26"), "Enter all four numbers of the year"),
        (("1", "1", "9999"), "Enter today or a day before it"),
        (("first", "1", "2026"), "Enter the day in numbers"),
        (("1", "1", "9" * 50), "Enter the day in numbers"),
        (("1", "1", "\x00"), "Enter the day in numbers"),
        (("١", "1", "2026"), "Enter the day in numbers"),
        (("0", "1", "2026"), "There is no such day"),
    ],
)
def test_a_day_that_cannot_be_is_explained_and_kept(day, sentence, case, subject, client):
    posted = {f"posted_on_{number}": part for number, part in enumerate(day)}

    page = client.post(ADD, answers(subject, **posted)).content.decode()

    assert sentence in page
    assert 'href="#id_posted_on"' in page
    assert 'id="id_posted_on"' in page
    assert "Useless AND a liar" in page
    assert not case.allegations.exists()


def test_a_subject_of_another_case_cannot_be_chosen(case, subject, client):
    stranger = PersonFactory.create(school=case.school)

    page = client.post(ADD, answers(stranger)).content.decode()

    assert "Select a valid choice" in page
    assert not case.allegations.exists()


def test_a_picture_of_another_case_cannot_be_chosen(case, subject, picture, client):
    picture.concern.case = None
    picture.concern.save()

    client.post(ADD, answers(subject, evidence=str(picture.pk)))

    assert not case.allegations.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words", "w" * 2001),
        ("description", "d" * 201),
        ("posted_where", "p" * 121),
        ("clause", "made-up"),
        ("words", "\x00"),
    ],
)
def test_what_cannot_be_kept_is_explained(field, value, case, subject, client):
    response = client.post(ADD, answers(subject, **{field: value}))

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not case.allegations.exists()


def test_the_same_form_sent_twice_makes_one_allegation(case, subject, client):
    client.post(ADD, answers(subject))

    page = client.post(ADD, answers(subject)).content.decode()

    assert "Ruth Adeyemi added this same allegation on" in page
    assert case.allegations.count() == 1


def test_whoever_decides_reads_the_clause_the_words_and_the_account(case, subject, slt, client, time_machine):
    allegation = AllegationFactory.create(case=case, subject=subject)
    before = client.get(decide_page(allegation)).content.decode()
    today = case.opened_at.date()
    asked = ask_for_information(case=case, by=slt, person=subject, asked_on=today, asked_how="phone")
    receive_information(
        case=case, by=slt, information=asked, received_on=today, received_how="phone", statement="I was angry."
    )

    page = client.get(decide_page(allegation)).content.decode()

    assert "They have not been asked for their account yet." in before
    assert allegation.text in page
    assert allegation.words in page
    assert "I was angry." in page


def test_a_finding_is_recorded(case, subject, slt, client):
    allegation = AllegationFactory.create(case=case, subject=subject)

    response = client.post(decide_page(allegation), {"finding": "found", "reason": "He wrote it."})

    assert response.status_code == 302
    allegation.refresh_from_db()
    assert (allegation.finding, allegation.finding_reason, allegation.found_by) == ("found", "He wrote it.", slt)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": "Yes."}, "Select what you found"),
        ({"finding": "undecided", "reason": "Yes."}, "Select a valid choice"),
        ({"finding": "found"}, "Enter your reason"),
        ({"finding": "found", "reason": " \n "}, "Enter your reason"),
        ({"finding": "found", "reason": "r" * 5001}, "Use 5000 characters or fewer"),
    ],
)
def test_a_finding_without_what_it_needs_is_explained(given, sentence, case, subject, client):
    allegation = AllegationFactory.create(case=case, subject=subject)

    page = client.post(decide_page(allegation), given).content.decode()

    assert sentence in page
    allegation.refresh_from_db()
    assert allegation.finding == "undecided"


def test_the_second_of_two_deciders_keeps_what_they_wrote(case, subject, colleague, client):
    allegation = AllegationFactory.create(case=case, subject=subject)
    record_finding(case=case, by=colleague, allegation=allegation, finding="not_found", reason="Criticism.")

    page = client.post(
        decide_page(allegation), {"finding": "found", "reason": "He wrote it.", "seen": ""}
    ).content.decode()

    assert "Tomas Lindqvist decided this on" in page
    assert "He wrote it." in page
    allegation.refresh_from_db()
    assert allegation.finding == "not_found"


def test_deciding_anew_says_what_was_decided_before(case, subject, colleague, client):
    allegation = AllegationFactory.create(case=case, subject=subject)
    decided = record_finding(case=case, by=colleague, allegation=allegation, finding="found", reason="Abuse.")

    page = client.get(decide_page(allegation)).content.decode()
    client.post(decide_page(allegation), {"finding": "not_found", "reason": "Not his.", "seen": seen_finding(decided)})

    assert "Tomas Lindqvist decided this on" in page
    allegation.refresh_from_db()
    assert allegation.finding == "not_found"


@pytest.mark.parametrize("seen", ["\x00", "x" * 5000, "2026-99-99"])
def test_a_tampered_form_is_no_error_page(seen, case, subject, client):
    allegation = AllegationFactory.create(case=case, subject=subject)

    response = client.post(decide_page(allegation), {"finding": "found", "reason": "Yes.", "seen": seen})

    assert response.status_code in (200, 302)
