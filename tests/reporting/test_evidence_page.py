"""A parent adds pictures, sees each one back, and never loses one without being told."""

from __future__ import annotations

import io
import time
import uuid
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from incidents.evidence.drawing import draw
from incidents.models import Draft, Evidence
from incidents.reporting.evidence_form import count_in_words
from tests.evidence.drawing import bomb, jpeg, png
from tests.factories import ConcernFactory

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
PAGE = "/report/evidence/"
UPLOAD = "/report/evidence/upload/"
MHTML = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n\n<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": options}}
    return tmp_path / "files"


def named(content: bytes, name: str = "class chat 1.png") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def upload(client: Client, *files: io.BytesIO, **typed: str) -> Any:
    """Choose files and press Upload, as a browser without scripts does."""
    return client.post(PAGE, {"files": list(files), "upload": "", **typed})


def send_raw(client: Client, body: bytes) -> Any:
    return client.generic("POST", PAGE, body, MULTIPART_CONTENT)


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def caption_of(evidence: Evidence) -> str:
    return f"caption_{evidence.pk.hex}"


def test_the_page_warns_before_the_control_and_says_what_it_takes(parent, school):
    page = text(parent.get(PAGE))

    assert page.index("Do not add nude or intimate pictures") < page.index('type="file"')
    assert f'href="tel:{school.safeguarding_phone.replace(" ", "")}"' in page or school.safeguarding_phone in page
    assert "saved emails, and chats exported from WhatsApp. Up to 20 files, 25 MB each and 100 MB in all." in page
    assert "No files added yet" in page


def test_the_page_says_how_to_make_what_it_takes(parent):
    page = parent.get(PAGE).content.decode()

    assert "How to take a screenshot" in page
    assert "How to export a WhatsApp chat" in page
    assert page.count("On an iPhone") == page.count("On Android") == 2


def test_looking_writes_nothing(parent):
    parent.get(PAGE)

    assert not Draft.objects.exists()


def test_several_files_are_added_and_each_is_listed_back(parent):
    response = upload(parent, named(png((50, 50)), "1.png"), named(png((60, 60)), "2.png"))

    assert (response.status_code, response.url) == (302, f"{PAGE}#files")
    page = text(parent.get(PAGE))
    assert "2 files added" in page
    for evidence in Evidence.objects.all():
        assert f'src="{reverse("report-evidence-thumbnail", args=[evidence.pk])}"' in page
        assert f'Remove<span class="govuk-visually-hidden"> {evidence.name}</span>' in page
        assert f'name="{caption_of(evidence)}"' in page


def test_a_refused_file_keeps_the_good_ones_and_says_why_on_its_row(parent):
    upload(parent, named(png()), named(b"not a picture", "notes.png"), named(bomb(), "bomb.png"))

    page = text(parent.get(PAGE))
    assert "1 file added, 2 to fix" in page
    assert "This is text, but not a chat exported" in page
    assert "10,000 by 10,000 pixels" in page
    assert page.count("dkh-file--bad") == 2


def test_measured_6_a_60_mb_file_is_refused_and_the_others_are_kept(parent, disk):
    upload(parent, named(png() + bytes(60 * 1024 * 1024 - len(png())), "big.png"), named(png(), "small.png"))

    assert "This file is 60 MB. The most we can take is 25 MB." in text(parent.get(PAGE))
    assert len(list(disk.rglob("*.bin"))) == 1
    assert Evidence.objects.good().get().name == "small.png"


@pytest.mark.parametrize("name", [".", ".."])
def test_row_8_a_file_named_with_dots_is_not_lost(parent, name):
    body = encode_multipart(BOUNDARY, {"files": named(png(), "NAME"), "upload": ""})

    send_raw(parent, body.replace(b'"NAME"', f'"{name}"'.encode()))

    assert Evidence.objects.good().get().name == "Unnamed file"


