"""One question a page: in order, kept, and changed from "Check your answers"."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.models import Concern, Draft
from incidents.policy.wording import POLICY
from incidents.reporting.drafts import COOKIE
from incidents.reporting.questions import QUESTIONS, page_context, question_of
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db
FORMS = [question for question in QUESTIONS if question.form]


def test_the_questions_come_in_this_order():
    first = ["danger", "what", "complaint", "where", "when", "who", "words"]
    assert [question.slug for question in QUESTIONS] == [*first, "evidence", "leader", "you"]


def test_each_answer_leads_to_the_next_question_and_the_last_to_the_check(parent):
    names = [question.url_name for question in QUESTIONS] + ["report-check"]

    for here, after in pairwise(names):
        if here != "report-evidence":
            slug = here.removeprefix("report-")
            assert parent.post(reverse(here), ANSWERS[slug]).url == reverse(after)


@pytest.mark.parametrize("question", FORMS, ids=lambda question: question.slug)
def test_a_page_says_where_it_is_and_has_one_main_heading(parent, question):
    page = parent.get(reverse(question.url_name)).content.decode()

    number = QUESTIONS.index(question) + 1
    assert f"Question {number} of 10" in page
    assert f'<progress max="10" value="{number}"' in page
    assert page.count("<h1") == 1
    assert f"<title>{question.title}" in page


@pytest.mark.parametrize("question", FORMS, ids=lambda question: question.slug)
def test_every_page_has_the_emergency_numbers_beside_it(parent, question):
    page = parent.get(reverse(question.url_name)).content.decode()

    assert "tel:999" in page
    assert "tel:+442079460124" in page


def test_the_back_link_leads_to_the_question_before(parent, rf):
    draft = Draft()

    assert page_context(rf.get("/"), draft, "danger")["back_url"] == reverse("start")
    assert page_context(rf.get("/"), draft, "when")["back_url"] == reverse("report-where")
    assert page_context(rf.get("/"), draft, "evidence")["next_url"] == reverse("report-leader")


def test_a_change_link_goes_back_and_on_to_the_check(parent, answered):
    answered()
    url = question_of("where").change_url

    page = parent.get(url)
    after = parent.post(url, {"places": ["x"], "place_name": ""})

    assert page.context["back_url"] == reverse("report-check")
    assert after.url == reverse("report-check")
    assert Draft.objects.get().answers["where"] == {"places": ["x"], "place_name": ""}


def test_an_error_on_a_changed_answer_still_comes_back_to_the_check(parent, answered):
    answered()
    url = question_of("words").change_url

    failed = parent.post(url, {"account": ""})

    assert failed.context["next_url"] == reverse("report-check")
    assert parent.post(url, {"account": "Better words"}).url == reverse("report-check")


def test_the_policys_own_words_are_offered_under_two_headings(parent):
    page = parent.get(reverse("report-what")).content.decode()

    for clause in POLICY.clauses:
        assert clause.text in page
    assert page.index("The policy says this online activity is inappropriate") < page.index(POLICY.clauses[0].text)
    assert page.index("Guidelines for class WhatsApp groups") < page.index(POLICY.clauses_of("guideline")[0].text)
    assert 'class="govuk-checkboxes__divider">or</div>' in page
    assert page.count('data-behaviour="exclusive"') == 1


@pytest.mark.parametrize("question", FORMS, ids=lambda question: question.slug)
def test_kept_answers_are_shown_again(parent, answered, question):
    answered()

    page = parent.get(reverse(question.url_name)).content.decode()

    for value in _values(ANSWERS[question.slug]):
        assert f'value="{value}"' in page or value.splitlines()[0] in page
    ticked = {"what": 2, "where": 2, "you": 2, "words": 0, "when": 0}.get(question.slug, 1)
    assert page.count(" checked") == ticked


def test_optional_questions_can_be_left_empty(parent):
    for slug in ("danger", "complaint", "where", "when", "who", "leader"):
        assert parent.post(reverse(f"report-{slug}"), {}).status_code == 302


@pytest.mark.parametrize("month", ["11", "Nov", "november", "NOV."])
def test_a_month_may_be_typed_as_a_name(parent, month):
    parent.post(reverse("report-when"), {"seen_on_0": "9", "seen_on_1": month, "seen_on_2": "2025"})

    assert Draft.objects.get().answers["when"]["seen_on"] == "2025-11-09"


def test_today_is_not_in_the_future(parent):
    today = timezone.localdate()
    typed = {"seen_on_0": today.day, "seen_on_1": today.month, "seen_on_2": today.year}

    assert parent.post(reverse("report-when"), typed).status_code == 302


def test_rough_words_stand_in_for_a_day(parent):
    parent.post(reverse("report-when"), {"when_words": "the week before half-term"})

    answers = Draft.objects.get().answers["when"]
    assert answers == {"seen_on": "", "when_words": "the week before half-term"}


def test_a_second_report_starts_empty_after_the_first_was_sent(parent, answered):
    answered()
    parent.post(reverse("report-check"))

    again = parent.get(reverse("report-what"))
    parent.post(reverse("report-what"), {"clauses": ["anger"]})

    assert " checked" not in again.content.decode()
    assert Concern.objects.count() == 1
    assert Draft.objects.get(concern=None).answers == {"what": {"clauses": ["anger"]}}


def test_an_answer_on_an_expired_draft_is_kept_and_the_rest_is_asked_again(parent, answered):
    answered()
    Draft.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    response = parent.post(reverse("report-words"), {"account": "Typed after lunch"})
    check = parent.get(reverse("report-check"))

    assert response.status_code == 302
    assert Draft.objects.alive().get().answers == {"words": {"account": "Typed after lunch"}}
    assert [question.slug for question in check.context["missing"]] == ["what", "you"]


def test_an_answer_without_any_cookie_is_kept_too(parent):
    parent.cookies.clear()

    response = parent.post(reverse("report-you"), ANSWERS["you"])

    assert response.url == reverse("report-check")
    assert Draft.objects.get().answers["you"]["role"] == "parent"
    assert response.cookies[COOKIE].value


def _values(answers):
    for value in answers.values():
        yield from (value if isinstance(value, list) else [value] if value else [])
