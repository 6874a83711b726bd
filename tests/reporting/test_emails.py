"""The acknowledgement: written with the concern, sent once, kept until it is."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from incidents import tasks
from incidents.models import Concern, Email
from incidents.reporting.emails import acknowledgement
from incidents.tasks import EMAIL_TRIES, SWEEP, send_email, sweep_emails

pytestmark = pytest.mark.django_db


@pytest.fixture
def email(school):
    email = acknowledgement(school=school, to="amina@example.com", reference="DKH-7R4K-2Q")
    email.save()
    return email


@pytest.fixture
def broken_post(monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return monkeypatch


def test_the_message_holds_a_reference_and_a_link_and_nothing_else_of_the_concern(
    with_email, parent, django_capture_on_commit_callbacks
):
    """Row 37: an e-mail gives nobody away by a phrase."""
    with django_capture_on_commit_callbacks(execute=True):
        parent.post(reverse("report-check"))

    message = mail.outbox[0]
    concern = Concern.objects.get()
    receipt = parent.get(reverse("report-sent")).context["receipt"]
    assert message.to == ["amina@example.com"]
    assert concern.reference in message.subject + message.body
    assert "http://testserver/status/" in message.body
    for secret in (receipt.access_code, "D Marsh", "teaching assistant", "Year 4"):
        assert secret not in message.subject + message.body
    assert "We are sending your reference to the email address" in parent.get(reverse("report-sent")).content.decode()


def test_without_an_address_no_message_is_written(answered, parent):
    answered()

    parent.post(reverse("report-check"))

    assert not Email.objects.exists()


def test_sending_the_same_form_twice_writes_one_message(with_email, parent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            parent.post(reverse("report-check"))

    assert (Email.objects.count(), len(mail.outbox)) == (1, 1)


def test_with_the_queue_down_the_page_still_answers_and_the_row_waits(
    with_email, parent, django_capture_on_commit_callbacks, monkeypatch
):
    def refuse(*args, **kwargs):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(send_email, "apply_async", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        response = parent.post(reverse("report-check"))

    assert response.url == reverse("report-sent")
    assert Email.objects.unsent().count() == 1
    monkeypatch.undo()
    Email.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    sweep_emails()
    assert len(mail.outbox) == 1


def test_a_message_is_sent_once_however_often_the_task_runs(email):
    for _ in range(3):
        send_email(email.pk)

    email.refresh_from_db()
    assert len(mail.outbox) == 1
    assert (email.attempts, email.lease_until, email.failure) == (1, None, "")
    assert email.sent_at


def test_a_message_that_is_being_sent_is_left_alone(email):
    Email.objects.update(lease_until=timezone.now() + timedelta(seconds=30))

    send_email(email.pk)

    assert not mail.outbox


def test_a_message_whose_worker_died_is_sent_by_the_next(email):
    Email.objects.update(lease_until=timezone.now() - timedelta(seconds=1), attempts=1)

    send_email(email.pk)

    assert len(mail.outbox) == 1


def test_a_message_that_does_not_exist_is_no_error(db):
    send_email(4711)

    assert not mail.outbox


def test_a_failure_is_kept_with_the_row_and_tried_again_later(email, broken_post):
    send_email(email.pk)
    send_email(email.pk)

    email.refresh_from_db()
    assert email.attempts == 1
    assert email.sent_at is None
    assert "Connection refused" in email.failure
    assert email.lease_until > timezone.now()

    broken_post.undo()
    Email.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    send_email(email.pk)
    email.refresh_from_db()
    assert (email.failure, len(mail.outbox)) == ("", 1)


def test_each_failure_waits_longer_up_to_an_hour(email, broken_post):
    waits = []
    for _ in range(9):
        Email.objects.update(lease_until=None)
        send_email(email.pk)
        waits.append(round((Email.objects.get().lease_until - timezone.now()).total_seconds() / 60))

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_v1_3_11_a_message_with_a_header_that_cannot_be_sent_stays_a_row(email):
    """Row 21: a header that somebody wrote into."""
    Email.objects.update(subject="one\ntwo")

    send_email(email.pk)

    assert not mail.outbox
    assert Email.objects.get().failure


def test_the_message_says_it_is_automatic_and_keeps_its_name(email):
    send_email(email.pk)

    headers = mail.outbox[0].extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == f"<email-{email.pk}@testserver>"


def test_the_sweep_leaves_fresh_sent_and_hopeless_messages_alone(school):
    long_ago = timezone.now() - timedelta(minutes=5)
    for fields in (
        {},
        {"created_at": long_ago, "sent_at": long_ago},
        {"created_at": long_ago, "attempts": EMAIL_TRIES},
        {"created_at": long_ago, "lease_until": timezone.now() + timedelta(minutes=1)},
    ):
        Email.objects.create(school=school, to="a@example.com", subject="s", body="b", **fields)

    sweep_emails()

    assert not mail.outbox


def test_the_sweep_takes_the_oldest_and_not_more_than_it_can_do(school):
    long_ago = timezone.now() - timedelta(hours=1)
    Email.objects.bulk_create(
        Email(school=school, to=f"{n}@example.com", subject="s", body="b", created_at=long_ago + timedelta(seconds=n))
        for n in range(SWEEP + 2)
    )

    sweep_emails()

    assert [message.to for message in mail.outbox] == [[f"{n}@example.com"] for n in range(SWEEP)]


def test_a_queue_that_is_frozen_keeps_the_page_for_a_moment_only(email, monkeypatch):
    go_on, published = Event(), Event()
    monkeypatch.setattr(tasks, "PUBLISH_SECONDS", 0.01)
    monkeypatch.setattr(send_email, "delay", lambda pk: go_on.wait(10) and published.set())

    send_email.app.conf.task_always_eager = False
    try:
        tasks.hurry_email(email.pk)
    finally:
        send_email.app.conf.task_always_eager = True

    assert not published.is_set()
    go_on.set()
    assert published.wait(10)