def test_pressing_upload_with_nothing_chosen_says_what_to_do_beside_the_control(parent):
    body = encode_multipart(BOUNDARY, {"upload": "", "files": named(b"", "NAME")})

    for sent in (body.replace(b'"NAME"', b'""'), encode_multipart(BOUNDARY, {"upload": ""})):
        response = send_raw(parent, sent)

        page = text(response)
        assert response.status_code == 200
        assert '<a href="#id_files">Choose a file to upload</a>' in page
        assert 'id="id_files_1_error" class="govuk-error-message"' in page
        assert "<title>Error: " in page


def test_an_empty_file_is_named_as_such(parent):
    upload(parent, named(b"", "empty.png"))

    assert "This file is empty." in text(parent.get(PAGE))


def test_more_than_the_page_allows_are_refused_one_by_one(parent, settings):
    settings.EVIDENCE_MAX_FILES = 2

    upload(parent, *(named(png((50 + n, 50)), f"{n}.png") for n in range(4)))

    page = text(parent.get(PAGE))
    assert "2 files added, 2 to fix" in page
    assert "You have added 2 files, the most we can take." in page


def test_more_files_than_a_form_may_hold_keeps_the_first(parent, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2

    response = upload(parent, *(named(png((50 + n, 50)), f"{n}.png") for n in range(3)))

    assert response.status_code == 400
    assert "Choose 2 files or fewer at a time" in text(response)
    assert "2 files added" in text(response)


def test_row_8_a_body_cut_off_half_way_keeps_what_came_and_what_was_typed(parent):
    upload(parent, named(png((50, 50)), "1.png"))
    first = Evidence.objects.get()
    body = encode_multipart(
        BOUNDARY,
        {caption_of(first): "First messages", "files": [named(png((60, 60)), "2.png"), named(png() * 30, "3.png")]},
    )

    response = send_raw(parent, body[:-4_000])

    page = text(response)
    assert response.status_code == 400
    assert "Not everything reached us. Check what is listed here, then add what is missing" in page
    assert "2 files added, 1 to fix" in page
    assert "Only part of this file reached us. Add it again." in page
    assert 'value="First messages"' in page


def test_continue_saves_what_the_pictures_show_and_goes_on(parent):
    upload(parent, named(png()))
    evidence = Evidence.objects.get()

    response = parent.post(PAGE, {caption_of(evidence): "  First   messages ", "continue": ""})

    evidence.refresh_from_db()
    assert response.url == reverse("report-leader")
    assert evidence.caption == "First messages"


def test_nothing_to_add_is_fine(parent):
    assert parent.post(PAGE, {"continue": ""}).url == reverse("report-leader")


def test_a_change_goes_back_to_check_your_answers(parent):
    assert parent.post(f"{PAGE}?change=1", {"upload": "", "files": named(png())}).url == f"{PAGE}?change=1#files"
    assert parent.post(f"{PAGE}?change=1", {"continue": ""}).url == reverse("report-check")


def test_files_chosen_and_not_uploaded_are_kept_by_continue(parent):
    response = parent.post(PAGE, {"files": named(png()), "continue": ""})

    assert response.url == reverse("report-leader")
    assert Evidence.objects.good().count() == 1


def test_continue_stays_when_it_brought_a_file_we_cannot_take(parent):
    response = parent.post(PAGE, {"files": [named(png()), named(b"text", "notes.txt")], "continue": ""})

    assert response.status_code == 400
    assert "<title>Error: " in text(response)
    refused = Evidence.objects.bad().get()
    assert f'<a href="#file-{refused.pk}"><bdi>notes.txt</bdi>: This is text' in text(response)


@pytest.mark.parametrize("button", ["upload", "remove", "continue"])
def test_whatever_is_pressed_keeps_what_was_typed(parent, button):
    upload(parent, named(png((50, 50)), "1.png"), named(png((60, 60)), "2.png"))
    first, second = Evidence.objects.all()

    parent.post(PAGE, {caption_of(first): "Typed", button: str(second.pk), "files": named(png((70, 70)), "3.png")})

    first.refresh_from_db()
    assert first.caption == "Typed"


def test_a_caption_that_is_too_long_comes_back_with_a_sentence_and_the_rest_is_kept(parent):
    upload(parent, named(png((50, 50)), "1.png"), named(png((60, 60)), "2.png"))
    first, second = Evidence.objects.all()

    response = parent.post(PAGE, {caption_of(first): "x" * 201, caption_of(second): "Kept", "continue": ""})

    page = text(response)
    second.refresh_from_db()
    assert "Use 200 characters or fewer. There are 201 here" in page
    assert f'href="#id_{caption_of(first)}"' in page
    assert "x" * 201 in page
    assert second.caption == "Kept"


@pytest.mark.parametrize("typed", ["nul \x00", "half a pair \udc00", "🙂" * 200, "<script>alert(1)</script>"])
def test_odd_captions_never_break_the_page(parent, typed):
    upload(parent, named(png()))
    evidence = Evidence.objects.get()

    body = encode_multipart(BOUNDARY, {caption_of(evidence): "TYPED", "continue": ""})

    response = send_raw(parent, body.replace(b"TYPED", typed.encode(errors="surrogatepass")))

    assert response.status_code in {200, 302}
    assert "<script>alert" not in text(parent.get(PAGE))


def test_removing_a_file_leaves_the_others(parent, disk, django_capture_on_commit_callbacks):
    upload(parent, named(png((50, 50)), "1.png"), named(png((60, 60)), "2.png"))
    first, second = Evidence.objects.all()

    with django_capture_on_commit_callbacks(execute=True):
        response = parent.post(PAGE, {"remove": str(first.pk)})

    assert response.url == f"{PAGE}#files"
    assert Evidence.objects.get() == second
    assert all(str(second.pk) in path.name for path in disk.rglob("*.*"))


@pytest.mark.parametrize("key", ["", "1", "not a key", str(uuid.UUID(int=7)), "\x00"])
def test_removing_what_is_not_there_is_harmless(parent, key):
    upload(parent, named(png()))

    assert parent.post(PAGE, {"remove": key}).status_code == 302
    assert Evidence.objects.count() == 1


def test_pressing_twice_adds_once(parent):
    for _ in range(2):
        upload(parent, named(png()), named(b"text", "notes.txt"))

    assert "1 file added, 1 to fix" in text(parent.get(PAGE))


def test_row_9_a_name_is_shown_as_text(parent):
    upload(parent, named(png(), "<img src=x onerror=alert(1)>.png"))

    page = text(parent.get(PAGE))
    assert "&lt;img src=x onerror=alert(1)&gt;.png" in page
    assert "<img src=x" not in page


def test_the_thumbnail_is_for_the_browser_that_sent_it(parent):
    upload(parent, named(png()))
    evidence = Evidence.objects.get()
    address = reverse("report-evidence-thumbnail", args=[evidence.pk])

    response = parent.get(address)

    with default_storage.open(evidence.thumbnail.name) as file:
        assert response.content == file.read()
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "no-store, private"
    assert Client().get(address).status_code == 404
    assert Client(headers={"cookie": "draft=guess"}).get(address).status_code == 404


def test_a_file_that_did_not_go_with_the_concern_has_no_thumbnail_after_sending(parent):
    upload(parent, named(png()))
    evidence = Evidence.objects.get()
    Draft.objects.update(concern=ConcernFactory.create(school=evidence.school))

    assert parent.get(reverse("report-evidence-thumbnail", args=[evidence.pk])).status_code == 404


def test_somebody_else_s_files_cannot_be_removed_or_captioned(parent):
    upload(parent, named(png()))
    evidence = Evidence.objects.get()

    Client().post(PAGE, {"remove": str(evidence.pk), caption_of(evidence): "Mine now"})

    evidence.refresh_from_db()
    assert evidence.caption == ""


def test_the_script_is_given_the_finished_row_and_the_heading(parent):
    response = parent.post(UPLOAD, {"files": named(png())})

    evidence = Evidence.objects.get()
    reply = text(response)
    assert response.status_code == 200
    assert '<h2 id="files">1 file added</h2>' in reply
    assert f'id="file-{evidence.pk}"' in reply
    assert f'name="{caption_of(evidence)}"' in reply
    assert "<html" not in reply


def test_the_script_is_given_the_row_of_a_refused_file_too(parent):
    response = parent.post(UPLOAD, {"files": named(b"text", "notes.txt")})

    reply = text(response)
    assert response.status_code == 400
    assert "1 file to fix" in reply
    assert "dkh-file--bad" in reply
    assert "This is text, but not a chat exported" in reply


def test_the_row_from_the_script_and_from_the_page_are_the_same(parent):
    reply = text(parent.post(UPLOAD, {"files": named(png())}))

    row = reply[reply.index("<li") : reply.index("</li>")]
    assert row in text(parent.get(PAGE))


def test_files_sent_one_after_the_other_share_one_draft(parent):
    for number in range(3):
        parent.post(UPLOAD, {"files": named(png((50 + number, 50)), f"{number}.png")})

    assert Draft.objects.get().evidence.count() == 3


@pytest.mark.parametrize("body", [{}, {"files": "not a file"}, {"other": "field"}])
def test_the_script_s_address_needs_a_file(parent, body):
    assert parent.post(UPLOAD, body).status_code == 400


def test_the_script_s_address_cannot_be_opened(parent):
    assert parent.get(UPLOAD).status_code == 405


@pytest.mark.parametrize("address", [PAGE, UPLOAD])
def test_another_site_cannot_add_files(school, address):
    client = Client(enforce_csrf_checks=True)

    assert client.post(address, {"files": named(png())}).status_code == 403
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("address", [PAGE, UPLOAD])
def test_the_page_s_own_form_may(school, address):
    client = Client(enforce_csrf_checks=True)
    token = client.get(PAGE).context["csrf_token"]

    response = client.post(address, {"csrfmiddlewaretoken": str(token), "files": named(png())})

    assert response.status_code in {200, 302}
    assert Evidence.objects.count() == 1


def test_an_expired_draft_starts_again_and_keeps_the_new_file(parent):
    upload(parent, named(png((50, 50)), "old.png"))
    Draft.objects.update(expires_at="2020-01-01T00:00Z")

    upload(parent, named(png((60, 60)), "new.png"))

    page = text(parent.get(PAGE))
    assert "new.png" in page
    assert "old.png" not in page


def test_twenty_files_cost_no_more_queries_than_one(parent, django_assert_max_num_queries):
    upload(parent, named(png()))
    draft = Draft.objects.get()
    Evidence.objects.bulk_create(
        Evidence(school=draft.school, draft=draft, name=f"{n}.png", sha256="0", original="o", copy="c", thumbnail="t")
        for n in range(19)
    )

    with django_assert_max_num_queries(6):
        page = text(parent.get(PAGE))

    assert "20 files added" in page


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        (0, 0, "No files added yet"),
        (1, 0, "1 file added"),
        (3, 1, "3 files added, 1 to fix"),
        (0, 1, "1 file to fix"),
        (0, 2, "2 files to fix"),
    ],
)
def test_the_heading_counts_what_is_there(good, bad, words):
    assert count_in_words([Evidence()] * good + [Evidence(problem="Why")] * bad) == words


