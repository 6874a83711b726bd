"""A whole portal for a browser: the demo school in a folder of its own, on its Monday morning, served and worked."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tests.demo_school import MORNING, QUICK, ROOT, environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_WITHIN, STOP_WITHIN = 60, 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    def __init__(self, folder: Path, *, settings: str = QUICK) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.running: list[subprocess.Popen[bytes]] = []
        self.clock = folder / "e2e-clock"
        when = {"E2E_NOW": MORNING, "E2E_CLOCK": str(self.clock)}
        many = {"SENDS_AN_HOUR": "60"}  # all the stories come from one network within one hour
        where = {"PORT": str(self.port), "SITE_URL": self.address}
        self.environment = environment_of(folder, settings=settings, **where, **when, **many)

    def serve(self, *, workers: int = 1) -> None:
        where = f"127.0.0.1:{self.port}"
        self._start("gunicorn", "tests.e2e.wsgi_on_a_day", "-b", where, "-w", str(workers), "--threads", "4")
        give_up = time.monotonic() + START_WITHIN
        while not self._is_healthy():
            if time.monotonic() > give_up or self.running[-1].poll() is not None:
                raise RuntimeError((self.folder / "gunicorn.log").read_text())
            time.sleep(0.1)

    def work(self) -> None:
        """The worker; letters reach it through the portal's own queue."""
        self._start("celery", "-A", "dkh_conduct", "worker", "--pool", "solo", "--without-gossip", "--without-mingle")

    def move_to(self, moment: str) -> None:
        """`2027-03-08T09:00`: from its next page on. Whoever moves it has a portal of their own, and signs in again."""
        self.clock.write_text(moment)

    def _start(self, *words: str) -> None:
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(
                    [sys.executable, "-m", *words],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """At once, as nobody looks at it again; where a run is measured, with the time to say what was measured."""
        is_measured = "COVERAGE_PROCESS_CONFIG" in self.environment
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM if is_measured else signal.SIGKILL)
        for process in self.running:
            process.wait(timeout=STOP_WITHIN)


@contextmanager
def portal_in(folder: Path, *, school: Path) -> Iterator[Portal]:
    """A portal with a copy of the demo school that lies in `school`."""
    shutil.copytree(school, folder, dirs_exist_ok=True)
    portal = Portal(folder)
    try:
        portal.serve()
        portal.work()
        yield portal
    finally:
        portal.stop()
