"""Every step against every combination of the facts that matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.policy.facts import AllegationFact, CaseFacts, InformationFact, TakenFact
from incidents.policy.ladder import RUNGS, State, needs_of, rung_of, standing_of
from incidents.policy.signals import CRIME_SIGNALS, LIBEL_SIGNALS
from incidents.policy.wording import POLICY

STEPS = [step.key for step in POLICY.steps]
ASKED, DUE, RECEIVED, FOUND_ON = date(2026, 11, 24), date(2026, 12, 3), date(2026, 11, 30), date(2026, 12, 2)
NO_ALLEGATION: tuple[AllegationFact, ...] = ()
NOT_DECIDED = (AllegationFact("abusive", "undecided"),)
NOT_FOUND = (AllegationFact("abusive", "not_found", FOUND_ON),)
FOUND = (AllegationFact("abusive", "found", FOUND_ON),)
TWO_FOUND_ONE_OPEN = (*FOUND, *FOUND, AllegationFact("threat", "undecided"))
NOTHING: tuple[InformationFact, ...] = ()
ASKED_ONLY = (InformationFact(DUE, None, ASKED),)
GATHERED = (InformationFact(DUE, RECEIVED, ASKED),)
ACCOUNT_ASKED = InformationFact(DUE, None, ASKED, is_account=True)
ACCOUNT_RECEIVED = InformationFact(DUE, RECEIVED, ASKED, is_account=True)

MATRIX = [
    CaseFacts(
        status=status,
        allegations=allegations,
        information=(*account, *information),
        cannot_wait_reason=cannot_wait,
        is_decider_conflicted=is_conflicted,
        has_reason=has_reason,
        taken=taken,
        subject_name="Mr Marsh",
    )
    for status, allegations, information, account, cannot_wait, is_conflicted, has_reason, taken in product(
        ("open", "paused", "closed"),
        (NO_ALLEGATION, NOT_DECIDED, NOT_FOUND, FOUND, TWO_FOUND_ONE_OPEN),
        (NOTHING, ASKED_ONLY, GATHERED),
        ((), (ACCOUNT_ASKED,), (ACCOUNT_RECEIVED,)),
        ("", "  ", "The threat names tomorrow."),
        (False, True),
        (False, True),
        ((), (TakenFact("warning", FOUND_ON),), tuple(TakenFact(key, FOUND_ON) for key in STEPS)),
    )
]


def fair(**changes: object) -> CaseFacts:
    """A case in which a warning letter can be taken."""
    known: dict[str, object] = {
        "allegations": (*FOUND, *FOUND),
        "information": (ACCOUNT_RECEIVED, *GATHERED),
        "subject_name": "Mr Marsh",
    }
    return CaseFacts(**{**known, **changes})  # type: ignore[arg-type]


def is_fair(facts: CaseFacts, step: str = "warning") -> bool:
    """The rule of the product, said a second time and in other words."""
    is_found = any(allegation.finding == "found" for allegation in facts.allegations)
    is_gathered = any(each.received_on for each in facts.information) or facts.cannot_wait_reason.strip() != ""
    is_heard = any(each.is_account for each in facts.information)
    if step in ("authorities", "ban"):  # asking first can put somebody in danger; a ban's own letter asks
        is_heard = is_heard or facts.cannot_wait_reason.strip() != ""
    return is_found and is_gathered and is_heard and not facts.is_decider_conflicted


def test_a_rung_for_each_step_of_the_policy_in_its_order():
    assert [rung.key for rung in RUNGS] == STEPS


def test_a_warning_letter_may_be_taken_exactly_when_the_case_is_open_and_fair():
    assert len(MATRIX) == 3 * 5 * 3 * 3 * 3 * 2 * 2 * 3

    for facts in MATRIX:
        standing = standing_of("warning", facts)

        assert standing.may_be_taken == (facts.status == "open" and is_fair(facts)), facts


@pytest.mark.parametrize("step", STEPS)
def test_the_state_follows_the_facts_and_nothing_else(step):
    for facts in MATRIX:
        standing = standing_of(step, facts)

        if any(taken.step == step for taken in facts.taken):
            assert standing.state == State.TAKEN
        elif facts.status != "open":
            assert standing.state == State.SHUT
        elif step in ("warning", "meeting", "ban"):
            assert standing.state == (State.OPEN if is_fair(facts, step) else State.BLOCKED)
        elif step in ("authorities", "legal"):
            assert standing.state == State.SHUT
        else:
            assert standing.state == State.BLOCKED


def marked(*signals: str, finding: str = "found", has_words: bool = True) -> CaseFacts:
    """A fair case in which somebody saw something in a message."""
    return fair(allegations=(*FOUND, AllegationFact("threat", finding, FOUND_ON, has_words, frozenset(signals))))


@pytest.mark.parametrize("signal", sorted(CRIME_SIGNALS))
def test_any_sign_of_a_crime_in_a_message_opens_the_authorities_and_not_the_lawyers(signal):
    assert standing_of("authorities", marked(signal)).state == State.OPEN
    assert standing_of("legal", marked(signal)).state == State.SHUT


@pytest.mark.parametrize("signal", sorted(LIBEL_SIGNALS))
def test_a_mark_on_exact_words_opens_legal_advice_and_not_the_authorities(signal):
    assert standing_of("legal", marked(signal)).state == State.OPEN
    assert standing_of("authorities", marked(signal)).state == State.SHUT
    assert standing_of("legal", marked(signal, has_words=False)).state == State.SHUT


def test_a_message_found_harmless_opens_nothing():
    assert standing_of("authorities", marked("threat", finding="not_found")).state == State.SHUT
    assert standing_of("legal", marked("libel", finding="not_found")).state == State.SHUT


@pytest.mark.parametrize("step", ["authorities", "ban"])
def test_two_people_are_needed_and_said(step):
    alone = replace(marked("threat"), has_approver=False)

    assert "Another person must approve it." in standing_of(step, marked("threat")).sentence
    assert standing_of(step, alone).state == State.BLOCKED
    assert "Ask the Trust to name someone" in standing_of(step, alone).sentence


@pytest.mark.parametrize("step", ["warning", "meeting", "legal"])
def test_one_person_takes_the_other_steps(step):
    alone = replace(marked("threat", "libel"), has_approver=False)

    assert standing_of(step, alone).may_be_taken


@pytest.mark.parametrize("step", ["authorities", "ban"])
def test_where_asking_would_be_dangerous_a_reason_stands_for_the_account(step):
    unasked = replace(marked("threat"), information=GATHERED)

    assert not standing_of(step, unasked).may_be_taken
    assert standing_of(step, replace(unasked, cannot_wait_reason="He said tomorrow.")).may_be_taken
    assert not standing_of("warning", replace(unasked, cannot_wait_reason="He said tomorrow.")).may_be_taken


def test_there_is_no_second_ban_beside_one_that_runs():
    standing = standing_of("ban", replace(fair(), has_current_ban=True))

    assert (standing.state, standing.may_be_taken) == (State.BLOCKED, False)


@pytest.mark.parametrize("step", STEPS)
def test_every_standing_says_why_in_whole_sentences(step):
    for facts in MATRIX:
        standing = standing_of(step, facts)

        assert standing.sentence.endswith(".")
        assert ".." not in standing.sentence
        assert "None" not in standing.sentence
        # After "Not yet:" the sentence goes on in small letters.
        assert standing.sentence[0].islower() == bool(standing.lead) or standing.sentence.startswith("“")


@pytest.mark.parametrize("step", STEPS)
def test_a_closed_or_paused_case_shuts_every_step(step):
    for status, said in (("closed", "the case is closed."), ("paused", "the case is paused for safeguarding.")):
        standing = standing_of(step, fair(status=status))

        assert (standing.state, standing.lead, standing.sentence) == (State.SHUT, "Not open:", said)
        assert not standing.may_be_taken


@pytest.mark.parametrize("step", STEPS)
def test_what_a_step_needs_is_met_exactly_when_the_facts_say_so(step):
    for facts in MATRIX:
        met = {need.key: need.is_met for need in needs_of(step, facts)}

        assert list(met) == ["finding", "information", "account", "no_conflict", "reason"]
        assert all(met[key] for key in met if key != "reason") == is_fair(facts, step)
        assert met["reason"] == facts.has_reason


def test_no_sentence_recommends_ranks_or_numbers_a_step():
    said = {standing_of(step, facts).sentence.lower() for step in STEPS for facts in MATRIX}

    for word in ("recommend", "should", "suggest", "next step", "first step", "step 1", "escalat", " his ", " her "):
        assert not [sentence for sentence in said if word in sentence], word


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            fair(),
            "Two allegations found. Information gathered. Their account asked for and received. "
            "It still needs your written reason.",
        ),
        (
            fair(allegations=FOUND, information=(ACCOUNT_ASKED,), cannot_wait_reason="A threat names tomorrow."),
            "One allegation found. It is recorded why this cannot wait. "
            "Their account asked for, with a reply by 3 December 2026, and not received. "
            "It still needs your written reason.",
        ),
        (
            CaseFacts(),
            "no allegation is recorded. Nobody was asked for information, and nothing says why it cannot wait. "
            "Their account has not been asked for.",
        ),
        (fair(allegations=NOT_DECIDED), "no allegation is found, and one is not decided."),
        (fair(allegations=NOT_DECIDED * 2), "no allegation is found, and two are not decided."),
        (fair(allegations=NOT_FOUND), "no allegation is found."),
        (
            fair(information=(ACCOUNT_ASKED,)),
            "nothing that was asked for has been received, and nothing says why it cannot wait.",
        ),
        (fair(information=GATHERED), "their account has not been asked for."),
        (fair(is_decider_conflicted=True), "you have a conflict of interest, so someone else must decide."),
        (fair(taken=(TakenFact("warning", FOUND_ON),)), "Taken on 2 December 2026."),
        (
            fair(taken=(TakenFact("warning", date(2027, 1, 8)), TakenFact("warning", FOUND_ON))),
            "Taken two times, the last on 8 January 2027.",
        ),
    ],
)
def test_the_warning_letter_says_what_is_there_and_what_is_missing(facts, sentence):
    assert standing_of("warning", facts).sentence == sentence


def test_a_taken_warning_may_be_taken_again_only_while_it_is_fair():
    taken = (TakenFact("warning", FOUND_ON),)

    assert standing_of("warning", fair(taken=taken)).may_be_taken
    assert not standing_of("warning", fair(taken=taken, allegations=NOT_FOUND)).may_be_taken


@pytest.mark.parametrize(
    ("step", "facts", "lead", "sentence"),
    [
        (
            "authorities",
            fair(),
            "Not open:",
            "no message here is recorded as suspected criminal conduct. In an emergency call 999. "
            "You do not need this page.",
        ),
        ("legal", fair(), "Not open:", "no allegation is marked as one that may be libellous or slanderous."),
        (
            "legal",
            fair(allegations=(AllegationFact("defamatory", "not_found", FOUND_ON),)),
            "Not open:",
            "no allegation is marked as one that may be libellous or slanderous.",
        ),
        ("meeting", fair(allegations=NOT_FOUND), "Not yet:", "no allegation is found."),
    ],
)
def test_the_other_steps_say_what_is_true_of_the_case(step, facts, lead, sentence):
    standing = standing_of(step, facts)

    assert (standing.lead, standing.sentence) == (lead, sentence)


@pytest.mark.parametrize("finding", ["found", "undecided"])
def test_legal_advice_does_not_deny_that_defamation_is_alleged(finding):
    standing = standing_of("legal", fair(allegations=(AllegationFact("defamatory", finding, FOUND_ON),)))

    assert standing.state == State.BLOCKED
    assert standing.sentence.startswith(f"“{POLICY.clause('defamatory').short}” is alleged, but")


@pytest.mark.parametrize(
    ("facts", "key", "sentence"),
    [
        (fair(), "finding", "Two found on 2 December 2026"),
        (
            fair(allegations=(*FOUND, AllegationFact("anger", "found", date(2026, 12, 4)))),
            "finding",
            "Two found, the last on 4 December 2026",
        ),
        (fair(allegations=(AllegationFact("anger", "found"),)), "finding", "One found"),
        (fair(allegations=NOT_FOUND), "finding", "No allegation is found"),
        (fair(), "information", "Two of two replies are in"),
        (fair(information=(ACCOUNT_RECEIVED, *ASKED_ONLY)), "information", "One of two replies is in"),
        (fair(information=(ACCOUNT_RECEIVED,)), "information", "The one reply asked for is in"),
        (fair(information=(), cannot_wait_reason="Now"), "information", "It is recorded why this cannot wait"),
        (fair(), "account", "Asked 24 November 2026, received 30 November 2026"),
        (
            fair(information=(ACCOUNT_ASKED,)),
            "account",
            "Asked 24 November 2026, with a reply by 3 December 2026. Not received",
        ),
        (fair(information=()), "account", "Not asked for"),
        (fair(), "no_conflict", "None is recorded for you. You say so yourself when you decide"),
        (fair(), "reason", "Give it when you decide"),
    ],
)
def test_a_need_says_what_is_there(facts, key, sentence):
    assert {need.key: need.sentence for need in needs_of("warning", facts)}[key] == sentence


def test_a_need_names_whose_account_it_is():
    labels = [need.label for need in needs_of("warning", fair())]

    assert "Mr Marsh’s account asked for" in labels


def test_the_account_that_was_received_counts_before_one_asked_for_again():
    facts = fair(information=(ACCOUNT_RECEIVED, ACCOUNT_ASKED))

    assert facts.account == ACCOUNT_RECEIVED


def test_an_unknown_step_is_an_error():
    with pytest.raises(StopIteration):
        rung_of("fine")


days = st.dates(min_value=date(2026, 1, 1), max_value=date(2036, 12, 31))
information = st.builds(InformationFact, days, st.none() | days, st.none() | days, st.booleans())
allegations = st.builds(
    AllegationFact,
    st.sampled_from([clause.key for clause in POLICY.clauses]),
    st.sampled_from(["found", "not_found", "undecided"]),
    st.none() | days,
)
any_facts = st.builds(
    CaseFacts,
    status=st.sampled_from(["open", "paused", "closed"]),
    allegations=st.lists(allegations, max_size=12).map(tuple),
    information=st.lists(information, max_size=12).map(tuple),
    cannot_wait_reason=st.text(max_size=20),
    is_decider_conflicted=st.booleans(),
    has_reason=st.booleans(),
    taken=st.lists(st.builds(TakenFact, st.sampled_from(STEPS), days), max_size=4).map(tuple),
    subject_name=st.text(max_size=20),
)


@given(any_facts, st.sampled_from(STEPS))
def test_any_facts_have_a_standing_and_needs(facts, step):
    standing, needs = standing_of(step, facts), needs_of(step, facts)

    assert standing.sentence
    assert len(needs) == 5
    assert all(need.label and need.sentence for need in needs)
    is_opened = step not in ("authorities", "legal")
    assert standing.may_be_taken == (is_opened and facts.status == "open" and is_fair(facts, step))


@given(any_facts)
def test_an_open_step_lacks_nothing_but_the_reason(facts):
    standing = standing_of("warning", facts)
    lacking = {need.key for need in needs_of("warning", facts) if not need.is_met}

    assert standing.may_be_taken == (facts.status == "open" and lacking <= {"reason"})


@given(any_facts, st.sampled_from(STEPS))
def test_one_more_finding_or_reply_never_shuts_a_step(facts, step):
    more = CaseFacts(
        status=facts.status,
        allegations=(*facts.allegations, *FOUND),
        information=(*facts.information, *GATHERED),
        cannot_wait_reason=facts.cannot_wait_reason,
        is_decider_conflicted=facts.is_decider_conflicted,
        has_reason=facts.has_reason,
        taken=facts.taken,
    )

    if standing_of(step, facts).may_be_taken:
        assert standing_of(step, more).may_be_taken
