"""Saying in the print room which letters were posted and when, and taking it back on the same day."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import today
from letters.models import Letter
from tests.letters.test_print_room import ROOM, refs, text

pytestmark = pytest.mark.django_db


def test_ticked_letters_are_posted_today_and_the_rest_wait(printed, sealed, office, signed_in):
    first, second = sealed(), sealed()
    browser = signed_in(office)
    browser.post(reverse("letters-print"), refs(first, second))

    page = browser.post(reverse("letters-post"), {"batch": "1", "today": "", **refs(first)}, follow=True)

    assert "Batch 1: 1 letter marked as posted." in text(page)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.posted_on) == (Letter.State.POSTED, today())
    assert second.state == Letter.State.PRINTED


def test_posted_on_an_earlier_day(printed, office, signed_in):
    letter = printed()
    Letter.objects.update(printed_at=timezone.now() - timedelta(days=5))
    day = today() - timedelta(days=2)
    sent = {"batch": "1", "another_day": "", "posted_on_0": day.day, "posted_on_1": day.month, "posted_on_2": day.year}

    signed_in(office).post(reverse("letters-post"), sent | refs(letter))

    letter.refresh_from_db()
    assert letter.posted_on == day


TOMORROW = today() + timedelta(days=1)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"today": "", "letters": []}, "Select the letters that were posted"),
        ({"today": "", "letters": ["DKH-C999-9"]}, "One of the letters is not in this batch any more"),
        ({"another_day": ""}, "Enter the day the letters were posted"),
        (
            {"another_day": "", "posted_on_0": "31", "posted_on_1": "2", "posted_on_2": "2026"},
            "that is in the calendar",
        ),
        (
            {"another_day": "", "posted_on_0": "1", "posted_on_1": "2", "posted_on_2": "9" * 30},
            "that is in the calendar",
        ),
        (
            {"another_day": "", "posted_on_0": "1", "posted_on_1": "2", "posted_on_2": "9" * 9000},
            "that is in the calendar",
        ),
        ({"another_day": "", "posted_on_0": "x", "posted_on_1": "2", "posted_on_2": "2026"}, "Enter a valid date"),
        ({"another_day": "", "posted_on_0": "4"}, "Enter the month"),
        (
            {
                "another_day": "",
                "posted_on_0": f"{TOMORROW.day}",
                "posted_on_1": f"{TOMORROW.month}",
                "posted_on_2": f"{TOMORROW.year}",
            },
            "must be today or in the past",
        ),
        (
            {"another_day": "", "posted_on_0": "1", "posted_on_1": "1", "posted_on_2": "2020"},
            "when they were printed, or later",
        ),
        ({"today": "", "posted_on_0": "1", "posted_on_1": "1", "posted_on_2": "2020"}, "Clear the day"),
    ],
)
def test_what_was_wrong_with_the_posting_is_said_and_nothing_is_posted(printed, office, signed_in, sent, sentence):
    letter = printed()

    page = signed_in(office).post(reverse("letters-post"), {"batch": "1"} | refs(letter) | sent)

    assert page.status_code == HTTPStatus.OK
    assert "There is a problem" in text(page)
    assert sentence in text(page)
    for target in re.findall(r'<li><a href="#([^"]+)"', page.content.decode()):
        assert re.search(rf'<input[^>]* id="{target}"', page.content.decode())
    letter.refresh_from_db()
    assert letter.state == Letter.State.PRINTED


def test_what_was_typed_for_one_batch_is_kept_and_the_other_batch_is_as_it_was(printed, office, signed_in):
    first, second = printed(), printed()

    page = text(
        signed_in(office).post(
            reverse("letters-post"),
            {"batch": "1", "another_day": "", "posted_on_0": "17", "posted_on_1": "x", "posted_on_2": "2031"}
            | refs(first),
        )
    )

    assert page.count('value="2031"') == 1
    assert f'value="{second.reference}" checked' in page


@pytest.mark.parametrize("number", ["", "x", "0", "99999999999999999999", "-1", "²"])
def test_a_batch_that_does_not_exist_is_not_found(office, signed_in, number):
    assert signed_in(office).post(reverse("letters-post"), {"batch": number}).status_code == HTTPStatus.NOT_FOUND


def test_a_batch_that_is_posted_has_no_pdf_to_print_again(posted, office, signed_in):
    letter = posted()

    page = signed_in(office).get(reverse("print-batch", args=[letter.batch.number]))

    assert page.status_code == HTTPStatus.NOT_FOUND
    assert "no letters left to print" in text(page)


def test_posting_the_same_batch_twice_is_told_and_harmless(posted, office, signed_in):
    letter = posted()

    page = signed_in(office).post(reverse("letters-post"), {"batch": "1", "today": ""} | refs(letter), follow=True)

    assert "Batch 1 has no letters left to post." in text(page)


def test_a_posting_is_undone_from_the_page_it_leads_to(posted, office, signed_in):
    letter = posted()
    browser = signed_in(office)
    page = text(browser.get(ROOM, {"show": "posted", "batch": "1"}))
    assert "Undo, if the post has not gone" in page
    assert letter.reference in page

    undone = browser.post(reverse("posting-undo"), refs(letter), follow=True)

    assert "1 letter is back to be posted." in text(undone)
    letter.refresh_from_db()
    assert letter.state == Letter.State.PRINTED


def test_the_day_after_there_is_no_undo(posted, office, signed_in):
    letter = posted()
    Letter.objects.update(posted_at=timezone.now() - timedelta(days=1))
    browser = signed_in(office)

    assert "Undo" not in text(browser.get(ROOM, {"show": "posted", "batch": "1"}))
    assert "only be undone on the same day" in text(browser.post(reverse("posting-undo"), refs(letter), follow=True))
    assert "cannot be found any more" in text(browser.post(reverse("posting-undo"), {}, follow=True))
