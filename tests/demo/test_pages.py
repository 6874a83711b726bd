"""Every page opens with the demo school in it, for everybody who may open it, within its queries."""

from __future__ import annotations

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.models import Evidence
from letters.models import Letter
from tests.demo.addresses import ADMIN, EVERYBODY, PARENTS, SIGNED_OUT, staff_pages

MOST_QUERIES = 15
MOST_OF_A_CASE, MOST_OF_A_BAN = (
    20,
    24,
)  # a case and its steps: both sides, what the rules need, the letters and the whole story


@pytest.mark.parametrize("who", [*EVERYBODY, ADMIN])
def test_every_staff_page_opens_for_those_who_may_open_it(demo, signed_in, who):
    client = signed_in(demo.staff[who])
    client.get("/staff/")  # once a minute a session notes that it is used: no page's own query
    wrong, slow = [], []

    for address in staff_pages():
        expected = (200, 302) if who in address.who else (403, 404)
        reset_queries()  # the log of a connection holds the last 9,000
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address.url)
        if response.status_code not in expected:
            wrong.append((address.url, response.status_code))
        most = MOST_OF_A_CASE if address.url.startswith("/staff/cases/C") else MOST_QUERIES
        if getattr(response.resolver_match, "url_name", "") == "step":  # a ban with all that followed from it
            most = MOST_OF_A_BAN
        if response.status_code == 200 and len(queries) > most:
            slow.append((address.url, len(queries)))

    assert wrong == []
    assert slow == []


def test_the_pages_of_the_case_that_names_the_deputy_head_are_not_there_for_him(demo, signed_in):
    client = signed_in(demo.staff["tomas"])
    about_him = [address.url for address in staff_pages() if "C008" in address.url or "DKH-3W8M-4T" in address.url]

    # 403 is what his role reads there whatever the case: it says nothing of this one.
    assert {client.get(url).status_code for url in about_him} <= {403, 404}
    assert len(about_him) >= 10
    assert client.get(reverse("case", args=["C014"])).status_code == 200


@pytest.mark.parametrize("name", [*PARENTS, *SIGNED_OUT])
def test_every_parents_page_opens(demo, name):
    response = Client().get(reverse(name))

    assert response.status_code in (200, 302)


def test_every_picture_opens_for_a_senior_leader(demo, signed_in):
    client = signed_in(demo.staff["ruth"])

    for evidence in Evidence.objects.all():
        for url in (evidence.copy_url, evidence.thumbnail_url):
            assert client.get(url).status_code == 200


def test_every_sealed_letter_opens_for_the_office(demo, signed_in):
    client = signed_in(demo.staff["pat"])

    for letter in Letter.objects.exclude(sha256=""):
        response = client.get(reverse("letter-pdf", args=[letter.reference]))
        assert response["Content-Type"] == "application/pdf"
