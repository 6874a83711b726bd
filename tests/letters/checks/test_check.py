"""A letter is looked at as a whole: what is missing, what is open, which days are wrong; and each can be answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.school.calendar import SchoolCalendar
from letters.checks import check
from letters.checks.answers import answer_objections, asked, reasons_in, unanswered
from letters.kinds import ALL, KINDS, compose
from letters.models import Letter
from letters.refusals import UnansweredError

CALENDAR = SchoolCalendar(
    terms=((date(2026, 11, 2), date(2026, 12, 18)), (date(2027, 1, 5), date(2027, 2, 12))),
    closed=frozenset({date(2026, 12, 11)}),
)
every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.key)


def letter(kind="warning", **fields):
    composed = compose(kind, KINDS[kind].sample)
    given = {
        "kind": kind,
        "heading": composed.heading,
        "body": composed.body,
        "addressee": "Ms Helen Ashby",
        "address": "7 Bellenden Court\nLondon\nSE15 4QY",
        "written_on": date(2026, 11, 23),
        "reply_by": getattr(KINDS[kind].sample, "reply_by", None),
    }
    return Letter(**(given | fields))


def codes(checked, **kwargs):
    return [found.code for found in check(checked, **kwargs)]


@every_kind
def test_no_letter_has_anything_to_object_to_as_it_is_composed(kind):
    found = check(letter(kind.key), calendar=None if kind.key == "ban_expired" else CALENDAR, reporters=["Priya Nair"])

    assert [(objection.title, objection.sentence) for objection in found] == []


@every_kind
def test_each_part_is_missed_when_it_is_taken_out(kind):
    empty = letter(kind.key, heading="A letter", body="Nothing that belongs here.")

    titles = [found.title for found in check(empty)]

    assert [part.label for part in kind.parts if f"It does not say {part.label}" not in titles] == []


@pytest.mark.parametrize(
    "left", ["Dear [name]", "((reply date))", "On XX December", "Call TBC", "Name: ____", "At ?? o’clock", "He said ……"]
)
def test_what_was_left_open_is_found(left):
    assert "left_open" in codes(letter(body=f"{letter().body}\n\n{left}"))


def test_the_reply_line_is_no_open_place():
    assert "[reply online]" in letter().body
    assert "left_open" not in codes(letter())


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Come on Saturday 12 December 2026.", "not_a_school_day"),
        ("Come on Friday 11 December 2026.", "not_a_school_day"),
        ("Come on 25 December 2026.", "not_a_school_day"),
        ("Come on Tuesday 9 December 2026.", "wrong_weekday"),
        ("Come on 31 November 2026.", "no_such_day"),
    ],
)
def test_a_day_that_cannot_be_meant_is_found(sentence, code):
    (found,) = check(letter("general", body=sentence), calendar=CALENDAR)

    assert (found.code, found.sentence) == (code, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Come on Wednesday 9 December 2026.",
        "It was posted on Saturday 21 November 2026.",  # before the letter: people post at weekends
        "We keep this letter until 5 December 2027.",
        "Come on 10 May 2029.",  # past the calendar's end nothing is known
        "The message says “see you on 12 December 2026”.",
    ],
)
def test_other_days_are_left_alone(sentence):
    assert check(letter("general", body=sentence), calendar=CALENDAR) == []


def test_a_reply_day_that_the_letter_does_not_say_is_found():
    assert "reply_day_unsaid" in codes(letter(reply_by=date(2026, 12, 17)))
    assert "no_reply_day" in codes(letter(reply_by=None))
    assert "only_online" in codes(letter(body="Tell us by 16 December 2026 online. [reply online]"))


def test_an_address_that_would_not_show_has_to_be_put_right():
    (found,) = [found for found in check(letter(address="One\n" * 9)) if found.code == "outside_window"]

    assert not found.may_go_on


def test_a_letter_to_a_body_may_name_the_law_but_not_the_reporter():
    referral = letter(
        "authorities_cover", body=f"{letter('authorities_cover').body}\n\nIt may be criminal. Priya saw it."
    )

    assert codes(referral, reporters=["Priya Nair"]) == ["reporter_named"]


def test_reasons_come_by_the_objections_key():
    (found,) = check(letter(body=f"{letter().body}\n\nYou must leave the group."))
    posted = {f"reason-{found.key}": "They asked us to.", "body": "x"}

    (shown,) = asked([found], reasons_in(posted))

    assert (shown.objection, shown.reason) == (found, "They asked us to.")


@pytest.fixture
def objected(draft):
    return draft(body="You must leave the group.", kind="general")


@pytest.mark.django_db
def test_a_reason_is_kept_with_the_sentence_and_covers_no_other(objected, slt):
    (found,) = check(objected)

    answer_objections(letter=objected, objections=[found], reasons={found.key: " They asked. "}, by=slt)

    event = objected.events.get()
    assert event.facts["sentence"] == "You must leave the group."
    assert event.facts["why"] == "They asked."
    assert unanswered(objected, [found]) == []
    objected.body = "You must leave the group now."
    assert len(unanswered(objected, check(objected))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("reason", [None, "", "   "])
def test_without_a_reason_nothing_is_written(objected, slt, reason):
    (found,) = check(objected)

    with pytest.raises(UnansweredError) as refusal:
        answer_objections(letter=objected, objections=[found], reasons={found.key: reason} if reason else {}, by=slt)

    assert found.title in str(refusal.value)
    assert not objected.events.exists()


@pytest.mark.django_db
def test_what_must_be_put_right_takes_no_reason(objected, slt):
    (found,) = check(objected)

    with pytest.raises(UnansweredError):
        answer_objections(
            letter=objected, objections=[replace(found, may_go_on=False)], reasons={found.key: "Why not"}, by=slt
        )


@pytest.mark.django_db
def test_only_who_may_write_letters_answers(objected, office):
    with pytest.raises(PermissionDenied):
        answer_objections(letter=objected, objections=[], reasons={}, by=office)
