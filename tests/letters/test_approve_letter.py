"""Approving fixes the words, tells the worker, and never fails or waits because of the queue."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dkh_conduct.school.models import today
from letters import queue
from letters.approval import approve_letter
from letters.models import Letter
from letters.refusals import AddressDoesNotFitError, UnprintableError, WrongStateError

pytestmark = pytest.mark.django_db


def test_an_approved_letter_is_queued_under_todays_date(draft, slt):
    before = timezone.now()

    letter = approve_letter(letter=draft(), by=slt)

    letter.refresh_from_db()
    assert letter.state == Letter.State.QUEUED
    assert letter.approved_by == slt
    assert before <= letter.approved_at <= timezone.now()
    assert letter.queued_at == letter.approved_at
    assert letter.written_on == today()


def test_the_worker_is_told_once_the_approval_is_kept(draft, slt, django_capture_on_commit_callbacks):
    letter = draft()

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        approve_letter(letter=letter, by=slt)

    letter.refresh_from_db()
    assert len(callbacks) == 1
    assert letter.state == Letter.State.READY
    assert letter.is_sealed


def test_two_people_approve_and_the_second_hears_who_was_first(draft, slt, head):
    letter = draft()
    approve_letter(letter=letter, by=slt)

    with pytest.raises(WrongStateError, match=r"was approved by Ruth Adeyemi today at \d+:\d\d[ap]m"):
        approve_letter(letter=letter, by=head)

    letter.refresh_from_db()
    assert letter.approved_by == slt


def test_the_office_and_another_school_approve_nothing(draft, office, outsider):
    letter = draft()

    for person in (office, outsider):
        with pytest.raises(PermissionDenied):
            approve_letter(letter=letter, by=person)

    letter.refresh_from_db()
    assert letter.state == Letter.State.DRAFT


@pytest.mark.parametrize(
    ("fields", "refusal", "sentence"),
    [
        ({"body": " \n "}, UnprintableError, "The letter is empty"),
        ({"body": "x" * 10_001}, UnprintableError, "10,001 characters"),
        ({"body": "a\n" * 301}, UnprintableError, "301 lines"),
        ({"body": "|a" * 7 + "|\n" + "|-" * 7 + "|\n"}, UnprintableError, "more than 6 columns"),
        ({"body": "## Heading\n" * 299}, UnprintableError, "pages long. Shorten it to 10"),
        ({"salutation": "\U0010fff0"}, UnprintableError, "cannot be printed: \U0010fff0 Take them out"),
        ({"address": "1\n2\n3\n4\n5\n6\nSE22 8EQ"}, AddressDoesNotFitError, "take 8 lines"),
        ({"address": ""}, AddressDoesNotFitError, "address is missing"),
        ({"reply_by": today() - timedelta(days=1)}, UnprintableError, "has passed. Choose a later one"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_stays_a_draft(draft, slt, fields, refusal, sentence):
    letter = draft(**fields)

    with pytest.raises(refusal, match=sentence):
        approve_letter(letter=letter, by=slt)

    letter.refresh_from_db()
    assert letter.state == Letter.State.DRAFT


def test_a_broker_that_hangs_does_not_keep_the_request(monkeypatch, settings):
    class Frozen:
        name = "letters.tasks.render_letter"

        class app:  # noqa: N801
            class conf:  # noqa: N801
                task_always_eager = False

        @staticmethod
        def apply_async(*args, **kwargs):
            time.sleep(30)

    monkeypatch.setattr("letters.tasks.render_letter", Frozen)
    monkeypatch.setattr(queue, "PUBLISH_SECONDS", 0.05)

    started = time.monotonic()
    queue.hurry(1)

    assert time.monotonic() - started < 10  # and not 30


def test_a_broker_that_is_down_is_only_logged(caplog):
    class Down:
        name = "letters.tasks.render_letter"

        @staticmethod
        def apply_async(*args, **kwargs):
            raise ConnectionRefusedError

    queue._publish(Down, 7)

    assert "render_letter 7 is queued, but the worker could not be told" in caplog.text