def test_a_file_that_is_still_being_drawn_is_said_to_be_here_from_the_list_to_the_receipt(answered, settings):
    settings.EVIDENCE_SECONDS_IN_REQUEST = 0
    browser = answered()
    upload(browser, named(png(), "kept.png"), named(png()[:400], "cut.png"))
    kept, cut = Evidence.objects.order_by("position")

    assert text(browser.get(PAGE)).count("We have this file. Its picture is still being made") == 2
    assert browser.get(reverse("report-evidence-thumbnail", args=[kept.pk])).status_code == 404
    draw(cut.pk)
    page = text(browser.get(PAGE))
    assert "1 file added, 1 to fix" in page
    assert "This picture is damaged, or only part of it reached us." in page
    check = text(browser.get("/report/check/"))
    assert "<bdi>kept.png</bdi>: received, and its picture is still being made." in check
    assert "<bdi>cut.png</bdi>: This picture is damaged" in check

    browser.post("/report/check/")
    receipt = text(browser.get("/report/sent/"))
    assert "2 files received" in receipt
    assert "We have kept the file as you sent it." in receipt
    draw(kept.pk)
    assert f'src="{reverse("report-evidence-thumbnail", args=[kept.pk])}"' in text(browser.get("/report/sent/"))


def scripted(kind: str) -> bytes:
    """A picture that is a page too: a script in its comment, and a whole page behind its end."""
    page = b"<!doctype html><script>alert(1)</script>"
    return jpeg(comment=page) + page if kind == "JPEG" else png() + page


