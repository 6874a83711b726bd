"""Marking, dating and destroying the rest of one chat leave the chat beside it, and what is marked, as they are."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from incidents.evidence import chat_verbs
from incidents.evidence.chat_verbs import ChatRefusedError, destroy_rest, mark_lines, set_date_order
from incidents.models import CustodyEntry, Event, Evidence, EvidencePart, ReadWords, Signal

pytestmark = pytest.mark.django_db


def marks_of(chat: Evidence) -> list[int]:
    return list(chat.lines.marked().values_list("number", flat=True))


def test_marks_change_on_the_page_that_was_shown_and_stay_where_a_sign_was_seen(chats, slt):
    other, chat = chats
    Signal.objects.create(line=chat.lines.get(number=3), kind="threat", shows="It says so.", recorded_by=slt)

    chat.lines.filter(number=2).update(is_marked=False)
    for number in (4, 5):
        chat.lines.create(number=number, kind="message", raw="x", is_marked=number == 5)

    assert [mark_lines(evidence=chat, shown=[1, 3, 4], marked=[1, 2], by=slt) for _ in range(2)] == [1, 0]
    assert (marks_of(chat), marks_of(other)) == ([1, 3, 5], [2, 3])
    entry = CustodyEntry.objects.get()
    assert (entry.kind, entry.evidence_key, entry.by, entry.facts) == ("marked", chat.pk, slt, {"count": 3})

    assert mark_lines(evidence=chat, shown=[1, 2, 3, 4, 5], marked=[3], by=slt) == 2
    assert marks_of(chat) == [3]


def test_an_order_of_day_and_month_is_kept_and_nothing_else_of_the_row(chats, slt):
    other, chat = chats
    Evidence.objects.update(hints=["small", "undated"])
    Evidence.objects.filter(pk=chat.pk).update(caption="Meanwhile")

    set_date_order(evidence=chat, order="mdy", by=slt)

    for each in chats:
        each.refresh_from_db()
    assert (chat.date_order, chat.hints, chat.caption) == ("mdy", ["small"], "Meanwhile")
    assert (other.date_order, other.hints) == ("", ["small", "undated"])


@pytest.fixture
def full(chats, slt):
    """The second chat with the files that came with it: one with a marked message, one without."""
    for chat in chats:
        for number, name in ((2, "kept.png"), (3, "gone.png")):
            EvidencePart.objects.create(
                evidence=chat,
                number=number,
                name=name,
                copy=f"copies/{chat.position}{name}",
                thumbnail=f"thumbnails/{chat.position}{name}",
            )
            ReadWords.objects.create(evidence=chat, part=number, lines=[])
    chat = chats[1]
    Evidence.objects.filter(pk=chat.pk).update(original="originals/2")
    chat.lines.filter(number=1).update(attachment="gone.png")
    chat.lines.filter(number=2).update(attachment="kept.png")
    return Evidence.objects.get(pk=chat.pk)


OLD = ["originals/2", "copies/2", "copies/2gone.png", "thumbnails/2gone.png"]


def test_the_rest_of_one_chat_goes_with_its_files_and_is_told(full, chats, slt, django_capture_on_commit_callbacks):
    for name in [*OLD, "copies/2kept.png", "copies/1"]:
        default_storage.save(name, ContentFile(b"x"))
    Evidence.objects.filter(pk=full.pk).update(caption="Meanwhile")

    with django_capture_on_commit_callbacks(execute=True):
        assert destroy_rest(evidence=full, by=slt, why="Not needed.") == 1

    chat = Evidence.objects.get(pk=full.pk)
    assert (str(chat.original), chat.caption) == ("", "Meanwhile")
    assert chat.original_destroyed_at
    with default_storage.open(chat.copy.name) as file:
        assert file.read() == b"2\n3\n"
    assert [line.number for line in chat.lines.all()] == [2, 3]
    assert [part.number for part in chat.parts.all()] == [words.part for words in chat.read_words.all()] == [2]
    assert [chats[0].lines.count(), chats[0].parts.count(), chats[0].read_words.count()] == [3, 2, 2]
    assert [name for name in [*OLD, "copies/2kept.png", "copies/1"] if default_storage.exists(name)] == [
        "copies/2kept.png",
        "copies/1",
    ]
    event = Event.objects.get()
    assert (event.kind, event.school, event.by, event.why) == ("chat_rest_destroyed", chat.school, slt, "Not needed.")
    assert (event.case, event.concern) == (chat.concern.case, chat.concern)
    rest, copy = CustodyEntry.objects.order_by("seq")
    assert (rest.kind, rest.evidence_key, rest.by) == ("rest_destroyed", chat.pk, slt)
    assert rest.facts == {"sha256": chat.sha256, "count": 1, "gone": OLD}
    assert (copy.kind, copy.evidence_key, copy.by, copy.facts["count"]) == ("copy_made", chat.pk, slt, 2)
    assert list(copy.facts["files"]) == [chat.copy.name]


def test_the_rest_of_what_was_left_goes_too_though_there_is_no_original(full, slt, django_capture_on_commit_callbacks):
    default_storage.save("copies/2", ContentFile(b"x"))
    Evidence.objects.filter(pk=full.pk).update(original="", original_destroyed_at=full.received_at)

    with django_capture_on_commit_callbacks(execute=True):
        destroy_rest(evidence=full, by=slt, why="Not needed.")

    assert CustodyEntry.objects.get(kind="rest_destroyed").facts["gone"] == OLD[1:]
    assert not default_storage.exists("copies/2")


def test_where_it_fails_half_way_nothing_is_gone_and_no_new_copy_is_left(full, slt, files_on_disk, monkeypatch):
    monkeypatch.setattr(chat_verbs, "record", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        destroy_rest(evidence=full, by=slt, why="Not needed.")

    assert (full.lines.count(), full.parts.count(), files_on_disk()) == (3, 2, [])


def test_a_picture_is_no_chat(files, slt):
    for verb in (
        lambda: mark_lines(evidence=files[0], shown=[], marked=[], by=slt),
        lambda: destroy_rest(evidence=files[0], by=slt, why="x"),
    ):
        with pytest.raises(ChatRefusedError, match="was destroyed in the meantime"):
            verb()
