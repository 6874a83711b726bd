"""An original, or the e-mail that a concern came in, is opened as what it is, and is sealed again once."""

from __future__ import annotations

import hashlib
import uuid
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from dkh_conduct.school import keyring
from incidents.evidence import sealing
from incidents.evidence.originals import (
    CannotOpenError,
    case_of,
    open_email,
    open_original,
    reseal_email,
    reseal_original,
)
from incidents.models import CustodyEntry, Event, Evidence, Recording
from tests.factories import CaseFactory, ConcernFactory

pytestmark = pytest.mark.django_db


def facts_of(kind: str) -> tuple[object, ...]:
    entry = CustodyEntry.objects.get(kind=kind)
    return entry.evidence_key, entry.by, entry.facts


def told(kind: str) -> tuple[object, ...]:
    event = Event.objects.get(kind=kind)
    return event.school, event.by, event.case, event.concern, event.why


def test_an_opened_original_is_told_with_its_case_and_why(files, head):
    sealing.store_sealed("originals/2.bin", [b"As it came"])
    file = files[1]
    file.original, file.sha256 = "originals/2.bin", hashlib.sha256(b"As it came").hexdigest()

    assert b"".join(open_original(evidence=file, by=head, why="Court")) == b"As it came"
    assert told("original_opened") == (file.school, head, file.concern.case, file.concern, "Court")
    assert facts_of("original_opened") == (file.pk, head, {"sha256": file.sha256})


@pytest.fixture
def emails(school, slt):
    """Two concerns that came as e-mails and one that came by telephone, in this order."""
    made = []
    for name in ("mail/0.bin", "mail/1.bin", ""):
        concern = ConcernFactory.create(school=school, case=CaseFactory.create(school=school))
        recording = Recording(concern=concern, how="email", came_on=timezone.localdate(), recorded_by=slt)
        if name:
            sealing.store_sealed(name, [name.encode()])
            recording.email_sha256 = hashlib.sha256(name.encode()).hexdigest()
        recording.email_file.name = name
        recording.save()
        made.append(recording)
    return made


def test_the_email_of_a_concern_is_opened_byte_for_byte_and_told(emails, slt):
    concern = emails[1].concern

    assert open_email(concern=concern, by=slt) == b"mail/1.bin"
    assert told("email_saved") == (concern.school, slt, concern.case, concern, "")
    with pytest.raises(Recording.DoesNotExist):
        open_email(concern=emails[2].concern, by=slt)


def test_an_email_that_is_not_what_came_in_is_not_handed_out(emails, slt):
    default_storage.delete("mail/0.bin")
    sealing.store_sealed("mail/0.bin", [b"Another"])
    default_storage.delete("mail/1.bin")

    with pytest.raises(CannotOpenError, match="is not the email that came in"):
        open_email(concern=emails[0].concern, by=slt)
    with pytest.raises(CannotOpenError, match="not as it was stored"):
        open_email(concern=emails[1].concern, by=slt)
    assert not Event.objects.filter(kind="email_saved").exists()


def test_an_email_is_sealed_again_once_and_its_old_file_goes(emails, files_on_disk, django_capture_on_commit_callbacks):
    _, recording, called = emails
    assert not reseal_email(recording=recording)
    keyring.add_key(sealing.RING)

    with django_capture_on_commit_callbacks(execute=True):
        assert reseal_email(recording=recording)
        assert not reseal_email(recording=recording)
        assert not reseal_email(recording=called)

    recording.refresh_from_db()
    name = str(recording.email_file)
    assert sorted(files_on_disk()) == sorted([f"files/{name}", "files/mail/0.bin"])
    assert b"".join(sealing.open_sealed(name)) == b"mail/1.bin"
    assert sealing.key_id_of(name) == keyring.newest(sealing.RING).id


def test_one_original_is_sealed_again_once_and_its_old_file_goes(files, django_capture_on_commit_callbacks):
    for file in files:
        sealing.store_sealed(f"originals/{file.position}", [b"As it came"])
        Evidence.objects.filter(pk=file.pk).update(original=f"originals/{file.position}")
    other, file = files
    assert not reseal_original(evidence=file)
    keyring.add_key(sealing.RING)
    Evidence.objects.filter(pk=file.pk).update(caption="Meanwhile")

    with django_capture_on_commit_callbacks(execute=True):
        assert [reseal_original(evidence=file) for _ in range(2)] == [True, False]
        gone = Evidence(pk=uuid.uuid4())
        Evidence.objects.filter(pk=other.pk).update(original="", original_destroyed_at=timezone.now())
        assert [reseal_original(evidence=each) for each in (other, gone)] == [False, False]

    file.refresh_from_db()
    assert file.caption == "Meanwhile"
    assert b"".join(sealing.open_sealed(str(file.original))) == b"As it came"
    newest = keyring.newest(sealing.RING).id
    assert facts_of("sealed_again") == (file.pk, None, {"key": newest, "sha256": file.sha256})
    assert [default_storage.exists(f"originals/{number}") for number in (1, 2)] == [True, False]


def test_a_file_of_a_reply_is_part_of_the_case_of_its_step(files):
    assert case_of(files[1]) == files[1].concern.case
    case = CaseFactory.build()
    stub = SimpleNamespace(concern=None, reply=SimpleNamespace(step=SimpleNamespace(case=case)))
    assert case_of(stub) is case
    assert case_of(SimpleNamespace(concern=None, reply=None)) is None
