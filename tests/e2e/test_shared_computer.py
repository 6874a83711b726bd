"""A computer in a library or a staff room: what is left in it, what it tells other sites, and what is sent twice."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.demo_school import PASSWORD
from tests.e2e import desk
from tests.e2e.browsing import DESK, PHONE, complaints, sign_in, visitor
from tests.e2e.test_journey import report

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e
STORED = "() => JSON.stringify({...localStorage, ...sessionStorage})"


def heard(page: Page) -> list[Request]:
    """Every request that the browser makes from now on."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    return asked


def concerns_of(portal: Portal, account: str) -> int:
    with sqlite3.connect(portal.folder / "db.sqlite3") as rows:
        return int(rows.execute("select count(*) from incidents_concern where account = ?", [account]).fetchone()[0])


def test_v14_2_3_a_whole_report_asks_no_other_site_for_anything_and_leaves_nothing(portal, browser):
    with visitor(browser, PHONE) as page:
        asked = heard(page)
        report(page, portal, account="Nobody else is asked for anything.")
        stored = page.evaluate(STORED)

        hosts = {urlsplit(each.url).netloc for each in asked if each.url.startswith("http")}
        assert hosts == {urlsplit(portal.address).netloc}
        assert stored == "{}"
        assert complaints(page) == []


def test_v14_3_3_an_unsent_report_is_in_no_storage_of_the_browser(portal, browser):
    with visitor(browser, PHONE) as page:
        page.goto(f"{portal.address}/report/words/")
        page.get_by_label("What happened, in your words?").fill("Typed and not sent.")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url: "words" not in url)

        assert page.evaluate(STORED) == "{}"
        assert page.evaluate("async () => (await indexedDB.databases()).length + (await caches.keys()).length") == 0
        assert page.evaluate("document.cookie") == ""


def test_row_27_sending_twice_and_going_back_give_one_concern_and_the_same_receipt(portal, browser):
    account = "Sent, and sent again."
    with visitor(browser, PHONE) as page:
        reference = desk.reported(page, portal, clause="abusive", words=account)
        receipt = page.locator(".dkh-codes dd").all_inner_texts()
        page.go_back()
        again = page.get_by_role("button", name="Send to the school")
        if again.is_visible():
            again.dblclick()
        page.goto(f"{portal.address}/report/sent/")

        assert receipt[0] == reference
        assert len(receipt) == 2
        assert page.locator(".dkh-codes dd").all_inner_texts() == receipt
    assert concerns_of(portal, account) == 1


def test_row_28_no_other_site_learns_where_somebody_came_from(portal, browser):
    """Every link that leads away, and the quick exit, followed with a real browser."""
    with visitor(browser, PHONE) as page:
        told: list[str | None] = []

        def answer(route):
            told.append(route.request.headers.get("referer"))
            route.fulfill(body="elsewhere", content_type="text/html")

        page.route(lambda url: urlsplit(url).netloc != urlsplit(portal.address).netloc, answer)
        away = set()
        for path in ("/", "/report/danger/", "/report/complaint/", "/policy/", "/privacy/", "/contact/", "/status/"):
            page.goto(f"{portal.address}{path}")
            links = page.locator("a[href^=http]").evaluate_all("found => found.map(each => each.href)")
            away |= {(path, link) for link in links if not link.startswith(portal.address)}
        for path, link in sorted(away):
            page.goto(f"{portal.address}{path}")
            page.locator(f'a[href="{link}"]').first.evaluate("link => { link.removeAttribute('target'); link.click() }")
            page.wait_for_url(lambda url: not url.startswith(portal.address))

        assert len(told) >= len(away) > 0
        assert set(told) == {None}


def test_row_29_after_leaving_the_back_button_shows_nothing_of_a_concern(portal, browser):
    with visitor(browser, PHONE) as page:
        page.goto(f"{portal.address}/status/")
        page.get_by_label("Reference").fill("DKH-7R4K-2Q")
        page.get_by_label("Access code").fill("K7QM-2XRA-90TB-WN4C")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/status/concern/")
        page.get_by_role("button", name="Close and leave").click()
        page.wait_for_url(f"{portal.address}/")
        page.go_back()
        page.wait_for_load_state()

        expect(page.get_by_label("Access code")).to_have_value("")
        expect(page.get_by_label("Reference")).to_have_value("")
        assert page.get_by_role("heading", name="Messages").count() == 0
        assert {each["name"] for each in page.context.cookies()} <= {"csrftoken"}


def test_row_29_after_signing_out_the_back_button_asks_to_sign_in(portal, browser):
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        page.goto(f"{portal.address}/staff/cases/")
        page.get_by_role("link", name=re.compile("C0")).first.click()
        page.wait_for_load_state()
        opened = page.url
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/staff/sign-in/**")
        page.go_back()
        page.wait_for_load_state()

        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert page.evaluate(STORED) == "{}"
        page.goto(opened)
        assert "/staff/sign-in/" in page.url


def test_a_page_left_open_overnight_goes_on_with_what_was_typed_for_its_owner_alone(portal, browser):
    """The session is over by then. Whoever signs in has a session, and a token for forms, that the page has not."""
    with visitor(browser, DESK) as page:
        page.clock.install()
        sign_in(page, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        page.goto(f"{portal.address}/staff/cases/C014/notes/add/")
        page.get_by_label("Note").fill("Typed in the evening.")
        with sqlite3.connect(portal.folder / "db.sqlite3") as rows:
            rows.execute("delete from django_session")
        page.clock.fast_forward(31 * 60 * 1000)
        locked = page.get_by_role("heading", name="This page is locked")
        locked.wait_for()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Unlock in a new tab").click()
        tab = opened.value
        page.get_by_role("button", name="I have done that").click()
        expect(page.get_by_text("It is still locked.")).to_be_visible()

        sign_in(tab, portal.address, "pat.nair@dkh.example", PASSWORD)
        page.get_by_role("button", name="I have done that").click()
        expect(page.get_by_text("This page opens for Ruth Adeyemi only.")).to_be_visible()
        expect(page.get_by_text("It is still locked.")).to_be_hidden()
        tab.get_by_role("button", name="Sign out").click()
        tab.wait_for_url("**/staff/sign-in/**")
        sign_in(tab, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        page.get_by_role("button", name="I have done that").click()
        locked.wait_for(state="hidden")
        page.get_by_role("button", name="Add the note").click()
        page.wait_for_url("**/staff/cases/C014/**")

        expect(page.get_by_text("Typed in the evening.")).to_be_visible()


def test_row_29_forms_that_ask_for_secrets_are_not_filled_in_by_the_browser(portal, browser):
    with visitor(browser, PHONE) as page:
        for path in ("/status/", "/reply/", "/status/lost-code/"):
            page.goto(f"{portal.address}{path}")
            fields = page.locator("main input[type=text]")

            assert fields.count() > 0
            assert set(fields.evaluate_all("found => found.map(each => each.autocomplete)")) == {"off"}
