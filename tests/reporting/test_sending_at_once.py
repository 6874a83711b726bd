"""Eight clicks at the same moment: one concern, one receipt. Needs a database that really runs them side by side."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from incidents.models import Concern, ConcernClause, Draft, Event, Reporter
from incidents.reporting.drafts import COOKIE
from incidents.reporting.sending import send_concern
from tests.at_once import outcomes
from tests.factories import SchoolFactory, TermFactory
from tests.reporting.answers import ANSWERS

CLICKS = 8
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clicker(transactional_db):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time, so eight posts at once prove nothing there.")
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    client = Client()
    for slug, typed in ANSWERS.items():
        client.post(reverse(f"report-{slug}"), typed)
    return client.cookies[COOKIE].value


def test_eight_posts_at_once_make_one_concern(clicker):
    """Row 27: the same concern sent many times."""

    def click() -> tuple[str, bytes]:
        client = Client()
        client.cookies[COOKIE] = clicker
        url = client.post(reverse("report-check"))["Location"]
        return url, client.get(url).content

    answers = set(outcomes(*[click] * CLICKS))

    assert [url for url, _ in answers] == [reverse("report-sent")]
    assert Concern.objects.count() == 1
    assert (Reporter.objects.count(), ConcernClause.objects.count(), Event.objects.count()) == (1, 2, 1)


def test_the_verb_called_at_once_gives_everyone_the_same_receipt(clicker):
    draft = Draft.objects.get()
    receipts = set(outcomes(*[partial(send_concern, draft=draft, secret=clicker)] * CLICKS))

    assert len(receipts) == 1
    assert Concern.objects.count() == 1
