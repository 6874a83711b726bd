""" "Check your answers": every answer with its Change link, what is missing, and the way to send it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.models import Concern, Draft
from incidents.policy.wording import POLICY
from incidents.reporting.questions import QUESTIONS
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db


def test_every_answer_is_shown_with_a_change_link_to_its_question(parent, answered):
    answered()

    page = parent.get(reverse("report-check")).content.decode()

    assert POLICY.clause("abusive").text in page
    for text in ("A class WhatsApp group", "Year 4 Willow parents", "Wednesday 19 November 2025", "D Marsh"):
        assert text in page
    assert "teaching assistant a liar<br>in front of 31 parents." in page
    for text in ("A parent or carer", "Name not given"):
        assert text in page
    for question in QUESTIONS:
        assert f'href="{question.change_url}"' in page
    kept = page.index(f'We keep it as our <a class="govuk-link" href="{reverse("page-privacy")}">privacy notice</a>')
    assert kept < page.index("Send to the school</button>")


def test_what_was_left_out_says_so(parent, answered):
    answered(where={}, when={}, who={})

    page = parent.get(reverse("report-check")).content.decode()

    # where, when, who, files, how to reach you
    assert page.count("Not provided") == 5


def test_not_being_sure_is_an_answer(parent, answered):
    answered(what={"clauses": ["unsure"]}, who={"known": "no"})

    page = parent.get(reverse("report-check")).content.decode()

    assert "None of these, or not sure" in page
    assert "Not known" in page


def test_the_files_are_shown_small_with_their_names(parent, draft, add_file):
    good = add_file(draft, name="class chat 1.png")
    add_file(draft, name="notes.txt", problem="This is not a picture.")

    page = parent.get(reverse("report-check")).content.decode()

    assert f'src="{reverse("report-evidence-thumbnail", args=[good.pk])}"' in page
    assert 'alt="class chat 1.png"' in page
    assert "1 file could not be used and will not be sent." in page


def test_an_empty_draft_lists_what_is_needed_with_links(parent):
    page = parent.get(reverse("report-check")).content.decode()

    assert "Before you can send it, answer these questions:" in page
    for slug in ("what", "words", "you"):
        assert f'href="/report/{slug}/?change=1"' in page
    assert "There is a problem" not in page


@pytest.mark.parametrize("missing", ["what", "words", "you"])
def test_nothing_is_sent_while_a_required_answer_is_missing(parent, missing):
    for slug, typed in ANSWERS.items():
        if slug != missing:
            parent.post(reverse(f"report-{slug}"), typed)

    response = parent.post(reverse("report-check"))

    assert response.status_code == 200
    assert [question.slug for question in response.context["missing"]] == [missing]
    assert "There is a problem" in response.content.decode()
    assert "<title>Error: " in response.content.decode()
    assert not Concern.objects.exists()
    assert len(Draft.objects.get().answers) == len(ANSWERS) - 1


def test_sending_without_any_draft_says_what_is_missing_and_makes_none(parent):
    response = parent.post(reverse("report-check"))

    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not Draft.objects.exists()


def test_sending_leads_to_the_receipt(parent, answered):
    answered()

    assert parent.post(reverse("report-check")).url == reverse("report-sent")
    assert Concern.objects.count() == 1


def test_going_back_to_the_check_after_sending_shows_the_receipt(parent, answered):
    answered()
    parent.post(reverse("report-check"))

    assert parent.get(reverse("report-check")).url == reverse("report-sent")


def test_the_page_costs_few_queries_with_many_files(parent, draft, add_file, django_assert_max_num_queries):
    for number in range(20):
        add_file(draft, name=f"{number}.png")

    with django_assert_max_num_queries(6):
        parent.get(reverse("report-check"))
