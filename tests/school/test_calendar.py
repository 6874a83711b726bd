"""School days and working days are counted as a school office would on its wall planner."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkh_conduct.school.calendar import (
    PastCalendarError,
    SchoolCalendar,
    Unit,
    add_working_days,
    bank_holidays_of,
    deemed_receipt,
    is_working_day,
)

YEAR = SchoolCalendar(
    terms=(
        (date(2026, 9, 3), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 5), date(2027, 2, 12)),
        (date(2027, 4, 13), date(2027, 5, 28)),
    ),
    closed=frozenset({date(2026, 11, 27)}),
)
DAYS = st.dates(min_value=date(2026, 9, 1), max_value=date(2027, 3, 1))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 11, 27), False),  # an inset day
        (date(2026, 10, 28), False),  # half-term
        (date(2026, 9, 2), False),  # before the term
        (date(2027, 5, 3), False),  # early May bank holiday, inside a term
        (date(2026, 12, 18), True),  # the last day
    ],
)
def test_a_school_day_is_a_day_with_a_session(day, is_open):
    assert YEAR.is_school_day(day) is is_open


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 26), 1, date(2026, 11, 30)),  # over the inset day
        (date(2026, 10, 22), 2, date(2026, 11, 2)),  # over half-term
        (date(2026, 12, 18), 1, date(2027, 1, 5)),  # over Christmas
        (date(2026, 11, 22), 1, date(2026, 11, 23)),  # from a Sunday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_counting_starts_the_day_after(start, days, end):
    assert YEAR.add_school_days(start, days) == end


def test_past_the_last_term_it_says_so_and_does_not_guess():
    with pytest.raises(PastCalendarError, match="Term dates are only known up to 28 May 2027"):
        YEAR.add_school_days(date(2027, 5, 28), 1)


def test_without_terms_it_says_so():
    with pytest.raises(PastCalendarError, match="No term dates are set"):
        SchoolCalendar(terms=()).add_school_days(date(2026, 11, 23), 1)


@given(start=DAYS, days=st.integers(min_value=1, max_value=30))
def test_counting_there_and_back_agrees(start, days):
    end = YEAR.add_school_days(start, days)

    assert YEAR.is_school_day(end)
    assert YEAR.school_days_between(start, end) == days
    assert YEAR.school_days_between(end, start) == -days


@given(start=DAYS, days=st.integers(min_value=1, max_value=20))
def test_one_more_day_is_always_later(start, days):
    assert YEAR.add_school_days(start, days) < YEAR.add_school_days(start, days + 1)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # Boxing Day, moved from a Saturday
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2026, 8, 3), True),  # Scotland's bank holiday, not England's
    ],
)
def test_working_days_are_englands(day, works):
    assert is_working_day(day) is works


def test_a_first_class_letter_counts_from_the_second_working_day_after_posting():
    assert deemed_receipt(date(2026, 12, 3)) == date(2026, 12, 7)
    assert deemed_receipt(date(2026, 12, 23)) == date(2026, 12, 29)
    assert deemed_receipt(date(2026, 12, 3), first_class=False) == date(2026, 12, 9)


@given(start=DAYS, days=st.integers(min_value=1, max_value=20))
def test_working_days_end_on_a_working_day_and_skip_none(start, days):
    end = add_working_days(start, days)

    assert is_working_day(end)
    assert sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)) == days


PLACEHOLDER = SchoolCalendar(
    terms=(
        (date(2026, 9, 3), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 5), date(2027, 2, 12)),
        (date(2027, 2, 22), date(2027, 3, 25)),
        (date(2027, 4, 13), date(2027, 5, 28)),
        (date(2027, 6, 7), date(2027, 7, 21)),
    )
)


@pytest.mark.parametrize(
    ("posted", "arrives", "ends"),
    [
        (date(2026, 11, 23), date(2026, 11, 25), date(2026, 12, 9)),
        (date(2026, 12, 14), date(2026, 12, 16), date(2027, 1, 14)),
        (date(2026, 12, 23), date(2026, 12, 29), date(2027, 1, 18)),
        (date(2027, 3, 22), date(2027, 3, 24), date(2027, 4, 23)),
        (date(2027, 5, 27), date(2027, 6, 1), date(2027, 6, 18)),
    ],
)
def test_ten_school_days_after_a_first_class_letter_arrives(posted, arrives, ends):
    """The vectors of practice: posting, deemed receipt, ten school days over each kind of holiday."""
    assert PLACEHOLDER.deemed_receipt(posted) == arrives
    assert PLACEHOLDER.add(arrives, 10, Unit.SCHOOL) == ends


def test_the_same_ten_as_working_days_end_ten_days_earlier():
    arrives = PLACEHOLDER.deemed_receipt(date(2026, 12, 14))

    assert PLACEHOLDER.add(arrives, 10, Unit.WORKING) == date(2027, 1, 4)
    assert (Unit.SCHOOL.words(10), Unit.WORKING.words(1)) == ("10 school days", "1 working day")


def test_a_letter_posted_in_mid_july_stops_with_a_sentence():
    arrives = PLACEHOLDER.deemed_receipt(date(2027, 7, 14))

    with pytest.raises(PastCalendarError, match=r"only known up to 21 July 2027\. Add the next year’s dates first"):
        PLACEHOLDER.add(arrives, 10, Unit.SCHOOL)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, ["1 1", "4 3", "4 6", "5 4", "5 25", "8 31", "12 25", "12 26", "12 28"]),
        (2027, ["1 1", "3 26", "3 29", "5 3", "5 31", "8 30", "12 25", "12 26", "12 27", "12 28"]),
        (2028, ["1 1", "1 3", "4 14", "4 17", "5 1", "5 29", "8 28", "12 25", "12 26"]),
    ],
)
def test_the_bank_holidays_are_englands_with_the_days_they_move_to(year, days):
    assert [f"{day.month} {day.day}" for day, _ in bank_holidays_of(year)] == days


def test_an_extra_bank_holiday_is_no_working_day_and_no_school_day():
    jubilee = date(2026, 11, 25)
    known = SchoolCalendar(YEAR.terms, closed=frozenset({jubilee}), bank_holidays=frozenset({jubilee}))

    assert not known.is_working_day(jubilee)
    assert not known.is_school_day(jubilee)
    assert known.deemed_receipt(date(2026, 11, 23)) == date(2026, 11, 26)
