"""A file added to a concern that was sent: the same care, the same limits, counted over the whole concern."""

from __future__ import annotations

import errno
import os

import pytest

from incidents.evidence import refusals
from incidents.evidence.intake import RefusedError, receive_later
from incidents.models import Event, Evidence
from tests.evidence.drawing import png, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern(school):
    return ConcernFactory.create(school=school)


def test_a_picture_is_kept_with_its_clean_copy_and_told_as_one_event(concern, files_on_disk):
    first = receive_later(concern=concern, upload=sent(png(), "one.png"))
    second = receive_later(concern=concern, upload=sent(png((50, 50)), "two.png"))

    assert [first.position, second.position] == [1, 2]
    assert (first.concern, first.draft, first.school) == (concern, None, concern.school)
    assert len(files_on_disk()) == 6
    assert Event.objects.filter(kind="evidence_added", concern=concern, by=None).count() == 2
    assert "one.png" not in str(Event.objects.values_list("facts", flat=True))


def test_the_same_file_twice_is_kept_once(concern, files_on_disk):
    first = receive_later(concern=concern, upload=sent(png()))
    again = receive_later(concern=concern, upload=sent(png()))

    assert first == again
    assert len(files_on_disk()) == 3
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.png", refusals.EMPTY),
        (b"%PDF-1.4", "letter.pdf", refusals.DAMAGED_PDF),
        (png()[:200], "half.png", refusals.DAMAGED),
        (b"\x00" * 20, "odd.png", refusals.NOT_A_PICTURE),
    ],
)
def test_what_cannot_be_taken_says_why_and_leaves_nothing(concern, files_on_disk, content, name, sentence):
    with pytest.raises(RefusedError, match="^" + sentence[:20]):
        receive_later(concern=concern, upload=sent(content, name))

    assert not Evidence.objects.exists()
    assert not Event.objects.exists()
    assert files_on_disk() == []


def test_the_files_sent_before_count_towards_the_limit(concern, settings):
    settings.EVIDENCE_MAX_FILES = 2
    for number in (1, 2):
        receive_later(concern=concern, upload=sent(png((40 + number, 40)), f"{number}.png"))

    with pytest.raises(RefusedError, match="the most we can take"):
        receive_later(concern=concern, upload=sent(png((30, 30)), "3.png"))

    assert Evidence.objects.count() == 2


def test_another_concerns_files_do_not_count(concern, school, settings):
    settings.EVIDENCE_MAX_FILES = 1
    receive_later(concern=ConcernFactory.create(school=school), upload=sent(png()))

    assert receive_later(concern=concern, upload=sent(png())).concern == concern


def test_bytes_are_counted_over_the_concern(concern, settings):
    settings.EVIDENCE_MAX_TOTAL_BYTES = len(png()) + 10
    receive_later(concern=concern, upload=sent(png()))

    with pytest.raises(RefusedError, match="in all"):
        receive_later(concern=concern, upload=sent(png((60, 60)), "other.png"))


def test_a_full_disk_is_said_and_leaves_nothing(concern, files_on_disk, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(RefusedError, match="we could not keep this file"):
        receive_later(concern=concern, upload=sent(png()))
    assert not Evidence.objects.exists()
    assert files_on_disk() == []
