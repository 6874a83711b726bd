"""Whoever opens the address of a file of evidence itself sees it, and nothing in it runs, loads or is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.demo_school import PASSWORD, ROOT
from tests.e2e.browsing import DESK, complaints, sign_in, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Request

    from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e

# In the portal's own environment, by the product's own verbs: what a parent sent, with a script in every place for one.
SEND = """
import django, io, json
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from incidents.evidence.intake import receive
from incidents.models import Concern, Draft
SCRIPT = b"<script>alert(1);fetch('/ran')</script><img src='/ran.png' onerror='alert(2)'>"
drawn = io.BytesIO()
Image.new("RGB", (200, 300), "teal").save(drawn, "JPEG", comment=SCRIPT)
CHAT = "[13/03/2024, 10:15:09] Aisha: %s\\n[13/03/2024, 10:16:40] D Marsh: Useless\\n" % SCRIPT.decode()
MAIL = b"From: a@example.org\\nSubject: %s\\nContent-Type: text/html\\n\\n<p>Hello</p>%s" % (SCRIPT, SCRIPT)
FILES = {
    "picture.html": drawn.getvalue() + b"<html>" + SCRIPT,
    "chat.html": CHAT.encode(),
    "mail.html": MAIL,
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(3)'>" + SCRIPT + b"</svg>",
    "page.png": b"<!doctype html><html>" + SCRIPT,
}
concern = Concern.objects.filter(outcome="").order_by("received_at").first()
told = {}
for name, content in FILES.items():
    draft = Draft.objects.create(school=concern.school, secret_hash=name)
    made = receive(draft=draft, upload=SimpleUploadedFile(name, content, "text/html"))
    told[name] = [made.problem, "", ""]
    if not made.problem:
        made.concern, made.draft, made.position = concern, None, 90
        made.save()
        told[name] = ["", made.copy_url, made.get_absolute_url()]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def sent(portal: Portal) -> dict[str, tuple[str, str, str]]:
    done = subprocess.run(
        [sys.executable, "-c", SEND], cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, tuple[str, str, str]] = json.loads(done.stdout)
    return found


def test_row_4_nothing_in_a_file_runs_where_its_address_is_opened(
    portal: Portal, browser: Browser, sent: dict[str, tuple[str, str, str]]
) -> None:
    assert [bool(problem) for problem, _, _ in sent.values()] == [False, False, False, True, True]
    with visitor(browser, DESK) as page:
        sign_in(page, portal.address, "ruth.adeyemi@dkh.example", PASSWORD)
        dialogs: list[str] = []
        asked: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)

        def note(request: Request) -> None:
            asked.append(request.url.removeprefix(portal.address))

        page.on("request", note)
        for _, copy_url, page_url in sent.values():
            if not copy_url:
                continue
            asked.clear()
            answer = page.goto(f"{portal.address}{copy_url}")
            assert answer is not None
            assert answer.status == 200
            headers = answer.all_headers()
            assert headers["content-type"] in {"image/jpeg", "text/plain; charset=utf-8"}
            assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
            assert headers["x-content-type-options"] == "nosniff"
            assert "no-store" in headers["cache-control"]
            assert headers["content-disposition"].startswith("inline; filename=")
            page.wait_for_load_state("networkidle")
            # The browser asks for the icon of its tab by itself.
            assert [each for each in asked if each != copy_url and "crest" not in each and "favicon" not in each] == []
            asked.clear()
            page.goto(f"{portal.address}{page_url}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert not [each for each in asked if "/ran" in each]
        assert dialogs == []
        # The browser's own page about a picture has a style of its own, which our policy refuses it too.
        assert [each for each in complaints(page) if "/ran" in each or "inline style" not in each] == []
