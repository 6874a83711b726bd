"""A file is kept with one home, counted there alone, and told of in full; drawn later, so nothing is drawn here."""

from __future__ import annotations

import hashlib

import pytest

from incidents.evidence import intake, refusals
from incidents.evidence.intake import DraftClosedError, Holder, RefusedError, receive, receive_later, remove
from incidents.evidence.uploads import ReceivedFile
from incidents.models import CustodyEntry, Draft, Event, Evidence, Reply
from tests.evidence.drawing import png, sent
from tests.factories import ConcernFactory
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db
CONTENT = png((20, 20))


@pytest.fixture(autouse=True)
def _drawn_later(settings, monkeypatch):
    """And without a pause between two files."""
    settings.EVIDENCE_SECONDS_IN_REQUEST = 0
    monkeypatch.setattr(intake, "LONGEST_PAUSE", 0.0)


@pytest.fixture
def other(school):
    return Draft.objects.create(school=school, secret_hash="1" * 64)


def picture(name: str = "one.png"):
    return sent(CONTENT, name)


def test_a_file_hangs_on_one_kind_of_home(draft, school):
    concern, reply = ConcernFactory.create(school=school), Reply(pk=1, school=school)

    assert Holder(draft).place == {"draft": draft, "reply": None, "concern": None}
    assert Holder(concern).place == {"draft": None, "reply": None, "concern": concern}
    assert Holder(reply).place == {"draft": None, "reply": reply, "concern": None}
    assert [Holder(home).channel for home in (draft, concern, reply)] == [
        "concern, online",
        "added after sending, online",
        "reply to a letter, online",
    ]


