"""While a flood of reports comes in: a browser computes its way through, and one without scripts is asked to wait."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.policy.wording import POLICY
from tests.demo_school import of_this_run
from tests.e2e.browsing import PHONE, complaints, visitor
from tests.e2e.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
COMPUTED_WITHIN = 60_000


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Portal]:
    """A portal that has had as many reports within this hour as it takes without asking: here, one."""
    folder = tmp_path_factory.mktemp("flooded") / "portal"
    shutil.copytree(of_this_run(tmp_path_factory), folder)
    portal = Portal(folder)
    portal.environment["SENDS_AN_HOUR_BEFORE_PROOF"] = "1"
    try:
        portal.serve()
        with visitor(browser, PHONE, java_script_enabled=False) as first:
            up_to_sending(first, portal)
            first.get_by_role("button", name="Send to the school").click()
            expect(first.get_by_role("heading", level=1)).to_have_text("Thank you. We have your concern.")
        yield portal
    finally:
        portal.stop()


def up_to_sending(page: Page, portal: Portal) -> None:
    """The three pages that have to be answered, then the page that sends."""
    page.goto(f"{portal.address}/report/what/")
    page.get_by_role("checkbox", name=POLICY.clause("abusive").text).check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/words/")
    page.get_by_label("What happened, in your words?").fill("They wrote unkind things about a teacher.")
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/you/")
    page.get_by_role("radio", name="A parent or carer").check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/check/")


def test_a_browser_computes_the_proof_and_sends(flooded: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE, has_touch=True, is_mobile=True) as page:
        up_to_sending(page, flooded)
        expect(page.get_by_text("Very many reports are coming in just now")).to_be_visible()

        page.get_by_role("button", name="Send to the school").click()

        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Thank you. We have your concern.", timeout=COMPUTED_WITHIN)
        assert complaints(page) == []


def test_without_a_script_a_minute_is_asked_for_and_nothing_is_lost(flooded: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE, java_script_enabled=False) as page:
        up_to_sending(page, flooded)

        page.get_by_role("button", name="Send to the school").click()

        expect(page.get_by_role("heading", level=1)).not_to_have_text("Thank you. We have your concern.")
        expect(page.get_by_text("minute").first).to_be_visible()
        expect(page.get_by_text("They wrote unkind things about a teacher.")).to_be_visible()
