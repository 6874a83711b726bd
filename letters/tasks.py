"""What the worker does for letters. Each takes a key at most, and is safe to run twice."""

from __future__ import annotations

from celery import shared_task

from dkh_conduct.school.models import School
from letters.batches import forget_posted_batches, make_batch, requeue_lost_batches
from letters.emailing import send_letter_email, sweep_letter_emails
from letters.mailings import make_mailing, requeue_lost_mailings
from letters.memory import memory_limit
from letters.recounting import recount
from letters.sealing import make_letter, requeue_lost


@shared_task(name="letters.tasks.render_letter")
def render_letter(pk: int) -> None:
    with memory_limit():
        make_letter(pk)


# A batch of 800 letters takes longer than a letter; its lease is renewed as it goes on.
@shared_task(name="letters.tasks.put_together", soft_time_limit=240, time_limit=280)
def put_together(pk: int) -> None:
    make_batch(pk)


@shared_task(name="letters.tasks.write_mailing", soft_time_limit=240, time_limit=280)
def write_mailing(pk: int) -> None:
    make_mailing(pk)


@shared_task(name="letters.tasks.send_email")
def send_email(pk: int) -> None:
    send_letter_email(pk)


@shared_task(name="letters.tasks.sweep")
def sweep() -> None:
    requeue_lost()
    requeue_lost_batches()
    requeue_lost_mailings()
    sweep_letter_emails()
    forget_posted_batches()


@shared_task(name="letters.tasks.recount_posted")
def recount_posted() -> None:
    """Once an hour, in case the portal stopped between a change of the calendar and what follows from it."""
    recount(School.objects.values_list("pk", flat=True))
