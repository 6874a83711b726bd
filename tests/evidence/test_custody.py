"""What happened to a file is in its chain of custody, and what was touched on the disk or in the log is found."""

from __future__ import annotations

import io
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from dkh_conduct.school import keyring
from dkh_conduct.school.chain import end_of
from incidents.evidence import sealing
from incidents.evidence.custody import Kind, custody_of, note
from incidents.evidence.destroying import discard, stored_names
from incidents.evidence.intake import receive, remove
from incidents.evidence.originals import CannotOpenError, open_original, reseal_original
from incidents.models import CustodyEntry, Event, Evidence
from tests.evidence.drawing import pdf, png, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


def kinds_of(evidence) -> list[str]:
    return list(CustodyEntry.objects.filter(evidence_key=evidence.pk).values_list("kind", flat=True))


def checked(**options) -> str:
    out = io.StringIO()
    try:
        call_command("verify_evidence", stdout=out, **options)
    except CommandError as error:
        out.write(f"FAILED {error}")
    return out.getvalue()


def test_receipt_and_copies_are_entries_with_hashes_and_without_names(evidence):
    received, made = CustodyEntry.objects.filter(evidence_key=evidence.pk)

    assert received.kind == "received"
    assert received.facts == {
        "sha256": evidence.sha256,
        "size": evidence.size,
        "media_type": "image/png",
        "channel": "concern, online",
    }
    assert set(made.facts["files"]) == {evidence.copy.name, evidence.thumbnail.name}
    assert evidence.name not in f"{received.facts}{made.facts}"


def test_the_original_on_the_disk_is_sealed(evidence):
    with default_storage.open(evidence.original.name) as file:
        on_disk = file.read()

    assert b"PNG" not in on_disk
    assert b"IDAT" not in on_disk
    assert sealing.sha256_of(evidence.original.name) == evidence.sha256


def test_a_file_taken_back_leaves_its_last_entry(draft):
    waiting = receive(draft=draft, upload=sent(png()))

    remove(draft=draft, key=waiting.pk)

    assert kinds_of(waiting) == ["received", "copy_made", "destroyed"]


def test_every_page_of_a_file_that_is_destroyed_leaves_the_disk(
    draft, files_on_disk, django_capture_on_commit_callbacks
):
    document = receive(draft=draft, upload=sent(pdf(3), "three pages.pdf"))
    assert len(files_on_disk()) == 7

    with django_capture_on_commit_callbacks(execute=True):
        remove(draft=draft, key=document.pk)

    assert files_on_disk() == []


def test_a_file_that_cannot_be_deleted_keeps_none_of_the_others(evidence, files_on_disk):
    discard(["originals", *stored_names(evidence)])  # a folder that is not empty

    assert files_on_disk() == []


def test_an_original_that_is_another_whole_file_is_not_handed_out(evidence, head):
    sealing.store_sealed("originals/other.bin", iter([b"Something else"]))
    Evidence.objects.update(original="originals/other.bin")

    with pytest.raises(CannotOpenError, match="is not the file that came in"):
        open_original(evidence=Evidence.objects.get(), by=head, why="To see")
    assert not Event.objects.filter(kind="original_opened").exists()


def test_each_look_is_an_entry_and_turning_the_picture_is_not_another(slt, colleague, signed_in, evidence):
    for _ in range(3):
        signed_in(slt).get(evidence.copy_url)
    signed_in(slt).get(evidence.thumbnail_url)
    signed_in(colleague).get(evidence.copy_url)

    looks = CustodyEntry.objects.filter(evidence_key=evidence.pk, kind="viewed")
    assert [look.by for look in looks] == [slt, colleague]


def test_everything_is_as_it_was_stored(evidence):
    assert checked().endswith("Everything is as it was stored.\n")


@pytest.mark.parametrize("which", ["original", "copy", "thumbnail"])
@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_file_that_was_touched_is_named(evidence, which, harm):
    name = str(getattr(evidence, which))
    with default_storage.open(name) as file:
        content = bytearray(file.read())
    default_storage.delete(name)
    if harm == "changed":
        content[-1] ^= 1
        default_storage.save(name, ContentFile(bytes(content)))

    told = checked()

    assert f"DKH  Evidence {evidence.pk}: " in told
    assert "FAILED 1 found" in told


def test_a_row_that_claims_another_hash_is_named(evidence):
    Evidence.objects.update(sha256="f" * 64)

    assert "its row has another SHA-256 than the log." in checked()


def test_a_touched_entry_is_named_first(evidence):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_custodyentry SET kind = 'viewed' WHERE seq = 1")

    assert checked().startswith("DKH  The log: Entry 1 was changed after it was written.")


