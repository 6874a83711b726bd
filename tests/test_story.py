"""An event reads as a sentence, whatever facts it was recorded with."""

from __future__ import annotations

import pytest

from incidents.models import Event
from incidents.models.story import TELLINGS, lines_of, title_of

FACTS = {
    "case": "C014",
    "concern": "DKH-7R4K-2Q",
    "letter": "DKH-C014-3",
    "person": "Daniel Marsh",
    "role": "Subject",
    "clause": "Abusive or personal comments…",
    "finding": "Not found",
    "outcome": "Criticism of the school or its decisions",
    "step": "Warning letter",
    "who": "Tomas Lindqvist",
    "summary": "Comments about a member of staff",
}


def event(kind: Event.Kind, why: str = "", **facts: object) -> Event:
    return Event(kind=kind, why=why, facts=facts)


def test_every_kind_of_event_can_be_told():
    assert set(TELLINGS) == set(Event.Kind)


@pytest.mark.parametrize("kind", Event.Kind)
def test_an_event_without_facts_still_has_a_title_and_no_holes(kind):
    bare = event(kind)

    assert title_of(bare)
    assert "{" not in title_of(bare)
    assert lines_of(bare) == []


@pytest.mark.parametrize("kind", Event.Kind)
def test_a_full_event_leaves_no_hole_in_its_sentences(kind):
    full = event(kind, why="The words are about one person.", **FACTS)

    told = " ".join([title_of(full), *lines_of(full)])

    assert "{" not in told
    # Why a flag was set may speak of another case: it stays with the flag, whatever an older event holds.
    is_told = kind not in {Event.Kind.FLAG_SET, Event.Kind.FLAG_LIFTED}
    assert ("Reason: The words are about one person." in lines_of(full)) == is_told


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (Event.Kind.CONCERN_RECEIVED, "Concern DKH-7R4K-2Q received"),
        (Event.Kind.CONCERN_ASSIGNED, "Concern DKH-7R4K-2Q assigned to Tomas Lindqvist"),
        (Event.Kind.CASE_OPENED, "Case C014 opened"),
        (Event.Kind.CONCERN_ADDED, "Concern DKH-7R4K-2Q added to case C014"),
        (Event.Kind.FINDING_RECORDED, "Finding about Daniel Marsh recorded: not found"),
        (Event.Kind.STEP_TAKEN, "Step taken: warning letter"),
        (Event.Kind.LEAD_CHANGED, "Tomas Lindqvist now leads the case"),
    ],
)
def test_the_title_says_what_was_done_to_what(kind, title):
    assert title_of(event(kind, **FACTS)) == title


def test_the_subjects_own_account_is_called_that():
    asked = event(Event.Kind.INFORMATION_ASKED, account="Daniel Marsh", who="Daniel Marsh")
    received = event(Event.Kind.INFORMATION_RECEIVED, account="Daniel Marsh", who="Daniel Marsh")

    assert title_of(asked) == "Daniel Marsh asked for their account"
    assert title_of(received) == "Account of Daniel Marsh received"


def test_a_line_whose_fact_is_missing_or_empty_is_left_out():
    taken = event(Event.Kind.STEP_TAKEN, step="Warning letter", person="", letter=None, why="Both sides were heard.")

    assert lines_of(taken) == ["Reason: Both sides were heard."]


def test_words_that_look_like_a_placeholder_are_printed_as_they_are():
    hostile = event(Event.Kind.CASE_OPENED, summary="{0.__class__} {case}", case="C014", why="{why!r}")

    assert lines_of(hostile) == ["{0.__class__} {case}", "Reason: {why!r}"]


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_fact_is_none(nothing):
    assigned = event(Event.Kind.CONCERN_ASSIGNED, concern=nothing, who="Tomas Lindqvist")

    assert title_of(assigned) == "Concern assigned to Tomas Lindqvist"
