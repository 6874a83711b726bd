"""The pages at the foot of every page: they say what is so, with the school's own facts, and nothing dangerous."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from dkh_conduct.school.models import Page
from dkh_conduct.school.page_text import FACTS, came_with, page_html, unknown_facts
from incidents.models.draft import DRAFT_LIFE
from tests.factories import PASSWORD, ConcernFactory
from tests.reporting.answers import ANSWERS

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
SLUGS = Page.Slug.values


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_opens_for_everybody_with_the_schools_own_facts(school, slug):
    school.phone = "020 7000 0001"
    school.save()

    page = Client().get(f"/{slug}/").content.decode()

    assert f'<h1 class="govuk-heading-l">{Page.Slug(slug).label}</h1>' in page
    if slug != "cookies":
        assert page.count('href="tel:+442070000001" dir="ltr">020 7000 0001</a>') > 1  # the foot has it too
    assert not re.search(r"\{\w+\}", page)


@pytest.mark.parametrize("slug", SLUGS)
def test_no_page_that_comes_with_the_portal_names_a_school_or_an_unknown_fact(slug):
    body = came_with(slug).body

    assert not unknown_facts(body)
    assert not re.search(r"Dog Kennel|Southwark|020 7", body)
    assert "<" not in body


@pytest.mark.parametrize("address", ["/", "/policy/", "/status/", "/report/what/", "/no-such-page/", "/staff/sign-in/"])
def test_the_foot_of_every_page_leads_to_all_four(school, address):
    foot = Client().get(address).content.decode().partition("<footer")[2]

    for slug in SLUGS:
        assert f'href="/{slug}/"' in foot


def test_the_trust_is_responsible_where_there_is_one(school):
    alone = page_html(school, "{controller}")
    school.trust_name = "A <Trust> & Co"

    assert alone == '<p class="govuk-body">Dog Kennel Hill School</p>\n'
    assert "A &lt;Trust&gt; &amp; Co" in page_html(school, "{controller}")


def test_every_fact_has_a_value(school):
    html = page_html(school, " ".join(f"{{{name}}}" for name in FACTS))

    assert "{" not in html


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![picture](https://evil.example/x.png)",
        '[a](https://e.example "onmouseover=x {phone}")',
        "<https://e.example/{email}>",
        "`{phone}`",
    ],
)
def test_nothing_written_becomes_a_script_a_picture_or_an_attribute(school, written):
    html = page_html(school, written)

    assert not re.search(r"<(?!/?(?:p|a|br|wbr)\b)", html)
    assert not re.search(r"<[^>]*(?:javascript:|data:|\son\w+=|title=)", html)
    assert not re.search(r'href="[^"]*<', html)


def test_headings_lists_and_links_look_like_those_of_every_page(school):
    html = page_html(school, "# One\n\n### Two\n\n- a\n- **b**\n\n1. c\n\n[d](/privacy/)\n\n> e\n")

    assert '<h2 class="govuk-heading-m">One</h2>' in html
    assert '<h3 class="govuk-heading-s">Two</h3>' in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html
    assert '<ol class="govuk-list govuk-list--number">' in html
    assert '<a href="/privacy/" class="govuk-link">d</a>' in html


# ------------------------------------------------------------------------------------- cookies: what is really set


def cookies_of(response: HttpResponse) -> dict[str, int | str]:
    return {cookie.key: cookie["max-age"] for cookie in response.cookies.values() if cookie.value}


@pytest.fixture
def sent_cookies(school, slt):
    """Every cookie the portal sends in a whole visit, and how long it is to live; then the same for staff."""
    ConcernFactory.create(school=school, reference="DKH-7R4K-2Q", access_code_hash=make_password("1111"))
    parent, staff, parents, staffs = Client(), Client(), {}, {}
    for address in ("/", "/policy/", *(f"/{slug}/" for slug in SLUGS)):
        assert not parent.get(address).cookies
    for slug, typed in ANSWERS.items():
        parents |= cookies_of(parent.get(reverse(f"report-{slug}")))
        parents |= cookies_of(parent.post(reverse(f"report-{slug}"), typed))
    for address in ("/report/evidence/", "/report/check/"):
        parents |= cookies_of(parent.get(address))
    parents |= cookies_of(parent.get("/?language=en-gb"))
    parents |= cookies_of(parent.post("/report/check/"))
    parents |= cookies_of(parent.get("/report/sent/"))
    parents |= cookies_of(parent.get("/status/"))
    parents |= cookies_of(parent.post("/status/", {"reference": "DKH-7R4K-2Q", "code": "1111"}))
    parents |= cookies_of(parent.get("/status/concern/"))
    staffs |= cookies_of(staff.get("/staff/sign-in/"))
    staffs |= cookies_of(staff.post("/staff/sign-in/", {"login": slt.email, "password": PASSWORD}))
    staffs |= cookies_of(staff.get("/staff/"))
    return parents, staffs


def test_the_cookie_page_names_every_cookie_that_is_sent_and_no_other(school, sent_cookies):
    parents, staffs = sent_cookies
    page = Client().get("/cookies/").content.decode()

    assert set(re.findall(r'<h3 class="govuk-heading-s">([^<]+)</h3>', page)) == set(parents)
    assert set(re.findall(r"<li>\s*<strong>([^<]+)</strong>", page)) == set(staffs)


def test_the_cookie_page_says_how_long_each_one_lives(school, sent_cookies, settings):
    parents, staffs = sent_cookies
    page = Client().get("/cookies/").content.decode()
    lives = dict(re.findall(r'govuk-heading-s">(\w+)</h3>\s*<p[^>]*>.*?(\d+ (?:days|hours))[ .,][^<]*</p>', page))

    assert parents == {"csrftoken": 364 * 86400, "draft": 86400, "language": 30 * 86400, "session": 36000}
    assert lives == {"csrftoken": "364 days", "draft": "24 hours", "language": "30 days", "session": "10 hours"}
    assert staffs["session"] == ""
    assert settings.SESSION_COOKIE_AGE == 36000
    assert DRAFT_LIFE.total_seconds() == 86400


def test_the_cookie_page_names_cookies_as_they_are_on_https(school, settings):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

    html = page_html(school, came_with("cookies").body)

    assert '<h3 class="govuk-heading-s">__Host-session</h3>' in html
    assert '<h3 class="govuk-heading-s">__Host-csrf</h3>' in html