def test_a_printed_end_is_held_against_the_log(evidence, school):
    end = end_of(CustodyEntry, school)

    assert "Everything is as it was stored." in checked(school="DKH", anchor=f"{end.seq}:{end.hash}")
    assert "is not the one that was printed" in checked(school="DKH", anchor=f"{end.seq}:{'0' * 64}")
    assert "FAILED An anchor is" in checked(school="DKH", anchor="nonsense")
    assert "FAILED There is no such school." in checked(school="NONE")


def test_the_page_shows_every_entry_and_the_end_to_be_printed(slt, signed_in, evidence, school):
    signed_in(slt).get(evidence.copy_url)

    page = signed_in(slt).get(reverse("evidence-custody", args=[evidence.pk])).content.decode()

    assert re.findall(r"<strong>(Received and sealed|Copy made|Looked at)</strong>", page) == [
        "Received and sealed",
        "Copy made",
        "Looked at",
    ]
    assert evidence.sha256 in page
    assert f"3:{end_of(CustodyEntry, school).hash}" in page
    assert "The log does not hold" not in page


def test_the_page_says_so_when_the_log_does_not_hold(slt, signed_in, evidence):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM incidents_custodyentry WHERE seq = 2")

    page = signed_in(slt).get(reverse("evidence-custody", args=[evidence.pk])).content.decode()

    assert "The log does not hold. Entry 2 is missing" in page


def test_opening_an_original_needs_the_right_and_a_reason_and_leaves_an_event(head, signed_in, evidence):
    address = reverse("evidence-original-open", args=[evidence.pk])
    client = signed_in(head)

    refused = client.post(address, {"why": ""})
    assert "Say why the original is opened" in refused.content.decode()
    assert not Event.objects.filter(kind="original_opened").exists()

    opened = client.post(address, {"why": "The police asked for the file itself."})
    assert b"".join(opened.streaming_content) == png()
    assert opened["Content-Type"] == "application/octet-stream"
    assert opened["Content-Disposition"].startswith("attachment; ")
    assert opened["Content-Security-Policy"].startswith("sandbox")
    event = Event.objects.get(kind="original_opened")
    assert (event.by, event.why, event.concern) == (head, "The police asked for the file itself.", evidence.concern)
    assert kinds_of(evidence)[-1] == "original_opened"


def test_without_the_right_nothing_is_opened(slt, evidence):
    with pytest.raises(PermissionDenied):
        open_original(evidence=evidence, by=slt, why="Curious")


def test_a_damaged_original_is_not_handed_out(head, signed_in, evidence):
    default_storage.delete(evidence.original.name)
    default_storage.save(evidence.original.name, ContentFile(b"something else"))

    page = signed_in(head).post(reverse("evidence-original-open", args=[evidence.pk]), {"why": "Court"})

    assert "The sealed original cannot be opened" in page.content.decode()
    assert "original_opened" not in kinds_of(evidence)


def test_rotation_seals_originals_again_and_the_old_key_can_go(
    evidence, settings, files_on_disk, django_capture_on_commit_callbacks
):
    old = keyring.newest(sealing.RING)
    keyring.add_key(sealing.RING)

    with django_capture_on_commit_callbacks(execute=True):
        assert reseal_original(evidence=evidence)
        assert not reseal_original(evidence=evidence)
    settings.KEYS_GIVEN = {sealing.RING: [key.line for key in keyring.ring(sealing.RING) if key != old]}

    evidence.refresh_from_db()
    assert b"".join(sealing.open_sealed(evidence.original.name)) == png()
    assert kinds_of(evidence)[-1] == "sealed_again"
    assert len([name for name in files_on_disk() if "originals/" in name]) == 1
    assert checked().endswith("Everything is as it was stored.\n")


def test_the_lines_of_one_file_say_what_happened_to_it_and_to_no_other(school, slt):
    concern = ConcernFactory.create(school=school)
    file, other = (
        Evidence.objects.create(school=school, concern=concern, sha256=str(n) * 64, original="x", copy="x")
        for n in range(2)
    )
    files = {"copy": "2" * 64, "a thumbnail": "3" * 64}
    note(Kind.RECEIVED, file, by=slt, size=5, channel="form", sha256="0" * 64, files=files, tool="", boxes=["x"])
    note(Kind.VIEWED, other, by=slt)
    note(Kind.EXPORTED, file, sha256="1" * 64, pack="C014-P1")

    received, exported = custody_of(file)

    assert (received.entry.by, exported.entry.by) == (slt, None)
    assert received.lines == [
        f"SHA-256 of the original: {'0' * 64}",
        "Bytes: 5",
        "Came by: form",
        f"a thumbnail: SHA-256 {'3' * 64}",
        f"copy: SHA-256 {'2' * 64}",
    ]
    assert exported.lines == [f"SHA-256 of the copy: {'1' * 64}", "Taken out in: C014-P1"]
