"""A threat, from a parent's phone to the police and to a closed case, page by page as the people do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.policy.wording import POLICY
from tests.demo_school import PASSWORD
from tests.e2e import desk
from tests.e2e.browsing import DESK, PHONE, complaints, sign_in, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e
PERSON = "Barnaby Quill-Ashworth"
WORDS = "Tomorrow at 3.15 he will see"


def test_a_threat_goes_to_the_police_with_two_people_and_is_closed(portal: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE, java_script_enabled=False) as parent:
        reference = _reported(parent, portal)

    with visitor(browser, DESK) as ruth, visitor(browser, DESK) as marian:
        sign_in(ruth, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        sign_in(marian, portal.address, "marian.okoro@dkh.example", PASSWORD)
        case = _opened(ruth, portal, reference)
        _stopped_without_a_signal(ruth, case)
        _found_and_marked(ruth, case)
        step = _proposed(ruth, case)
        desk.approve(marian, portal, case)
        _sent_and_answered(ruth, step)
        desk.close(ruth, case, PERSON, outcome="A step of the policy was taken", why="The police spoke with him.")

        timeline = ruth.locator(".moj-timeline")
        for line in ("Case C0", "The police", "Step taken", "Signal in a message recorded"):
            expect(timeline.get_by_text(line).first).to_be_visible()
        assert complaints(ruth) == []
        assert complaints(marian) == []


def _reported(page: Page, portal: Portal) -> str:
    """The shortest way through the questions, past the numbers to call first; returns the reference."""
    page.goto(f"{portal.address}/report/danger/")
    page.get_by_role("radio", name="Someone is in danger now").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call first")
    page.get_by_text("The child lives somewhere else", exact=True).click()
    expect(page.get_by_role("link", name="Tower Hamlets")).to_be_visible()
    page.get_by_role("button", name="Carry on and tell the school").click()
    page.get_by_role("checkbox", name=POLICY.clause("threat").text).check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/words/")
    page.get_by_label("What happened, in your words?").fill(f"He wrote to the whole class: {WORDS}.")
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/you/")
    page.get_by_role("radio", name="A parent or carer").check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/check/")
    page.get_by_role("button", name="Send to the school").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have your concern.")
    return str(page.locator(".dkh-codes dd").first.inner_text())


def _opened(page: Page, portal: Portal, reference: str) -> str:
    why = "He names a time, and it is tomorrow."
    case = desk.opened(page, portal, reference, about="A threat with a time and a place", why=why)
    desk.add_person(page, case, PERSON)
    desk.allege(page, case, PERSON, clause="threat", words=WORDS)
    return case


def _stopped_without_a_signal(page: Page, case: str) -> None:
    page.goto(f"{case}steps/authorities/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("No threat, harassment or hate signal is recorded")
    expect(page.get_by_role("button", name="Write the letter")).to_have_count(0)
    page.get_by_role("button", name="Go back to the case").click()
    page.wait_for_url(case)


def _found_and_marked(page: Page, case: str) -> None:
    page.goto(f"{case}cannot-wait/")
    page.get_by_label("Why it cannot wait").fill("He names a time, and it is tomorrow.")
    desk.save(page, case)
    desk.find(page, case, why="Thirty families have the same picture.")
    desk.mark(page, case, seen="Somebody says when and where they will come", shows=f"“{WORDS}”")
    expect(page.get_by_role("heading", level=1)).to_have_text("What was seen in the messages")


def _proposed(page: Page, case: str) -> str:
    page.goto(f"{case}steps/authorities/")
    page.get_by_label("Why it is for them, in a sentence or two").fill("A message names a time and a place.")
    page.get_by_role("radio", name=re.compile("The police")).check()
    page.get_by_label("Where to send it").fill("Southwark Police Station\nLondon\nSE1 1JL")
    page.get_by_label("What you ask of them").fill("Tell us what we should do tomorrow at the gate.")
    page.get_by_label("How you know who it was").fill("The number is the one we have for him.")
    page.get_by_label("Why they were not asked, if they were not").fill("It could put somebody in danger.")
    page.get_by_label("Your reason").fill("Somebody could be hurt.")
    page.get_by_role("button", name="Write the letter").click()
    why = "Somebody could be hurt."
    return desk.send_letter(
        page, why=why, explained={"left_out_reason": "A letter would come too late."}, take="Send for approval"
    )


def _sent_and_answered(page: Page, step: str) -> None:
    page.goto(f"{step}authorities/sent/")
    page.get_by_role("radio", name="By phone").check()
    page.get_by_label("What was sent or said").fill("All of the letter")
    page.get_by_label("Their reference (optional)").fill("CAD 1")
    page.get_by_role("button", name="Record what was sent").click()
    page.wait_for_url(step)
    page.goto(f"{step}authorities/answer/")
    page.get_by_label("What they decided").fill("Officers came, and spoke with him.")
    page.get_by_role("button", name="Record their answer").click()
    page.wait_for_url(step)
    for said in ("CAD 1", "Officers came, and spoke with him.", "Marian Okoro"):
        expect(page.get_by_role("main").get_by_text(said).first).to_be_visible()
