"""Takes the pictures of the README and the guides: `script/screenshots` writes docs/images/.

The demo school on one Monday, and that morning’s clock, so that a picture changes only when its page does.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.demo_school import PASSWORD, ROOT, told_in
from tests.e2e.browsing import DESK, PHONE, chromium, sign_in, visitor
from tests.e2e.portal import Portal, portal_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = ROOT / "dkh_conduct" / "demo" / "pictures"
# Far enough down to show what the page is, not so far that a README becomes a scroll.
TALLEST = 1500
# Pictures further down are fetched when somebody comes near them, and here nobody does.
SHOWN = "Promise.all([...document.images].map(each => { each.loading = 'eager'; return each.decode(); })).then(() => 1)"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        portal_in(Path(data) / "portal", school=told_in(Path(data))) as portal,
        chromium() as browser,
    ):
        _parents(browser, portal, folder)
        _leaders(browser, portal, folder)
        _office(browser, portal, folder)


def _parents(browser: Browser, portal: Portal, folder: Path) -> None:
    with visitor(browser, PHONE, device_scale_factor=2, has_touch=True, is_mobile=True) as page:
        page.goto(portal.address)
        _shoot(page, folder / "start-phone.png", tallest=1400)
        page.goto(f"{portal.address}/report/what/")
        page.locator("input[value=abusive]").check()
        _shoot(page, folder / "report-what-phone.png", tallest=1400)
        page.get_by_role("button", name="Continue").click()
        page.goto(f"{portal.address}/report/evidence/")
        page.locator("input[type=file]").set_input_files([PICTURES / "class-chat-1.png", PICTURES / "class-chat-2.png"])
        page.get_by_text("2 files added").wait_for()
        page.wait_for_timeout(500)
        page.locator("#files").scroll_into_view_if_needed()
        _shoot(page, folder / "report-evidence-phone.png", tallest=1400)


def _leaders(browser: Browser, portal: Portal, folder: Path) -> None:
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        page.goto(f"{portal.address}/staff/")
        _shoot(page, folder / "dashboard.png")
        page.goto(f"{portal.address}/staff/concerns/")
        _shoot(page, folder / "concerns.png")
        page.goto(f"{portal.address}/staff/concerns/DKH-7R4K-2Q/")
        _shoot(page, folder / "concern.png")
        page.goto(f"{portal.address}/staff/cases/C014/")
        _shoot(page, folder / "case.png", tallest=2400)
        page.get_by_role("button", name="Go on with the draft").click()
        page.locator(".dkh-preview img").evaluate("picture => picture.decode()")
        _shoot(page, folder / "take-step.png")


def _office(browser: Browser, portal: Portal, folder: Path) -> None:
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "pat.nair@dkh.example", PASSWORD)
        page.goto(f"{portal.address}/staff/print-room/")
        while page.get_by_role("heading", name="Being made").count():
            page.wait_for_timeout(500)
            page.reload()
        _shoot(page, folder / "print-room.png")
        letter = page.request.get(f"{portal.address}/staff/letters/DKH-C015-1/pdf/").body()
    _print(letter, folder / "letter-page-1.png")


def _shoot(page: Page, path: Path, *, tallest: int = TALLEST) -> None:
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(SHOWN)
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), tallest)
    width = page.viewport_size["width"] if page.viewport_size else DESK["width"]
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    _fewer_colours(path)


def _print(pdf: bytes, path: Path) -> None:
    import pypdfium2  # type: ignore[import-untyped]

    pypdfium2.PdfDocument(pdf)[0].render(scale=1.6).to_pil().save(path)
    _fewer_colours(path)


def _fewer_colours(path: Path) -> None:
    with Image.open(path) as picture:
        smaller = picture.convert("RGB").quantize(192, dither=Image.Dither.NONE)
    smaller.save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
