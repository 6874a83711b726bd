"""The warning letter says what a fair one must, in kind words, and nothing it may never say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from incidents.policy.wording import POLICY
from letters.kinds import Finding, QuotedClause, WarningFacts, compose
from letters.rendering import render
from letters.text import body_html
from tests.letters.reading import page_texts, words

FACTS = WarningFacts(
    policy_title=POLICY.title,
    findings=(
        Finding("Class WhatsApp group", words="Useless AND a liar", posted_on=date(2026, 11, 19)),
        Finding("public Facebook group", description="A photograph of a member of staff", posted_on=date(2026, 11, 20)),
    ),
    clauses=(
        QuotedClause(POLICY.clause("abusive").text),
        QuotedClause(POLICY.clause("respect").text, is_guideline=True),
    ),
    asks=("Do not post abusive or personal comments.", "Think about taking the message down."),
    reply_by=date(2026, 12, 16),
    keep_until=date(2027, 12, 3),
    ladder_lead=POLICY.ladder_lead,
    ladder=tuple(step.text for step in POLICY.steps),
    school_phone="020 7946 0123",
    school_email="school@dkh.southwark.sch.uk",
    signatory_phone="020 7946 0127",
    account_received_on=date(2026, 11, 30),
    account="you were worried about your son.",
    impact="The member of staff found this distressing.",
)
MUST_SAY = [
    "19 November 2026, Class WhatsApp group: “Useless AND a liar”",
    "20 November 2026, public Facebook group: A photograph of a member of staff",
    f"“{POLICY.clause('abusive').text}”",
    f"“{POLICY.clause('respect').text}”",
    "Thank you for the account you gave us on 30 November 2026",
    "you were worried about your son.",
    "The member of staff found this distressing.",
    "You are free to criticise the school and to complain about it",
    "We have not decided whether any law was broken",
    "1. Do not post abusive or personal comments.",
    "2. Think about taking the message down.",
    "**Wednesday 16 December 2026**",
    "- [reply online]",
    "Call me on 020 7946 0127, or ask to meet. You can bring someone with you, and we can find an interpreter.",
    POLICY.ladder_lead,
    "This letter is not about your child",
    "You can use our complaints procedure",
    "We keep this letter until 3 December 2027",
]
NEVER = [
    "illegal",
    "unlawful",
    "prosecut",
    "sue ",
    "police",
    "leave the group",
    "vexatious",
    "reported by",
    "perpetrator",
]


@pytest.mark.parametrize("sentence", MUST_SAY)
def test_it_says(sentence):
    assert sentence in compose("warning", FACTS).body


def test_without_a_day_a_finding_begins_with_the_place():
    facts = replace(FACTS, findings=(Finding("class group", words="Useless"),))

    assert "- Class group: “Useless”" in compose("warning", facts).body


def test_the_five_steps_are_quoted_word_for_word_and_called_what_may_happen():
    body = compose("warning", FACTS).body

    for step in POLICY.steps:
        assert f"- {step.text}" in body
    assert "none of them follows by itself" in body


def test_it_never_threatens_and_never_names_who_reported():
    body = compose("warning", replace(FACTS, ladder=(), clauses=())).body.lower()

    assert [word for word in NEVER if word in body] == []
    assert "!" not in body


def test_without_an_account_it_offers_to_hear_one_and_thanks_for_nothing():
    body = compose("warning", replace(FACTS, account_received_on=None, account="")).body

    assert "We do not have your account yet. You can still give it" in body
    assert "Thank you" not in body
    assert "weighed" not in body


def test_without_a_telephone_of_their_own_the_signatory_is_reached_through_the_school():
    assert "Call me on 020 7946 0123" in compose("warning", replace(FACTS, signatory_phone="")).body


@pytest.mark.parametrize(
    ("days", "heading"),
    [
        ([date(2026, 11, 19)], "Warning letter: what was posted on 19 November 2026"),
        ([date(2026, 11, 19)] * 2, "Warning letter: what was posted on 19 November 2026"),
        (
            [date(2026, 11, 20), None, date(2026, 10, 1)],
            "Warning letter: what was posted from 1 October 2026 to 20 November 2026",
        ),
        ([None], "Warning letter: what was posted"),
    ],
)
def test_the_heading_says_when(days, heading):
    findings = tuple(Finding("group", words="x", posted_on=posted_on) for posted_on in days)

    assert compose("warning", replace(FACTS, findings=findings)).heading == heading
    assert len(heading) <= 120


def test_it_is_made_of_its_own_headings_and_lists_whatever_was_typed():
    hostile = "Useless\n\n## You are banned\n\n- [pay](https://evil.example) {{7*7}} {% include 'x' %} <b>now</b> *"
    plain = body_html(compose("warning", FACTS).body)
    finding = Finding(hostile, words=hostile, description=hostile, posted_on=date(2026, 11, 19))
    facts = replace(
        FACTS,
        findings=(finding, FACTS.findings[1]),
        asks=(hostile, hostile),
        account=hostile,
        impact=hostile,
        policy_title=hostile,
        signatory_phone=hostile,
    )

    forged = body_html(compose("warning", facts).body)

    assert re.findall(r"<h\d>.*?</h\d>|</?[uo]l>", forged) == re.findall(r"<h\d>.*?</h\d>|</?[uo]l>", plain)
    assert "{{7*7}}" in forged
    assert "&lt;b&gt;now&lt;/b&gt;" in forged
    assert "<a" not in forged


def test_staff_see_clean_text_to_edit():
    body = compose("warning", FACTS).body

    assert "\\" not in body
    assert "\n\n\n" not in body
    assert "{" not in body
    assert "&" not in body


@pytest.mark.django_db
def test_printed_it_takes_two_pages_and_ends_with_the_signature_and_the_offer(draft):
    composed = compose("warning", FACTS)
    letter = draft(heading=composed.heading, body=composed.body, enclosures=composed.enclosures)

    rendered = render(letter)

    assert rendered.pages == 2
    last = page_texts(rendered.pdf)[-1]
    assert "Yours sincerely" in last
    assert "For large print, another language" in last
    printed = words(rendered.pdf)
    for phrase in (
        "Dear Mr Marsh",
        "“Useless AND a liar”",
        "Enclosed: Policy and Code of Conduct",
        "¿Necesita",
        "Page 2 of 2",
    ):
        assert phrase in printed
