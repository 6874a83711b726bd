"""Which school a page is for, and how little that costs."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.test import RequestFactory

from dkh_conduct.school import context
from dkh_conduct.school.models import School

pytestmark = pytest.mark.django_db


def request_of(user=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return request


def test_staff_see_their_own_school_and_parents_the_first(school, outsider):
    assert context.school_of(request_of(outsider)) == outsider.school
    assert context.school_of(request_of()) == school


def test_it_is_read_once_a_request(school, django_assert_num_queries):
    request = request_of()

    with django_assert_num_queries(1):
        assert context.school_of(request) == context.school_of(request) == context.school(request)["school"]


def test_without_a_school_pages_get_none():
    assert context.school(request_of()) == {"school": None}
    with pytest.raises(School.DoesNotExist):
        context.school_of(request_of())


def test_an_error_page_remembers_the_school_without_asking(school, django_assert_num_queries):
    context.school_of(request_of())

    with django_assert_num_queries(0):
        assert context.known_school(request_of(), ask=False) == school


def test_an_error_page_survives_a_database_that_is_away(school):
    context.school_of(request_of())

    def refuse(execute, sql, params, many, wrapped):
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        assert context.known_school(request_of()) == school


def test_an_address_is_lines_on_paper_and_one_line_in_a_footer(school):
    school.address = " Dog Kennel Hill\n\nLondon \r\nSE22 8AB\n"

    assert school.address_lines == ["Dog Kennel Hill", "London", "SE22 8AB"]
    assert school.one_line_address == "Dog Kennel Hill, London, SE22 8AB"