def test_what_is_kept_before_it_is_drawn_says_what_came(draft, files_on_disk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        made = receive(draft=draft, upload=picture(), caption="Look")

    kept = Evidence.objects.get()
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert (kept, kept.draft, kept.concern, kept.reply, kept.school) == (made, draft, None, None, draft.school)
    assert (kept.name, kept.caption, kept.size, kept.sha256) == ("one.png", "Look", len(CONTENT), sha256)
    assert (kept.media_type, kept.scan, kept.position) == ("image/png", "none", 1)
    assert (str(kept.original), str(kept.copy)) == (f"originals/{kept.pk}.bin", "")
    assert kept.draw_at
    assert files_on_disk() == [f"files/originals/{kept.pk}.bin"]
    entry = CustodyEntry.objects.get()
    assert (entry.kind, entry.evidence_key) == ("received", kept.pk)
    told = {"sha256": sha256, "size": len(CONTENT), "media_type": "image/png", "channel": "concern, online"}
    assert entry.facts == told
    assert len(callbacks) == 1
    assert not Event.objects.exists()


@pytest.mark.parametrize("problem", ["", "Only part of this file reached us."])
def test_what_went_wrong_on_its_way_in_is_the_reason_and_else_it_is_taken_from_the_disk(draft, problem):
    upload = ReceivedFile("one.png", "image/png")
    upload.file.write(CONTENT)
    upload.file.flush()
    upload.size = len(CONTENT)
    if problem:
        upload.give_up(problem)

    made = receive(draft=draft, upload=upload)

    assert (made.problem, made.size, bool(made.sha256)) == (problem, len(CONTENT), not problem)


def test_a_file_that_a_scanner_found_nothing_in_says_so(draft, monkeypatch):
    monkeypatch.setattr(intake.scanning, "scan", lambda path: Evidence.Scan.CLEAN)

    receive(draft=draft, upload=picture())

    assert list(CustodyEntry.objects.order_by("seq").values_list("kind", "facts__result"))[1:] == [
        ("scanned", "nothing found")
    ]


def test_a_virus_is_no_evidence(draft, files_on_disk, monkeypatch):
    monkeypatch.setattr(intake.scanning, "scan", lambda path: Evidence.Scan.FOUND)

    assert receive(draft=draft, upload=picture()).problem == refusals.VIRUS
    assert files_on_disk() == []


def test_what_is_added_later_is_an_event_of_its_concern(school):
    ConcernFactory.create(school=school)
    concern = ConcernFactory.create(school=school)

    made = receive_later(concern=concern, upload=picture())

    event = Event.objects.get()
    assert (event.kind, event.school, event.by, event.concern) == ("evidence_added", school, None, concern)
    assert (made.concern, made.caption, made.name) == (concern, "", "one.png")


def test_the_same_file_is_one_where_it_hangs_on_one_home_under_one_name(draft, other, files_on_disk):
    first = receive(draft=draft, upload=picture())

    assert receive(draft=draft, upload=picture()) == first
    assert receive(draft=other, upload=picture()) != first
    assert receive(draft=draft, upload=picture("two.png")).position == 2
    assert receive(draft=draft, upload=sent(png((21, 20)), "one.png")).position == 3
    assert Evidence.objects.get(draft=other).position == 1
    assert len(files_on_disk()) == 4


def test_the_limits_themselves_are_kept_and_files_of_another_home_do_not_count(draft, other, settings):
    settings.EVIDENCE_MAX_BYTES = len(CONTENT)
    settings.EVIDENCE_MAX_TOTAL_BYTES = len(CONTENT)
    assert receive(draft=other, upload=picture()).problem == ""
    settings.EVIDENCE_MAX_TOTAL_BYTES = 2 * len(CONTENT)

    assert [receive(draft=draft, upload=picture(f"{n}.png")).problem for n in range(2)] == ["", ""]
    assert "in all, the most we can take" in receive(draft=draft, upload=picture("3.png")).problem
    settings.EVIDENCE_MAX_TOTAL_BYTES, settings.EVIDENCE_MAX_FILES = 9 * len(CONTENT), 3
    assert receive(draft=draft, upload=picture("3.png")).problem == ""
    assert receive(draft=draft, upload=picture("4.png")).problem == refusals.too_many(refusals.REMOVE_ONE)
    settings.EVIDENCE_MAX_BYTES -= 1
    assert receive(draft=draft, upload=picture("5.png")).problem == refusals.too_big(len(CONTENT))


def test_a_full_concern_is_told_to_describe_it_and_a_draft_to_remove_one(school, settings):
    settings.EVIDENCE_MAX_FILES = 0
    concern = ConcernFactory.create(school=school)

    with pytest.raises(RefusedError) as refused:
        receive_later(concern=concern, upload=picture())
    assert str(refused.value) == refusals.too_many(refusals.DESCRIBE_IT)
    settings.EVIDENCE_MAX_FILES, settings.EVIDENCE_MAX_TOTAL_BYTES = 9, 1
    with pytest.raises(RefusedError) as refused:
        receive_later(concern=concern, upload=picture())
    assert str(refused.value) == refusals.too_much(refusals.DESCRIBE_IT)


def test_where_there_is_no_room_nothing_is_read(draft, settings, monkeypatch):
    settings.EVIDENCE_MAX_FILES = 0
    monkeypatch.setattr(intake.drawing, "read_now", lambda path, name: 1 / 0)

    assert receive(draft=draft, upload=picture()).problem == refusals.too_many(refusals.REMOVE_ONE)


def test_the_last_place_that_somebody_else_takes_meanwhile_is_not_given_twice(draft, settings, files_on_disk):
    settings.EVIDENCE_MAX_FILES = 1
    row = {"school": draft.school, "draft": draft, "sha256": "0", "original": "x", "copy": "y"}

    with just_before_the_lock(lambda: Evidence.objects.create(**row)):
        late = receive(draft=draft, upload=picture())

    assert late.problem == refusals.too_many(refusals.REMOVE_ONE)
    assert files_on_disk() == []


def test_refused_files_are_counted_and_forgotten_on_one_draft(draft, other, monkeypatch):
    monkeypatch.setattr(intake, "MOST_REFUSED", 2)
    theirs = receive(draft=other, upload=sent(b"text", "a.txt"))

    first, _, third = (receive(draft=draft, upload=sent(b"text", f"{name}.txt")) for name in "abc")
    again = receive(draft=draft, upload=sent(b"text", "c.txt"))
    problem = receive(draft=draft, upload=sent(b"", "c.txt"))

    assert again == third != problem
    assert list(Evidence.objects.filter(draft=draft)) == [third, problem]
    assert (theirs.school, third.size, problem.size) == (other.school, 4, 0)
    assert Evidence.objects.filter(pk=theirs.pk).exists()
    assert not Evidence.objects.filter(pk=first.pk).exists()


def test_one_file_of_one_draft_is_taken_out_while_it_is_not_sent(draft, other, school):
    theirs = receive(draft=other, upload=picture())
    keys = [receive(draft=draft, upload=picture(f"{n}.png")).pk for n in range(2)]

    remove(draft=draft, key=theirs.pk)
    remove(draft=draft, key=keys[1])

    assert [file.pk for file in Evidence.objects.filter(draft=draft)] == keys[:1]
    assert Evidence.objects.filter(pk=theirs.pk).exists()
    Draft.objects.filter(pk=draft.pk).update(concern=ConcernFactory.create(school=school))
    assert receive(draft=other, upload=picture("3.png")).problem == ""
    for deed in (
        lambda: remove(draft=draft, key=keys[0]),
        lambda: receive(draft=draft, upload=picture("3.png")),
        lambda: receive(draft=draft, upload=sent(b"text", "a.txt")),
    ):
        with pytest.raises(DraftClosedError):
            deed()
    assert Evidence.objects.filter(draft=draft).count() == 1


def test_the_turn_waits_no_longer_than_is_promised(monkeypatch):
    waited = []
    monkeypatch.setattr(intake, "LONGEST_PAUSE", 0.25)
    monkeypatch.setattr(intake.time, "sleep", waited.append)
    monkeypatch.setattr(intake.time, "monotonic", lambda: 100.0)
    began = iter([0.0, 0.01, 0.0, 9.0, 0.0, 0.0])
    monkeypatch.setattr(intake.time, "thread_time", lambda: next(began))
    turns = intake.Turns()

    for _ in range(3):
        with turns.take():
            pass

    assert waited == pytest.approx([0.0, 8 * 0.01, 0.25])
