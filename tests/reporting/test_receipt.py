"""The receipt: every file that arrived, on the page and in a PDF to keep, for the browser that sent it."""

from __future__ import annotations

import html
from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Concern, Draft, Evidence
from letters.receipts import ReceiptFile, receipt_pdf
from tests.evidence.drawing import png, sent
from tests.letters.reading import words as words_of
from tests.letters.structure import problems

pytestmark = pytest.mark.django_db
PDF = "/report/sent/receipt.pdf"
FACTS = {
    "reference": "DKH-7R4K-2Q",
    "access_code": "K7QM-2XRA-90TB-WN4C",
    "sent": "Sunday 22 November 2026 at 8:14pm",
    "steps": [("By Tuesday 24 November 2026", "A senior leader reads what you sent.")],
    "status_address": "http://testserver/status/",
}


@pytest.fixture
def sender(parent, answered):
    parent.post(reverse("report-evidence"), {"upload": "", "files": [sent(png(), "class chat 1.png")]})
    answered()
    parent.post(reverse("report-check"))
    return parent


def test_the_page_lists_each_file_with_its_picture_and_size(sender):
    page = sender.get(reverse("report-sent")).content.decode()

    file = Evidence.objects.get()
    thumbnail = reverse("report-evidence-thumbnail", args=[file.pk])
    assert "1 file received" in page
    assert f'src="{thumbnail}"' in page
    assert file.size_in_words in page
    assert f'href="{PDF}"' in page
    assert sender.get(thumbnail)["Content-Type"] == "image/webp"
    assert Client().get(thumbnail).status_code == 404


def test_a_file_added_later_is_not_on_the_receipt(sender):
    concern = Concern.objects.get()
    later = Evidence.objects.create(
        school=concern.school, concern=concern, name="later.png", sha256="0", original="o", copy="c", thumbnail="t"
    )

    assert "later.png" not in sender.get(reverse("report-sent")).content.decode()
    assert sender.get(reverse("report-evidence-thumbnail", args=[later.pk])).status_code == 404


def test_the_pdf_says_what_the_page_says(sender):
    receipt = sender.get(reverse("report-sent")).context["receipt"]
    response = sender.get(PDF)

    words = words_of(response.content)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="concern-{receipt.reference}.pdf"'
    assert "no-store" in response["Cache-Control"]
    for said in (receipt.reference, receipt.access_code, "class chat 1.png", "What happens next", "999"):
        assert said in words
    assert "teaching assistant" not in words


def test_the_pdf_is_tagged_and_says_its_language(school):
    pdf = receipt_pdf(school=school, files=[ReceiptFile("one.png", "412 KB")], **FACTS)

    with pikepdf.open(BytesIO(pdf)) as found:
        assert found.Root.MarkInfo.Marked
        assert str(found.Root.Lang).startswith("en")
        assert "pdfuaid" in found.Root.Metadata.read_bytes().decode()
        assert "DKH-7R4K-2Q" in str(found.docinfo["/Title"])
    assert problems(pdf) == []


def test_names_no_font_has_and_names_with_markup_still_give_a_receipt(school):
    pdf = receipt_pdf(
        school=school, files=[ReceiptFile("💥 \ue000.png", "1 KB"), ReceiptFile("<b>x</b>\x07.png", "1 KB")], **FACTS
    )

    words = words_of(pdf)
    assert "K7QM-2XRA-90TB-WN4C" in words
    assert "<b>x</b>.png" in words


def test_twenty_files_fit_and_none_at_all_says_so(school):
    many = words_of(
        receipt_pdf(school=school, files=[ReceiptFile(f"{n} {'x' * 90}.png", "25 MB") for n in range(20)], **FACTS)
    )
    none = words_of(receipt_pdf(school=school, files=[], **FACTS))

    assert "19 x" in many
    assert "No files were sent" in none


def test_nobody_else_has_a_receipt_and_it_closes_with_the_draft(sender):
    assert Client().get(PDF).status_code == 410
    Draft.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert sender.get(PDF).status_code == 410


def test_before_sending_there_is_no_receipt(parent, answered):
    answered()

    assert parent.get(PDF).url == reverse("report-check")


def test_the_receipt_names_each_file_that_was_not_taken_and_says_why(answered, parent):
    """Row 8: a file missing unnoticed."""
    answered()
    files = [sent(png(), "class chat 1.png"), sent(b"MZ\x90\x00not a picture", "setup.exe"), sent(b"", "empty.png")]
    parent.post(reverse("report-evidence"), {"upload": "", "files": files})
    refused = {file.name: file.problem for file in Draft.objects.get().evidence.bad()}
    parent.post(reverse("report-check"))

    page = parent.get(reverse("report-sent")).content.decode()
    printed = words_of(parent.get(reverse("report-receipt")).content)

    assert set(refused) == {"setup.exe", "empty.png"}
    for name, problem in refused.items():
        assert name in page
        assert name in printed
        assert problem.split(".")[0].split(",")[0] in html.unescape(page)
    assert "2 files not received" in page
    assert "1 file received" in page


def test_the_receipt_shows_a_small_picture_of_each_file(answered, parent):
    answered()
    files = [sent(png(), "one.png"), sent(png(), "two.png")]
    parent.post(reverse("report-evidence"), {"upload": "", "files": files})
    parent.post(reverse("report-check"))

    with pikepdf.open(BytesIO(parent.get(reverse("report-receipt")).content)) as pdf:
        pictures = [name for page in pdf.pages for name in page.get_images()]

    assert pictures
