"""What room for deep calls is worth: `python -m tests.benchmarks.room`.

Pages of the demo school, each at twenty depths of calls as a web server may have them, without and with room in turn.
For each page the mean over all depths and the slowest depth, without and with, and their ratios. The last line is
the mean ratio of all pages.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from dkh_conduct.room import with_room
from tests.benchmarks.demo import demo_school, signed_in
from tests.benchmarks.timing import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.test import Client

DEPTHS = range(0, 60, 3)  # a frame of a call is about 100 bytes: together more than a third of a piece of 16 KiB
TRIES = 5
PAGES = (
    "/",
    "/report/what/",
    "/staff/",
    "/staff/concerns/",
    "/staff/concerns/DKH-7R4K-2Q/",
    "/staff/cases/",
    "/staff/cases/C014/",
    "/staff/calendar/",
)


def main() -> None:
    with demo_school("room-benchmark-"):
        client = signed_in()
        ratios = [ratio_of(page, client) for page in PAGES]
    print(f"mean ratio {statistics.mean(ratios):.2f}")


def ratio_of(page: str, client: Client) -> float:
    client.get(page)
    plain, room = zip(*(best_at(depth, lambda: client.get(page)) for depth in DEPTHS), strict=True)
    print(f"{page:<30} {compared('mean', statistics.mean, plain, room)}   {compared('slowest', max, plain, room)}")
    return float(statistics.mean(room) / statistics.mean(plain))


def compared(what: str, of: Callable[[Iterable[float]], float], plain: Iterable[float], room: Iterable[float]) -> str:
    without, given = 1000 * of(plain), 1000 * of(room)
    return f"{what} {without:>5.1f} ms, with room {given:>5.1f}: {given / without:.2f}"


def best_at(depth: int, work: Callable[[], object]) -> tuple[float, float]:
    """In seconds, without and with room, of a few tries in turn."""
    plain, room = [], []
    for _ in range(TRIES):
        plain.append(below(depth, work))
        room.append(below(depth, lambda: with_room(work)))
    return min(plain), min(room)


def below(depth: int, work: Callable[[], object]) -> float:
    return below(depth - 1, work) if depth else timed(work)


if __name__ == "__main__":
    main()
