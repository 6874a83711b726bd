"""What parents have on their phones, taken through the browser: nothing that a file hides is anywhere on the disk or in
what staff are given."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from pillow_heif import register_heif_opener
from playwright.sync_api import expect

from tests.demo_school import PASSWORD
from tests.e2e.browsing import DESK, PHONE, complaints, sign_in, visitor
from tests.e2e.test_journey import report
from tests.evidence.drawing import CHAT, SAMPLES, exif, jpeg, voice, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e
REAL = ("iphone-gps.heic", "iphone-4-gps.jpg", "galaxy-gps.jpg", "jolla.jpg", "chat-1170x2532.png")
PIECE = 24


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A drawn photograph, a chat with one in it, and a voice note; and real ones, where they lie beside the project."""
    photo = jpeg((300, 400), exif=exif(is_located=True), comment=b"NEEDLE-comment") + b"NEEDLE-appended"
    chat = zipped({"_chat.txt": CHAT.encode(), "00000001-PHOTO-2024-03-13.png": photo})
    made = {"photo.jpg": photo, "WhatsApp Chat - Year 4.zip": chat, "PTT-20240313-WA0001.opus": voice(seconds=2)}
    made |= {name: (SAMPLES / name).read_bytes() + b"NEEDLE-end" for name in REAL if (SAMPLES / name).exists()}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in made]


def hidden_in(files: list[Path]) -> set[bytes]:
    """Pieces of what cameras wrote beside the pixels, the place among it, and what was put there to be found."""
    register_heif_opener()
    needles = {b"NEEDLE-comment", b"NEEDLE-appended", b"NEEDLE-end", b"NEEDLE-after-the-end", b"NEEDLE-gps"}
    for path in files:
        if path.suffix in {".jpg", ".heic"}:
            with Image.open(io.BytesIO(path.read_bytes())) as picture:
                # Up to the small picture in it, whose tables are those of every JPEG.
                written = picture.info.get("exif", b"").partition(b"\xff\xd8\xff")[0]
            pieces = (written[at : at + PIECE] for at in range(0, min(len(written), 4_096) - PIECE, PIECE))
            needles |= {piece for piece in pieces if len(set(piece)) > PIECE // 2}
    return needles


def given(page: Page, address: str, rendition: str) -> bytes:
    """What staff are served. What no request had time for is drawn by the worker meanwhile."""
    for _ in range(300):
        answer = page.request.get(address + rendition)
        if answer.status == 200:
            break
        page.wait_for_timeout(100)
    assert answer.status == 200
    return answer.body()


def test_row_7_nothing_that_real_files_hide_is_stored_or_served(
    portal: Portal, browser: Browser, files: list[Path]
) -> None:
    needles = hidden_in(files)
    assert len(needles) > 6
    with visitor(browser, PHONE) as page:
        reference, _ = report(page, portal, account="These are all the files that I have.", files=files)
        assert complaints(page) == []

    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        page.goto(f"{portal.address}/staff/concerns/{reference}/")
        page.locator('a[href^="/staff/evidence/"]').first.click()
        links = page.locator('.dkh-strip a[href^="/staff/evidence/"]')
        expect(links).to_have_count(len(files))
        addresses = [link.get_attribute("href") or "" for link in links.all()]
        served = []
        for address in addresses:
            served += [given(page, portal.address + address, each) for each in ("copy/", "thumbnail/")]
            page.goto(portal.address + address)
            if page.get_by_role("heading", name="Messages", exact=True).is_visible():
                served.append(given(page, portal.address + address, "parts/2/copy/"))
        assert len(served) == 2 * len(files) + 1

    stored = [path.read_bytes() for path in portal.folder.rglob("*") if path.is_file()]
    for found in [*served, *stored]:
        assert not [needle for needle in needles if needle in found]
