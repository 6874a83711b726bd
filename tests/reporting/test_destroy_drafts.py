"""Drafts that nobody sent are destroyed, with every file that came with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from incidents.models import Concern, Draft, Evidence, Recording
from incidents.reporting.sending import send_concern
from incidents.tasks import destroy_drafts
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db


def expire() -> None:
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def names_of(evidence: Evidence) -> list[str]:
    return [str(file) for file in (evidence.original, evidence.copy, evidence.thumbnail)]


def test_v14_1_1_an_expired_draft_goes_with_its_rows_and_files(draft, add_file, django_capture_on_commit_callbacks):
    names = names_of(add_file(draft))
    add_file(draft, problem="This is not a picture.")
    expire()

    with django_capture_on_commit_callbacks(execute=True):
        destroy_drafts()

    assert not Draft.objects.exists()
    assert not Evidence.objects.exists()
    assert not any(default_storage.exists(name) for name in names)


def test_files_stay_until_the_rows_are_gone_for_good(draft, add_file):
    names = names_of(add_file(draft))
    expire()

    with transaction.atomic():
        destroy_drafts()
        transaction.set_rollback(True)

    assert all(default_storage.exists(name) for name in names)
    assert Evidence.objects.count() == 1


def test_a_draft_that_is_alive_stays(draft, add_file, django_capture_on_commit_callbacks):
    names = names_of(add_file(draft))

    with django_capture_on_commit_callbacks(execute=True):
        destroy_drafts()

    assert Draft.objects.count() == 1
    assert all(default_storage.exists(name) for name in names)


def test_evidence_that_was_sent_outlives_its_draft(draft, add_file, django_capture_on_commit_callbacks):
    names = names_of(add_file(draft))
    send_concern(draft=draft, secret="s")
    expire()

    with django_capture_on_commit_callbacks(execute=True):
        destroy_drafts()

    assert not Draft.objects.exists()
    assert Concern.objects.get().evidence.count() == 1
    assert all(default_storage.exists(name) for name in names)


def test_running_twice_does_no_harm(draft, django_capture_on_commit_callbacks):
    expire()

    with django_capture_on_commit_callbacks(execute=True):
        destroy_drafts()
        destroy_drafts()

    assert not Draft.objects.exists()


def test_a_draft_whose_parent_came_back_a_moment_ago_stays(draft, add_file):
    add_file(draft)
    expire()

    with just_before_the_lock(lambda: Draft.objects.update(expires_at=timezone.now() + timedelta(hours=1))):
        destroy_drafts()

    assert Draft.objects.get().evidence.count() == 1


def test_what_staff_began_to_write_down_goes_with_its_draft(draft, slt):
    Recording.objects.create(draft=draft, how="phone", came_on=timezone.localdate(), recorded_by=slt)
    expire()

    destroy_drafts()

    assert not Recording.objects.exists()
