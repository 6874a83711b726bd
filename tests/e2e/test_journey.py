"""The main job, as people do it: a parent's two screenshots become a letter in the post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.policy.wording import POLICY
from tests.demo_school import PASSWORD, ROOT
from tests.e2e import desk
from tests.e2e.browsing import DESK, PHONE, complaints, sign_in, visitor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e

PICTURES = ROOT / "dkh_conduct" / "demo" / "pictures"
TWO = [PICTURES / "year-6-chat.png", PICTURES / "noticeboard-post.jpg"]
PERSON = "Quentin Marlowe-Tan"
WORDS = "She is a nasty piece of work and the kids can see it"


def report(
    page: Page, portal: Portal, *, account: str, danger: str = "No", files: Sequence[Path] = TWO
) -> tuple[str, str]:
    """From the start page to the two codes; returns them."""
    page.goto(portal.address)
    page.get_by_role("button", name="Report a concern").click()
    page.get_by_role("radio", name=danger, exact=True).check()
    _continue(page)
    if danger != "No":
        expect(page.get_by_role("heading", level=1)).to_have_text("Call first")
        page.get_by_role("button", name="Carry on and tell the school").click()
    page.get_by_role("checkbox", name=POLICY.clause("abusive").text).check()
    _continue(page)
    page.get_by_role("radio", name="Yes, and only that").check()
    _continue(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("How to complain about the school")
    page.get_by_role("button", name="There is something else as well: carry on").click()
    page.get_by_role("checkbox", name="A class WhatsApp group").check()
    page.get_by_label("Name of the group or page (optional)").fill("Year 6 Beech leavers")
    _continue(page)
    page.get_by_label("If you do not know the exact day").fill("One evening last week")
    _continue(page)
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("If you know, who was it?").fill(PERSON)
    _continue(page)
    page.get_by_label("What happened, in your words?").fill(account)
    _continue(page)
    _add(page, files)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("checkbox", name="Tomas Lindqvist, Deputy head").check()
    _continue(page)
    page.get_by_role("radio", name="A parent or carer").check()
    page.get_by_label("Email address (optional)").fill("a.parent@families.example")
    page.get_by_role("radio", name="No", exact=True).check()
    _continue(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers before you send them")
    expect(page.get_by_text(account)).to_be_visible()
    page.get_by_role("button", name="Send to the school").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have your concern.")
    reference, code = page.locator(".dkh-codes dd").all_inner_texts()
    assert re.fullmatch(r"DKH-[2-9A-Z]{4}-[2-9A-Z]{2}", reference)
    return reference, code


def _continue(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: url != before)


def _add(page: Page, files: Sequence[Path]) -> None:
    page.locator("input[type=file]").set_input_files(files)
    upload = page.get_by_role("button", name="Upload")
    if upload.is_visible():  # only where no script does it
        upload.click()
    expect(page.get_by_role("heading", name=f"{len(files)} files added")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("has_script", [False, True], ids=["without a script", "with scripts"])
def test_a_parent_on_a_phone_reports_and_looks_again(portal: Portal, browser: Browser, has_script: bool) -> None:
    with visitor(browser, PHONE, java_script_enabled=has_script, has_touch=True, is_mobile=True) as page:
        account = "Somebody has to say something about this."
        reference, code = report(page, portal, account=account, danger="A child may be at risk of harm")
        expect(page.get_by_text("We are sending our safeguarding lead a message")).to_be_visible()

        page.goto(f"{portal.address}/status/")
        page.get_by_label("Reference").fill(reference.lower().replace("-", " "))
        page.get_by_label("Access code").fill(code)
        _continue(page)

        expect(page.get_by_text(reference).first).to_be_visible()
        assert complaints(page) == []


@pytest.mark.parametrize("way", ["without a script", "the button", "the Shift key"])
def test_a_parent_can_leave_quickly(portal: Portal, browser: Browser, way: str) -> None:
    with visitor(browser, PHONE, java_script_enabled=way != "without a script") as page:
        page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="Sunny", content_type="text/html"))
        page.goto(f"{portal.address}/report/danger/")
        expect(page.get_by_text("If you need to leave quickly")).to_be_visible()

        if way == "the Shift key":
            for _ in range(3):
                page.keyboard.press("Shift")
        else:
            page.get_by_role("button", name="Exit this page").click()

        page.wait_for_url("https://www.bbc.co.uk/weather")
        assert complaints(page) == []


def test_the_safeguarding_lead_reads_what_is_flagged(portal: Portal, browser: Browser) -> None:
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "ife.balogun@dkh.example", PASSWORD)
        page.goto(f"{portal.address}/staff/")
        page.get_by_role("link", name="A mum in the Reception group").click()

        expect(page.get_by_text("Child at risk", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Save the outcome")).to_have_count(0)
        assert complaints(page) == []


def test_a_concern_becomes_a_letter_in_the_post(portal: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE, java_script_enabled=False) as parent:
        reference, _ = report(parent, portal, account=f"He wrote: {WORDS}. Thirty families read it.")

    with visitor(browser, DESK) as leader:
        sign_in(leader, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        case = _open_a_case(leader, portal, reference)
        _look_into_it(leader, case)
        letter = _take_the_step(leader, case)
        desk.wait_until_made(leader, portal, letter)

        with visitor(browser, DESK) as office:
            sign_in(office, portal.address, "pat.nair@dkh.example", PASSWORD)
            desk.print_and_post(office, portal, letter)
            assert complaints(office) == []

        leader.goto(case)
        timeline = leader.locator(".moj-timeline")
        for line in ("posted", "printed", "Step taken: warning letter", f"Account of {PERSON} received"):
            expect(timeline.get_by_text(line).first).to_be_visible()
        expect(leader.locator(".dkh-ladder .is-taken")).to_have_count(1)
        _close(leader, case)
        assert complaints(leader) == []


def _open_a_case(page: Page, portal: Portal, reference: str) -> str:
    """Reads the concern, opens a case; returns the case's address."""
    page.goto(f"{portal.address}/staff/concerns/?q={reference}")
    page.get_by_role("main").get_by_role("link", name="He wrote").click()
    expect(page.locator(".dkh-strip img")).to_have_count(2)
    page.get_by_role("radio", name="Conduct the policy calls inappropriate").check()
    page.get_by_role("radio", name="Open a case").check()
    page.get_by_label("What is it about, in a few words?").fill("Comments in a class group")
    page.get_by_label("Why? Your reason for the record").fill("Personal words about a teacher.")
    page.get_by_role("button", name="Save the outcome").click()
    page.get_by_role("main").get_by_role("link", name=re.compile(r"C\d{3}")).first.click()
    page.wait_for_url("**/staff/cases/C*/")
    return page.url


