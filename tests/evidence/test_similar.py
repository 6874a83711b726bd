"""The same screenshot sent by five parents is seen to be the same, also when some phone saved it again; a like one is
not. Nobody learns of a concern they may not read."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageDraw

from incidents.evidence.intake import receive
from incidents.evidence.similar import ALIKE, SAID, SAME, matches_of
from incidents.models import Conflict, Draft, Evidence
from tests.evidence.drawing import encoded, png, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


def screen(seed: int) -> Image.Image:
    """A chat as phones draw it: bubbles of odd lengths, on the left and on the right."""
    rng = random.Random(seed)  # noqa: S311  the same each time
    image = Image.new("RGB", (585, 1266), "#e9e3da")
    draw = ImageDraw.Draw(image)
    top = 60
    while top < 1150:
        height, width, is_mine = rng.randint(40, 150), rng.randint(160, 460), rng.random() < 0.3
        left = 585 - width - 16 if is_mine else 16
        draw.rounded_rectangle((left, top, left + width, top + height), 14, fill="#d9fdd3" if is_mine else "white")
        for line in range(top + 10, top + height - 16, 22):
            draw.line((left + 12, line, left + rng.randint(60, width - 12), line), fill="#333", width=7)
        top += height + 12
    return image


def saved_again(image: Image.Image, *, width: int, quality: int) -> bytes:
    small = image.resize((width, image.height * width // image.width))
    return encoded(Image.open(io.BytesIO(encoded(small, "JPEG", quality=quality))), "PNG")


def sent_with(school, content: bytes, name: str = "chat.png") -> Evidence:
    draft = Draft.objects.create(school=school, secret_hash=f"{Draft.objects.count():064d}")
    evidence = receive(draft=draft, upload=sent(content, name))
    assert evidence.problem == ""
    evidence.concern, evidence.draft = ConcernFactory.create(school=school), None
    evidence.save()
    return evidence


def found(evidence, user) -> list[tuple[int, str]]:
    return [(match.concern.pk, match.how) for match in matches_of([evidence], user=user)]


def test_the_same_file_and_the_same_picture_saved_again_are_found_and_another_chat_is_not(school, slt):
    picture = screen(1)
    first = sent_with(school, encoded(picture, "PNG"))
    same = sent_with(school, encoded(picture, "PNG"), "IMG_0002.PNG")
    poor = sent_with(school, saved_again(picture, width=390, quality=40), "forwarded.jpg")
    sent_with(school, encoded(screen(2), "PNG"), "other.png")

    assert found(first, slt) == [(same.concern.pk, SAME), (poor.concern.pk, ALIKE)]


def test_pages_of_one_colour_are_not_alike(school, slt):
    first = sent_with(school, encoded(Image.new("RGB", (600, 900), "white"), "PNG"))
    sent_with(school, encoded(Image.new("RGB", (600, 900), "red"), "PNG"))

    assert found(first, slt) == []


def test_the_same_message_in_two_exports_is_found(school, slt):
    mine = sent_with(school, b"[13/03/2024, 10:15:09] D Marsh: Useless AND a liar\n" * 2, "chat.txt")
    theirs = sent_with(school, "3/13/24, 10:15\u202fAM - Daniel: Useless and a liar\n".encode() * 2, "WhatsApp.txt")
    sent_with(school, b"13/03/2024, 10:15 - Sam: Something else entirely\n" * 2, "third.txt")

    assert found(mine, slt) == [(theirs.concern.pk, SAID)]


def test_nobody_learns_of_a_concern_they_may_not_read(school, slt, colleague, outsider):
    first, second = sent_with(school, png()), sent_with(school, png())
    Conflict.objects.create(user=slt, concern=second.concern, reason="Named in it")

    assert found(first, slt) == []
    assert found(first, outsider) == []
    assert found(first, colleague) == [(second.concern.pk, SAME)]


def test_it_is_said_at_triage_and_beside_the_file(school, slt, signed_in):
    first, second = sent_with(school, png()), sent_with(school, png())
    client = signed_in(slt)

    for address in (first.concern.get_absolute_url(), first.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "1 other concern shows this" in page
        assert f'href="{second.get_absolute_url()}">the same file</a>' in page


def test_it_costs_few_queries_however_many_there_are(school, slt, django_assert_max_num_queries):
    evidence = [sent_with(school, png()) for _ in range(3)]

    with django_assert_max_num_queries(8):
        matches_of(evidence[:1], user=slt)
