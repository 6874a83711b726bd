"""A deadline says in school days how late it is, and never guesses past the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from dkh_conduct.school.calendar import SchoolCalendar
from dkh_conduct.school.deadlines import deadline

AUTUMN = SchoolCalendar(terms=((date(2026, 9, 3), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))))
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "label", "short"),
    [
        (date(2026, 11, 19), "2 school days late", "2 school days late"),
        (date(2026, 11, 20), "1 school day late", "1 school day late"),
        (date(2026, 11, 23), "Due today", "Today"),
        (date(2026, 11, 24), "Due Tue 24 Nov", "Tomorrow"),
        (date(2026, 11, 27), "Due Fri 27 Nov", "Fri 27 Nov"),
    ],
)
def test_a_deadline_reads_as_a_person_would_say_it(day, label, short):
    due = deadline(day, today=MONDAY, calendar=AUTUMN)

    assert due.label == label
    assert due.short == short


def test_a_holiday_does_not_make_it_later():
    due = deadline(date(2026, 10, 22), today=MONDAY.replace(month=11, day=2), calendar=AUTUMN)

    assert due.label == "2 school days late"


def test_a_weekend_after_the_day_says_which_day_that_was():
    due = deadline(date(2026, 11, 20), today=date(2026, 11, 22), calendar=AUTUMN)

    assert due.is_late
    assert due.label == "Late, due Fri 20 Nov"


def test_past_the_end_of_the_calendar_no_days_are_counted():
    due = deadline(date(2026, 12, 18), today=date(2027, 1, 11), calendar=AUTUMN)

    assert due.label == "Late, due Fri 18 Dec"


def test_a_school_without_term_dates_still_sees_what_is_late():
    due = deadline(date(2026, 11, 19), today=MONDAY, calendar=SchoolCalendar(terms=()))

    assert due.label == "Late, due Thu 19 Nov"


def test_the_tag_is_red_when_late_yellow_when_near_and_grey_after_that():
    tones = [deadline(date(2026, 11, day), today=MONDAY, calendar=AUTUMN).tone for day in (20, 23, 24, 25)]

    assert tones == ["govuk-tag--red", "govuk-tag--yellow", "govuk-tag--yellow", "govuk-tag--grey"]
