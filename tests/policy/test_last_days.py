"""The day on which a rule turns, and the words it then says: mutants of the policy showed that no test held them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from incidents.policy.bans import (
    LONGEST_BAN,
    LONGEST_INTERIM,
    LONGEST_UNTIL_REVIEW,
    BanFacts,
    Terms,
    is_in_force,
    why_not,
    wrong_with,
)
from incidents.policy.explanations import explanations_for
from incidents.policy.facts import CaseFacts, TakenFact

START, END = date(2026, 12, 1), date(2027, 3, 1)
DAY = timedelta(days=1)
ON = date(2026, 11, 2)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(START, START + LONGEST_INTERIM, None, None, is_interim=True),
        Terms(START, START + LONGEST_BAN, None),
        Terms(START, END, END),
        Terms(START, START + LONGEST_BAN, START + LONGEST_UNTIL_REVIEW),
        Terms(START, START + 20 * DAY, None, START + 20 * DAY, is_interim=True),
        Terms(START, END, None, START - DAY),
        Terms(START, None, None, None, is_interim=True),
    ],
)
def test_the_last_day_that_a_rule_allows_is_allowed(terms):
    assert wrong_with(terms) == {}


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        (Terms(START, START, None), {"ends_on": "The end must be after the start"}),
        (
            Terms(START, START + LONGEST_BAN + DAY, None),
            {"ends_on": "A ban lasts a year at the longest. It can be extended after a review"},
        ),
        (Terms(START, END, END + DAY), {"review_on": "The review must be before the end"}),
        (Terms(START, END, START), {"review_on": "The review must be after the start"}),
        (
            Terms(START, START + LONGEST_BAN, START + LONGEST_UNTIL_REVIEW + DAY),
            {"review_on": "The review must be within six months of the start"},
        ),
        (
            Terms(START, START + 20 * DAY, None, START + 21 * DAY, is_interim=True),
            {"decide_by": "The decision must come before the interim ban ends"},
        ),
        (Terms(START, END, None, END + DAY), {"decide_by": "The decision must come before the ban would start"}),
    ],
)
def test_a_day_later_is_refused_in_exactly_these_words(terms, wrong):
    assert wrong_with(terms) == wrong


@pytest.mark.parametrize("days", [(None, END), (START, None), (None, None)])
def test_a_ban_without_both_its_days_keeps_nobody_out(days):
    assert not is_in_force(BanFacts("confirmed", *days), START)


def test_a_ban_that_ended_can_still_be_lifted_and_nothing_else_and_says_when_it_ended():
    ended = BanFacts("confirmed", START, END, heard=1, breaches=1)
    after = END + DAY

    assert why_not("lift", ended, after) == ""
    assert why_not("extend", ended, after) == "the ban ended on 1 March 2027. A new one would be a new decision."


def test_a_decision_that_is_begun_comes_first():
    begun = BanFacts("confirmed", START, END, has_open_part=True)

    assert why_not("lift", begun, START) == (
        "another decision about this ban is begun. Finish or discard that one first."
    )


@pytest.mark.parametrize(("ago", "said"), [(0, "today"), (1, "one school day ago"), (2, "two school days ago")])
def test_how_long_ago_the_last_step_was_is_said_as_people_say_it(ago, said):
    facts = CaseFacts(taken=(TakenFact("warning", ON, frozenset(), 9), TakenFact("meeting", ON, frozenset(), ago)))

    (soon,) = [each for each in explanations_for("ban", facts, set()) if each.key == "soon"]

    assert soon.about.startswith("Meeting")
    assert f", {said}. " in soon.about


def test_what_is_asked_for_is_asked_in_whole_questions():
    facts = CaseFacts(taken=(TakenFact("meeting", ON, frozenset({1}), 2),))
    none = CaseFacts(taken=())

    asked = {each.key: each for each in (*explanations_for("ban", facts, {1}), *explanations_for("ban", none, {1}))}

    assert {key: each.question for key, each in asked.items()} == {
        "left_out": "Why was a lower step left out?",
        "soon": "Why so soon after the last step?",
        "again": "Why a second step for the same conduct?",
    }
    assert asked["left_out"].about == (
        "No warning letter and no meeting was taken about this person. Say why it would not do here."
    )
