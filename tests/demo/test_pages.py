"""Every page opens with the demo school in it, for everybody who may open it, within its queries."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dkh_conduct import settings as installed
from dkh_conduct.reading import REASONS, is_on, with_part_in
from incidents.models import Case, Evidence
from letters.models import Letter
from tests.demo.addresses import ADMIN, EVERYBODY, PARENTS, SIGNED_OUT, Address, staff_pages
from tests.e2e.crawling import LINK, PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkh_conduct.accounts.models import User

MOST = 15
MOST_ALIKE = 2  # of questions that differ only in a key: more would grow with the rows of a page
VALUE = re.compile(r"'[^']*'|\b\d+\b(, \d+)*")
# Not pages, and slow to make; and the way out.
NOT_PAGES = re.compile(r"\.(pdf|svg|png)$|/(pdf|picture|preview|pack|original|sign-out)/$")
# The library that signs people in asks for each kind of second step: always the same few.
OF_A_LIBRARY = re.compile(r"/staff/(again|second-step)/")


@dataclass
class Walk:
    """One person opens pages, and each is held to its number of queries; what they link to is remembered."""

    client: Client
    too_many: list[tuple[str, int, tuple[str, int]]] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    linked: dict[str, str] = field(default_factory=dict)

    def open(self, url: str) -> int:
        """Reads alone: the first look at a thing adds its line to the log of who looks, in a transaction of its own."""
        kind = kind_of(url)
        self.opened.add(kind)
        reset_queries()  # the log of a connection holds the last 9,000
        with CaptureQueriesContext(connection) as queries:
            response = self.client.get(url)
        if response.status_code != 200:
            return response.status_code
        reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        alike = Counter(VALUE.sub("?", sql) for sql in reads).most_common(1)[0]
        is_growing = alike[1] > MOST_ALIKE and not OF_A_LIBRARY.match(url)
        if len(reads) > MOST or is_growing:
            self.too_many.append((url, len(reads), alike))
        if response["Content-Type"].startswith("text/html"):
            links = {urljoin(url, link.replace("&amp;", "&")) for link in LINK.findall(response.content.decode())}
            self.linked |= {kind_of(link): link for link in links if link.startswith("/staff/")}
        return response.status_code

    def open_what_is_linked(self) -> Iterator[tuple[str, int]]:
        """One of each kind of page that is not opened yet, and of what those link to."""
        while kinds := sorted(set(self.linked) - self.opened):
            self.opened |= set(kinds)
            for url in (self.linked[kind] for kind in kinds if not NOT_PAGES.search(kind)):
                yield url, self.open(url)


def kind_of(url: str) -> str:
    """The address without what differs between two pages of one kind."""
    return PARTS.sub("*", re.split(r"[?#]", url)[0])


@pytest.fixture(autouse=True)
def as_installed(settings):
    """With the log of who looks, which costs a page something too."""
    settings.MIDDLEWARE = installed.MIDDLEWARE


@pytest.mark.parametrize("who", [*EVERYBODY, ADMIN])
def test_every_staff_page_opens_for_those_who_may_open_it(demo, signed_in, who):
    client = signed_in(demo.staff[who])
    said_why(client, demo.staff[who])
    client.get("/staff/")  # once a minute a session notes that it is used: no page's own query
    walk, wrong = Walk(client), []

    for address in staff_pages() if who == EVERYBODY[0] else one_of_each_kind():
        status = walk.open(address.url)
        if status not in ((200, 302) if who in address.who else (403, 404)):
            wrong.append((address.url, status))
    wrong += [(url, status) for url, status in walk.open_what_is_linked() if status not in (200, 302, 405)]

    assert wrong == []
    assert walk.too_many == []


def one_of_each_kind() -> Iterator[Address]:
    """Of those that the same people may open: the first who walks has opened the others."""
    yield from {(kind_of(address.url), address.who): address for address in staff_pages()}.values()


def said_why(client: Client, user: User) -> None:
    """They look at cases that they are not on, too: without that they would see only the page that asks why."""
    looked_at = [
        with_part_in(Case.objects.filter(pk=pk), user).get() for pk in Case.objects.values_list("pk", flat=True)
    ]
    session = client.session
    session[REASONS] = [case.reference for case in looked_at if not is_on(case, user)]
    session.save()


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
