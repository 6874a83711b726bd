"""What parents and senior leaders do on the pages of one case, said once for all the stories."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.portal import Portal

LETTER_MADE_WITHIN = 90


def reported(page: Page, portal: Portal, *, clause: str, words: str) -> str:
    """The shortest way through the questions, from what was posted; returns the reference."""
    page.goto(f"{portal.address}/report/what/")
    page.get_by_role("checkbox", name=POLICY.clause(clause).text).check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/words/")
    page.get_by_label("What happened, in your words?").fill(words)
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/you/")
    page.get_by_role("radio", name="A parent or carer").check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{portal.address}/report/check/")
    page.get_by_role("button", name="Send to the school").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have your concern.")
    return str(page.locator(".dkh-codes dd").first.inner_text())


def opened(page: Page, portal: Portal, reference: str, *, about: str, why: str) -> str:
    """A case for one concern; returns its address."""
    page.goto(f"{portal.address}/staff/concerns/{reference}/")
    page.get_by_role("radio", name="Conduct the policy calls inappropriate").check()
    page.get_by_role("radio", name="Open a case").check()
    page.get_by_label("What is it about, in a few words?").fill(about)
    page.get_by_label("Why? Your reason for the record").fill(why)
    page.get_by_role("button", name="Save the outcome").click()
    page.get_by_role("main").get_by_role("link", name=re.compile(r"C\d{3}")).first.click()
    page.wait_for_url("**/staff/cases/C*/")
    return page.url


def add_person(page: Page, case: str, name: str, *, role: str = "Subject", title: str = "", address: str = "") -> None:
    page.goto(f"{case}people/add/")
    page.get_by_role("radio", name=role, exact=False).first.check()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Title (optional)").fill(title)
    page.get_by_label("Address (optional)").fill(address)
    save(page, case)


def allege(page: Page, case: str, person: str, *, clause: str, words: str = "", seen: str = "") -> None:
    page.goto(f"{case}allegations/add/")
    page.get_by_role("radio", name=person).check()
    page.get_by_role("radio", name=POLICY.clause(clause).text).check()
    page.get_by_label("The exact words").fill(words)
    page.get_by_label("What was posted, if there are no words").fill(seen)
    page.get_by_label("Where it was posted (optional)").fill("Class WhatsApp group")
    save(page, case)


def hear(page: Page, case: str, person: str, statement: str) -> None:
    """Asked for their account by phone, and it is written down."""
    page.goto(f"{case}information/ask/")
    page.get_by_role("radio", name=person).check()
    page.get_by_role("radio", name="By phone").check()
    save(page, case)
    page.get_by_role("main").get_by_role("link", name="Record what they said").last.click()
    page.get_by_role("radio", name="By phone").check()
    page.get_by_label("What they said").fill(statement)
    save(page, case)


def find(page: Page, case: str, *, finding: str = "Found", why: str) -> None:
    """Decides the first allegation that nobody has decided."""
    if page.url != case:
        page.goto(case)
    page.get_by_role("link", name="Decide").first.click()
    page.get_by_role("radio", name=finding, exact=True).check()
    page.get_by_label("Your reason").fill(why)
    save(page, case)


def mark(page: Page, case: str, *, seen: str, shows: str) -> None:
    """A signal in the case's only message."""
    page.goto(f"{case}steps/signals/add/")
    page.locator("input[name=message]").first.check()
    page.get_by_role("radio", name=seen).check()
    page.get_by_label("What in the message shows it").fill(shows)
    page.get_by_role("button", name="Record what is seen").click()


def send_letter(page: Page, *, why: str, explained: dict[str, str] | None = None, take: str) -> str:
    """On the page of a draft: the reasons, the two boxes, and the button called `take`. Returns the step's address."""
    page.wait_for_url("**/steps/*/draft/")
    step = page.url.removesuffix("draft/")
    for name, reason in (explained or {}).items():
        page.locator(f"textarea[name={name}]").fill(reason)
    page.get_by_label("Why this step, for this person?").fill(why)
    page.get_by_label("I am not named in this case").check()
    page.get_by_label("I have read the whole letter").check()
    page.get_by_role("button", name=take).click()
    page.wait_for_url(lambda url: not url.endswith("/draft/"))
    return step


def approve(page: Page, portal: Portal, case: str) -> None:
    """The proposal of this case, found where whoever decides looks for what waits."""
    page.goto(f"{portal.address}/staff/approvals/")
    page.get_by_role("link", name=f"case {number_of(case)}").first.click()
    page.wait_for_url("**/decide/")
    page.get_by_role("radio", name="Approve").check()
    page.get_by_label("Why?").fill("I have read it all, and I agree.")
    page.get_by_label(re.compile("I have read")).check()
    page.get_by_role("button", name="Save my decision").click()
    page.wait_for_url("**/approvals/")


def number_of(case: str) -> str:
    """`C020`"""
    return case.rstrip("/").rsplit("/", 1)[1]


def close(page: Page, case: str, person: str, *, outcome: str, why: str) -> None:
    page.goto(f"{case}close/")
    for group in page.get_by_role("group", name=re.compile(person)).all():
        group.get_by_role("radio", name=outcome).check()
    page.get_by_label("How did it end, and why can it be closed?").fill(why)
    page.get_by_role("button", name="Close the case").click()
    page.wait_for_url(case)


def wait_until_made(page: Page, portal: Portal, letter: str) -> bytes:
    """On the letter's own page, that says so; returns the paper."""
    give_up = time.monotonic() + LETTER_MADE_WITHIN
    while not (pdf := page.request.get(f"{portal.address}/staff/letters/{letter}/pdf/")).ok:
        if time.monotonic() > give_up:
            pytest.fail(f"{letter} was not made: {pdf.text()}")
        page.wait_for_timeout(100)
    page.goto(f"{portal.address}/staff/letters/{letter}/")
    expect(page.get_by_text("To print").first).to_be_visible()
    assert pdf.body().startswith(b"%PDF-")
    return pdf.body()


def print_and_post(page: Page, portal: Portal, *letters: str) -> None:
    """In one batch. All but the last figure of their references is the same."""
    letter = letters[-1]
    page.goto(f"{portal.address}/staff/print-room/?q={letter.rsplit('-', 1)[0]}-")
    for box in page.locator("input[name=letters]").all():
        box.set_checked(box.get_attribute("value") in letters)
    page.get_by_role("button", name="Print as one PDF").click()
    page.wait_for_url("**show=post**")
    batch = page.locator(".moj-alert").get_by_role("link", name="Open the PDF of batch")
    assert page.request.get(portal.address + str(batch.get_attribute("href"))).body().startswith(b"%PDF-")
    form = page.locator("form").filter(has=page.locator(f"input[value='{letter}']"))
    form.get_by_role("button", name="Mark as posted today").click()
    page.wait_for_url("**show=posted**")
    expect(page.get_by_role("main").get_by_text(letter).first).to_be_visible()


def fill_day(page: Page, name: str, written: str) -> None:
    """`11 1 2027` into the three boxes of a day."""
    for number, part in enumerate(written.split()):
        page.locator(f"input[name={name}_{number}]").fill(part)


def save(page: Page, case: str) -> None:
    """Sends the page's own form, and comes back to the case."""
    page.locator("main form button.govuk-button").first.click()
    page.wait_for_url(case)
