"""What is covered is gone from the copy that leaves, whatever is done to it; nothing else of the file leaves."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageDraw

from incidents.evidence.custody import sha256_of_stored
from incidents.evidence.intake import receive
from incidents.evidence.redacted import copies_for, note_taken_out
from incidents.evidence.redacting import MOST_BOXES, Box, CannotRedactError, redact
from incidents.evidence.viewer import pages_of
from incidents.models import CustodyEntry, Event, Evidence
from tests.evidence.drawing import encoded, sent
from tests.factories import ConcernFactory
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db
SIZE = (300, 200)
SECRET = (40, 60, 200, 34)
INK = (0x16, 0x28, 0x2D)


def with_secret(secret: str) -> Image.Image:
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    draw.text((44, 62), secret, fill="black", font_size=22)
    draw.text((44, 140), "What may be seen", fill="black")
    return image


def received(draft, content: bytes, name: str = "chat.png") -> Evidence:
    found = receive(draft=draft, upload=sent(content, name))
    assert found.problem == ""
    found.concern, found.draft = ConcernFactory.create(school=draft.school), None
    found.save()
    return found


def covered(evidence: Evidence, by, *boxes: tuple[int, int, int, int]):
    page = pages_of(evidence)[0]
    return redact(evidence=evidence, page=page, boxes=[Box(*box, why="child") for box in boxes], by=by)


def pixels_of(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


def box_of(image: Image.Image) -> Image.Image:
    left, top, width, height = SECRET
    return image.crop((left, top, left + width, top + height))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_same_copy_comes_out_whatever_was_under_the_box(draft, slt, kind):
    """So no program can tell what was there: there is nothing left that depends on it."""
    copies = []
    for secret in ("07700 900123", "Zoë Marsh 4B"):
        evidence = received(draft, encoded(with_secret(secret), kind), f"{secret}.bin")
        with default_storage.open(covered(evidence, slt, SECRET).copy.name) as file:
            copies.append(file.read())

    assert copies[0] == copies[1]


def test_the_box_is_one_colour_and_the_rest_is_as_it_was(draft, slt):
    evidence = received(draft, encoded(with_secret("07700 900123"), "PNG"))

    made = covered(evidence, slt, SECRET)

    after, before = pixels_of(made.copy.name), pixels_of(evidence.copy.name)
    assert box_of(after).getcolors() == [(SECRET[2] * SECRET[3], INK)]
    after.paste(box_of(before), SECRET[:2])
    assert after.tobytes() == before.tobytes()


def test_what_was_under_it_is_in_no_copy_as_bytes(draft, slt):
    evidence = received(draft, encoded(with_secret("x"), "JPEG", comment=b"NEEDLE") + b"NEEDLE")

    with default_storage.open(covered(evidence, slt, SECRET).copy.name) as file:
        content = file.read()

    assert b"NEEDLE" not in content
    assert b"Exif" not in content


def test_the_original_and_the_clean_copy_stay(draft, slt):
    evidence = received(draft, encoded(with_secret("x"), "PNG"))
    before = {name: sha256_of_stored(name) for name in (evidence.original.name, evidence.copy.name)}

    covered(evidence, slt, SECRET)

    assert before == {name: sha256_of_stored(name) for name in before}


def test_the_boxes_are_a_list_with_reasons_an_event_and_an_entry(draft, slt):
    evidence = received(draft, encoded(with_secret("x"), "PNG"))

    made = covered(evidence, slt, SECRET)

    assert made.boxes == [{"left": 40, "top": 60, "width": 200, "height": 34, "why": "child"}]
    assert Event.objects.get(kind="evidence_redacted").concern == evidence.concern
    entry = CustodyEntry.objects.get(kind="redacted")
    assert entry.facts["files"] == {made.copy.name: made.sha256}
    assert entry.by == slt


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ((-20, -20, 60, 60), (0, 0, 40, 40)),
        ((280, 190, 500, 500), (280, 190, 20, 10)),
        ((0, 0, 300, 200), (0, 0, 300, 200)),
    ],
)
def test_a_box_over_the_edge_is_cut_at_the_edge(draft, slt, box, kept):
    evidence = received(draft, encoded(with_secret("x"), "PNG"))

    made = covered(evidence, slt, box)

    assert tuple(made.boxes[0][side] for side in ("left", "top", "width", "height")) == kept


def test_a_box_beside_the_picture_is_refused_and_leaves_no_file(draft, slt, files_on_disk):
    evidence = received(draft, encoded(with_secret("x"), "PNG"))
    before = files_on_disk()

    with pytest.raises(CannotRedactError, match="300 wide and 200 high"):
        covered(evidence, slt, (300, 0, 10, 10))
    assert files_on_disk() == before


def test_without_the_right_nothing_is_redacted(draft, office):
    evidence = received(draft, encoded(with_secret("x"), "PNG"))

    with pytest.raises(PermissionDenied):
        covered(evidence, office, SECRET)


def test_only_redacted_copies_leave_and_what_is_missing_is_said(draft, slt):
    first = received(draft, encoded(with_secret("one"), "PNG"), "one.png")
    second = received(draft, encoded(with_secret("two"), "PNG"), "two.png")
    covered(first, slt, SECRET)
    newest = covered(first, slt, SECRET, (0, 0, 20, 20))

    found = copies_for([first, second])

    assert [(copy.title, copy.name, copy.sha256) for copy in found.ready] == [
        ("Evidence 1", newest.copy.name, newest.sha256)
    ]
    assert found.missing == ["Evidence 2 is not redacted yet."]
    with found.ready[0].open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == newest.sha256


def test_what_is_taken_out_is_in_the_chain_of_custody(draft, slt):
    evidence = received(draft, encoded(with_secret("one"), "PNG"))
    made = covered(evidence, slt)  # nothing on it needs covering

    note_taken_out(copies_for([evidence]).ready, by=slt, pack="C014-P1")

    entry = CustodyEntry.objects.get(kind="exported")
    assert (entry.by, entry.facts) == (slt, {"part": 1, "pack": "C014-P1", "sha256": made.sha256})


# ---------------------------------------------------------------------------------------------------- the page


@pytest.fixture
def shown(draft):
    return received(draft, encoded(with_secret("x"), "PNG"))


@pytest.fixture
def page(slt, signed_in, shown):
    client = signed_in(slt)
    address = reverse("evidence-redact", args=[shown.pk, 1])

    def send(**fields: str):
        return client.post(address, fields)

    return send


def box(number: int, *sides: int | str, why: str = "child") -> dict[str, str]:
    names = ("left", "top", "width", "height")
    return {
        f"box{number}-why": why,
        **{f"box{number}-{name}": str(side) for name, side in zip(names, sides, strict=True)},
    }


def test_boxes_are_saved_by_numbers_alone(page, shown):
    response = page(count="2", action="save", **box(1, *SECRET), **box(2, 0, 0, 10, 10, why="group"))

    assert response.status_code == 302
    assert [each["why"] for each in shown.redactions.get().boxes] == ["child", "group"]


def test_adding_and_removing_saves_nothing_and_loses_nothing(page, shown):
    added = page(count="1", action="add", **box(1, 40, 60, 140, "not yet")).content.decode()
    assert 'name="box1-height" value="not yet"' in added
    assert 'name="box2-left"' in added

    left = page(count="2", remove="1", **box(1, 1, 1, 1, 1), **box(2, 7, 8, 9, 10)).content.decode()
    assert 'name="box1-left" value="7"' in left
    assert 'name="box2-left"' not in left
    assert not shown.redactions.exists()


def test_a_number_that_is_none_is_said_beside_the_box(page, shown):
    told = page(count="1", action="save", **box(1, 40, "💥", 140, 30)).content.decode()

    assert told.count("Top of box 1 must be a whole number, 0 or more") == 2
    assert 'href="#id_box1-top"' in told
    assert 'value="💥"' in told
    assert not shown.redactions.exists()


def test_no_boxes_must_be_meant(page, shown):
    told = page(count="0", action="save").content.decode()
    assert "Add a box, or tick that nothing on this page needs covering" in told
    assert not shown.redactions.exists()

    page(count="0", action="save", nothing="on")
    assert shown.redactions.get().boxes == []


@pytest.mark.parametrize("count", ["", "-1", "9999", "x", "\u0663"])
def test_a_count_that_cannot_be_is_no_fault(page, count):
    assert page(count=count, action="save").status_code == 200


def test_saved_boxes_are_there_to_be_changed(page, shown, slt, signed_in):
    page(count="1", action="save", **box(1, *SECRET))

    told = signed_in(slt).get(reverse("evidence-redact", args=[shown.pk, 1])).content.decode()

    assert 'name="box1-left" value="40"' in told
    assert '<rect class="dkh-box" x="40" y="60" width="200" height="34"/>' in told


def test_there_is_no_second_page_of_one_picture(slt, signed_in, shown):
    assert signed_in(slt).get(reverse("evidence-redact", args=[shown.pk, 2])).status_code == 404


def test_where_no_copy_can_be_made_none_is_kept(draft, slt, files_on_disk):
    evidence = received(draft, encoded(with_secret("x"), "PNG"))
    page, again = (pages_of(Evidence.objects.get())[0] for _ in range(2))
    boxes = [Box(*SECRET, why="child")]
    before = files_on_disk()

    with pytest.raises(CannotRedactError, match=f"{MOST_BOXES} boxes are the most"):
        redact(evidence=evidence, page=page, boxes=boxes * (MOST_BOXES + 1), by=slt)
    with (
        just_before_the_lock(lambda: Evidence.objects.filter(pk=evidence.pk).delete()),
        pytest.raises(CannotRedactError, match="was destroyed in the meantime"),
    ):
        redact(evidence=evidence, page=page, boxes=boxes, by=slt)
    assert files_on_disk() == before
    default_storage.delete(evidence.copy.name)
    with pytest.raises(CannotRedactError, match="could not be made"):
        redact(evidence=evidence, page=again, boxes=boxes, by=slt)