def _look_into_it(page: Page, case: str) -> None:
    desk.add_person(page, case, PERSON, title="Mr", address="4 Foxglove Walk\nLondon\nSE22 8QX")
    desk.allege(page, case, PERSON, clause="abusive", words=WORDS)
    desk.find(page, case, why="Two pictures show the same words.")
    desk.hear(page, case, PERSON, "I was cross about the rooms. I am sorry.")


def _close(page: Page, case: str) -> None:
    page.goto(f"{case}close/")
    page.get_by_role("group", name=re.compile(PERSON)).get_by_role("radio").first.check()
    page.get_by_label("How did it end, and why can it be closed?").fill("He has the letter, and said sorry.")
    page.get_by_role("button", name="Close the case").click()
    page.wait_for_url(case)
    expect(page.locator(".moj-timeline").get_by_text("closed").first).to_be_visible()


def _take_the_step(page: Page, case: str) -> str:
    """Drafts the letter, changes its words, decides; returns its reference."""
    page.get_by_role("button", name=re.compile("Take this step.*warning")).click()
    page.get_by_label("What they told us, in a sentence or two (optional)").fill("you were cross, and are sorry.")
    page.get_by_role("button", name="Draft the letter").click()
    page.wait_for_url("**/steps/*/draft/")
    body = page.get_by_label("What the letter says")
    body.fill(body.input_value().replace("you were cross, and are sorry.", "you were cross, and you said sorry."))
    expect(page.get_by_role("status").filter(has_text="Up to date")).to_be_visible(timeout=60_000)
    page.get_by_label("Why this step, for this person?").fill("It was read by thirty families, and he is sorry.")
    page.get_by_label("I am not named in this case").check()
    page.get_by_label("I have read the whole letter").check()
    page.get_by_role("button", name="Take this step and queue the letter").click()
    page.wait_for_url(case)
    return f"DKH-{desk.number_of(case)}-1"
