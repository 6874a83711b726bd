"""A campaign against a teacher: a letter in November, a ban in February, reviewed and lifted in spring, and the end."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import expect

from tests.demo_school import PASSWORD, of_this_run
from tests.e2e import desk
from tests.e2e.axe import problems
from tests.e2e.browsing import DESK, PHONE, complaints, sign_in, visitor
from tests.e2e.portal import portal_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e
PERSON = "Rosalind Achterberg-Mills"
WORDS = "Keep your kids out of Ms Lowe’s class, she is a spiteful cow"
RUTH, MARIAN, PAT = (f"{name}@dkh.example" for name in ("ruth.adeyemi", "marian.okoro", "pat.nair"))
REPLY_CODE = re.compile(r"reply\s+code,\s+(\w{4})-\s*(\w{4})-\s*(\w{4})")


@pytest.fixture
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One of its own, whose clock goes on for months."""
    with portal_in(tmp_path_factory.mktemp("months"), school=of_this_run(tmp_path_factory)) as portal:
        yield portal


@pytest.fixture
def faults() -> list[str]:
    """What axe and the browser have to say about pages on the way."""
    return []


@contextmanager
def signed_in(browser: Browser, portal: Portal, email: str) -> Iterator[Page]:
    """Anew in each chapter: months later nobody is signed in any more."""
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, email, PASSWORD)
        yield page


