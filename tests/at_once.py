"""Several people in the same instant: each in a thread with a connection of its own, kept from one race to the next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 8
people = ThreadPoolExecutor(MOST, thread_name_prefix="person")


def outcomes(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave back or raised, when all were let go together."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return deed()
        except Exception as error:  # noqa: BLE001  handed to the test, which looks at every one
            return error

    return list(people.map(run, deeds))


def at_once(*deeds: Callable[[], Any]) -> list[Exception]:
    """What was raised, when all were let go together."""
    return [outcome for outcome in outcomes(*deeds) if isinstance(outcome, Exception)]


def hang_up() -> None:
    """A database that somebody is connected to cannot be thrown away."""
    outcomes(*[connections.close_all] * MOST)
