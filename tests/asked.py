"""A plugin of pytest: which kinds of statement each test sends to the database, and how long it takes.

`-p tests.asked` with ASKED naming a file, which is written at the end: of each test, its seconds, whether it is marked
`services`, and its statements.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db.backends.signals import connection_created
from django.dispatch import receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

# What may differ between two statements that ask a database the same: how many values, of how many rows, and numbers.
ALIKE = (
    (re.compile(r"%s(?:, %s)+"), "%s…"),
    (re.compile(r"(\(%s…?\))(?:, \(%s…?\))*"), r"\1…"),
    (re.compile(r'"s\d+_x\d+"'), "savepoint"),
    (re.compile(r"\d+"), "0"),
)
sent: set[str] = set()
asked: dict[str, tuple[float, bool, list[str]]] = {}


def kind_of(statement: str) -> str:
    for pattern, alike in ALIKE:
        statement = pattern.sub(alike, statement)
    return statement


def _note(execute: Callable[..., Any], sql: object, params: object, many: object, context: object) -> Any:
    sent.add(kind_of(str(sql)))
    return execute(sql, params, many, context)


@receiver(connection_created)
def _listen(*, connection: Any, **_: object) -> None:
    if _note not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    sent.clear()
    began = time.perf_counter()
    result = yield
    is_service = item.get_closest_marker("services") is not None
    asked[item.nodeid] = time.perf_counter() - began, is_service, sorted(sent)
    return result


class Gathering:
    """In the process that the others report to."""

    def pytest_testnodedown(self, node: Any) -> None:
        asked.update(json.loads(node.workeroutput["asked"]))

    def pytest_unconfigure(self) -> None:
        Path(os.environ["ASKED"]).write_text(json.dumps(asked))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Gathering())


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["asked"] = json.dumps(asked)
