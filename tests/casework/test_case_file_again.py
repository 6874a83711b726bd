"""A file of a case that failed begins anew, and its PDF goes after thirty days: of one file, and of no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from incidents.casework import case_file
from incidents.casework.case_file import GAVE_UP, KEPT, sweep_case_files, try_case_file_again
from incidents.models import CaseFile
from tests.casework.fair_case import fair_case
from tests.casework.test_case_file_verbs import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def hurried(monkeypatch):
    calls = []
    monkeypatch.setattr(case_file, "hurry_case_file", calls.append)
    return calls


@pytest.mark.parametrize(("state", "again"), [("failed", True), ("queued", False), ("making", False)])
def test_what_failed_begins_anew(case, slt, colleague, hurried, django_capture_on_commit_callbacks, state, again):
    file, other = ask(case, slt), ask(case, slt)
    CaseFile.objects.update(state=state, attempts=3, papers_done=2, failure="x")

    CaseFile.objects.filter(pk=file.pk).update(has_advice=True)
    with pytest.raises(PermissionDenied):
        try_case_file_again(file=file, by=colleague)
    CaseFile.objects.update(has_advice=False)
    with django_capture_on_commit_callbacks(execute=True):
        try_case_file_again(file=file, by=slt)

    for row in (file, other):
        row.refresh_from_db()
    assert hurried == ([file.pk] if again else [])
    assert (file.state, file.attempts) == (("queued", 0) if again else (state, 3))
    assert (file.papers_done, file.failure) == ((0, "") if again else (2, "x"))
    assert (other.state, other.attempts) == (state, 3)


@pytest.mark.parametrize(("hours", "goes"), [(-1, False), (1, True)])
def test_a_pdf_is_kept_for_thirty_days_and_what_was_lost_is_told_of_again(case, slt, hurried, hours, goes):
    old, waiting = ask(case, slt), ask(case, slt)
    given_up, gone, young = (ask(case, slt) for _ in range(3))
    name = default_storage.save(f"case-files/{old.pk}.pdf", ContentFile(b"%PDF-"))
    made = {"state": "ready", "sha256": "0" * 64, "fingerprint": "f" * 64, "pages": 1, "file": name}
    CaseFile.objects.filter(pk=old.pk).update(made_at=timezone.now() - KEPT - timedelta(hours=hours), **made)
    CaseFile.objects.filter(pk=gone.pk).update(made_at=timezone.now() - 2 * KEPT, **{**made, "file": ""})
    CaseFile.objects.filter(pk=young.pk).update(made_at=timezone.now(), **{**made, "file": "young.pdf"})
    CaseFile.objects.filter(pk=given_up.pk).update(attempts=3)

    sweep_case_files()

    for row in (old, given_up, young):
        row.refresh_from_db()
    assert young.file.name == "young.pdf"
    assert (old.file.name == "", default_storage.exists(name)) == (goes, not goes)
    assert (given_up.state, given_up.failure) == ("failed", GAVE_UP)
    assert hurried == [waiting.pk]
    default_storage.delete(name)
