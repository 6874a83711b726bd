"""A file that is taken is whole, hashed and drawn again; one that is not leaves a sentence and nothing else."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import uuid

import pytest
from django.conf import settings as portal
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.evidence import intake
from incidents.evidence.captions import save_captions
from incidents.evidence.intake import MOST_REFUSED, DraftClosedError, Turns, receive, remove
from incidents.evidence.sealing import open_sealed
from incidents.models import Draft, Evidence
from incidents.models.evidence import size_in_words
from tests.evidence.drawing import bomb, exif, jpeg, png, sample, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


def stored(name: str) -> bytes:
    """What is stored; an original, unsealed."""
    if name.startswith("originals/"):
        return b"".join(open_sealed(name))
    with default_storage.open(name) as file:
        return bytes(file.read())


def test_a_screenshot_is_kept_as_it_came_with_a_clean_copy_and_a_thumbnail(draft, files_on_disk):
    content = png()

    evidence = receive(draft=draft, upload=sent(content), caption="First messages")

    assert evidence.problem == ""
    assert stored(evidence.original.name) == content
    assert evidence.sha256 == hashlib.sha256(content).hexdigest()
    assert (evidence.size, evidence.media_type) == (len(content), "image/png")
    assert (evidence.width, evidence.height) == (117, 253)
    assert (evidence.name, evidence.caption) == ("class chat 1.png", "First messages")
    assert evidence.school == draft.school
    assert files_on_disk() == [
        f"files/copies/{evidence.pk}.webp",
        f"files/originals/{evidence.pk}.bin",
        f"files/thumbnails/{evidence.pk}.webp",
    ]


def test_row_7_nothing_a_picture_carried_is_in_what_we_show_and_all_of_it_is_in_the_original(draft):
    content = jpeg(exif=exif(is_located=True), comment=b"NEEDLE <script>alert(1)</script>") + b"NEEDLE" * 20

    evidence = receive(draft=draft, upload=sent(content, "photo.jpg", "image/jpeg"))

    for name in (evidence.copy.name, evidence.thumbnail.name):
        assert not [needle for needle in (b"NEEDLE", b"<script>", b"Exif") if needle in stored(name)]
    assert hashlib.sha256(stored(evidence.original.name)).hexdigest() == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["chat-1170x2532.png", "iphone-gps.heic", "galaxy-gps.jpg"])
def test_real_phones_files_are_taken(draft, name):
    content = sample(name).read_bytes()

    evidence = receive(draft=draft, upload=sent(content, name, "application/octet-stream"))

    assert evidence.problem == ""
    assert evidence.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.png", "This file is empty"),
        (b"Hello, this is not a picture", "notes.png", "This is text, but not a chat"),
        ("Emoji and é cut in two 🙂".encode()[:-1] + b"", "chat.txt", "This is text, but not a chat"),
        (bytes(range(256)) * 8, "something.png", "We cannot read this file as a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.png", "This is text"),
        (b"<!doctype html><script>alert(1)</script>", "page.png", "This is text"),
        (b"%PDF-1.7\n%\xe2\xe3", "letter.pdf", "We cannot open this PDF"),
        (b"PK\x03\x04" + bytes(40), "WhatsApp Chat.zip", "but not other zip files"),
        (b"\0\0\0\x20ftypqt  " + bytes(40), "screen recording.mov", "We cannot take videos here"),
        (b"\0\0\0\x20ftypisom" + bytes(40), "clip.jpg", "We cannot take videos here"),
        (b"\x1a\x45\xdf\xa3" + bytes(40), "clip.webm", "We cannot take videos here"),
        (b"RIFF\0\0\0\0AVI " + bytes(40), "clip.avi", "We cannot take videos here"),
        (bytes(40), "old.MOV", "We cannot take videos here"),
        (b"\0\0\0\x20ftypM4A " + bytes(40), "voice.m4a", "We cannot play this sound"),
        (b"OggS" + bytes(40), "PTT-2026.opus", "We cannot play this sound"),
        (b"RIFF\0\0\0\0WAVE" + bytes(40), "voice.wav", "not this kind of sound"),
        (b"\0\0\0\x20ftypavif" + bytes(40), "new.avif", "damaged"),
        (b"II*\0" + bytes(40), "scan.tif", "We cannot read this file as a picture"),
        (png((300, 300))[:-100], "half.png", "damaged"),
        (bomb(), "bomb.png", "10,000 by 10,000 pixels"),
    ],
)
def test_what_is_not_a_picture_we_can_read_is_refused_with_what_to_do(draft, files_on_disk, content, name, sentence):
    evidence = receive(draft=draft, upload=sent(content, name))

    assert sentence in evidence.problem
    assert (evidence.name, evidence.sha256, bool(evidence.original)) == (name, "", False)
    assert evidence.size == len(content)
    assert files_on_disk() == []


def test_v5_2_1_a_file_over_the_limit_is_refused_with_its_size(draft, settings, files_on_disk):
    settings.EVIDENCE_MAX_BYTES = 2 * 1024 * 1024

    evidence = receive(draft=draft, upload=sent(png() + bytes(3 * 1024 * 1024)))

    assert evidence.problem.startswith("This file is 3.1 MB. The most we can take is 2 MB.")
    assert files_on_disk() == []


def test_a_file_that_would_make_too_many_is_refused_and_a_refused_one_does_not_count(draft, settings):
    settings.EVIDENCE_MAX_FILES = 2
    receive(draft=draft, upload=sent(b"text", "notes.txt"))
    receive(draft=draft, upload=sent(png((50, 50)), "1.png"))
    receive(draft=draft, upload=sent(png((51, 50)), "2.png"))

    third = receive(draft=draft, upload=sent(png((52, 50)), "3.png"))

    assert third.problem == "You have added 2 files, the most we can take. Remove one, then add this again."
    assert Evidence.objects.good().count() == 2


def test_a_file_that_would_make_too_much_is_refused(draft, settings):
    settings.EVIDENCE_MAX_TOTAL_BYTES = len(png()) * 2 - 1
    receive(draft=draft, upload=sent(png(), "1.png"))

    second = receive(draft=draft, upload=sent(png(), "2.png"))

    assert "in all, the most we can take" in second.problem


def test_the_same_file_twice_is_kept_once(draft, files_on_disk):
    first = receive(draft=draft, upload=sent(png()))

    second = receive(draft=draft, upload=sent(png()))

    assert second == first
    assert len(files_on_disk()) == 3


def test_two_files_of_the_same_name_are_both_kept(draft):
    receive(draft=draft, upload=sent(png((50, 50)), "image.png"))
    receive(draft=draft, upload=sent(png((51, 50)), "image.png"))

    assert Evidence.objects.good().filter(name="image.png").count() == 2


def test_the_same_refused_file_twice_is_one_row(draft):
    for _ in range(2):
        receive(draft=draft, upload=sent(b"text", "notes.txt"))

    assert Evidence.objects.bad().count() == 1


def test_refused_files_fill_a_page_and_not_the_database(draft):
    for number in range(MOST_REFUSED + 3):
        receive(draft=draft, upload=sent(b"text", f"{number}.txt"))

    names = list(Evidence.objects.bad().values_list("name", flat=True))
    assert len(names) == MOST_REFUSED
    assert names[-1] == f"{MOST_REFUSED + 2}.txt"


def test_files_are_listed_in_the_order_they_came(draft):
    for name in ("b.png", "a.txt", "c.png"):
        receive(draft=draft, upload=sent(png((50, 50)) if name.endswith("png") else b"text", name))

    assert list(Evidence.objects.values_list("name", "position")) == [("b.png", 1), ("a.txt", 2), ("c.png", 3)]


@pytest.mark.parametrize("call", [1, 2, 3, 4, 5, 6])
def test_measured_10_a_disk_that_fails_leaves_no_file(draft, files_on_disk, monkeypatch, call):
    calls = 0
    real = os.fsync

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)

    evidence = receive(draft=draft, upload=sent(png()))

    assert "we could not keep this file" in evidence.problem
    assert files_on_disk() == []


def test_a_draft_sent_meanwhile_takes_no_more_files(draft, files_on_disk):
    draft.concern = ConcernFactory.create(school=draft.school)
    draft.save()

    with pytest.raises(DraftClosedError):
        receive(draft=draft, upload=sent(png()))

    assert files_on_disk() == []
    assert not Evidence.objects.exists()


def test_a_draft_destroyed_meanwhile_takes_no_more_files(draft, files_on_disk):
    stale = Draft.objects.get(pk=draft.pk)
    draft.delete()

    for content in (png(), b"text"):
        with pytest.raises(DraftClosedError):
            receive(draft=stale, upload=sent(content))

    assert files_on_disk() == []


@pytest.mark.django_db(transaction=True)
def test_removing_a_file_deletes_its_row_and_then_its_bytes(draft, files_on_disk):
    kept = receive(draft=draft, upload=sent(png((50, 50)), "kept.png"))
    gone = receive(draft=draft, upload=sent(png((51, 50)), "gone.png"))

    remove(draft=draft, key=gone.pk)

    assert list(Evidence.objects.all()) == [kept]
    assert len(files_on_disk()) == 3
    assert all(str(kept.pk) in name for name in files_on_disk())


def test_bytes_stay_until_the_row_is_certainly_gone(draft, files_on_disk, django_capture_on_commit_callbacks):
    evidence = receive(draft=draft, upload=sent(png()))

    with django_capture_on_commit_callbacks() as callbacks:
        remove(draft=draft, key=evidence.pk)

    assert len(files_on_disk()) == 3
    assert len(callbacks) == 1


def test_removing_what_is_gone_or_somebody_else_s_does_nothing(draft, school):
    other = Draft.objects.create(school=school, secret_hash="1" * 64)
    theirs = receive(draft=other, upload=sent(png()))

    remove(draft=draft, key=theirs.pk)
    remove(draft=draft, key=uuid.uuid4())

    assert Evidence.objects.get() == theirs


def test_no_transaction_is_open_while_a_picture_is_drawn(draft, monkeypatch):
    outside, seen, real = len(connection.savepoint_ids), [], subprocess.run

    def run(*args, **kwargs):
        seen.append(len(connection.savepoint_ids))
        return real(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", run)

    receive(draft=draft, upload=sent(png()))

    assert seen == [outside]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 KB"),
        (1, "1 KB"),
        (421_888, "412 KB"),
        (1_023_999, "1000 KB"),
        (1_024_000, "1 MB"),
        (2_202_009, "2.1 MB"),
        (26_214_400, "25 MB"),
        (26_214_401, "25.1 MB"),
        (62_914_560, "60 MB"),
        (104_857_600, "100 MB"),
    ],
)
def test_sizes_read_as_people_say_them(size, words):
    assert size_in_words(size) == words


def test_v2_1_3_the_limits_are_the_ones_the_page_promises():
    assert portal.EVIDENCE_MAX_FILES == 20
    assert size_in_words(portal.EVIDENCE_MAX_BYTES) == "25 MB"


def test_a_file_that_waited_long_enough_for_its_turn_goes_on_and_leaves_the_turn_to_whose_it_is(monkeypatch):
    monkeypatch.setattr(intake, "LONGEST_TURN", 0.01)
    turns, done = Turns(), []

    with turns.take():
        with turns.take():
            done.append("second")
        assert turns.lock.locked()

    assert done == ["second"]
    assert not turns.lock.locked()


def test_only_captions_that_were_changed_are_written(draft):
    same, other = (receive(draft=draft, upload=sent(png((size, size))), caption="As it was") for size in (40, 41))

    with CaptureQueriesContext(connection) as queries:
        save_captions(draft=draft, captions={same.pk: "As it was", other.pk: "Changed"})

    assert sum(query["sql"].startswith("UPDATE") for query in queries) == 1
    assert list(Evidence.objects.order_by("position").values_list("caption", flat=True)) == ["As it was", "Changed"]
