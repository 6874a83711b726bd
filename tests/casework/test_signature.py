"""The page of one's own signature: a new picture, what cannot be one, and taking it away."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from letters.models import Signature
from letters.signatures import set_signature
from tests.evidence.test_signature import paper, saved
from tests.letters.test_signatures import scrawl

pytestmark = pytest.mark.django_db


def upload(content: bytes, name: str = "signature.jpg") -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile(name, content, "image/jpeg")}


def test_a_picture_is_saved_shown_to_its_owner_and_removed(slt, head, signed_in):
    browser = signed_in(slt)

    answer = browser.post(reverse("signature"), upload(saved(paper(), "JPEG")), follow=True)

    assert "Your signature is saved" in answer.content.decode()
    assert browser.get(reverse("signature-picture")).content == Signature.objects.get(user=slt).png
    assert signed_in(head).get(reverse("signature-picture")).status_code == 404
    browser.post(reverse("signature-remove"))
    assert browser.get(reverse("signature-picture")).status_code == 404


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<script>alert(1)</script>", b"\x89PNG\r\n\x1a\n" + b"0" * 99])
def test_what_is_no_picture_is_said_beside_the_field_and_the_old_one_stays(content, slt, signed_in):
    kept = set_signature(by=slt, picture=scrawl())

    answer = signed_in(slt).post(reverse("signature"), upload(content, "../../x.png"))

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert Signature.objects.current().get() == kept


def test_a_file_that_is_too_large_is_refused_by_its_size(slt, signed_in):
    answer = signed_in(slt).post(reverse("signature"), upload(b"0" * (5 * 1024 * 1024 + 1)))

    assert "larger than 5MB" in answer.content.decode()
    assert not Signature.objects.exists()
