"""A ban's states: what may follow what, and a machine that tries every way through them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from incidents.policy.bans import (
    CURRENT,
    IN_FORCE,
    LEADS_TO,
    LONGEST_BAN,
    MOVES,
    REQUIRED,
    BanFacts,
    Terms,
    is_in_force,
    is_review_due,
    moves_of,
    why_not,
    wrong_with,
)
from incidents.policy.stages import STAGES, first_stages, stage_of

START = date(2026, 12, 17)
END = date(2027, 2, 12)
REVIEW = date(2027, 1, 22)
FAR = date(2028, 1, 1)
RUNNING = BanFacts("confirmed", START, END, REVIEW, reply_by=date(2026, 12, 9), heard=1, breaches=1)


def test_every_stage_of_a_ban_can_be_reached_and_has_a_letter():
    stages = {stage.key for stage in STAGES if stage.step == "ban"}

    assert stages == {key for keys in MOVES.values() for key in keys}
    assert all(stage.letter for stage in STAGES if stage.step == "ban")
    assert {stage.key for stage in first_stages("ban")} == {"notice", "interim"}


def test_whatever_restricts_somebody_needs_a_second_person():
    for key in ("notice", "interim", "confirm", "vary", "extend", "lift", "no_ban"):
        assert stage_of("ban", key).needs_second_person


def test_whatever_tells_of_a_new_fact_asks_for_their_side():
    for key in ("notice", "interim", "review", "breach"):
        assert stage_of("ban", key).asks_reply


@pytest.mark.parametrize("state", MOVES)
@pytest.mark.parametrize("stage", sorted({key for keys in MOVES.values() for key in keys}))
def test_what_is_not_a_move_of_a_state_is_refused_with_a_sentence(state, stage):
    facts = replace(RUNNING, state=state)

    if stage not in MOVES[state]:
        assert why_not(stage, facts, START) == "this cannot follow from how the ban stands."


@pytest.mark.parametrize("state", ["notice", "interim"])
def test_nothing_is_confirmed_before_they_were_heard_or_their_time_is_over(state):
    facts = BanFacts(state, START, END, REVIEW, reply_by=START)

    assert why_not("confirm", facts, START).startswith("they can put their side until 17 December 2026")
    assert why_not("confirm", replace(facts, heard=1), START) == ""
    assert why_not("confirm", facts, START + timedelta(days=1)) == ""
    assert not why_not("no_ban" if state == "notice" else "lift", facts, START)


def test_a_ban_that_ended_is_not_brought_back():
    after = END + timedelta(days=1)

    open_moves = [move.stage for move in moves_of(RUNNING, after) if move.is_open]
    assert open_moves == ["lift", "expire"]
    assert "A new one would be a new decision" in why_not("extend", RUNNING, after)
    assert why_not("expire", RUNNING, END) == "the ban runs until 12 February 2027."


def test_one_decision_at_a_time():
    facts = replace(RUNNING, has_open_part=True)

    assert not [move for move in moves_of(facts, START) if move.is_open]


def test_a_letter_about_coming_on_site_needs_a_record_that_they_came():
    assert why_not("breach", replace(RUNNING, breaches=0), START) == "nobody has recorded that they came on site."


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("notice", START, False),
        ("interim", START, True),
        ("confirmed", START - timedelta(days=1), False),
        ("confirmed", START, True),
        ("confirmed", END, True),
        ("confirmed", END + timedelta(days=1), False),
        ("lifted", START, False),
        ("expired", START, False),
        ("not_made", START, False),
    ],
)
def test_somebody_is_kept_from_the_site_only_while_a_ban_runs(state, day, expected):
    assert is_in_force(replace(RUNNING, state=state), day) is expected


def test_a_review_is_due_from_its_day_on():
    assert not is_review_due(RUNNING, REVIEW - timedelta(days=1))
    assert is_review_due(RUNNING, REVIEW)
    assert not is_review_due(replace(RUNNING, state="lifted"), REVIEW)


@pytest.mark.parametrize(
    ("terms", "field", "sentence"),
    [
        (Terms(START, START, None), "ends_on", "The end must be after the start"),
        (Terms(START, START + LONGEST_BAN + timedelta(days=1), None), "ends_on", "A ban lasts a year at the longest"),
        (Terms(START, END, END + timedelta(days=1)), "review_on", "The review must be before the end"),
        (Terms(START, END, START), "review_on", "The review must be after the start"),
        (Terms(START, START + LONGEST_BAN, START + timedelta(days=200)), "review_on", "within six months"),
        (Terms(START, START + timedelta(days=43), None, None, is_interim=True), "ends_on", "6 weeks at the longest"),
        (Terms(START, END, REVIEW, START), "decide_by", "before the ban would start"),
        (Terms(START, START + timedelta(days=20), None, END, is_interim=True), "decide_by", "before the interim ban"),
    ],
)
def test_days_that_cannot_be_get_a_sentence_beside_them(terms, field, sentence):
    assert sentence in wrong_with(terms)[field]


def test_fair_days_are_right_and_empty_ones_are_asked_for_elsewhere():
    assert wrong_with(Terms(START, END, REVIEW, START - timedelta(days=1))) == {}
    assert wrong_with(Terms(None, None, None)) == {}


def test_no_requirement_is_told_twice():
    assert len({field for field, _, _ in REQUIRED}) == len(REQUIRED) == 18


class BanMachine(RuleBasedStateMachine):
    """Days pass, people are heard, decisions are tried in any order: the promises hold whatever happens."""

    @initialize(stage=st.sampled_from(["notice", "interim"]))
    def begin(self, stage):
        self.today = START
        self.facts = BanFacts(LEADS_TO[stage], START, END, REVIEW, reply_by=START + timedelta(days=10))
        self.was_heard_or_late = False
        self.over = False

    @rule(days=st.integers(1, 40))
    def days_pass(self, days):
        self.today += timedelta(days=days)

    @rule()
    def they_put_their_side(self):
        if MOVES[self.facts.state]:
            self.facts = replace(self.facts, heard=self.facts.heard + 1)

    @precondition(lambda self: is_in_force(self.facts, self.today))
    @rule()
    def they_come_on_site(self):
        self.facts = replace(self.facts, breaches=self.facts.breaches + 1)

    @rule(stage=st.sampled_from(sorted({key for keys in MOVES.values() for key in keys})), more=st.integers(1, 300))
    def decide(self, stage, more):
        before = self.facts
        if why_not(stage, before, self.today):
            return
        heard = before.heard or self.today > (before.reply_by or self.today)
        state = LEADS_TO.get(stage, before.state)
        terms = {}
        if stage in ("confirm", "vary", "extend"):
            assert before.state in ("interim", "notice", "confirmed")
            assert heard or before.state == "confirmed"
            start = before.starts_on or self.today
            end = max(start, self.today) + timedelta(days=more)
            terms = {"ends_on": end, "review_on": start + (end - start) / 2}
            if wrong_with(Terms(start, end, terms["review_on"])):
                return
        if stage == "expire":
            assert not is_in_force(before, self.today)
        self.facts = replace(before, state=state, **terms)
        if not MOVES[state]:
            self.over = True

    @invariant()
    def an_end_is_an_end(self):
        if getattr(self, "over", False):
            assert self.facts.state not in CURRENT
            assert moves_of(self.facts, self.today) == ()
            assert not is_in_force(self.facts, self.today)

    @invariant()
    def nobody_is_kept_out_without_an_end(self):
        if getattr(self, "facts", None) and self.facts.state in IN_FORCE:
            assert self.facts.ends_on is not None
            assert not is_in_force(self.facts, FAR + LONGEST_BAN)

    @invariant()
    def there_is_always_a_way_to_let_them_back(self):
        if getattr(self, "facts", None) and self.facts.state in CURRENT:
            open_moves = {move.stage for move in moves_of(self.facts, self.today) if move.is_open}
            assert open_moves & {"lift", "no_ban", "expire"}


BanMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestBanMachine = BanMachine.TestCase
