"""A signature is printed under its owner's own letters, once they approved them, and stays as it was in each."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw

from letters.approval import approve_letter
from letters.models import Signature
from letters.previews import draft_pdf
from letters.rendering import render
from letters.sealed import read_sealed
from letters.sealing import make_letter
from letters.signatures import remove_signature, set_signature
from tests.letters.reading import page_texts, picture

pytestmark = pytest.mark.django_db


def scrawl(shift: int = 0) -> bytes:
    image = Image.new("L", (600, 130), 255)
    ImageDraw.Draw(image).line((20, 100, 200 + shift, 20, 400, 110, 580, 30), fill=0, width=10)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def alternatives(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(found.Alt) for found in document.objects if isinstance(found, pikepdf.Dictionary) and "/Alt" in found
        }


def of(person) -> dict[str, str]:
    return {"signatory_name": person.full_name, "signatory_role": person.job_title}


def test_a_letter_carries_the_signature_of_its_signatory_who_approved_it(draft, slt):
    set_signature(by=slt, picture=scrawl())

    letter = approve_letter(letter=draft(**of(slt)), by=slt)
    make_letter(letter.pk)
    letter.refresh_from_db()

    assert alternatives(read_sealed(letter)) == {"School crest", f"Signature of {slt.full_name}"}


def test_a_draft_carries_none_and_neither_does_what_somebody_else_signs(draft, slt, head):
    set_signature(by=slt, picture=scrawl())
    set_signature(by=head, picture=scrawl(90))

    mine = draft(**of(slt))
    theirs = approve_letter(letter=draft(**of(head)), by=slt)

    assert alternatives(draft_pdf(mine)) == {"School crest"}
    assert theirs.signature is None
    assert alternatives(render(theirs).pdf) == {"School crest"}


def test_a_later_change_alters_no_letter_that_was_approved(draft, slt):
    set_signature(by=slt, picture=scrawl())
    letter = approve_letter(letter=draft(**of(slt)), by=slt)
    before = render(letter).pdf

    set_signature(by=slt, picture=scrawl(150))
    letter.refresh_from_db()
    changed = render(letter).pdf
    remove_signature(by=slt)
    letter.refresh_from_db()

    assert render(letter).pdf == changed == before


def test_a_removed_signature_is_gone_where_no_letter_has_it_and_the_next_letter_leaves_space(draft, slt):
    set_signature(by=slt, picture=scrawl())
    set_signature(by=slt, picture=scrawl(50))

    assert remove_signature(by=slt)
    assert not remove_signature(by=slt)

    assert not Signature.objects.exists()
    assert approve_letter(letter=draft(**of(slt)), by=slt).signature is None


def test_a_letter_is_as_long_with_a_picture_as_with_space_for_ink(draft, slt):
    bare = draft(**of(slt), approved_at=timezone.now() - timedelta(minutes=1))
    plain = render(bare)
    bare.signature = set_signature(by=slt, picture=scrawl())

    signed = render(bare)

    assert [text.split() for text in page_texts(signed.pdf)] == [text.split() for text in page_texts(plain.pdf)]
    assert picture(signed.pdf, signed.pages - 1).tobytes() != picture(plain.pdf, plain.pages - 1).tobytes()


def test_it_is_kept_sealed_and_only_those_who_approve_letters_have_one(office, slt):
    kept = set_signature(by=slt, picture=scrawl())

    with connection.cursor() as cursor:
        cursor.execute("SELECT picture FROM letters_signature")
        [stored] = cursor.fetchone()
    assert "iVBOR" not in stored
    assert Signature.objects.get().png == kept.png == scrawl()
    with pytest.raises(PermissionDenied):
        set_signature(by=office, picture=scrawl())
