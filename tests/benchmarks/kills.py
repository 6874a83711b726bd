"""Kills the worker at random moments of a batch: `python -m tests.benchmarks.kills [kills] [letters] [seed]`.

A portal of its own, real processes, `kill -9` of the whole worker. At the end every letter must be there once, with
the hash that its row says, and nothing else in the folder. The last line is `ok` or says what is wrong.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from tests.letters.installation import Installation, until

APPROVE = """
    slt = UserFactory.create(role="slt")
    letters = [LetterFactory.create(school=slt.school, drafted_by=slt, reply_by=None) for _ in range({count})]
    for letter in letters:
        approve_letter(letter=letter, by=slt)
"""
STANDING = """
    result = [
        [[letter.state, letter.sha256, letter.file.name] for letter in Letter.objects.all()],
        LetterEvent.objects.filter(kind="sealed").count(),
    ]
"""
LONGEST = 600


def tries(portal: Installation) -> set[str]:
    """Each is one worker's try at one letter, now or before a kill."""
    with closing(sqlite3.connect(portal.data_dir / "db.sqlite3", timeout=20)) as lite:
        return {token for (token,) in lite.execute("SELECT lease_token FROM letters_letter WHERE state = 'rendering'")}


def main(kills: int = 20, letters: int = 50, seed: int = 1) -> int:
    chance = random.Random(seed)  # noqa: S311  the same moments again, and nothing secret
    with tempfile.TemporaryDirectory(prefix="letters-kills-") as folder:
        portal = Installation(Path(folder))
        portal.manage("migrate", "--verbosity=0")
        portal.python(APPROVE.format(count=letters))
        for number in range(kills):
            before = tries(portal)
            with portal.worker() as worker:
                # A worker takes seconds to start: what is random is the moment after it has begun a letter.
                until(lambda: tries(portal) - before, seconds=LONGEST, every=0.02)  # noqa: B023
                time.sleep(chance.uniform(0, 2))
                worker.kill()
            print(f"kill {number + 1}: {len(portal.letter_files)} files", flush=True)
        began = time.monotonic()
        with portal.worker():
            while True:
                portal.manage("sweep_letters")
                rows, sealed = portal.python(STANDING)
                if all(state in {"ready", "failed"} for state, _, _ in rows) or time.monotonic() - began > LONGEST:
                    break
                time.sleep(1)
        took = time.monotonic() - began
        right = all(sha256((portal.data_dir / "files" / name).read_bytes()).hexdigest() == digest
                    for state, digest, name in rows if state == "ready")  # fmt: skip
        made = sum(state == "ready" for state, _, _ in rows)
        print(
            f"{made} of {letters} made, {sealed} seals, {len(portal.letter_files)} files, {took:.0f} s after the last"
        )
        is_well = right and made == sealed == len(portal.letter_files) == letters
        print("ok" if is_well else f"wrong: {rows}")
        return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
