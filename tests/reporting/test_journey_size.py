"""How much is asked of a hurried parent: pages, answers without which nothing goes, and bytes to load."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from incidents.reporting.questions import QUESTIONS
from tests import translations
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db

MOST_PAGES, MOST_ANSWERS = 14, 3
MOST_BYTES = 60 * 1024
DIST = Path(settings.STATICFILES_DIRS[0])
PAGES = ("start", "policy", "status", "reply", "report-check", "report-later", *(each.url_name for each in QUESTIONS))


def test_from_the_start_to_the_reference_there_are_at_most_14_pages(school):
    pages = ["start", *(question.url_name for question in QUESTIONS), "report-check", "report-sent"]

    assert len(pages) <= MOST_PAGES


def test_at_most_three_answers_are_required_and_they_are_enough(parent):
    asked = [question.slug for question in QUESTIONS if question.form and question.form.required]
    for slug in asked:
        parent.post(reverse(f"report-{slug}"), ANSWERS[slug])
    sent = parent.post(reverse("report-check"))

    assert len(asked) <= MOST_ANSWERS
    assert sent.headers["Location"] == reverse("report-sent")
    assert parent.get(reverse("report-sent")).status_code == 200


def test_every_other_question_can_be_left_empty(parent):
    for question in QUESTIONS:
        if question.form and not question.form.required:
            assert parent.post(reverse(question.url_name), {}).status_code == 302, question.slug


@pytest.mark.parametrize("language", ["en-gb", *translations.languages()])
def test_every_page_is_under_60_kb_with_its_style_and_its_scripts(school, language):
    client = Client(headers={"accept-language": language})

    weights = {name: weight_of(client.get(reverse(name)).content.decode()) for name in PAGES}

    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}


def weight_of(page: str) -> int:
    """As it is sent, compressed: the page, its style sheet and scripts, and the fonts that every page draws with."""
    files = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', page))
    fonts = {path.name: path.stat().st_size for path in (DIST / "fonts").glob("*-latin-[47]00-*.woff2")}
    sent = len(gzip.compress(page.encode()))
    for name in files:
        path = DIST / re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name)
        sent += len(gzip.compress(path.read_bytes()))
    return sent + sum(fonts.values())
