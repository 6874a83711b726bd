"""How a file is called and where it is found, without a database."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from incidents.models import CustodyEntry, Evidence, EvidencePart, Redaction
from incidents.models.evidence import KB, MB, size_in_words
from incidents.models.evidence_hints import BLURRED, FOR_PARENTS, NO_DATE

KEY = UUID(int=7)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 KB"),
        (KB + 1, "2 KB"),
        (999 * KB, "999 KB"),
        (1000 * KB, "1 MB"),
        (MB + 1, "1.1 MB"),
        (25 * MB, "25 MB"),
    ],
)
def test_a_size_is_rounded_up(size, words):
    assert size_in_words(size) == Evidence(size=size).size_in_words == words


@pytest.mark.parametrize(
    ("media_type", "kind", "words"),
    [
        ("image/png", "picture", "Picture"),
        ("application/pdf", "picture", "PDF"),
        ("audio/ogg", "voice", "Voice note"),
        ("video/mp4", "picture", "Video"),
        ("text/plain", "chat", "Exported chat"),
        ("message/rfc822", "email", "Email"),
        ("", "picture", "File"),
    ],
)
def test_a_file_is_called_by_what_is_in_it(media_type, kind, words):
    evidence = Evidence(media_type=media_type)

    assert (evidence.kind, evidence.kind_in_words) == (kind, words)


def test_nothing_is_shown_of_what_has_no_clean_copy():
    shown, unshown, drawn = Evidence(), Evidence(unshown="It is broken"), Evidence(draw_at=timezone.now())

    assert (shown.is_waiting, shown.waiting_words) == (False, "")
    assert unshown.waiting_words.startswith("No clean copy of it could be made")
    assert drawn.waiting_words.startswith("Its clean copy is being made")


def test_a_parent_reads_the_hints_that_are_for_parents():
    assert Evidence(hints=[NO_DATE, BLURRED]).hints_for_parents == [FOR_PARENTS[BLURRED]]


def test_its_addresses_are_of_this_file_and_of_this_copy():
    evidence, page = Evidence(pk=KEY), f"/staff/evidence/{KEY}/"

    assert evidence.get_absolute_url() == page
    assert (evidence.copy_url, evidence.thumbnail_url) == (f"{page}copy/", f"{page}thumbnail/")
    assert Redaction(pk=3, evidence=evidence).copy_url == f"{page}redacted/3/"


def test_an_entry_of_a_kind_that_is_no_more_is_called_by_its_key():
    assert [CustodyEntry(kind=kind).words for kind in ("viewed", "of another year")] == ["Looked at", "of another year"]


def test_what_came_inside_a_file_is_a_picture_or_a_voice_note():
    assert [EvidencePart(media_type=each).kind for each in ("image/png", "audio/ogg")] == ["picture", "voice"]
