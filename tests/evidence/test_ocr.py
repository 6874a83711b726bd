"""Text in pictures is read by a worker where a reader is installed, and found by; without one, nothing changes."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from incidents.evidence import ocr
from incidents.models import Concern, CustodyEntry
from tests.evidence.drawing import encoded, sent, table
from tests.factories import ConcernFactory

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

    assert ocr.read_unread() == 1
    assert ocr.read_unread() == 0

    evidence.refresh_from_db()
    assert evidence.text == ""
    assert signed_in(slt).get(evidence.copy_url).status_code == 200


def test_without_a_reader_nothing_is_read(evidence, monkeypatch):
    monkeypatch.setattr(ocr, "tesseract", lambda: None)

    assert ocr.read_unread() == 0
    evidence.refresh_from_db()
    assert evidence.text_read_at is None


@pytest.mark.skipif(ocr.tesseract() is None, reason="Tesseract is not installed")
def test_tesseract_reads_a_drawn_chat(draft):
    from incidents.evidence.intake import receive

    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((30, 100), "Useless AND a liar", "black", font_size=48)
    made = receive(draft=draft, upload=sent(encoded(image, "PNG")))
    made.concern, made.draft = ConcernFactory.create(school=draft.school), None
    made.save()

    ocr.read_unread()

    made.refresh_from_db()
    assert "liar" in made.text