HOSTILE = {
    "row 3: a picture that is none": (b"\x89PNG\r\n\x1a\n" + bytes(5_000), "This picture is damaged"),
    "row 3: a cut picture": (png()[:300], "This picture is damaged"),
    "row 3: a PDF that is none": (b"%PDF-1.7\n" + b"1 0 obj<</Pages 1 0 R>>endobj\n" * 900, "We cannot open this PDF"),
    "row 3: a sound that is none": (b"OggS" + bytes(50_000), "We cannot play this sound"),
    "row 3: a program": (b"MZ" + bytes(range(256)) * 20, "We cannot read this file as a picture"),
    "row 4: a drawing": (
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "This is text, but not a chat",
    ),
    "row 4: a page": (b"<!doctype html><script>alert(1)</script>", "This is text, but not a chat"),
    "row 4: a page in parts": (MHTML, "This is text, but not a chat"),
    "row 5: a bomb": (bomb(), "10,000 by 10,000 pixels"),
    "row 5: an endless bomb": (bomb(8, 60_000), "8 by 60,000 pixels"),
    "row 5: a zip that is none": (b"PK\x03\x04" + bytes(9_000), "zip files"),
    "row 8: an empty file": (b"", "This file is empty"),
    "row 8: a file that is too large": (png() + bytes(26 * 1024 * 1024), "The most we can take is 25 MB"),
}


