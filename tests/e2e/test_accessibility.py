"""Every page of the demo school, at three widths: axe finds nothing, nothing complains, nothing scrolls sideways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.demo_school import PASSWORD
from tests.e2e.axe import is_wide, problems
from tests.e2e.browsing import DESK, NARROWEST, PHONE, complaints, sign_in, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e

PARENTS = (
    "/",
    "/policy/",
    "/report/danger/",
    "/report/what/",
    "/report/complaint/",
    "/report/where/",
    "/report/when/",
    "/report/who/",
    "/report/words/",
    "/report/evidence/",
    "/report/leader/",
    "/report/you/",
    "/report/check/",
    "/status/",
    "/accessibility/",
    "/privacy/",
    "/cookies/",
    "/contact/",
    "/staff/sign-in/",
    "/staff/password/",
    "/staff/password/sent/",
    "/no/such/page/",
)
PRINT_ROOM = (
    *(f"/staff/print-room/?show={tab}" for tab in ("print", "post", "email", "posted", "void", "register")),
    "/staff/letters/DKH-C009-1/void/",
)
LEADERS = (
    "/staff/",
    "/staff/concerns/",
    "/staff/concerns/?q=nothing+like+this",
    "/staff/concerns/DKH-7R4K-2Q/",
    "/staff/concerns/DKH-H8M2-6R/",
    "/staff/concerns/DKH-9F3T-4B/",
    "/staff/concerns/DKH-3K8D-6V/",
    "/staff/concerns/DKH-8Q4M-2F/",
    "/staff/concerns/DKH-5R8D-9F/",
    "/staff/cases/",
    "/staff/cases/?q=nothing+like+this",
    "/staff/cases/C006/",
    "/staff/cases/C008/",
    "/staff/cases/C014/",
    "/staff/cases/C016/",
    "/staff/cases/C017/",
    "/staff/cases/C018/",
    "/staff/cases/C020/",
    "/staff/cases/C006/file/1/",
    "/staff/cases/C014/people/add/",
    "/staff/cases/C014/allegations/add/",
    "/staff/cases/C014/information/ask/",
    "/staff/cases/C014/cannot-wait/",
    "/staff/cases/C014/notes/add/",
    "/staff/cases/C014/lead/",
    "/staff/cases/C014/step-aside/",
    "/staff/cases/C014/?kind=steps&since_0=40",
    "/staff/cases/C014/file/",
    "/staff/cases/C014/merge/",
    "/staff/cases/C014/split/",
    "/staff/search/?q=marsh",
    "/staff/search/?q=marsh&in=chats",
    "/staff/search/?q=a",
    "/staff/search/?q=nothing+like+this",
    "/staff/cases/C010/steps/warning/",
    "/staff/cases/C016/steps/warning/",
    "/staff/letter-templates/",
    "/staff/letter-templates/ban_intent/",
    "/staff/letter-templates/meeting_invitation/versions/",
    "/staff/cases/C010/steps/meeting/",
    "/staff/cases/C010/steps/ban/",
    "/staff/cases/C014/steps/signals/add/",
    "/staff/cases/C014/steps/authorities/",
    "/staff/register/",
    "/staff/signature/",
    "/staff/letters/DKH-C012-1/",
    "/staff/letters/DKH-C015-1/",
    PRINT_ROOM[0],
)
# Reached from the page before, because their own addresses hold a number nobody knows beforehand.
BEHIND = (
    ("/staff/cases/C014/", "Go on with the draft"),
    ("/staff/cases/C014/", "Decide"),
    ("/staff/cases/C014/", "Record"),
    ("/staff/cases/C014/", "Full account"),
    ("/staff/cases/C014/", "Change"),
)


def walk(page: Page, portal: Portal, paths: tuple[str, ...], *, colours_at: dict[str, int] = DESK) -> list[str]:
    """Colours are looked at in one width: parents' on a phone, and the staff's at a desk.

    A page opens at the width that the page before was last looked at: each change of it is drawn anew.
    """
    found, sizes = [], [DESK, PHONE, NARROWEST]
    for path in paths:
        page.goto(portal.address + path)
        for size in sizes:
            if page.viewport_size != size:
                page.set_viewport_size(size)  # type: ignore[arg-type]
            if size is not NARROWEST:
                found += problems(page, size, colours=size is colours_at)
            elif is_wide(page):
                found.append(f"{page.url} scrolls sideways at {size['width']}")
        sizes.reverse()
    return found + [each for each in complaints(page) if "/no/such/page/" not in each]


def test_words_that_turn_pale_and_pages_that_grow_wide_are_found(portal: Portal, browser: Browser) -> None:
    """So that nothing found means something, although each way of drawing is looked at once."""
    with visitor(browser, DESK) as page:
        page.goto(f"{portal.address}/policy/")
        before = problems(page, DESK)
        page.evaluate("document.styleSheets[0].insertRule('.pale { color: #ccc !important }')")
        page.evaluate("document.querySelector('main p').classList.add('pale')")
        [pale] = problems(page, DESK)
        page.evaluate("document.styleSheets[0].insertRule('.pale { width: 5000px }')")
        [wide] = problems(page, DESK)

        assert before == []
        assert "color-contrast" in pale
        assert wide.endswith("scrolls sideways at 1280")


def test_what_one_width_alone_shows_is_found_there(portal: Portal, browser: Browser) -> None:
    """So that a second look at the same page means something."""
    with visitor(browser, DESK) as page:
        page.goto(f"{portal.address}/policy/")
        page.evaluate("document.styleSheets[0].insertRule('@media (min-width: 600px) { .narrow { display: none } }')")
        page.evaluate("document.querySelector('main p').innerHTML += '<button class=narrow></button>'")
        at_a_desk = problems(page, DESK, colours=False)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        [on_a_phone] = problems(page, PHONE, colours=False)

        assert at_a_desk == []
        assert "button-name" in on_a_phone


def test_links_that_look_like_their_text_are_found_with_the_colours(portal: Portal, browser: Browser) -> None:
    with visitor(browser, DESK) as page:
        page.goto(f"{portal.address}/policy/")
        page.evaluate("document.styleSheets[0].insertRule('.plain { color: #444 !important; text-decoration: none }')")
        page.evaluate("document.querySelector('main p').innerHTML += ' <a class=plain href=/privacy/>Privacy</a>'")

        assert any("link-in-text-block" in each for each in problems(page, DESK))


def test_parents_pages_have_no_fault(portal: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE) as page:
        assert walk(page, portal, PARENTS, colours_at=PHONE) == []


@pytest.mark.parametrize("language", ["es", "pt", "fr", "ar"])
def test_parents_pages_have_no_fault_in_every_language(portal: Portal, browser: Browser, language: str) -> None:
    """At a phone’s width, where a longer language breaks first; `/report/later/` is the last page that was added."""
    with visitor(browser, PHONE) as page:
        page.goto(f"{portal.address}/?language={language}")
        found = []
        for path in (*PARENTS[: PARENTS.index("/status/") + 1], "/reply/", "/report/later/"):
            page.goto(portal.address + path)
            found += problems(page, PHONE, colours=language == "ar")  # with the style sheet that is mirrored

        assert found + complaints(page) == []


def test_error_pages_of_a_question_have_no_fault(portal: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE) as page:
        found = []
        for path in ("/report/what/", "/report/words/", "/report/you/", "/status/"):
            page.goto(portal.address + path)
            page.get_by_role("button", name="Continue").click()
            page.locator(".govuk-error-summary").wait_for()
            found += problems(page, PHONE)

        assert found == []


def test_pages_that_an_answer_leads_to_have_no_fault(portal: Portal, browser: Browser) -> None:
    with visitor(browser, PHONE) as page:
        found = []
        for path, answer in (
            ("/report/danger/", "Someone is in danger now"),
            ("/report/complaint/", "Yes, and only that"),
        ):
            page.goto(portal.address + path)
            page.get_by_role("radio", name=answer).check()
            page.get_by_role("button", name="Continue").click()
            page.wait_for_url(re.compile(f"^(?!.*{path}).*$"))
            found += walk(page, portal, (page.url.removeprefix(portal.address),))

        assert found == []


def test_senior_leaders_pages_have_no_fault(portal: Portal, browser: Browser) -> None:
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "marian.okoro@dkh.example", PASSWORD)

        assert walk(page, portal, LEADERS) == []


def test_pages_behind_a_link_have_no_fault(portal: Portal, browser: Browser) -> None:
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        found = []
        for before, name in BEHIND:
            page.goto(portal.address + before)
            page.get_by_role("main").locator("a").filter(has_text=name).first.click()
            page.wait_for_load_state()
            assert page.url != portal.address + before
            found += walk(page, portal, (page.url.removeprefix(portal.address),))

        assert found == []


def test_the_offices_pages_have_no_fault(portal: Portal, browser: Browser) -> None:
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "pat.nair@dkh.example", PASSWORD)

        assert walk(page, portal, ("/staff/letters/DKH-C016-1/", "/staff/letters/DKH-C009-1/copy/", *PRINT_ROOM)) == []


def test_the_administrators_pages_have_no_fault(portal: Portal, browser: Browser) -> None:
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "imran.haddad@dkh.example", PASSWORD)

        assert walk(page, portal, ("/staff/pages/", "/staff/pages/privacy/", "/staff/poster/")) == []
