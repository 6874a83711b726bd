"""Room for deep calls.

CPython 3.11 to 3.13 keeps the frames of a thread in pieces of 16 KiB. A call that no longer fits asks the system for
another piece and its end gives that back, so a loop that happens to run at the end of a piece does so at each of its
turns. Below a web server, a framework and its templates, or in the layout of a letter, some loop nearly always does:
pages took a quarter less time without it (`python -m tests.benchmarks.room`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")
# A frame of so many words of 8 bytes gets a piece of its own, of the next power of two: 1 MiB. What this leaves of it,
# as much again as 31 usual pieces, is for what is called from there.
WORDS = 66_000


def with_room(function: Callable[P, R], /, *given: P.args, **named: P.kwargs) -> R:
    """Calls it where no call below can come to the end of a piece. Costs some microseconds: once, far above loops."""
    return function(*given, **named)


with_room.__code__ = with_room.__code__.replace(co_stacksize=WORDS)
