"""What is looked up in the policy by a key, a council or a language."""

from __future__ import annotations

import pytest

from incidents.policy.councils import COUNCILS, others_than
from incidents.policy.signals import SIGNALS, signal_of
from incidents.policy.wording import POLICY, policy_in


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.key)
def test_every_signal_is_found_by_its_own_key(signal):
    assert signal_of(signal.key) is signal


def test_a_signal_that_nobody_knows_is_a_mistake_of_ours():
    with pytest.raises(StopIteration):
        signal_of("made-up")


def test_the_council_that_the_page_gives_is_left_out_of_the_others_whatever_its_capitals():
    first = COUNCILS[0]

    assert others_than(first.name.upper()) == COUNCILS[1:]
    assert others_than("a council that is not there") == COUNCILS


@pytest.mark.parametrize("council", COUNCILS, ids=lambda council: council.name)
def test_the_page_of_a_council_is_opened_by_https(council):
    assert council.address == f"https://{council.page}/"


def test_the_policy_in_another_language_has_the_same_parts_and_the_same_short_words():
    spanish = policy_in("es")

    assert [clause.key for clause in spanish.clauses] == [clause.key for clause in POLICY.clauses]
    assert [clause.short for clause in spanish.clauses] == [clause.short for clause in POLICY.clauses]
    assert all(mine.text != theirs.text for mine, theirs in zip(POLICY.clauses, spanish.clauses, strict=True))
    assert [step.key for step in spanish.steps] == [step.key for step in POLICY.steps]
    assert spanish.group_leads.keys() == POLICY.group_leads.keys()


def test_a_language_that_nobody_translated_reads_the_policy_itself():
    assert policy_in("xx") is POLICY
