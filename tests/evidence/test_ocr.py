"""Text in pictures is read by a worker where a reader is installed, and found by; without one, nothing changes."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw

from incidents.evidence import ocr
from incidents.evidence.intake import receive
from incidents.models import Concern, CustodyEntry, Evidence
from incidents.tasks import read_pictures
from tests.evidence.drawing import encoded, pdf, png, sent, table
from tests.factories import ConcernFactory
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db


def test_what_was_read_is_kept_for_searching_and_shown_as_what_it_is(evidence, reader, slt, signed_in):
    reader(f"/bin/cat <<'END'\n{table('Useless AND a liar', '18:04')}\nEND")

    assert ocr.read_unread() == 1
    assert ocr.read_unread() == 0

    evidence.refresh_from_db()
    assert evidence.text == "Useless AND a liar\n18:04"
    assert list(Concern.objects.matching("liar useless")) == [evidence.concern]
    assert not Concern.objects.matching("liar friendly").exists()
    assert CustodyEntry.objects.filter(kind="text_read", evidence_key=evidence.pk).count() == 1
    page = signed_in(slt).get(evidence.get_absolute_url()).content.decode()
    assert "It may be wrong: quote what you see in the picture." in page


def test_a_reader_that_fails_changes_nothing_else_and_is_not_asked_for_ever(evidence, reader, slt, signed_in):
    reader("exit 3")

    read_pictures()
    assert ocr.read_unread() == 0

    evidence.refresh_from_db()
    assert evidence.text == ""
    assert signed_in(slt).get(evidence.copy_url).status_code == 200


def test_each_page_of_a_document_and_each_picture_of_an_email_is_read(draft, reader):
    reader(f"/bin/cat <<'END'\n{table('Useless AND a liar')}\nEND")
    document = receive(draft=draft, upload=sent(pdf(2), "two pages.pdf"))
    message = EmailMessage()
    message["From"], message["Subject"] = "Aisha <a@parent.example>", "Class group"
    message.set_content("This is what he wrote.")
    message.add_attachment(png(), maintype="image", subtype="png", filename="chat.png")
    email = receive(draft=draft, upload=sent(bytes(message), "Fwd.eml"))
    Evidence.objects.update(concern=ConcernFactory.create(school=draft.school), draft=None)
    words, hints = email.text, document.hints

    assert ocr.read_unread() == 2

    for evidence in (document, email):
        evidence.refresh_from_db()
        parts = [part.text for part in evidence.parts.all() if part.kind == "picture"]
        assert set(parts) == {"Useless AND a liar"}
    assert (document.text, document.hints) == ("Useless AND a liar", hints)
    assert email.text == words


def test_what_another_worker_read_meanwhile_is_not_read_over(evidence, reader):
    reader(f"/bin/cat <<'END'\n{table('Useless')}\nEND")

    with just_before_the_lock(lambda: Evidence.objects.update(text="Useless AND a liar", text_read_at=timezone.now())):
        assert ocr.read_unread() == 0

    evidence.refresh_from_db()
    assert evidence.text == "Useless AND a liar"
    assert not CustodyEntry.objects.filter(kind="text_read").exists()


def test_without_a_reader_nothing_is_read(evidence, monkeypatch):
    monkeypatch.setattr(ocr, "tesseract", lambda: None)

    assert ocr.read_unread() == 0
    evidence.refresh_from_db()
    assert evidence.text_read_at is None


@pytest.mark.skipif(ocr.tesseract() is None, reason="Tesseract is not installed")
def test_tesseract_reads_a_drawn_chat(draft):
    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((30, 100), "Useless AND a liar", "black", font_size=48)
    made = receive(draft=draft, upload=sent(encoded(image, "PNG")))
    made.concern, made.draft = ConcernFactory.create(school=draft.school), None
    made.save()

    ocr.read_unread()

    made.refresh_from_db()
    assert "liar" in made.text
