"""A school's calendar, read from its rows."""

from __future__ import annotations

from datetime import date

import pytest

from dkh_conduct.school.models import ClosedDay, Term
from tests.factories import SchoolFactory


def test_terms_and_closed_days_are_read_in_one_query(school, django_assert_num_queries):
    Term.objects.create(school=school, name="Earlier", starts_on=date(2025, 9, 3), ends_on=date(2026, 7, 20))
    ClosedDay.objects.create(school=school, day=date(2026, 11, 27), reason="Inset")
    ClosedDay.objects.create(school=school, day=date(2026, 9, 4), reason="Inset")

    with django_assert_num_queries(1):
        calendar = school.calendar()

    assert calendar.terms == ((date(2025, 9, 3), date(2026, 7, 20)), (date(2026, 9, 3), date(2030, 7, 21)))
    assert calendar.closed == {date(2026, 11, 27), date(2026, 9, 4)}


@pytest.mark.django_db
def test_a_school_without_terms_has_an_empty_calendar():
    other = SchoolFactory.create(code="NEW")

    calendar = other.calendar()

    assert calendar.terms == ()
    assert calendar.closed == frozenset()


def test_another_schools_days_are_not_counted(school):
    other = SchoolFactory.create(code="OTH")
    ClosedDay.objects.create(school=other, day=date(2026, 11, 27), reason="Inset")

    assert school.calendar().closed == frozenset()