@pytest.mark.parametrize(("content", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_row_3_4_5_8_a_hostile_file_costs_one_sentence_and_nothing_that_was_typed(parent, disk, content, sentence):
    upload(parent, named(png()))
    good = Evidence.objects.get()
    before = sorted(path.name for path in disk.rglob("*") if path.is_file())
    began, memory = time.monotonic(), getrusage(RUSAGE_SELF).ru_maxrss

    files = named(content, "class chat 2.png")
    response = upload(parent, files, **{caption_of(good): "What he wrote about the teacher"})

    assert time.monotonic() - began < 5
    assert getrusage(RUSAGE_SELF).ru_maxrss - memory < 300 * 1024
    assert response.status_code == 400
    for page in (text(response), text(parent.get(PAGE))):
        assert sentence in page
        assert "What he wrote about the teacher" in page
        assert "1 file added, 1 to fix" in page
    assert sorted(path.name for path in disk.rglob("*") if path.is_file()) == before
    assert not list((disk.parent / "uploads").iterdir())


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_row_6_of_a_picture_that_is_a_page_too_only_the_pixels_are_given_out(parent, disk, kind):
    upload(parent, named(scripted(kind), "class chat.html"))

    evidence = Evidence.objects.good().get()
    shown = parent.get(reverse("report-evidence-thumbnail", args=[evidence.pk]))
    assert shown["Content-Type"] == "image/webp"
    stored = [path.read_bytes() for path in disk.rglob("*") if path.is_file()]
    assert len(stored) == 3  # the original among them, which is sealed
    assert not [content for content in [*stored, shown.content] if b"script" in content or b"doctype" in content]


def test_row_8_while_the_scanner_is_down_a_file_is_kept_and_said_to_be_checked(parent, settings):
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"

    response = upload(parent, named(png()))

    assert response.status_code == 302
    assert Evidence.objects.good().get().scan == Evidence.Scan.WAITING
    assert "1 file added" in text(parent.get(PAGE))
