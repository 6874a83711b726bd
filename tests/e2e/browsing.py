"""A browser for tests: Debian's Chromium, with a note of everything it complains about."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
NARROWEST = {"width": 320, "height": 640}
ARGUMENTS = [
    *("--no-sandbox", "--disable-dev-shm-usage"),
    "--disable-gpu",  # pictures of a GPU would be worked out too
    # No page lives long enough for its scripts to be made faster: that took a quarter of the time of all pages.
    "--js-flags=--no-opt --no-maglev --always-sparkplug",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The one that is only ever without a window, where it is: it takes a third of the time."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser, size: dict[str, int], **more: Any) -> Iterator[Page]:
    """Somebody with a browser of their own; whatever it complains about is in `complaints(page)`."""
    context = browser.new_context(viewport=size, **more)  # type: ignore[arg-type]
    page = context.new_page()
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.complaints = found  # type: ignore[attr-defined]
    try:
        yield page
    finally:
        context.close()


def complaints(page: Page) -> list[str]:
    return page.complaints  # type: ignore[attr-defined, no-any-return]


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    page.goto(f"{address}/staff/sign-in/")
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
