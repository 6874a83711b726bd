"""The way out: on every page of the journey, a plain link, explained before it is first needed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.reporting.questions import QUESTIONS

pytestmark = pytest.mark.django_db
LINK = 'href="https://www.bbc.co.uk/weather"'
BUTTON = "govuk-js-exit-this-page-button"
JOURNEY = [*(question.url_name for question in QUESTIONS), "report-check", "status"]


@pytest.mark.parametrize("name", JOURNEY)
def test_every_page_of_the_journey_has_it_before_anything_else(parent, name):
    page = parent.get(reverse(name)).content.decode()

    assert page.count(LINK) == 2  # the button, and a skip link for keyboards
    assert page.index("govuk-js-exit-this-page-skiplink") < page.index(BUTTON) < page.index("<main")
    assert page.count('rel="nofollow noreferrer"') == 2


def test_so_have_the_pages_that_an_answer_leads_to_and_the_receipt(parent, answered):
    answered(danger={"danger": "now"}, complaint={"complaint": "only"})
    pages = [parent.get(reverse(name)) for name in ("report-call-first", "report-complaints-procedure")]
    parent.post(reverse("report-check"))
    pages.append(parent.get(reverse("report-sent")))

    assert [(page.status_code, BUTTON in page.content.decode()) for page in pages] == [(200, True)] * 3


def test_pages_that_anybody_may_be_seen_reading_do_without(parent):
    for name in ("start", "policy"):
        assert LINK not in parent.get(reverse(name)).content.decode()


def test_it_is_explained_on_the_first_question_and_only_there(parent):
    explained = [
        question.slug
        for question in QUESTIONS
        if "If you need to leave quickly" in parent.get(reverse(question.url_name)).content.decode()
    ]

    assert explained == [QUESTIONS[0].slug]


@pytest.mark.parametrize("name", ["start", "report-words", "report-check", "status", "page-privacy"])
def test_no_page_tells_another_site_where_it_was(parent, name):
    """Row 28: a secret in an address, or that somebody was here, told to the next site."""
    page = parent.get(reverse(name))

    assert page.headers["Referrer-Policy"] == "same-origin"
