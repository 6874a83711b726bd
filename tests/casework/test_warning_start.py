"""Beginning a warning letter: to whom, with what, and what is said when it cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dkh_conduct.school.models import Term, today
from incidents.casework.reply_days import reply_days
from incidents.casework.step_taking import take_step
from incidents.models import Allegation, Case, Person, Step
from letters.models import Letter
from tests.casework.fair_case import add_subject, drafted, fair_case, words_of
from tests.casework.warning_pages import (
    START,
    page,
    start_answers,
    start_answers_without_days,
    text_of,
)
from tests.factories import AllegationFactory, CaseFactory, PersonFlagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def step(case):
    return drafted(case)


@pytest.fixture
def client_of_slt(slt, signed_in):
    return signed_in(slt)


def test_the_start_shows_what_is_needed_and_what_was_found(case, slt, client_of_slt):
    undecided = AllegationFactory.create(case=case, subject=case.subjects[0], made_by=slt, words="Not decided words")

    response = client_of_slt.get(START)

    text = text_of(response)
    assert "Mr Marsh’s account asked for: done" in text
    assert "A written reason: not yet" in text
    assert "Useless AND a liar" in text
    assert undecided.words not in text
    assert "Flat 3, 18 Grove Vale, London, SE22 8EQ" in text
    assert response.content.count(b" checked") == 1
    usual = reply_days(case.school, posted_on=today()).usual
    assert f'value="{usual.day}"' in response.content.decode()


def test_the_start_drafts_the_letter_and_goes_to_it(case, client_of_slt):
    response = client_of_slt.post(START, start_answers(case))

    step = Step.objects.get()
    assert response.status_code == 302
    assert response.url == page(step)
    assert "The member of staff found this distressing." in step.letter.body
    assert "you were worried because your son came home hurt." in step.letter.body
    assert "1. Do not post comments like these again.\n2. Bring any worry to us.\n" in step.letter.body


def test_sending_the_start_twice_makes_one_draft(case, client_of_slt):
    client_of_slt.post(START, start_answers(case))

    response = client_of_slt.post(START, start_answers(case))

    assert response.status_code == 200
    assert "Ruth Adeyemi began a draft to Daniel Marsh" in text_of(response)
    assert "Go on with the draft" in text_of(response)
    assert Step.objects.count() == Letter.objects.count() == 1


def test_the_start_leads_to_a_draft_that_is_there(step, client_of_slt):
    response = client_of_slt.get(START)

    assert (response.status_code, response.url) == (302, page(step))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"allegations": []}, "Select at least one finding to put in the letter"),
        ({"allegations": ["999999"]}, "One of these findings has changed"),
        ({"allegations": ["abc\x00"]}, "One of these findings has changed"),
        ({"asks": " \n "}, "Enter what you ask them to do"),
        ({"asks": "\n".join(["Stop."] * 9)}, "Ask for 8 things or fewer. There are 9 here"),
        ({"asks": "x" * 2001}, "Use 2000 characters or fewer"),
        ({"impact": "x" * 301}, "Use 300 characters or fewer"),
        ({"impact": "a\x00b"}, "cannot be saved"),
        ({"account": "x" * 601}, "Use 600 characters or fewer"),
        ({"reply_by_0": ""}, "Enter the day, month and year"),
        ({"reply_by_0": "30", "reply_by_1": "2"}, "There is no such day"),
        ({"reply_by_0": "x"}, "Enter the day in numbers"),
        ({"reply_by_2": "9" * 400}, "Enter the day in numbers"),
        ({"reply_by_2": "0000"}, "There is no such day"),
        ({"reply_by_2": "2025"}, "or a later day"),
        ({"reply_by_2": "2199"}, "Term dates are only known up to 21 July 2030"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_keeps_the_rest(case, client_of_slt, changes, said):
    response = client_of_slt.post(START, start_answers(case, **changes))

    text = text_of(response)
    assert response.status_code == 200
    assert response.content.decode().count("<title>Error: ") == 1
    assert said in text
    if "account" not in changes:
        assert "you were worried because your son came home hurt." in text
    assert not Step.objects.exists()


def test_without_an_account_there_is_nothing_to_weigh_yet(case, client_of_slt):
    case.information.update(received_on=None, statement="")
    case.cannot_wait_reason = "A threat names tomorrow."
    case.save()

    response = client_of_slt.get(START)

    assert b'name="account"' not in response.content
    assert b'name="asks"' in response.content


def test_a_step_that_is_not_open_says_why_and_has_no_form(case, client_of_slt):
    Allegation.objects.update(finding="not_found")

    response = client_of_slt.get(START)

    assert "Not yet: no allegation is found." in text_of(response)
    assert b'name="asks"' not in response.content


def test_after_one_letter_the_same_findings_are_not_ticked_again(case, slt, client_of_slt):
    step = drafted(case)
    take_step(step=step, by=slt, reason="Heard.", has_no_conflict=True, **words_of(step))

    response = client_of_slt.get(START)

    assert "Already in the warning letter of" in text_of(response)
    assert b" checked" not in response.content


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: Person.objects.update(address=""), "Daniel Marsh has no address yet"),
        (lambda: PersonFlagFactory.create(person=Person.objects.get()), "a court order"),
    ],
)
def test_who_cannot_be_written_to_is_shown_with_the_reason(case, client_of_slt, spoil, said):
    spoil()

    response = client_of_slt.get(START)

    assert said in text_of(response)
    assert b'name="asks"' not in response.content
    assert f"/staff/cases/C014/people/{case.people.get().pk}/" in response.content.decode()


def test_past_the_calendar_the_start_says_so(case, client_of_slt):
    Term.objects.update(starts_on=today() - timedelta(days=30), ends_on=today())

    response = client_of_slt.get(START)
    refused = client_of_slt.post(START, start_answers_without_days(case))

    assert "Term dates are only known up to" in text_of(response)
    assert "Term dates are only known up to" in text_of(refused)
    assert not Step.objects.exists()


def test_a_closed_case_sends_back_with_the_reason(case, client_of_slt):
    Case.objects.update(status="closed", closed_reason="Done", closed_at="2026-12-01T09:00Z")

    response = client_of_slt.get(START, follow=True)

    assert response.redirect_chain[0][0] == case.get_absolute_url()
    assert "A closed case cannot be changed" in text_of(response)


def test_of_several_subjects_one_is_chosen_first(case, client_of_slt):
    other = add_subject(case, full_name="Kate Marsh", title="Ms")
    barred = add_subject(case, full_name="Sam Marsh", title="")
    PersonFlagFactory.create(person=barred)

    asked = client_of_slt.get(START)
    nobody = client_of_slt.get(START, {"choose": ""})
    wrong = client_of_slt.get(START, {"choose": "", "to": barred.pk + 999})
    chosen = client_of_slt.get(START, {"choose": "", "to": other.pk})

    assert "Ms Kate Marsh" in text_of(asked)
    assert "No letter may go to Sam Marsh: a court order" in text_of(asked)
    assert f'value="{barred.pk}"' not in asked.content.decode()
    assert "Select who the letter is to" in text_of(nobody)
    assert "Select one of the people who can be written to" in text_of(wrong)
    assert "What it is about" in text_of(chosen)
    assert "Ms Kate Marsh" in text_of(chosen)


def test_a_letter_to_a_second_subject_holds_only_their_findings(case, client_of_slt):
    other = add_subject(case, full_name="Kate Marsh", title="Ms")
    drafted(case)
    about_other = Allegation.objects.get(subject=other)
    about_first = Allegation.objects.exclude(subject=other).get()

    wrong = client_of_slt.post(f"{START}?to={other.pk}", start_answers(case, allegations=[str(about_first.pk)]))
    client_of_slt.post(f"{START}?to={other.pk}", start_answers(case, allegations=[str(about_other.pk)]))

    assert "One of these findings has changed" in text_of(wrong)
    assert Step.objects.get(subject=other).letter.addressee == "Ms Kate Marsh"


def test_drafts_begun_are_listed_for_each_subject(case, client_of_slt):
    add_subject(case, full_name="Kate Marsh", title="Ms")
    step = drafted(case)

    response = client_of_slt.get(START)

    assert "Go on with the draft about Mr Daniel Marsh" in text_of(response)
    assert page(step) in response.content.decode()


def test_a_case_without_a_subject_says_whom_to_add(slt, client_of_slt):
    CaseFactory.create(school=slt.school, lead=slt, number=15)

    response = client_of_slt.get("/staff/cases/C015/steps/warning/")

    assert response.status_code == 200
    assert "Nobody is named as the subject of this case yet" in text_of(response)
