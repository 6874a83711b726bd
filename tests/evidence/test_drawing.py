"""A file that no page waited for is received, sealed and said to be so; the worker makes its copy, or says why not."""

from __future__ import annotations

import errno
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from incidents.evidence import drawing, pictures, refusals
from incidents.evidence.drawing import LEASE, MOST_TRIES, draw, turn, waiting_to_be_drawn
from incidents.evidence.intake import receive, remove
from incidents.evidence.redacted import copies_for
from incidents.evidence.tasks import draw_evidence, sweep_drawing
from incidents.evidence.verifying import faults
from incidents.models import CustodyEntry, Evidence
from tests.evidence.drawing import CHAT, png, sent, zipped
from tests.factories import ConcernFactory
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db
CUT_OFF = png()[:400]


@pytest.fixture
def left(draft, settings):
    """Receives a file for which no page has time, and leaves it so."""

    def receive_it(content: bytes = b"", name: str = "class chat 1.png") -> Evidence:
        settings.EVIDENCE_SECONDS_IN_REQUEST = 0
        return receive(draft=draft, upload=sent(content or png(), name))

    return receive_it


def send(evidence: Evidence) -> Evidence:
    evidence.concern, evidence.draft = ConcernFactory.create(school=evidence.school), None
    evidence.save(update_fields=["concern", "draft"])
    return evidence


def test_a_file_that_no_page_waits_for_is_sealed_at_once_and_drawn_by_the_worker(left, files_on_disk):
    evidence = left()

    assert (evidence.problem, evidence.media_type, str(evidence.copy)) == ("", "image/png", "")
    assert evidence.draw_at is not None
    assert files_on_disk() == [f"files/originals/{evidence.pk}.bin"]

    assert draw(evidence.pk)
    assert not draw(evidence.pk)

    evidence.refresh_from_db()
    assert (evidence.width, evidence.height, evidence.draw_at, evidence.unshown) == (117, 253, None, "")
    with default_storage.open(str(evidence.copy)) as copy:
        assert copy.read(4) == b"RIFF"
    assert len(files_on_disk()) == 3
    kinds = CustodyEntry.objects.filter(evidence_key=evidence.pk).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["received", "copy_made"]
    assert not list(faults(evidence.school))


def test_a_chat_that_is_read_later_has_every_line(left, settings):
    evidence = left(CHAT.encode(), "_chat.txt")

    draw_evidence(str(evidence.pk))

    evidence.refresh_from_db()
    assert evidence.kind == "chat"
    assert "".join(line.raw for line in evidence.lines.all()) == CHAT


def test_while_one_file_is_drawn_the_next_is_left_to_the_worker_and_keeps_nobody(draft, monkeypatch):
    began, go_on = threading.Event(), threading.Event()
    read = drawing.reading.read

    def slow(*args, **kwargs):
        began.set()
        go_on.wait(30)
        return read(*args, **kwargs)

    monkeypatch.setattr(drawing.reading, "read", slow)
    path = Path(drawing.settings.FILE_UPLOAD_TEMP_DIR) / "one.png"
    path.write_bytes(png())
    found: list[object] = []
    other = threading.Thread(target=lambda: found.append(drawing.read_now(path, "one.png")))
    other.start()
    began.wait(30)
    try:
        assert drawing.read_now(path, "two.png") is None
    finally:
        go_on.set()
        other.join()
    assert found != [None]
    assert drawing.read_now(path, "three.png") is not None


def test_a_file_that_takes_too_long_for_a_page_is_not_refused_for_it(draft, settings, files_on_disk):
    settings.EVIDENCE_SECONDS_IN_REQUEST = 0.001

    evidence = receive(draft=draft, upload=sent(png()))

    assert evidence.problem == ""
    assert draw(evidence.pk)


def test_a_long_chat_is_left_to_the_worker(draft, monkeypatch):
    monkeypatch.setattr(drawing.reading, "SHORT_TEXT", len(CHAT) - 1)

    evidence = receive(draft=draft, upload=sent(CHAT.encode(), "_chat.txt"))

    assert (evidence.problem, evidence.lines.count()) == ("", 0)
    assert draw(evidence.pk)
    assert evidence.lines.count() > 0


def test_the_worker_waits_a_little_for_its_turn_and_then_leaves_the_file(monkeypatch):
    monkeypatch.setattr(drawing, "BETWEEN_TRIES", 0.005)

    with turn() as is_mine, turn(seconds=0.01) as is_others:
        assert (is_mine, is_others) == (True, False)


def test_on_a_disk_that_knows_no_locks_files_are_drawn_all_the_same(monkeypatch):
    def no_locks(*args):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(drawing.fcntl, "flock", no_locks)

    with turn() as is_mine:
        assert is_mine


