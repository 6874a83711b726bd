"""Dates, times and contacts read as the school writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template import Context, Template

from dkh_conduct.school.templatetags.contacts import breakable
from dkh_conduct.school.templatetags.dates import clock, day, moment, moment_within, short_day, tel, weekday

SUMMER_NIGHT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # the next day already, in London


def test_a_date_has_no_leading_zero_and_its_month_in_full():
    assert day(date(2026, 11, 3)) == "3 November 2026"
    assert weekday(date(2026, 11, 3)) == "Tuesday 3 November 2026"
    assert short_day(date(2026, 11, 3)) == "Tue 3 Nov"


def test_a_time_is_londons_whatever_it_was_stored_in():
    assert clock(SUMMER_NIGHT) == "12:30am"
    assert day(SUMMER_NIGHT) == "1 July 2026"
    assert clock(datetime(2026, 11, 23, 8, 51, tzinfo=UTC)) == "8:51am"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "1:30am"),  # summer time, the first 1:30
        (datetime(2025, 10, 26, 1, 30, tzinfo=UTC), "1:30am"),  # winter time, the second
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "12:59am"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2:00am"),
    ],
)
def test_the_nights_when_the_clocks_change(stored, shown):
    assert clock(stored) == shown


@time_machine.travel(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
def test_today_is_called_today():
    assert moment(datetime(2026, 11, 23, 8, 51, tzinfo=UTC)) == "Today at 8:51am"
    assert moment(datetime(2026, 11, 22, 8, 51, tzinfo=UTC)) == "22 November 2026 at 8:51am"
    assert moment_within(datetime(2026, 11, 23, 8, 51, tzinfo=UTC)) == "today at 8:51am"
    assert moment_within(datetime(2026, 11, 22, 8, 51, tzinfo=UTC)) == "22 November 2026 at 8:51am"


@pytest.mark.parametrize("filter_", [day, weekday, short_day, clock, moment, moment_within])
def test_nothing_is_shown_for_nothing(filter_):
    assert filter_(None) == ""


@pytest.mark.parametrize(
    ("printed", "dialled"), [("020 7946 0123", "+442079460123"), ("999", "999"), ("101", "101"), ("", "")]
)
def test_a_number_can_be_dialled_from_abroad_and_999_stays_999(printed, dialled):
    assert tel(printed) == dialled


def test_every_template_knows_the_filters():
    assert Template("{{ d|weekday }}").render(Context({"d": date(2026, 11, 3)})) == "Tuesday 3 November 2026"


def test_an_address_breaks_after_dots_and_lets_nothing_through():
    assert breakable("school@dkh.southwark.sch.uk") == "school@dkh.<wbr>southwark.<wbr>sch.uk"
    assert "<script>" not in breakable("<script>@x.example")
