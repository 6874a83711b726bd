"""The task queue. It only hurries work along: what is to be done is written in the database."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, Task
from celery.signals import worker_init
from kombu.transport import TRANSPORT_ALIASES

from dkh_conduct.room import with_room

TRANSPORT_ALIASES["files"] = "dkh_conduct.queue_of_files:Transport"
AFTER_PAGES = 5  # how much the worker gives way to the web server (nice)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dkh_conduct.settings")


class RoomyTask(Task):  # type: ignore[type-arg]  # it takes none when it runs
    def __call__(self, *given: Any, **named: Any) -> Any:
        return with_room(super().__call__, *given, **named)


app = Celery("dkh_conduct", task_cls=RoomyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["incidents.evidence"])
app.autodiscover_tasks(["incidents.casework"], related_name="reminders")
app.autodiscover_tasks(["incidents.insights"], related_name="noticing_task")
app.autodiscover_tasks(["incidents.casework"], related_name="case_file_task")


@worker_init.connect
def give_way(**_: Any) -> None:
    """Nobody sits in front of the worker: where both want the processor, pages go first."""
    os.nice(AFTER_PAGES)
