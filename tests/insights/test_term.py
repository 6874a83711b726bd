"""Where today falls in the term, and silence where that is not known."""

from __future__ import annotations

from datetime import date

import pytest

from dkh_conduct.school.calendar import SchoolCalendar
from incidents.insights.term import latest_term_start, term_day, weeks_without_school

AUTUMN = SchoolCalendar(
    terms=(
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2026, 9, 3), date(2026, 10, 23)),
        (date(2027, 1, 5), date(2027, 2, 12)),
    ),
    closed=frozenset({date(2026, 11, 27)}),
)


def test_both_halves_are_one_term_and_half_term_is_no_week_of_it():
    day = term_day(date(2026, 11, 23), AUTUMN)

    assert day is not None
    assert (day.starts_on, day.ends_on) == (date(2026, 9, 3), date(2026, 12, 18))
    assert day.week == 12
    assert day.days_left == 19


def test_the_first_and_the_last_day_of_a_term():
    first, last = term_day(date(2026, 9, 3), AUTUMN), term_day(date(2026, 12, 18), AUTUMN)

    assert first is not None
    assert first.week == 1
    assert last is not None
    assert last.days_left == 1


@pytest.mark.parametrize("day", [date(2026, 8, 20), date(2026, 12, 24), date(2027, 3, 1)])
def test_outside_every_term_nothing_is_said(day):
    assert term_day(day, AUTUMN) is None


def test_half_term_belongs_to_its_term():
    day = term_day(date(2026, 10, 28), AUTUMN)

    assert day is not None
    assert day.week == 8


def test_a_holiday_looks_back_to_the_term_before_it():
    assert latest_term_start(date(2026, 12, 24), AUTUMN) == date(2026, 9, 3)
    assert latest_term_start(date(2027, 1, 5), AUTUMN) == date(2027, 1, 5)
    assert latest_term_start(date(2026, 8, 1), AUTUMN) is None


def test_a_school_without_dates_has_no_term():
    empty = SchoolCalendar(terms=())

    assert term_day(date(2026, 11, 23), empty) is None
    assert latest_term_start(date(2026, 11, 23), empty) is None
    assert weeks_without_school([date(2026, 11, 23)], empty) == []


def test_half_term_is_a_week_without_school_but_the_summer_before_is_not_known():
    mondays = [date(2026, 8, 24), date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2), date(2027, 2, 15)]

    assert weeks_without_school(mondays, AUTUMN) == [date(2026, 10, 26)]
