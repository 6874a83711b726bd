"""What the worker does for files of cases. Each takes a key at most, and is safe to run twice."""

from __future__ import annotations

from celery import shared_task

from incidents.casework.case_file import make_case_file, sweep_case_files
from letters.memory import memory_limit


# A long case with many pictures takes longer than a letter; its lease is renewed as it goes on.
@shared_task(name="casework.case_file.put_together", soft_time_limit=240, time_limit=280)
def put_together(pk: int) -> None:
    with memory_limit():
        make_case_file(pk)


@shared_task(name="casework.case_file.sweep")
def sweep() -> None:
    sweep_case_files()
