"""What a warning letter is told: what was found and nothing of who reported it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest

from incidents.casework.warning_words import (
    UNKNOWN_PLACE,
    months_later,
    phone_of,
    place,
    says_reply_date,
    usual_asks,
    warning_facts,
    with_reply_date,
)
from incidents.policy.wording import POLICY
from letters.kinds import compose
from tests.factories import AllegationFactory, ConcernFactory, ReporterFactory, UserFactory

OLD, NEW = date(2026, 12, 16), date(2026, 12, 18)


def facts(slt, allegations, **changes):
    known = {
        "school": slt.school,
        "allegations": allegations,
        "asks": ["Do not post comments like these again."],
        "reply_by": OLD,
        "written_on": date(2026, 12, 3),
        "signatory": slt,
        "account_received_on": date(2026, 11, 30),
    }
    return warning_facts(**{**known, **changes})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Class WhatsApp group", "class WhatsApp group"),
        ("a class group", "class group"),
        ("The Facebook group", "Facebook group"),
        ("Facebook", "Facebook"),
        ("Year 4 Willow parents", "Year 4 Willow parents"),
        ("  Public   Facebook group ", "public Facebook group"),
        ("", UNKNOWN_PLACE),
        ("the", UNKNOWN_PLACE),
    ],
)
def test_a_place_reads_after_in_the(typed, read):
    assert place(typed) == read


@pytest.mark.parametrize(
    ("start", "months", "later"),
    [
        (date(2026, 12, 3), 12, date(2027, 12, 3)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_letter_is_kept_for_months(start, months, later):
    assert months_later(start, months) == later


def test_a_changed_reply_date_changes_the_letters_own_words():
    body = "Tell me by **Wednesday 16 December 2026**. You told us on 16 December 2026."

    changed = with_reply_date(body, old=OLD, new=NEW)

    assert changed == "Tell me by **Friday 18 December 2026**. You told us on 16 December 2026."


@pytest.mark.parametrize("old", [None, NEW])
def test_an_unchanged_reply_date_changes_nothing(old):
    assert with_reply_date("by Wednesday 16 December 2026", old=old, new=NEW) == "by Wednesday 16 December 2026"


def test_the_reply_date_is_found_across_a_line_break():
    assert says_reply_date("by 16\nDecember  2026.", OLD)
    assert not says_reply_date("by 17 December 2026.", OLD)


@pytest.mark.django_db
def test_each_clause_is_quoted_once_in_the_policys_order(slt):
    made = [AllegationFactory.build(clause=key, posted_on=OLD) for key in ("respect", "abusive", "anger", "abusive")]

    told = facts(slt, made)

    assert [clause.words for clause in told.clauses] == [
        POLICY.clause(key).text for key in ("abusive", "anger", "respect")
    ]
    assert [clause.is_guideline for clause in told.clauses] == [False, False, True]
    assert len(told.findings) == 4


@pytest.mark.django_db
def test_the_ladder_is_the_policys_own(slt):
    told = facts(slt, [AllegationFactory.build()])

    assert told.ladder == tuple(step.text for step in POLICY.steps)
    assert told.ladder_lead == POLICY.ladder_lead


@pytest.mark.django_db
def test_who_reported_it_is_not_among_the_facts(slt):
    concern = ConcernFactory.create(school=slt.school, account="I am Priya and I saw this at 6:12pm")
    ReporterFactory.create(concern=concern, name="Priya Raman")
    allegation = AllegationFactory.create(case__school=slt.school)
    concern.case = allegation.case
    concern.save()

    told = str(asdict(facts(slt, [allegation])))

    for word in ("Priya", "Raman", "6:12pm", concern.reference):
        assert word not in told


@pytest.mark.django_db
def test_somebody_without_a_telephone_is_reached_through_the_school(slt):
    assert phone_of(slt, school=slt.school) == slt.school.phone
    assert phone_of(UserFactory.build(phone="020 7946 0126"), school=slt.school) == "020 7946 0126"


@pytest.mark.django_db
def test_the_usual_requests_promise_nothing_and_order_nobody_out_of_a_group(slt):
    asks = " ".join(usual_asks(slt, school=slt.school)).lower()

    for word in ("will call", "within", "leave the group", "must", "delete", "illegal"):
        assert word not in asks
    assert slt.full_name.lower() in asks


@pytest.mark.django_db
def test_the_letter_says_everything_a_warning_must_say(slt):
    allegation = AllegationFactory.build(words="Useless AND a liar", posted_on=date(2026, 11, 19))
    told = facts(slt, [allegation], account="your son came home hurt.", impact="The member of staff was upset.")

    composed = compose("warning", told)
    body = " ".join(composed.body.split())

    for words in (
        "19 November 2026",
        "class WhatsApp group",
        "“Useless AND a liar”",
        f"“{POLICY.clause('abusive').text}”",
        "The member of staff was upset.",
        "your son came home hurt.",
        "not decided whether any law was broken",
        "Do not post comments like these again.",
        "Wednesday 16 December 2026",
        slt.school.phone,
        "not about your child",
        "complaints procedure",
        "3 December 2027",
        *(step.text for step in POLICY.steps),
    ):
        assert words in body
    for word in ("illegal", "prosecut", " sue ", "must leave", "a parent told us"):
        assert word not in body.lower()


@pytest.mark.django_db
def test_what_people_typed_cannot_become_a_part_of_the_letter(slt):
    allegation = AllegationFactory.build(words="# Big\n- list\n**bold** <b>x</b> | a | b |")

    body = compose("warning", facts(slt, [allegation], asks=["## Heading", "1. One"])).body

    assert "\n# Big" not in body
    assert "\n- list" not in body
    assert "1. ## Heading" not in body
