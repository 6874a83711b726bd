"""Which tests run again on PostgreSQL: the fewest seconds that send it most kinds of statement, and every row lock.

`python -m tests.again` runs everything there once, some minutes with TEST_DATABASE_URL and TEST_REDIS_URL, and writes
`again.txt`: each file of tests, and under it those that were chosen. Tests marked `services` run there anyway. A file
that the list does not name runs whole, so that what is new is asked of PostgreSQL too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("again.txt")
# Of all kinds of statement. The last ones cost as much as all before them: they stand in tests that do a great deal.
ENOUGH = 0.7
LOCK = "FOR UPDATE"  # what SQLite has not


@dataclass(frozen=True)
class Asked:
    seconds: float
    statements: frozenset[str]


def listed(text: str) -> dict[str, set[str]]:
    """Of each file, the tests in it that were chosen."""
    found: dict[str, set[str]] = {}
    file = ""
    for line in text.rstrip("\n").split("\n"):
        if line.startswith("  "):
            found[file].add(line[2:])
        else:
            file = line
            found[file] = set()
    return found


def written(files: Iterable[str], chosen: Iterable[str]) -> str:
    of: dict[str, set[str]] = {file: set() for file in files}
    for test in chosen:
        file, _, name = test.partition("::")
        of[file].add(name)
    return "".join(f"{file}\n" + "".join(f"  {name}\n" for name in sorted(of[file])) for file in sorted(of))


def choose(tests: Mapping[str, Asked], *, already: Collection[str] = ()) -> list[str]:
    """Test by test, whatever brings most new kinds of statement in a second; on until all locks are among them."""
    left = frozenset().union(*(test.statements for test in tests.values()))
    few = len(left) * (1 - ENOUGH)
    left -= frozenset().union(*(tests[name].statements for name in already))
    chosen = []
    while len(left) > few or any(LOCK in statement for statement in left):
        wanted = left if len(left) > few else {statement for statement in left if LOCK in statement}
        best = max(tests, key=lambda name: len(tests[name].statements & wanted) / (tests[name].seconds + 0.01))
        chosen.append(best)
        left -= tests[best].statements
    return chosen


def main() -> None:
    parallel = ["--numprocesses", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    everything = ["-q", "-m", "not e2e", "--ignore", "tests/demo", "-p", "tests.asked"]
    with TemporaryDirectory() as folder:
        told = Path(folder) / "asked.json"
        environment = {**os.environ, "DATABASE_URL": os.environ["TEST_DATABASE_URL"], "ASKED": str(told)}
        subprocess.run([sys.executable, "-m", "pytest", *everything, *parallel], cwd=ROOT, env=environment, check=True)
        asked = json.loads(told.read_text())
    tests = {name: Asked(seconds, frozenset(sent)) for name, (seconds, _, sent) in asked.items()}
    already = [name for name, (_, is_service, _) in asked.items() if is_service]
    chosen = choose(tests, already=already)
    LIST.write_text(written({name.partition("::")[0] for name in tests}, chosen))
    every, some = (
        frozenset().union(*(tests[name].statements for name in names)) for names in (tests, [*already, *chosen])
    )
    seconds = sum(tests[name].seconds for name in chosen)
    sys.stdout.write(f"{len(chosen)} tests, {seconds:.0f} s: {len(some)} of {len(every)} kinds of statement\n")


if __name__ == "__main__":
    main()
