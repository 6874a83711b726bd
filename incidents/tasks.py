"""What the worker does for the domain. Every task takes a key, claims the row, and is safe to run twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from incidents.evidence.destroying import destroy
from incidents.evidence.ocr import read_unread
from incidents.evidence.scanning import scan_waiting
from incidents.models import ContactImport, Draft, Email, Recording, Reply

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = logging.getLogger(__name__)

EMAIL_LEASE = timedelta(seconds=90)  # longer than a task may run
EMAIL_OVERDUE = timedelta(seconds=60)
EMAIL_TRIES = 24  # with an hour between the later ones: about a day
LONGEST_WAIT = timedelta(hours=1)
SWEEP = 50
UPLOAD_LIFE = timedelta(days=1)
PUBLISH_SECONDS = 1.5


def hurry_email(pk: int) -> None:
    """Tell the worker. A queue that is down or frozen costs the page a moment and nothing else: the sweep finds it."""
    if send_email.app.conf.task_always_eager:
        _publish(pk)
        return
    publisher = Thread(target=_publish, args=(pk,), name=f"hurry-email-{pk}", daemon=True)
    publisher.start()
    publisher.join(PUBLISH_SECONDS)


def _publish(pk: int) -> None:
    try:
        send_email.delay(pk)
    except Exception:
        log.exception("E-mail %s is written, but the worker could not be told; the sweep will", pk)


@shared_task(name="incidents.tasks.send_email")
def send_email(pk: int) -> None:
    """Send one message, unless it is sent or being sent. A failure waits in the row for the next sweep."""
    now = timezone.now()
    if not Email.objects.claimable().filter(pk=pk).update(lease_until=now + EMAIL_LEASE, attempts=F("attempts") + 1):
        return
    email = Email.objects.get(pk=pk)
    message = EmailMessage(
        subject=email.subject,
        body=email.body,
        to=[email.to],
        # The same message sent twice by a worker that died has the same name, and mail programs show it once.
        headers={
            "Message-ID": f"<email-{pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except (OSError, ValueError) as problem:
        wait = min(timedelta(minutes=2**email.attempts), LONGEST_WAIT) if email.attempts < 10 else LONGEST_WAIT
        Email.objects.filter(pk=pk).update(failure=str(problem)[:300], lease_until=now + wait)
        log.warning("E-mail %s was not sent: %s", pk, type(problem).__name__)
    else:
        Email.objects.filter(pk=pk).update(sent_at=timezone.now(), lease_until=None, failure="")


@shared_task(name="incidents.tasks.sweep_emails")
def sweep_emails() -> None:
    """Queue again what was written a minute ago or more and is still not sent."""
    late = Email.objects.claimable().filter(created_at__lt=timezone.now() - EMAIL_OVERDUE, attempts__lt=EMAIL_TRIES)
    for pk in late.order_by("created_at").values_list("pk", flat=True)[:SWEEP]:
        send_email.delay(pk)


@shared_task(name="incidents.tasks.scan_evidence")
def scan_evidence() -> None:
    """Ask the virus scanner again about files that came in while it was away."""
    scan_waiting()


@shared_task(name="incidents.tasks.read_pictures", soft_time_limit=200, time_limit=240)
def read_pictures() -> None:
    """Read the text in pictures that came in, where a reader is installed."""
    read_unread()


@shared_task(name="incidents.tasks.destroy_drafts")
def destroy_drafts() -> None:
    """Delete drafts whose time has passed, and every file that came with them."""
    _destroy(Draft.objects.expired())


@shared_task(name="incidents.tasks.destroy_uploads")
def destroy_uploads() -> None:
    """Forget files of contacts that somebody uploaded and never took over."""
    ContactImport.objects.waiting().filter(at__lt=timezone.now() - UPLOAD_LIFE).delete()


@shared_task(name="incidents.tasks.destroy_replies")
def destroy_replies() -> None:
    """Delete replies to letters that were begun and never sent, and every file that came with them."""
    _destroy(Reply.objects.expired())


def _destroy(expired: QuerySet[Draft] | QuerySet[Reply]) -> None:
    for pk in list(expired.values_list("pk", flat=True)[: 10 * SWEEP]):
        with transaction.atomic():
            # Locked and looked at again: somebody may have come back to it a moment ago.
            unsent = expired.select_for_update().filter(pk=pk).first()
            if unsent is None:
                continue
            destroy(unsent.evidence.all())
            if isinstance(unsent, Draft):
                _destroy_recording(unsent)
            unsent.delete()


def _destroy_recording(draft: Draft) -> None:
    """A concern that staff began to write down and never sent, with the e-mail that it was."""
    for recording in Recording.objects.filter(draft=draft):
        if name := recording.email_file.name:
            transaction.on_commit(partial(recording.email_file.storage.delete, name), robust=True)
        recording.delete()
