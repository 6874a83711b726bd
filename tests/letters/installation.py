"""A portal of its own in a folder of its own, run as real processes: what a test in one process cannot show."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
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
        return self._run(sys.executable, "manage.py", *arguments)

    def python(self, code: str) -> Any:
        """Runs the code in a process of the portal; what it leaves in `result` comes back."""
        ending = "\nprint('\\n' + json.dumps(result))"
        out = self._run(sys.executable, "-c", SETUP + "result = None\n" + textwrap.dedent(code) + ending)
        return json.loads(out.splitlines()[-1])

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "dkh_conduct",
            "worker",
            "--concurrency=1",
            "--loglevel=WARNING",
        ]
        log = (self.data_dir / "worker.log").open("ab")
        process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            kill(process)
            log.close()

    @property
    def letter_files(self) -> list[Path]:
        return sorted((self.data_dir / "files" / "letters").glob("*"))

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=400, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def kill(process: subprocess.Popen[bytes]) -> None:
    """The worker with all of its children, at once and without a word."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(condition: Callable[[], Any], *, seconds: float = 90, every: float = 0.2) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"still waiting after {seconds} s"
        time.sleep(every)
    return found
