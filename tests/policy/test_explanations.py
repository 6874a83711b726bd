"""What has to be explained in writing, over every step and every combination of what was taken before."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.policy.explanations import LOWER, SOON_SCHOOL_DAYS, explanations_for
from incidents.policy.facts import CaseFacts, TakenFact
from incidents.policy.wording import POLICY

STEPS = [step.key for step in POLICY.steps]
ON = date(2026, 11, 2)


def keys(step, taken, chosen=()):
    return [each.key for each in explanations_for(step, CaseFacts(taken=tuple(taken)), chosen)]


def test_no_step_has_a_lower_one_that_the_policy_does_not_know():
    assert set(LOWER) == set(STEPS)
    assert all(set(lower) <= {"warning", "meeting"} for lower in LOWER.values())
    assert LOWER["warning"] == ()


@pytest.mark.parametrize(
    ("step", "before", "ago", "is_same"),
    list(product(STEPS, [(), ("warning",), ("meeting",), ("warning", "meeting")], [None, 0, 10, 11], [False, True])),
)
def test_each_reason_is_asked_for_exactly_when_it_is_due(step, before, ago, is_same):
    taken = [TakenFact(key, ON, frozenset({1}), ago) for key in before]
    chosen = {1} if is_same else {2}

    asked = keys(step, taken, chosen)

    assert ("left_out" in asked) == bool(set(LOWER[step]) - set(before))
    assert ("soon" in asked) == (bool(before) and ago is not None and ago <= SOON_SCHOOL_DAYS)
    assert ("again" in asked) == (bool(before) and is_same)


def test_the_last_step_is_named_with_its_day():
    facts = CaseFacts(taken=(TakenFact("warning", ON, frozenset({1}), 3), TakenFact("meeting", ON, frozenset(), 8)))

    soon, again = explanations_for("ban", facts, {1})

    assert soon.about.startswith("Warning letter was taken on 2 November 2026, three school days ago.")
    assert again.about == "Warning letter of 2 November 2026 was about the same finding."


taken_facts = st.lists(
    st.builds(
        TakenFact,
        st.sampled_from(STEPS),
        st.dates(),
        st.frozensets(st.integers(1, 5)),
        st.none() | st.integers(-3, 400),
    ),
    max_size=6,
)


@given(st.sampled_from(STEPS), taken_facts, st.frozensets(st.integers(1, 5)))
def test_any_history_gives_whole_sentences_and_never_the_same_question_twice(step, taken, chosen):
    asked = explanations_for(step, CaseFacts(taken=tuple(taken)), chosen)

    assert len({each.key for each in asked}) == len(asked)
    for each in asked:
        assert each.question.endswith("?")
        assert each.about.endswith(".")
        assert "None" not in each.about
