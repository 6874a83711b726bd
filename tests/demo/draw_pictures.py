"""Draws the demo school's screenshots: `python -m tests.demo.draw_pictures` writes dkh_conduct/demo/pictures/.

Nobody and nothing in them is real. Run it by hand when a picture changes; the portal ships what it wrote.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.demo.chats import CHATS
from tests.demo.posts import POSTS

FOLDER = Path(__file__).resolve().parents[2] / "dkh_conduct" / "demo" / "pictures"
SIZES = {"ios": (390, 844), "android": (360, 800)}


def shrink(png: bytes, name: str) -> bytes:
    """A screenshot needs few colours: a palette makes it a third of the size."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    if name.endswith(".jpg"):
        picture.save(out, "JPEG", quality=80, optimize=True)
    else:
        picture.quantize(96, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (phone, html) in {**CHATS, **POSTS}.items():
            width, height = SIZES[phone]
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=3)
            page.set_content(html)
            page.evaluate("document.fonts.ready.then(() => true)")
            FOLDER.joinpath(name).write_bytes(shrink(page.screenshot(), name))
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
