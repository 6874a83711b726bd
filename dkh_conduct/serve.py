"""Runs the portal: web server, worker and timer as processes of their own, until you or one of them stops.

Standard library and settings only, so that it starts quickly and stays small. What `script/server` runs; in
production the same three commands are better looked after by systemd or a container runtime: docs/operator.md.
"""

from __future__ import annotations

import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dkh_conduct.settings")

from django.conf import settings

READY_WITHIN = 60.0
PORT_FREE_WITHIN = 5.0
LOCK_WITHIN = 5.0
STOP_WITHIN = 10.0  # a letter that is being made is thrown away after this; the sweep makes it again
PR_SET_PDEATHSIG = 1


class CannotServeError(Exception):
    """A plain sentence why not."""


def commands() -> dict[str, list[str]]:
    celery = ["celery", "-A", "dkh_conduct"]
    return {
        "web": [
            *("gunicorn", "dkh_conduct.wsgi", "--bind", f"{settings.HOST}:{settings.PORT}", "--preload"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "16"),
            *("--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "5", "--no-control-socket"),
            "--forwarded-allow-ips=",
        ],
        "worker": [
            *(*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "timer": [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "-s", str(settings.DATA_DIR / "timer-schedule")],
    }


class Part:
    """One process and whatever it starts, in a process group of their own, with a log."""

    def __init__(self, name: str, command: list[str], log: Path) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this supervisor alone, which then stops every part in order
                preexec_fn=_end_with_parent,
            )

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()

    def end(self) -> None:
        """Whatever of the group is left, when asking has not helped."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def _end_with_parent() -> None:
    """Linux: the part is asked to stop when its supervisor dies, however that happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    def __init__(self) -> None:
        self.asked_to_stop = 0
        self.parts: list[Part] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1

    def run(self) -> int:
        os.umask(0o077)  # what the portal writes is for its own user
        lock = _only_one_here()
        try:
            _wait_for_port()
            notes = self._prepare()
            if not self.asked_to_stop:
                self._start("web")
                self._wait_until_ready()
            if not self.asked_to_stop:
                self._start("worker", "timer")  # after the pages, which somebody waits for
                _say(f"Ready: {settings.SITE_URL}\n{notes}{_where_things_are()}Stop with Ctrl-C.")
            self._watch()
        finally:
            self._stop()
            lock.close()
        return 0

    def _prepare(self) -> str:
        """What is to be said once the portal is ready. Runs beside us, so that Ctrl-C works meanwhile."""
        with subprocess.Popen(
            [sys.executable, "-m", "dkh_conduct.prepare"],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        ) as preparing:
            while preparing.poll() is None:
                if self.asked_to_stop:
                    preparing.terminate()
                time.sleep(0.05)
            notes = preparing.stdout.read() if preparing.stdout else ""
        if preparing.returncode and not self.asked_to_stop:
            raise CannotServeError("The portal could not be made ready. The reason is above.")
        return notes

    def _start(self, *names: str) -> None:
        logs: Path = settings.DATA_DIR / "log"
        logs.mkdir(exist_ok=True)
        self.parts += [Part(name, commands()[name], logs / f"{name}.log") for name in names]

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + READY_WITHIN
        while not self.asked_to_stop and not _is_healthy():
            self._complain_about_the_dead()
            if time.monotonic() > give_up:
                raise CannotServeError(
                    f"The portal did not answer within {READY_WITHIN:.0f} seconds. See {self.parts[0].log}"
                )
            time.sleep(0.05)

    def _watch(self) -> None:
        while not self.asked_to_stop:
            self._complain_about_the_dead()
            time.sleep(0.2)

    def _complain_about_the_dead(self) -> None:
        for part in self.parts:
            if part.has_ended():
                raise CannotServeError(f"{part.last_words()}\nThe {part.name} process ended by itself. See {part.log}")

    def _stop(self) -> None:
        if self.parts:
            _say("Stopping. Ctrl-C again stops at once.")
        for part in self.parts:
            part.ask_to_stop()
        give_up = time.monotonic() + STOP_WITHIN
        asked = self.asked_to_stop
        while not all(part.has_ended() for part in self.parts):
            if time.monotonic() > give_up or self.asked_to_stop > max(asked, 1):
                break
            time.sleep(0.05)
        for part in self.parts:
            part.end()


def _only_one_here() -> IO[str]:
    """Two servers on one data folder would share a database file and a queue. The lock goes with its process."""
    lock = (settings.DATA_DIR / "server.lock").open("w")
    give_up = time.monotonic() + LOCK_WITHIN
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # One that was killed a moment ago may still be on its way out.
            if time.monotonic() > give_up:
                raise CannotServeError(
                    f"A portal is already running on {settings.DATA_DIR}. Stop it, or set DATA_DIR."
                ) from error
            time.sleep(0.1)
        else:
            return lock


def _wait_for_port() -> None:
    """A portal that was killed a moment ago may take a few seconds to let go of its port."""
    give_up = time.monotonic() + PORT_FREE_WITHIN
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except PermissionError as error:
                raise CannotServeError(f"Port {settings.PORT} needs root. Choose another: PORT=8000") from error
            except OSError as error:
                if time.monotonic() > give_up:
                    other = settings.PORT + 1
                    raise CannotServeError(
                        f"Port {settings.PORT} is in use. Stop what is running there, or choose another: PORT={other}"
                    ) from error
            else:
                return
        time.sleep(0.2)


def _is_healthy() -> bool:
    connection = http.client.HTTPConnection(settings.HOST, settings.PORT, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _where_things_are() -> str:
    mail = (
        f"E-mail is written to {settings.MAIL_DIR}\n"
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
        else ""
    )
    return f"{mail}Logs are in {settings.DATA_DIR / 'log'}\n"


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main() -> int:
    try:
        return Supervisor().run()
    except CannotServeError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
