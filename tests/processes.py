"""Processes of a portal, forked from one that has loaded the libraries: most of what a new interpreter would do first.

Settings, models and whatever else is ours each loads for itself, from the environment that it is given. Nothing of the
tests' own process is in it.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tests.demo_school import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.context import ForkServerContext, ForkServerProcess

# What can be loaded before there are settings. WeasyPrint is left to the process that makes a letter, as it always is.
LIBRARIES = (
    "celery.app.log",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "django.contrib.staticfiles.storage",
    "django.core.mail",
    "django.core.management",
    "django.core.servers.basehttp",
    "django.db.backends.postgresql.psycopg_any",
    "django.db.backends.sqlite3.base",
    "django.forms",
    "django.template.defaulttags",
    "django.test",
    "django.views.generic",
    "environ",
    "factory.django",
    "holidays.countries.united_kingdom",
    "jwt.algorithms",
    "kombu.transport.redis",
    "markdown_it",
    "psycopg",
    "requests",
    "structlog.stdlib",
    "whitenoise.base",
)


@cache
def _server() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(list(LIBRARIES))
    return context


class Running:
    """What `python *command` does, begun at once; what it says goes to the end of a file."""

    def __init__(self, *command: str, environment: Mapping[str, str], says: Path) -> None:
        self.says = says
        todo = (command, dict(environment), str(says))
        self.process: ForkServerProcess = _server().Process(target=_run, args=todo, daemon=True)
        self.process.start()

    def told(self, *, within: float = 120) -> str:
        """What it said, once it has ended well."""
        self.process.join(within)
        if self.process.is_alive():
            self.kill()
        said = self.says.read_text()
        assert self.process.exitcode == 0, f"ended with {self.process.exitcode}: {said}"
        return said

    def kill(self) -> None:
        """With all of its children, at once and without a word."""
        try:
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        except ProcessLookupError:  # it has ended, or just begun: it leads no group yet, and has no children
            self.process.kill()
        self.process.join()


def _run(command: tuple[str, ...], environment: dict[str, str], says: str) -> None:
    os.setsid()
    with Path(says).open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    first, *rest = command
    if first == "-c":
        sys.argv = [first, *rest[1:]]
        exec(rest[0], {"__name__": "__main__"})  # noqa: S102
    elif first == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [first, *rest]
        runpy.run_path(first, run_name="__main__")
