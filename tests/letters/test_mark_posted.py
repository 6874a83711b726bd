"""Posting says when a letter went and when it counts as having arrived; on the same day it can be undone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dkh_conduct.school.calendar import SchoolCalendar, deemed_receipt
from dkh_conduct.school.models import today
from letters.models import Letter, LetterEvent
from letters.posting import WrongDayError, fair_reply_by, mark_posted, post_by, undo_posting
from letters.refusals import WrongStateError
from tests.factories import LetterFactory

pytestmark = pytest.mark.django_db


def test_a_posted_letter_says_when_by_whom_and_when_it_should_arrive(printed, office):
    letter = printed()

    mark_posted(letters=[letter], posted_on=today(), by=office)

    letter.refresh_from_db()
    assert (letter.state, letter.posted_on, letter.posted_by) == (Letter.State.POSTED, today(), office)
    assert letter.arrives_on == deemed_receipt(today())
    event = LetterEvent.objects.get(kind="posted")
    assert event.facts == {
        "on": today().isoformat(),
        "arrives_on": letter.arrives_on.isoformat(),
        "how": "post",
        "reply_by": letter.reply_by.isoformat(),
    }
    assert letter.history.first().state == "posted"


def test_posted_on_a_friday_it_arrives_on_tuesday(printed, office):
    letter = printed()
    Letter.objects.update(printed_at=datetime(2026, 11, 19, 12, tzinfo=UTC))

    mark_posted(letters=[letter], posted_on=date(2026, 11, 20), by=office)

    letter.refresh_from_db()
    assert letter.arrives_on == date(2026, 11, 24)


def test_a_letter_handed_over_arrives_the_same_day(printed, office):
    letter = printed(delivery="hand")

    mark_posted(letters=[letter], posted_on=today(), by=office)

    letter.refresh_from_db()
    assert letter.arrives_on == today()
    assert LetterEvent.objects.filter(kind="handed_over", letter=letter).exists()
    assert not LetterEvent.objects.filter(kind="posted").exists()


@pytest.mark.parametrize(("days", "sentence"), [(1, "today or in the past"), (-1, "when they were printed, or later")])
def test_a_day_that_cannot_be_is_refused(printed, office, days, sentence):
    letter = printed()

    with pytest.raises(WrongDayError, match=sentence):
        mark_posted(letters=[letter], posted_on=today() + timedelta(days=days), by=office)

    letter.refresh_from_db()
    assert letter.state == Letter.State.PRINTED


def test_the_second_person_hears_who_posted_it_and_nothing_changes(posted, printed, office):
    done, waiting = posted(), printed()

    with pytest.raises(WrongStateError, match="already marked as posted by Pat Nair today at"):
        mark_posted(letters=[done, waiting], posted_on=today(), by=office)

    waiting.refresh_from_db()
    assert waiting.state == Letter.State.PRINTED


def test_a_letter_that_was_not_printed_is_not_posted(sealed, office):
    letter = sealed()

    with pytest.raises(WrongStateError, match="has not been printed"):
        mark_posted(letters=[letter], posted_on=today(), by=office)


def test_only_those_who_print_mark_as_posted_or_undo(printed, posted, slt):
    with pytest.raises(PermissionDenied):
        mark_posted(letters=[printed()], posted_on=today(), by=slt)
    with pytest.raises(PermissionDenied):
        undo_posting(letters=[posted()], by=slt)


def test_undone_on_the_same_day_it_waits_to_be_posted_again(posted, office):
    letter = posted()

    undo_posting(letters=[letter], by=office)

    letter.refresh_from_db()
    assert letter.state == Letter.State.PRINTED
    assert (letter.posted_on, letter.posted_by, letter.posted_at, letter.arrives_on) == (None, None, None, None)
    assert LetterEvent.objects.filter(kind="posting_undone", by=office).count() == 1
    assert letter.history.first().state == "printed"


def test_the_next_day_it_cannot_be_undone(posted, office):
    letter = posted()
    Letter.objects.update(posted_at=timezone.now() - timedelta(days=1))

    with pytest.raises(WrongStateError, match="only be undone on the same day"):
        undo_posting(letters=[letter], by=office)


def test_undoing_twice_is_told_so(posted, office):
    letter = posted()
    undo_posting(letters=[letter], by=office)

    with pytest.raises(WrongStateError, match="not marked as posted any more"):
        undo_posting(letters=[letter], by=office)


CALENDAR = SchoolCalendar(terms=((date(2026, 9, 3), date(2026, 12, 18)), (date(2027, 1, 5), date(2027, 3, 26))))


@pytest.mark.parametrize(
    ("reply_by", "delivery", "expected"),
    [
        (date(2026, 12, 16), "post", date(2026, 12, 7)),  # arrives Wednesday 9th, then 5 school days
        (date(2026, 12, 16), "hand", date(2026, 12, 9)),
        (date(2027, 1, 6), "post", date(2026, 12, 11)),  # the holiday does not count as time to reply
        (None, "post", None),
    ],
)
def test_a_letter_must_go_early_enough_to_leave_the_promised_time_to_reply(reply_by, delivery, expected):
    letter = LetterFactory.build(school=None, drafted_by=None, reply_by=reply_by, delivery=delivery)

    assert post_by(letter, calendar=CALENDAR, school_days=5) == expected


def test_second_class_arrives_later_and_moves_the_day_that_counts(printed, office):
    soon = today() + timedelta(days=3)
    first, second = printed(reply_by=soon), printed(reply_by=soon)

    for letter, how in ((first, "post"), (second, "second")):
        mark_posted(letters=[letter], posted_on=today(), by=office, how=how)
        letter.refresh_from_db()

    assert first.arrives_on == deemed_receipt(today())
    assert second.arrives_on == deemed_receipt(today(), first_class=False)
    assert second.delivery == "second"
    assert second.reply_by == soon
    assert second.fair_reply_by > first.fair_reply_by > soon


def test_collected_by_hand_it_arrives_at_once_whatever_was_planned(printed, office):
    letter = printed()

    mark_posted(letters=[letter], posted_on=today(), by=office, how="hand")

    letter.refresh_from_db()
    assert letter.arrives_on == today()
    assert letter.events.filter(kind="handed_over").exists()


def test_to_be_on_time_second_class_has_to_go_earlier(draft, school):
    calendar = school.calendar()
    letter = draft(reply_by=date(2027, 3, 10))
    first = post_by(letter, calendar=calendar, school_days=5)
    letter.delivery = "second"

    assert post_by(letter, calendar=calendar, school_days=5) < first


def test_in_the_first_week_of_term_no_day_is_early_enough(draft):
    letter = draft(reply_by=date(2026, 9, 7))

    assert post_by(letter, calendar=CALENDAR, school_days=5) is None


@pytest.mark.parametrize(
    ("arrives_on", "reply_by", "expected"),
    [
        (date(2026, 12, 7), date(2026, 12, 9), date(2026, 12, 14)),
        (date(2027, 3, 24), date(2027, 3, 25), date(2027, 3, 25)),  # the terms after that are not known
        (date(2026, 12, 7), None, None),
        (None, date(2026, 12, 9), None),
    ],
)
def test_the_day_to_reply_that_is_fair_is_the_printed_one_where_none_can_be_counted(arrives_on, reply_by, expected):
    letter = LetterFactory.build(school=None, drafted_by=None, reply_by=reply_by, arrives_on=arrives_on)

    assert fair_reply_by(letter, calendar=CALENDAR, school_days=5) == expected