def looked_at(page: Page, faults: list[str]) -> None:
    """At a phone’s width, where a page breaks first."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    faults += problems(page, PHONE)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def test_a_campaign_ends_in_a_ban_that_is_reviewed_and_lifted(
    portal: Portal, browser: Browser, faults: list[str]
) -> None:
    with visitor(browser, PHONE, java_script_enabled=False) as parent:
        first = desk.reported(parent, portal, clause="abusive", words=f"She wrote to the whole class: {WORDS}.")
    with signed_in(browser, portal, RUTH) as ruth:
        case = _a_letter_in_november(ruth, portal, first)

    portal.move_to("2027-01-14T09:10")
    with visitor(browser, PHONE, java_script_enabled=False) as parent:
        second = desk.reported(parent, portal, clause="anger", words="She waits at the gate and shouts at Ms Lowe.")
    with signed_in(browser, portal, RUTH) as ruth, signed_in(browser, portal, MARIAN) as marian:
        _it_goes_on(ruth, portal, second, case)
        step = _ban_proposed(ruth, case, faults)
        desk.approve(marian, portal, case)
        code = _code_in_the_letter(ruth, portal, f"DKH-{desk.number_of(case)}-2")

    portal.move_to("2027-01-20T20:15")
    with visitor(browser, PHONE) as parent:
        _their_side(parent, portal, f"DKH-{desk.number_of(case)}-2", code)
        faults += complaints(parent)

    portal.move_to("2027-02-08T08:40")
    with signed_in(browser, portal, RUTH) as ruth, signed_in(browser, portal, MARIAN) as marian:
        _read_and_confirmed(ruth, case, step, faults)
        desk.approve(marian, portal, case)
        ruth.goto(step)
        expect(ruth.get_by_text("Not until after Friday 28 May 2027")).to_be_visible()
        looked_at(ruth, faults)
        _register(ruth, portal, has_name=True)

    portal.move_to("2027-03-22T09:00")
    with signed_in(browser, portal, RUTH) as ruth, signed_in(browser, portal, MARIAN) as marian:
        _reviewed(ruth, step)
        _lift_proposed(ruth, step)
        desk.approve(marian, portal, case)
        _register(ruth, portal, has_name=False)
        ruth.goto(step)
        expect(ruth.get_by_text("Nothing: it is over.")).to_be_visible()
        expect(ruth.get_by_text("9 February 2027 to 28 May 2027")).to_be_visible()  # as the notice said it
        letters = [f"DKH-{desk.number_of(case)}-{number}" for number in range(1, 6)]
        desk.wait_until_made(ruth, portal, letters[-1])
        with signed_in(browser, portal, "pat.nair@dkh.example") as office:
            desk.print_and_post(office, portal, *letters)
        _closed(ruth, case)
        faults += complaints(ruth) + complaints(marian)

    assert faults == []


def _a_letter_in_november(page: Page, portal: Portal, reference: str) -> str:
    case = desk.opened(
        page, portal, reference, about="Messages about a teacher", why="Personal words about one person."
    )
    desk.add_person(page, case, PERSON, address="9 Foxglove Walk\nLondon\nSE22 8QX")
    desk.add_person(page, case, "Hester Lowe", role="Affected")
    desk.allege(page, case, PERSON, clause="abusive", words=WORDS)
    desk.hear(page, case, PERSON, "I was angry about the seating plan, and others think so too.")
    desk.find(page, case, why="She agrees that the words are hers.")
    page.get_by_role("button", name=re.compile("Take this step.*warning")).click()
    page.get_by_role("button", name="Draft the letter").click()
    desk.send_letter(page, why="One letter, and a talk if she wants one.", take="Take this step and queue the letter")
    return case


def _it_goes_on(page: Page, portal: Portal, reference: str, case: str) -> None:
    page.goto(f"{portal.address}/staff/concerns/{reference}/")
    page.get_by_role("radio", name="Conduct the policy calls inappropriate").check()
    page.get_by_role("radio", name="Add to a case").check()
    page.get_by_label("Which case?").select_option(desk.number_of(case))
    page.get_by_label("Why? Your reason for the record").fill("The same parent and the same teacher.")
    page.get_by_role("button", name="Save the outcome").click()
    desk.allege(page, case, PERSON, clause="anger", seen="Shouted at a teacher at the gate, four mornings in one week")
    desk.hear(page, case, PERSON, "I only said what everybody thinks.")
    desk.find(page, case, why="Two members of staff were there each time, and so was a parent.")


def _ban_proposed(page: Page, case: str, faults: list[str]) -> str:
    page.goto(f"{case}steps/ban/")
    page.get_by_label("What is the risk on the school site?").fill(
        "She waits at the gate each morning. The teacher cannot pass her without being shouted at, beside children."
    )
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.get_by_role("heading", name=re.compile(r"Not yet: \d+ things are missing"))).to_be_visible()
    looked_at(page, faults)
    page.get_by_role("checkbox", name="Warning letter").check()
    page.get_by_label("Why are they not enough?").fill("We wrote to you in November, and it went on at the gate.")
    for name, written in (("starts_on", "9 2 2027"), ("ends_on", "28 5 2027"), ("review_on", "22 3 2027")):
        desk.fill_day(page, name, written)
    desk.fill_day(page, "decide_by", "8 2 2027")
    page.get_by_label("Who reviews it").fill("The chair of the local board")
    page.get_by_label("Dropping off and collecting their child").fill("You can choose another adult to bring them.")
    page.get_by_label("Their contact at school").select_option(index=1)
    page.get_by_label("Equality check").fill("None that she or we know of. We asked on the phone.")
    page.get_by_role("radio", name="Checked: nothing limits or changes this").check()
    page.get_by_role("radio", name="Checked with the SENCo: none that this affects").check()
    page.get_by_label("is theirs, and safe to write to").check()
    page.get_by_label("Your reason").fill("The teacher has to be able to come to work.")
    page.get_by_role("button", name="Write the letter").click()
    reasons = {
        "left_out_reason": "She did not want to meet, and we asked twice.",
        "again_reason": "The letter did not end it.",
    }
    return desk.send_letter(page, why="It has gone on since the letter.", explained=reasons, take="Send for approval")


def _code_in_the_letter(page: Page, portal: Portal, letter: str) -> str:
    """Read where the addressee reads it: on the paper."""
    paper = pypdfium2.PdfDocument(desk.wait_until_made(page, portal, letter))
    words = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    found = REPLY_CODE.search(words)
    assert found, words
    return "-".join(found.groups())


def _their_side(page: Page, portal: Portal, letter: str, code: str) -> None:
    page.goto(f"{portal.address}/reply/")
    page.get_by_label("Our reference").fill(letter)
    page.get_by_label("Reply code").fill(code.lower())
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your side").fill("I lost my temper. My mother can bring him from now on.")
    page.get_by_role("button", name="Send to the school").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have your reply.")


def _read_and_confirmed(page: Page, case: str, step: str, faults: list[str]) -> None:
    page.goto(case)
    page.get_by_role("link", name="Read their reply").first.click()
    expect(page.get_by_text("My mother can bring him from now on.")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    page.wait_for_url(case)
    page.goto(step)
    page.get_by_role("link", name="Confirm the ban").click()
    page.get_by_label("What they said, and how you weighed it").fill(
        "You lost your temper: thank you for saying so.\nYour mother can bring him: that makes this possible."
    )
    page.get_by_label("What you find", exact=True).fill("You shouted at a teacher at the gate on four mornings.")
    desk.fill_day(page, "starts_on", "8 2 2027")
    page.get_by_label("Why?").fill("She needs some weeks in which she can come to work.")
    looked_at(page, faults)
    page.get_by_role("button", name="Write the letter").click()
    desk.send_letter(page, why="She needs some weeks in which she can come to work.", take="Send for approval")


def _register(page: Page, portal: Portal, *, has_name: bool) -> None:
    page.goto(f"{portal.address}/staff/register/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not on site")
    expect(page.get_by_role("rowheader", name=PERSON)).to_have_count(1 if has_name else 0)
    expect(page.get_by_text(WORDS)).to_have_count(0)


def _reviewed(page: Page, step: str) -> None:
    page.goto(step)
    expect(page.get_by_text("Review due")).to_be_visible()
    page.get_by_role("link", name="Ask for their view before a review").click()
    page.get_by_label("Why?").fill("The review is due.")
    page.get_by_role("button", name="Write the letter").click()
    desk.send_letter(page, why="The review is due.", take="Take this step and queue the letter")
    page.goto(f"{step}ban/heard/")
    page.get_by_role("radio", name="By phone").check()
    page.get_by_label("What they said").fill("It is over for me. I would like to bring him myself again.")
    page.get_by_role("button", name="Record what they said").click()
    page.wait_for_url(step)


def _lift_proposed(page: Page, step: str) -> None:
    page.goto(f"{step}ban/lift/")
    page.get_by_label("What they said, and how you weighed it").fill("You say that it is over: we see it too.")
    page.get_by_label("Why?").fill("It has been calm for six weeks.")
    page.get_by_role("button", name="Write the letter").click()
    desk.send_letter(page, why="It has been calm for six weeks.", take="Send for approval")


def _closed(page: Page, case: str) -> None:
    ended = "She may come on site again, and it has been calm."
    page.goto(case)
    expect(page.locator(".dkh-ladder")).to_contain_text("How it stands: lifted.")
    desk.close(page, case, PERSON, outcome="A step of the policy was taken", why=ended)
    timeline = page.locator(".moj-timeline")
    for line in ("lifted", "closed"):
        expect(timeline.get_by_text(line).first).to_be_visible()
    # Four months ago, and long before the last twenty things that happened.
    page.goto(f"{case}?kind=steps")
    expect(timeline.get_by_text("Step taken: warning letter").first).to_be_visible()