def test_a_copy_that_cannot_be_stored_leaves_nothing_and_the_file_waits(left, files_on_disk, monkeypatch):
    evidence, calls = left(), iter(range(9))
    fsync = os.fsync

    def full(descriptor):
        if next(calls) == 2:  # the copy and its folder are written: now its thumbnail
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            draw(evidence.pk)

    assert files_on_disk() == [f"files/originals/{evidence.pk}.bin"]
    Evidence.objects.filter(pk=evidence.pk).update(draw_at=timezone.now())
    assert draw(evidence.pk)


def test_a_damaged_file_that_was_taken_back_meanwhile_is_not_given_up(left, draft):
    evidence = left(CUT_OFF)

    with just_before_the_lock(lambda: remove(draft=draft, key=evidence.pk)):
        assert not draw(evidence.pk)

    assert not Evidence.objects.exists()


def test_what_is_cheap_to_know_is_said_at_once(left):
    assert left(bytes(range(256)) * 8, "something.png").problem == refusals.NOT_A_PICTURE
    assert left(b"Rar!\x1a\x07\0" * 9, "files.rar").problem == refusals.ARCHIVE
    assert left(b"Hello, this is no chat", "notes.txt").problem == refusals.TEXT
    assert left(zipped({"sheet.xml": b"<xml>"}), "book.xlsx").problem == refusals.ARCHIVE


def test_a_file_that_turns_out_damaged_stays_sealed_and_says_why_wherever_it_is_by_then(left, signed_in, slt):
    evidence = send(left(CUT_OFF))

    assert draw(evidence.pk)

    evidence.refresh_from_db()
    assert (evidence.unshown, str(evidence.copy), evidence.problem) == (refusals.DAMAGED, "", "")
    assert not list(faults(evidence.school))
    client = signed_in(slt)
    page = client.get(evidence.get_absolute_url()).content.decode()
    assert "No clean copy of it could be made" in page
    assert refusals.DAMAGED in page
    assert copies_for([evidence]).missing[0].startswith("Evidence 1 cannot be shown")
    for name in ("copy", "thumbnail"):
        assert client.get(reverse("evidence-file", args=[evidence.pk, name])).status_code == 404
    assert client.get(reverse("evidence-redact", args=[evidence.pk, 1])).status_code == 404


def test_a_file_taken_back_while_it_is_drawn_leaves_nothing(left, draft, files_on_disk, monkeypatch):
    evidence = left()
    read = drawing.reading.read

    def read_and_remove(*args, **kwargs):
        found = read(*args, **kwargs)
        remove(draft=draft, key=evidence.pk)
        return found

    monkeypatch.setattr(drawing.reading, "read", read_and_remove)

    assert not draw(evidence.pk)
    assert [name for name in files_on_disk() if not name.startswith("files/originals/")] == []


def test_a_worker_that_died_with_a_file_is_followed_by_another(left, monkeypatch):
    evidence = left()
    monkeypatch.setattr(drawing.reading, "read", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        draw(evidence.pk)
    monkeypatch.undo()

    assert waiting_to_be_drawn() == []
    assert not draw(evidence.pk)
    Evidence.objects.filter(pk=evidence.pk).update(draw_at=timezone.now() - timedelta(seconds=1))
    sweep_drawing()

    evidence.refresh_from_db()
    assert (bool(evidence.copy), evidence.draw_tries) == (True, 2)


def test_a_late_worker_changes_nothing(left, monkeypatch, files_on_disk):
    evidence = left()
    read = drawing.reading.read

    def read_slowly(*args, **kwargs):
        found = read(*args, **kwargs)
        Evidence.objects.filter(pk=evidence.pk).update(draw_at=timezone.now() + LEASE)  # another has it by now
        return found

    monkeypatch.setattr(drawing.reading, "read", read_slowly)

    assert not draw(evidence.pk)
    assert files_on_disk() == [f"files/originals/{evidence.pk}.bin"]


def test_a_file_that_is_never_ready_is_given_up_with_a_sentence_and_kept(left, monkeypatch):
    evidence = left()

    def too_slow(*args, **kwargs):
        raise pictures.TooSlowError

    monkeypatch.setattr(drawing.reading, "read", too_slow)
    for _ in range(MOST_TRIES):
        Evidence.objects.filter(pk=evidence.pk).update(draw_at=timezone.now())
        draw(evidence.pk)

    evidence.refresh_from_db()
    assert (evidence.unshown, evidence.draw_at) == (refusals.NOT_OPENED, None)
    assert evidence.original


def test_a_process_that_draws_is_the_last_in_line(tmp_path):
    program = "import os, sys; sys.path.insert(0, sys.argv[1]); import redraw; redraw.limit_this_process(); "
    program += "print(os.nice(0))"
    folder = Path(drawing.__file__).parent

    said = drawing.pictures.subprocess.run(
        [drawing.pictures.sys.executable, "-I", "-c", program, str(folder)], capture_output=True, check=True
    ).stdout

    assert int(said) == 19
