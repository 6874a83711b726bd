"""By when somebody can put their side: the school's days, counted from when a letter should arrive."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dkh_conduct.school.calendar import SchoolCalendar, deemed_receipt
from incidents.casework.case_lock import Refused
from incidents.casework.reply_days import ReplyDays, reply_days
from tests.factories import SchoolFactory, TermFactory

pytestmark = pytest.mark.django_db
# Sessions of a school year, with the half-terms left out.
TERMS = (
    (date(2026, 9, 3), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 5), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 13), date(2027, 5, 28)),
    (date(2027, 6, 7), date(2027, 7, 21)),
)


@pytest.fixture
def dated():
    school = SchoolFactory.create(reply_school_days=7, minimum_reply_school_days=5)
    for start, end in TERMS:
        TermFactory.create(school=school, starts_on=start, ends_on=end)
    return school


@pytest.mark.parametrize(
    ("posted_on", "earliest", "usual"),
    [
        # First class counts as arrived on the second working day after posting; the next school day is day 1.
        (date(2026, 12, 3), date(2026, 12, 14), date(2026, 12, 16)),
        (date(2026, 12, 14), date(2027, 1, 7), date(2027, 1, 11)),
        (date(2027, 3, 22), date(2027, 4, 16), date(2027, 4, 20)),
        (date(2026, 10, 21), date(2026, 11, 6), date(2026, 11, 10)),
    ],
)
def test_the_days_a_letter_gives(dated, posted_on, earliest, usual):
    days = reply_days(dated, posted_on=posted_on)

    assert (days.earliest, days.usual) == (earliest, usual)


def test_the_hint_says_the_number_and_the_earliest_day(dated):
    days = reply_days(dated, posted_on=date(2026, 12, 3))

    assert days.hint == (
        "At least 5 school days after it should arrive. Posted today, the earliest is 14 December 2026."
    )


@pytest.mark.parametrize(
    ("reply_by", "said"),
    [
        (date(2026, 12, 11), "Choose 14 December 2026 or a later day"),
        (date(2025, 12, 16), "Choose 14 December 2026 or a later day"),
        (date(2026, 12, 19), "Saturday 19 December 2026 is not a school day"),
        (date(2026, 12, 22), "Tuesday 22 December 2026 is not a school day"),
        (date(2027, 7, 22), "Term dates are only known up to 21 July 2027"),
        (date(9999, 12, 31), "Term dates are only known up to 21 July 2027"),
    ],
)
def test_a_day_that_cannot_be_given_says_which_can(dated, reply_by, said):
    days = reply_days(dated, posted_on=date(2026, 12, 3))

    with pytest.raises(Refused, match=said):
        days.check(reply_by)


@pytest.mark.parametrize("reply_by", [date(2026, 12, 14), date(2026, 12, 16), date(2027, 7, 21)])
def test_a_school_day_that_leaves_enough_is_good(dated, reply_by):
    reply_days(dated, posted_on=date(2026, 12, 3)).check(reply_by)


def test_past_the_calendar_there_is_a_sentence_and_no_guess(dated):
    days = reply_days(dated, posted_on=date(2027, 7, 19))

    assert (days.earliest, days.usual) == (None, None)
    assert days.hint.startswith("Term dates are only known up to 21 July 2027")
    with pytest.raises(Refused, match="Term dates are only known up to 21 July 2027"):
        days.check(date(2027, 7, 20))


def test_a_school_without_terms_says_so():
    school = SchoolFactory.create()

    days = reply_days(school, posted_on=date(2026, 12, 3))

    assert days.usual is None
    with pytest.raises(Refused, match="No term dates are set"):
        days.check(date(2026, 12, 16))


def test_when_only_the_least_fits_the_calendar_it_is_offered(dated):
    days = reply_days(dated, posted_on=date(2027, 7, 12))

    assert days.earliest == days.usual == date(2027, 7, 21)


def test_a_school_that_gives_less_by_habit_still_gives_the_least(dated):
    dated.reply_school_days = 2

    days = reply_days(dated, posted_on=date(2026, 12, 3))

    assert days.usual == days.earliest


@settings(deadline=None, derandomize=True)
@given(st.dates(min_value=date(2026, 9, 1), max_value=date(2027, 6, 30)), st.integers(min_value=1, max_value=9))
def test_the_earliest_day_always_passes_and_the_day_before_never_does(posted_on, minimum):
    calendar = SchoolCalendar(TERMS)
    earliest = calendar.add_school_days(deemed_receipt(posted_on), minimum)
    days = ReplyDays(calendar, minimum, earliest, earliest)

    days.check(earliest)
    with pytest.raises(Refused):
        days.check(date.fromordinal(earliest.toordinal() - 1))
