"""Hints say what may make a file hard to use. They never refuse one."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw, ImageFilter

from incidents.evidence import ocr
from incidents.evidence.intake import receive
from incidents.evidence.quality import hints_of_text
from incidents.models import Evidence
from tests.evidence.drawing import encoded, sent, table
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


def phone(size: tuple[int, int], *, blur: int = 0) -> Image.Image:
    """A screen full of small writing."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for top in range(10, size[1], 30):
        draw.text((10, top), "Useless AND a liar, and everybody knows it " * 3, fill="black", font_size=22)
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


@pytest.mark.parametrize(
    ("size", "blur", "hints"),
    [
        ((1170, 2532), 0, []),
        ((2532, 1170), 0, []),
        ((320, 690), 0, ["small"]),
        ((1170, 300), 0, ["small", "cropped"]),
        ((1170, 3600), 0, ["cropped"]),
        ((1170, 2532), 40, ["blurred"]),
    ],
    ids=["upright", "on its side", "small", "a strip", "stitched", "blurred"],
)
def test_a_picture_gets_the_hints_that_fit_and_is_taken(draft, size, blur, hints):
    evidence = receive(draft=draft, upload=sent(encoded(phone(size, blur=blur), "PNG")))

    assert evidence.problem == ""
    assert evidence.hints == hints


def test_a_parent_sees_the_hint_beside_the_file_and_a_member_of_staff_too(school, slt, signed_in):
    parent = Client()
    small = SimpleUploadedFile("small.png", encoded(phone((320, 690)), "PNG"))

    parent.post("/report/evidence/", {"files": [small], "upload": ""})
    page = parent.get("/report/evidence/").content.decode()
    Evidence.objects.update(concern=ConcernFactory.create(school=school), draft=None)

    assert "It may be too small to read." in page
    assert (
        "It may be too small to read." in signed_in(slt).get(Evidence.objects.get().get_absolute_url()).content.decode()
    )


CHAT = "Year 4 Parents\nTODAY\nAisha K\nDid anyone else's come home upset about it?\n18:02"


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        (CHAT, []),
        (CHAT.replace("18:02", "").replace("TODAY", ""), ["no_date"]),
        ("Nobody wants you on the trip, they said\nplease stop, we all know it\n15:41", ["no_sender"]),
        ("she is a liar and everybody knows that\nand she loses the records every year", ["no_date", "no_sender"]),
        ("~ D Marsh\nshe is a liar and everybody knows that\n12 March 2024", []),
        ("+44 7700 900123\nshe is a liar and everybody knows that\nyesterday", []),
        ("Beach", []),
        ("", []),
    ],
)
def test_what_was_read_says_whether_a_date_and_a_sender_can_be_seen(text, hints):
    assert hints_of_text(text) == hints


def test_the_hint_reaches_the_pages_of_staff_once_the_words_are_read(evidence, reader, slt, signed_in):
    reader(f"/bin/cat <<'END'\n{table('she is a liar and everybody at school knows')}\nEND")

    ocr.read_unread()

    client = signed_in(slt)
    for page in (evidence.get_absolute_url(), evidence.concern.get_absolute_url()):
        assert "No date or time could be read in it." in client.get(page).content.decode()
