"""Hurrying a letter to the worker. The row says what is to be done; a lost message only costs time."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Thread
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
PUBLISH_SECONDS = 1.5


def lease() -> timedelta:
    """How long a worker may take before another one starts again; twice the hard time limit of a task."""
    return timedelta(seconds=getattr(settings, "LETTER_LEASE_SECONDS", 120))


def requeue_after() -> timedelta:
    """How long a queued letter may wait before the sweep takes its message for lost."""
    return timedelta(seconds=getattr(settings, "LETTER_REQUEUE_SECONDS", 60))


def hurry(pk: int) -> None:
    """Puts the letter in the queue. Never raises, and never keeps a request waiting: the sweep finds what is lost.

    A broker that has frozen holds a publisher for many seconds whatever its time-outs are, so it is held elsewhere.
    """
    from letters.tasks import render_letter

    hurry_task(render_letter, pk)


def hurry_batch(pk: int) -> None:
    """The same for a batch that has to be put together."""
    from letters.tasks import put_together

    hurry_task(put_together, pk)


def hurry_mailing(pk: int) -> None:
    """The same for a letter to many whose letters are to be written."""
    from letters.tasks import write_mailing

    hurry_task(write_mailing, pk)


def hurry_task(task: Any, pk: int) -> None:
    """The same for any task that takes the key of a row which says what is to be done."""
    if task.app.conf.task_always_eager:
        task.delay(pk)
        return
    publisher = Thread(target=_publish, args=(task, pk), name=f"hurry-{task.name}-{pk}", daemon=True)
    publisher.start()
    publisher.join(PUBLISH_SECONDS)


def _publish(task: Any, pk: int) -> None:
    try:
        task.apply_async((pk,), retry=False, ignore_result=True)
    except Exception:
        logger.exception("%s %s is queued, but the worker could not be told; the sweep will", task.name, pk)
