"""What the worker does for files: it makes the clean copies that no request waited for."""

from __future__ import annotations

import logging
import uuid
from threading import Thread

from celery import shared_task

from incidents.evidence.drawing import draw, turn, waiting_to_be_drawn

logger = logging.getLogger(__name__)

PUBLISH_SECONDS = 1.5
TURN_SECONDS = 45


def hurry_drawing(key: uuid.UUID) -> None:
    """Tell the worker. A queue that is down or frozen costs the page a moment and nothing else: the sweep finds it."""
    if draw_evidence.app.conf.task_always_eager:
        draw_evidence.delay(str(key))
        return
    publisher = Thread(target=_publish, args=(key,), name=f"hurry-drawing-{key}", daemon=True)
    publisher.start()
    publisher.join(PUBLISH_SECONDS)


def _publish(key: uuid.UUID) -> None:
    try:
        draw_evidence.apply_async((str(key),), retry=False, ignore_result=True)
    except Exception:
        logger.exception("File %s waits to be drawn, but the worker could not be told; the sweep will", key)


@shared_task(name="incidents.evidence.tasks.draw_evidence", soft_time_limit=180, time_limit=200)
def draw_evidence(key: str) -> None:
    """Make the clean copy of one file, unless it is made or being made. If others take too long, a sweep asks again."""
    with turn(seconds=TURN_SECONDS) as is_mine:
        if is_mine:
            draw(uuid.UUID(key))


@shared_task(name="incidents.evidence.tasks.sweep_drawing")
def sweep_drawing() -> None:
    """Queue again what still waits: after a lost message, or a worker that died."""
    for key in waiting_to_be_drawn():
        draw_evidence.delay(str(key))
