"""Whatever is typed: a plain sentence beside the field, nothing typed is lost, never a 500."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.models import Concern, Draft
from incidents.reporting.forms import WhatForm, WhereForm, WordsForm, YouForm
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db
EMOJI = "😡👩🏽‍🏫 she said 🤥"
ARABIC = "قالوا إن المعلمة كاذبة أمام الجميع"


def refused(client: Client, slug: str, typed: dict[str, object], sentence: str) -> str:
    """The page that comes back: the sentence in the summary and beside the field, and nothing of it saved."""
    response = client.post(reverse(f"report-{slug}"), typed)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count(escape(sentence, quote=True).replace("&#x27;", "&#39;")) == 2, page
    assert "<title>Error: " in page
    assert slug not in Draft.objects.get().answers
    return page


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("what", "Select what was posted, or select “None of these, or I am not sure”"),
        ("words", "Tell us what happened, in your own words"),
        ("you", "Select who you are"),
    ],
)
def test_an_empty_or_missing_required_answer_says_what_to_do(parent, slug, sentence):
    refused(parent, slug, {}, sentence)


@pytest.mark.parametrize("blank", ["", "   ", "\r\n\t "])
def test_spaces_are_not_words(parent, blank):
    refused(parent, "words", {"account": blank}, "Tell us what happened, in your own words")


def test_none_of_these_and_a_clause_cannot_both_be_true(parent):
    page = refused(
        parent,
        "what",
        {"clauses": ["abusive", "unsure"]},
        "Select what was posted, or “None of these, or I am not sure”. You cannot select both",
    )

    assert page.count(" checked") == 2


@pytest.mark.parametrize("clauses", [["no-such-clause"], ["abusive", "<script>"], ["\x00"]])
def test_a_clause_that_the_policy_does_not_have_is_refused(parent, clauses):
    refused(parent, "what", {"clauses": clauses}, "Select what was posted, or select “None of these, or I am not sure”")


def test_a_text_too_long_comes_back_whole_with_its_length(parent):
    typed = "a" * 9_999 + "\r\nbc"

    page = refused(
        parent,
        "words",
        {"account": typed},
        "Use 10,000 characters or fewer. There are 10002 here. You can add a longer text as a screenshot",
    )

    assert "a" * 9_999 in page


def test_a_line_break_counts_once(parent):
    typed = "a" * 4_999 + "\r\n" + "b" * 5_000

    assert parent.post(reverse("report-words"), {"account": typed}).status_code == 302
    assert len(Draft.objects.get().answers["words"]["account"]) == 10_000


@pytest.mark.parametrize(
    ("slug", "field", "limit"),
    [
        ("where", "place_name", 200),
        ("when", "when_words", 200),
        ("who", "poster", 200),
        ("you", "name", 120),
        ("you", "phone", 30),
    ],
)
def test_v2_2_1_each_line_has_its_limit_and_keeps_what_was_typed(parent, slug, field, limit):
    typed = "x" * (limit + 1)
    answers = {**ANSWERS[slug], field: typed}

    page = refused(parent, slug, answers, f"Use {limit} characters or fewer. There are {limit + 1} here")

    assert f'value="{typed}"' in page
    assert parent.post(reverse(f"report-{slug}"), {**answers, field: typed[:limit]}).status_code == 302


@pytest.mark.parametrize(
    ("slug", "field"),
    [("where", "place_name"), ("when", "when_words"), ("who", "poster"), ("words", "account"), ("you", "name")],
)
def test_a_nul_is_named_and_the_rest_of_the_text_is_kept(parent, slug, field):
    """Row 40: what PostgreSQL cannot store."""
    page = refused(
        parent,
        slug,
        {**ANSWERS[slug], field: "before\x00after"},
        "One of the symbols here cannot be saved. Remove it, and use words instead",
    )

    assert "before\ufffdafter" in page


@pytest.mark.parametrize("field", ["email", "phone"])
def test_a_nul_in_a_contact_is_refused_too(parent, field):
    response = parent.post(reverse("report-you"), {**ANSWERS["you"], field: "a\x00@example.com"})

    assert "cannot be saved" in response.content.decode()


@pytest.mark.parametrize(
    ("form", "field"), [(WordsForm, "account"), (WhereForm, "place_name"), (YouForm, "name"), (YouForm, "email")]
)
def test_half_a_surrogate_pair_is_refused_and_the_page_can_still_be_sent(form, field):
    bound = form({field: "half \ud83d of it"})

    assert "cannot be saved" in str(bound.errors[field])
    assert "half \ufffd of it" in str(bound[field])
    str(bound[field]).encode()


def test_bytes_that_are_no_text_do_no_harm(parent):
    response = parent.post(
        reverse("report-words"), b"account=%ED%A0%BD%FF+words", content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 302
    assert Draft.objects.get().answers["words"]["account"].endswith("words")


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "no-such-charset", "utf-8"])
def test_a_request_in_another_encoding_is_no_500(parent, charset):
    body = b'--b\r\nContent-Disposition: form-data; name="account"\r\n\r\n+2AA- words\r\n--b--\r\n'

    content_type = f"multipart/form-data; boundary=b; charset={charset}"
    response = parent.generic("POST", reverse("report-words"), body, content_type)

    assert response.status_code < 500
    response.content.decode()


@pytest.mark.parametrize("words", [EMOJI, ARABIC, "<b>bold</b> & 'quoted'", "ﬁ ½ ⅷ", "a\u202eb"])
def test_words_of_any_script_are_kept_as_they_are(parent, answered, words):
    answered(words={"account": words}, who={"known": "yes", "poster": words})

    page = parent.get(reverse("report-check")).content.decode()
    parent.post(reverse("report-check"))

    concern = Concern.objects.get()
    assert (concern.account, concern.poster) == (words, words)
    assert "<b>bold" not in page


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (("31", "2", "2026"), "There is no such day. Check the day and the month"),
        (("0", "0", "2026"), "There is no such day. Check the day and the month"),
        (("19", "", "2026"), "Enter the day, the month and the year, or leave all three empty"),
        (("", "", "2026"), "Enter the day, the month and the year, or leave all three empty"),
        (("19", "11", "26"), "Enter all four numbers of the year, like 2026"),
        (("19", "Brumaire", "2026"), "Enter the day in numbers, like 19 11 2026"),
        (("-1", "11", "2026"), "Enter the day in numbers, like 19 11 2026"),
        (("²", "11", "2026"), "Enter the day in numbers, like 19 11 2026"),
        (("9" * 5000, "11", "2026"), "Enter the day in numbers, like 19 11 2026"),
        (("31", "12", "2008"), "The year must be 2009 or later"),
        (("1", "1", "0001"), "The year must be 2009 or later"),
        (("1", "1", "9999"), "The day you saw it must be today or earlier"),
    ],
)
def test_v2_2_3_a_day_that_cannot_be_says_why_and_keeps_the_three_boxes(parent, day, sentence):
    typed = dict(zip(("seen_on_0", "seen_on_1", "seen_on_2"), day, strict=True))

    page = refused(parent, "when", typed, sentence)

    for part in day:
        assert not part or f'value="{part}"' in page


def test_v2_2_3_tomorrow_is_refused(parent):
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed = {"seen_on_0": tomorrow.day, "seen_on_1": tomorrow.month, "seen_on_2": tomorrow.year}

    refused(parent, "when", typed, "The day you saw it must be today or earlier")


def test_the_summary_leads_into_the_first_box_of_a_day(parent):
    page = refused(
        parent,
        "when",
        {"seen_on_0": "31", "seen_on_1": "2", "seen_on_2": "2026"},
        "There is no such day. Check the day and the month",
    )

    assert 'href="#id_seen_on"' in page
    assert page.count('id="id_seen_on"') == 1
    assert '<input type="text" name="seen_on_0"' in page


@pytest.mark.parametrize("digits", [("١٩", "١١", "٢٠٢٥")])
def test_digits_of_another_script_are_digits(parent, digits):
    typed = dict(zip(("seen_on_0", "seen_on_1", "seen_on_2"), digits, strict=True))

    parent.post(reverse("report-when"), typed)

    assert Draft.objects.get().answers["when"]["seen_on"] == "2025-11-19"


def test_saying_yes_asks_who(parent):
    refused(parent, "who", {"known": "yes", "poster": ""}, "Enter who posted it, or select “No, or I am not sure”")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("foo", "Enter an email address in the correct format, like name@example.com"),
        ("a@b@example.com", "Enter an email address in the correct format, like name@example.com"),
        (
            "amina@example.com\nBcc: b@example.com",
            "Enter an email address in the correct format, like name@example.com",
        ),
        ("x" * 65 + "@example.com", "The part before the @ is too long for an email address. Check it"),
        ("-oQ/tmp@example.com", "An email address cannot begin with a dash. Check it"),
        ("root@localhost", "Enter an address that email from outside can reach, like name@example.com"),
        ("admin@mail.internal", "Enter an address that email from outside can reach, like name@example.com"),
        ("printer@hall.local", "Enter an address that email from outside can reach, like name@example.com"),
        ("root@[127.0.0.1]", "Enter an address that email from outside can reach, like name@example.com"),
        ("a@" + "d" * 300 + ".example", "Enter an email address in the correct format, like name@example.com"),
    ],
)
def test_an_address_nobody_can_reach_is_refused_and_kept_on_the_page(parent, address, sentence):
    """Rows 21 and 22: two recipients in one address, and odd addresses."""
    page = refused(parent, "you", {**ANSWERS["you"], "email": address}, sentence)

    assert escape(address.split("\n")[0]) in page
    assert page.count(" checked") == 2


@pytest.mark.parametrize(
    "address", ["amina@example.com", "o'neil+school@mail.example.co.uk", "x" * 64 + "@example.com"]
)
def test_an_ordinary_address_is_accepted(parent, address):
    assert parent.post(reverse("report-you"), {**ANSWERS["you"], "email": address}).status_code == 302


def test_pasted_line_breaks_in_one_line_become_a_space(parent):
    parent.post(reverse("report-who"), {"known": "yes", "poster": "D Marsh\r\n  Year 4"})

    assert Draft.objects.get().answers["who"]["poster"] == "D Marsh Year 4"


@pytest.mark.parametrize("typed", [{"role": "head"}, {"role": "parent", "may_name": "perhaps"}])
def test_v2_2_2_a_choice_that_is_not_offered_is_refused(parent, typed):
    response = parent.post(reverse("report-you"), typed)

    assert response.status_code == 200
    assert "Select" in response.content.decode()


def test_the_browser_cuts_nothing_off():
    assert 'maxlength="10000"' not in str(WordsForm()["account"])
    assert 'maxlength="200"' not in str(WhereForm()["place_name"])


def test_a_good_answer_survives_a_bad_one_after_it(parent):
    parent.post(reverse("report-words"), {"account": "Good words"})

    parent.post(reverse("report-words"), {"account": "x" * 10_001})

    assert Draft.objects.get().answers["words"] == {"account": "Good words"}


def test_saved_answers_survive_a_form_without_a_valid_token(answered):
    client = answered(Client(enforce_csrf_checks=False))
    client.handler.enforce_csrf_checks = True
    before = Draft.objects.get().answers

    refusal = client.post(reverse("report-words"), {"account": "After the cookies were cleared"})
    client.handler.enforce_csrf_checks = False

    assert refusal.status_code == 403
    assert "text/html" in refusal["Content-Type"]
    assert Draft.objects.get().answers == before
    assert "teaching assistant" in client.get(reverse("report-words")).content.decode()


def test_a_very_large_form_is_refused_without_a_500(parent):
    response = parent.post(reverse("report-words"), {"account": "x" * 2_000_000})

    assert response.status_code in (400, 413)


def test_unsure_alone_is_an_answer():
    assert WhatForm({"clauses": ["unsure"]}).is_valid()
