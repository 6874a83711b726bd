"""`manage.py sweep_letters`: tells the worker again about letters that wait too long."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from letters.sealing import requeue_lost


class Command(BaseCommand):
    help = "Tells the worker again about letters whose message was lost or whose worker died. Beat does it by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        told = requeue_lost()
        self.stdout.write("1 letter queued again" if told == 1 else f"{told} letters queued again")
