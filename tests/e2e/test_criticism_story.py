"""Criticism of the school that somebody tries to push up the ladder, door by door, and cannot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.demo_school import PASSWORD
from tests.e2e import desk
from tests.e2e.axe import problems
from tests.e2e.browsing import DESK, PHONE, complaints, sign_in, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e
PERSON = "Ignatius Farrow-Bligh"
WORDS = "The head should answer our letters"
STEPS = ("warning", "meeting", "authorities", "legal", "ban")
NEW_TO_AXE = ("meeting", "legal", "ban")  # as they are while they are not open


def test_criticism_cannot_be_pushed_up_the_ladder(portal: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE, java_script_enabled=False) as parent:
        reference = desk.reported(parent, portal, clause="challenge", words=f"He wrote in the group: {WORDS}.")

    with visitor(browser, DESK) as ruth:
        sign_in(ruth, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        faults = _no_case_for_criticism(ruth, portal, reference)
        case = _called_misconduct(ruth, portal, reference)
        _every_step_is_shut(ruth, case)
        faults += _every_page_says_why(ruth, portal, case)
        _marks_open_nothing(ruth, case)
        _nothing_was_begun(ruth, case)
        desk.close(
            ruth, case, PERSON, outcome="It was criticism: the complaints procedure has it", why="It is a fair point."
        )
        expect(ruth.get_by_text("It was criticism: the complaints procedure has it").first).to_be_visible()
        # What was refused reads as a failed answer in the browser's own notes.
        assert [each for each in complaints(ruth) if "409" not in each] == []
        assert faults == []


def _no_case_for_criticism(page: Page, portal: Portal, reference: str) -> list[str]:
    page.goto(f"{portal.address}/staff/concerns/{reference}/")
    page.get_by_role("radio", name="Criticism", exact=False).first.check()
    page.get_by_role("radio", name="Open a case").check()
    page.get_by_label("What is it about, in a few words?").fill("Comments about the head")
    page.get_by_label("Why? Your reason for the record").fill("It is unfair to her.")
    page.get_by_role("button", name="Save the outcome").click()

    refused = "for criticism alone: it cannot open a case or join one"
    expect(page.locator(".govuk-error-message").filter(has_text=refused)).to_be_visible()
    expect(page.get_by_label("Why? Your reason for the record")).to_have_value("It is unfair to her.")
    return problems(page, DESK)


def _called_misconduct(page: Page, portal: Portal, reference: str) -> str:
    """Somebody insists, as they may. What it is shows when it is looked into."""
    case = desk.opened(page, portal, reference, about="Comments about the head", why="It is unfair to her.")
    desk.add_person(page, case, PERSON, address="2 Foxglove Walk\nLondon\nSE22 8QX")
    desk.allege(page, case, PERSON, clause="challenge", words=WORDS)
    desk.hear(page, case, PERSON, "I wrote three letters, and nobody answered.")
    desk.find(page, case, finding="Not found", why="It is criticism, and it is true that nobody answered.")
    return case


def _every_step_is_shut(page: Page, case: str) -> None:
    page.goto(case)
    ladder = page.locator(".dkh-ladder > li")
    expect(ladder).to_have_count(5)
    expect(ladder.get_by_role("button")).to_have_count(0)
    expect(page.locator(".dkh-ladder .is-open, .dkh-ladder .is-taken")).to_have_count(0)
    expect(ladder.first).to_contain_text("no allegation is found")


def _every_page_says_why(page: Page, portal: Portal, case: str) -> list[str]:
    """Opened by its address, and with a form made up by hand."""
    faults = []
    for step in STEPS:
        page.goto(f"{case}steps/{step}/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert "cannot be" in (said := page.get_by_role("main").inner_text()) or "No threat" in said, (step, said)
        if step in NEW_TO_AXE:
            faults += problems(page, DESK)
        token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        form: dict[str, str | float | bool] = {
            "csrfmiddlewaretoken": token,
            "write": "",
            "draft": "",
            "stage": "notice",
            "reason": "They criticise us",
        }
        sent = page.request.post(f"{case}steps/{step}/", form=form, headers={"Referer": portal.address})
        assert sent.status in (200, 409), (step, sent.status)
    return faults


def _marks_open_nothing(page: Page, case: str) -> None:
    page.goto(f"{case}steps/signals/add/")
    page.locator("input[name=message]").check()
    page.get_by_role("radio", name="It may be libellous").check()
    page.get_by_label("What in the message shows it").fill("It is unfair")
    page.get_by_label("It is a complaint that they made to the school").check()
    page.get_by_role("button", name="Record what is seen").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("is protected, and does not go to a lawyer")

    desk.mark(page, case, seen="A threat, without a time or a place", shows="“should answer”")
    page.goto(f"{case}steps/authorities/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("No threat, harassment or hate signal is recorded")


def _nothing_was_begun(page: Page, case: str) -> None:
    page.goto(case)
    expect(page.locator(".dkh-ladder").get_by_role("button")).to_have_count(0)
    expect(page.locator(".moj-timeline").get_by_text(re.compile("^Step|letter", re.IGNORECASE))).to_have_count(0)
