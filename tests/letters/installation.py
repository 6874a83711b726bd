"""A portal of its own in a folder of its own, run as real processes: what a test in one process cannot show."""

from __future__ import annotations

import json
import os
import textwrap
import time
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.demo_school import ROOT
from tests.processes import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SETUP = """
import json, django
django.setup()
from dkh_conduct.school.models import School
from dkh_conduct.accounts.models import User
from letters.approval import approve_letter
from letters.models import Letter, LetterEvent, PrintBatch
from tests.factories import LetterFactory, SchoolFactory, UserFactory
"""


class Installation:
    def __init__(self, data_dir: Path, **more: str) -> None:
        self.data_dir = data_dir
        self._count = count(1)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(data_dir),
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.letters.quick_settings",
            "DATA_DIR": str(data_dir),
            "SECRET_KEY": "x" * 60,
            "LOG_LEVEL": "WARNING",
            **more,
        }

    def manage(self, *arguments: str) -> str:
        return self._start("manage.py", *arguments).told(within=400)

    def python(self, code: str) -> Any:
        """Runs the code in a process of the portal; what it leaves in `result` comes back."""
        ending = "\nprint('\\n' + json.dumps(result))"
        out = self._start("-c", SETUP + "result = None\n" + textwrap.dedent(code) + ending).told(within=400)
        return json.loads(out.splitlines()[-1])

    @contextmanager
    def worker(self) -> Iterator[Running]:
        """With the flags of `dkh_conduct/serve.py`."""
        quietly = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        worker = self._start(
            "-m", "celery", "-A", "dkh_conduct", "worker", "--concurrency=1", "--loglevel=WARNING", *quietly
        )
        try:
            yield worker
        finally:
            worker.kill()

    @property
    def letter_files(self) -> list[Path]:
        return sorted((self.data_dir / "files" / "letters").glob("*"))

    def _start(self, *command: str) -> Running:
        says = self.data_dir / f"said-{next(self._count)}"
        return Running(*command, environment=self.env, says=says)


def until(condition: Callable[[], Any], *, seconds: float = 90, every: float = 0.2) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"still waiting after {seconds} s"
        time.sleep(every)
    return found
