"""A verb on one file keeps, notes and destroys what is that file's, and nothing of the file that stands before it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from incidents.evidence import redacting
from incidents.evidence.covering import (
    MOST_MASKS,
    Leaves,
    Mask,
    cover_words,
    current_words,
    fingerprint,
    is_current,
    not_found,
    pieces_of,
)
from incidents.evidence.destroying import destroy, discard, stored_names
from incidents.evidence.passages import passages_of
from incidents.evidence.redacting import MOST_BOXES, Box, CannotRedactError, boxes_of, current, inside_of, redact
from incidents.evidence.viewer import pages_of
from incidents.models import CustodyEntry, Event, Evidence, EvidencePart, Redaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """What would have been drawn, with the boxes that were to be burnt in."""
    asked = []

    def redraw(path, *, boxes):
        asked.append((path.read_bytes(), boxes))
        return SimpleNamespace(suffix="webp", copy=b"covered", tool="a tool")

    monkeypatch.setattr(redacting.pictures, "redraw", redraw)
    return asked


def facts_of(kind: str) -> tuple[object, ...]:
    entry = CustodyEntry.objects.get(kind=kind)
    return entry.evidence_key, entry.by, entry.facts


def told(kind: str) -> tuple[object, ...]:
    event = Event.objects.get(kind=kind)
    return event.school, event.by, event.case, event.concern, event.why


# ----------------------------------------------------------------------------------------------------------- redacting


def test_boxes_are_burnt_into_one_page_of_one_file_and_told_of_its_case(files, slt, drawn):
    _, file = files
    default_storage.save("copies/part", ContentFile(b"the page"))
    EvidencePart.objects.create(evidence=file, number=2, copy="copies/part", width=300, height=200)

    made = redact(evidence=file, page=pages_of(file)[1], boxes=[Box(290, 1, 20, 2, "child")], by=slt)

    assert drawn == [(b"the page", [(290, 1, 10, 2)])]
    assert (made.evidence, made.part, made.made_by) == (file, 2, slt)
    assert made.sha256 == hashlib.sha256(b"covered").hexdigest()
    assert made.boxes == [{"left": 290, "top": 1, "width": 10, "height": 2, "why": "child"}]
    assert boxes_of(made) == [Box(290, 1, 10, 2, "child")]
    assert told("evidence_redacted") == (file.school, slt, file.concern.case, file.concern, "")
    facts = {"files": {made.copy.name: made.sha256}, "part": 2, "boxes": 1, "tool": "a tool"}
    assert facts_of("redacted") == (file.pk, slt, facts)


def test_as_many_boxes_as_are_promised_can_be_drawn(files, slt, drawn):
    default_storage.save("copies/2", ContentFile(b"the page"))
    boxes = [Box(0, 0, 9, 9, "other")] * MOST_BOXES

    assert len(redact(evidence=files[1], page=pages_of(files[1])[0], boxes=boxes, by=slt).boxes) == MOST_BOXES


def test_the_copy_that_was_made_last_counts_for_its_page(files, slt):
    now = timezone.now()

    def made(part: int, minutes: int) -> Redaction:
        at = now + timedelta(minutes=minutes)
        return Redaction.objects.create(
            evidence=files[0], part=part, boxes=[], copy="x", made_by=slt, sha256="", made_at=at
        )

    first, _, other, _, last = made(1, 5), made(1, 2), made(2, 1), made(1, 5), made(1, 5)

    assert first.pk < last.pk
    assert current(files[0]) == {1: last, 2: other}
    assert current(files[1]) == {}
    assert boxes_of(None) == []


@pytest.mark.parametrize("box", [(300, 0, 5, 5), (0, 200, 5, 5), (-5, 0, 5, 5), (0, -5, 5, 5), (0, 0, 0, 5)])
def test_a_box_that_only_touches_the_picture_covers_nothing(files, box):
    with pytest.raises(CannotRedactError, match="300 wide and 200 high"):
        inside_of(pages_of(files[0])[0], Box(*box, "child"))


def test_a_box_over_the_upper_left_corner_is_cut_there(files):
    page = pages_of(files[0])[0]

    assert inside_of(page, Box(-5, -7, 10, 10, "child")) == Box(0, 0, 5, 3, "child")
    assert inside_of(page, Box(299, 199, 1, 1, "child")) == Box(299, 199, 1, 1, "child")


# ------------------------------------------------------------------------------------------------------------ covering


def test_words_are_covered_in_one_chat_and_told_of_its_case(chats, slt):
    _, chat = chats

    made = cover_words(evidence=chat, passages=[3, 2], masks=[Mask("Sam 2", "parent")], by=slt)

    assert (made.evidence, made.passages, made.made_by) == (chat, [2, 3], slt)
    assert made.masks == [{"words": "Sam 2", "why": "parent"}]
    assert told("evidence_redacted") == (chat.school, slt, chat.concern.case, chat.concern, "")
    assert facts_of("words_covered") == (chat.pk, slt, {"passages": 2, "masks": 1})
    assert current_words(chat) == made
    assert current_words(chats[0]) is None


def test_as_many_masks_as_are_promised_can_be_used(chats, slt):
    masks = [Mask("Sam", "parent")] * MOST_MASKS

    assert len(cover_words(evidence=chats[0], passages=[2, 3], masks=masks, by=slt).masks) == MOST_MASKS


def test_a_picture_has_no_words_that_could_leave(files, slt):
    with pytest.raises(CannotRedactError, match="destroyed in the meantime"):
        cover_words(evidence=files[0], passages=[], masks=[], by=slt)


def test_the_words_that_were_covered_last_count_while_they_are_what_is_marked(chats, slt):
    chat, other = chats
    first, second = (cover_words(evidence=chat, passages=[2, 3], masks=[], by=slt) for _ in range(2))
    type(first).objects.update(made_at=timezone.now())

    assert current_words(chat) == second
    assert Leaves.of(chat) == Leaves(second, is_current=True, can_be_chosen=True)
    assert Leaves.of(other) == Leaves(None, is_current=False, can_be_chosen=True)
    chat.lines.filter(number=1).update(is_marked=True)
    assert not Leaves.of(chat).is_current
    chat.lines.filter(number__in=[1, 2]).update(is_marked=False)
    assert Leaves.of(chat) == Leaves(second, is_current=False, can_be_chosen=True)
    assert Leaves.of(chat, marked=[]) == Leaves(second, is_current=False, can_be_chosen=False)


def test_of_an_email_what_was_not_chosen_may_change(file_of, slt):
    email = file_of(1, media_type="message/rfc822", text="Subject: Words\n\nFirst.\n\nSecond.")
    made = cover_words(evidence=email, passages=[2], masks=[Mask("First", "other")], by=slt)

    email.text = email.text.replace("Second", "Third")
    assert is_current(email, made, passages_of(email))
    email.text = email.text.replace("First.", "First!")
    assert not is_current(email, made, passages_of(email))


def test_each_mask_has_to_cover_something_of_its_own(chats):
    passages = passages_of(chats[0])
    masks = [Mask("sam  2", "parent"), Mask("Zoe", "child"), Mask("Words 3", "other"), Mask("Sam 2 Words", "other")]

    assert not_found(masks, passages) == [masks[1]]
    assert not_found(masks, []) == masks
    assert not_found([Mask("\u200b", "other")], passages) == [Mask("\u200b", "other")]


def test_the_fingerprint_is_of_everything_that_leaves_and_of_nothing_that_does_not(chats):
    passage, _ = passages_of(chats[0])
    before = fingerprint([passage], [])

    assert before == hashlib.sha256(b"2\nNo date\nSam 2\nWords 2").hexdigest()
    assert fingerprint([passage], [Mask("2", "other")]) == fingerprint([passage], [Mask("2", "child")]) != before
    assert [(each.words, each.is_covered) for each in pieces_of("Sam, Kim", [Mask("Sam", "x"), Mask("Kim", "x")])] == [
        ("Sam", True),
        (", ", False),
        ("Kim", True),
    ]


# ---------------------------------------------------------------------------------------------------------- destroying


def test_what_is_destroyed_is_named_with_who_did_it_and_a_refused_file_is_not(
    files, school, slt, django_capture_on_commit_callbacks
):
    going, staying = files
    kept = {"original": "originals/1", "copy": "copies/1", "thumbnail": "thumbnails/1"}
    Evidence.objects.filter(pk=going.pk).update(**kept)
    going.refresh_from_db()
    EvidencePart.objects.create(evidence=going, number=2, copy="copies/2", thumbnail="thumbnails/2")
    Redaction.objects.create(evidence=going, boxes=[], copy="redacted/1", made_by=slt)
    names = [*kept.values(), "copies/2", "thumbnails/2", "redacted/1"]
    assert stored_names(going) == names
    for name in [*names, "copies/other"]:
        default_storage.save(name, ContentFile(b"x"))
    refused = Evidence(school=school, problem="Too large")
    refused.delete = lambda: None

    with django_capture_on_commit_callbacks(execute=True):
        destroy(iter([going, refused]), by=slt)
        key = CustodyEntry.objects.get().evidence_key

    assert list(Evidence.objects.all()) == [staying]
    assert facts_of("destroyed") == (key, slt, {"sha256": "1" * 64})
    assert [name for name in [*names, "copies/other"] if default_storage.exists(name)] == ["copies/other"]


def test_files_that_are_not_there_are_no_fault_and_those_after_them_go(files_on_disk):
    default_storage.save("copies/1", ContentFile(b"x"))

    discard(["copies/none", "copies/1"])

    assert files_on_disk() == []
