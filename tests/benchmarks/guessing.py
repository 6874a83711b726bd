"""Guessing codes: `nice -n 19 python -m tests.benchmarks.guessing`. Prints hits, different answers, and times.

At the three doors that take a reference: a reporter's status page, a lost code, and the addressee's reply. Half of the
guesses name something that exists. Each comes from another network, because from one only twenty an hour are answered.
What is answered is asked of the portal inside this process with a quick hasher, ten thousand times at each door; how
long it takes, of a running portal with its own hasher.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import secrets
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.parents import token_in
from tests.demo_school import PRODUCT, told_in
from tests.e2e.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
DIFFERENT_AT = 0.01  # the probability below which a difference in time is not taken for chance


def some(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def network() -> str:
    return ".".join(str(secrets.randbelow(254) + 1) for _ in range(4))


@dataclass(frozen=True)
class Door:
    """`known` names something that exists; `invented` looks the same and does not. `code` is wrong for both."""

    path: str
    fields: tuple[str, ...]
    query: str
    invented: Callable[[], str]
    code: Callable[[], str]


DOORS = (
    Door(
        "/reply/",
        ("letter", "reply_code"),
        "select reference from letters_letter where sealed_at is not null and reference like 'DKH-C0__-_'",
        lambda: f"DKH-C0{secrets.randbelow(90) + 10}-{secrets.randbelow(9) + 1}",
        lambda: "-".join(some(4) for _ in range(3)),
    ),
    Door(
        "/status/lost-code/",
        ("reference",),
        "select reference from incidents_concern c join incidents_reporter r on r.concern_id = c.id "
        "where r.email_confirmed_at is not null",
        lambda: f"DKH-{some(4)}-{some(2)}",
        lambda: "",
    ),
    Door(
        "/status/",
        ("reference", "code"),
        "select reference from incidents_concern",
        lambda: f"DKH-{some(4)}-{some(2)}",
        lambda: "-".join(some(4) for _ in range(4)),
    ),
)


class Guesser:
    def __init__(self, address: str, door: Door, known: list[str]) -> None:
        self.address, self.door, self.known = address, door, known
        self.invented = [door.invented() for _ in known]  # each asked for as often as one that exists
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.token = token_in(self.ask(None)[1])

    def ask(self, body: bytes | None) -> tuple[str, str, float]:
        """Where it ended, the page, and how long it took."""
        headers = {"X-Forwarded-For": network(), "Referer": self.address + self.door.path}
        request = urllib.request.Request(self.address + self.door.path, data=body, headers=headers)  # noqa: S310
        started = time.perf_counter()
        with self.opener.open(request, timeout=120) as answer:
            page = answer.read().decode()
        return answer.url, page, time.perf_counter() - started

    def guess(self, *, exists: bool) -> float:
        reference = secrets.choice(self.known if exists else self.invented)
        typed = dict(zip(self.door.fields, (reference, self.door.code()), strict=False))
        body = urllib.parse.urlencode({**typed, "csrfmiddlewaretoken": self.token}).encode()
        url, _, took = self.ask(body)
        if urllib.parse.urlsplit(url).path != self.door.path:
            raise ValueError(f"{reference} was opened")
        return took


def without(page: str, *typed: str) -> str:
    """The page apart from its token and what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    for words in typed:
        page = page.replace(f'value="{words}"', "")
    return page


def mann_whitney(left: list[float], right: list[float]) -> float:
    """How likely it is, by chance alone, that two lots of times lie this far apart in order. Two-sided, with ties."""
    both = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    ranks, ties, at = 0.0, 0.0, 0
    while at < len(both):
        end = at
        while end < len(both) and both[end][0] == both[at][0]:
            end += 1
        ranks += (at + end + 1) / 2 * sum(1 for _, side in both[at:end] if side == 0)
        ties += (end - at) ** 3 - (end - at)
        at = end
    m, n = len(left), len(right)
    u = ranks - m * (m + 1) / 2
    spread = math.sqrt(m * n / 12 * ((m + n + 1) - ties / ((m + n) * (m + n - 1))))
    return math.erfc(abs(u - m * n / 2) / spread / math.sqrt(2))


def main(guesses: int, timed: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        told = told_in(Path(folder))
        with closing(sqlite3.connect(told / "db.sqlite3")) as rows, rows:  # nobody in the demo school lost a code yet
            rows.execute("update incidents_reporter set email_confirmed_at = '2026-11-20 09:00:00'")
        shutil.copytree(told, Path(folder) / "inside")
        portal = Portal(told, settings=PRODUCT)
        portal.environment["BEHIND_PROXY"] = "true"
        known = [names_of(told / "db.sqlite3", door) for door in DOORS]  # while nobody else has it open
        faults = answers(Path(folder) / "inside", guesses)
        try:
            portal.serve()
            return faults + sum(times(portal, *each, timed) for each in zip(DOORS, known, strict=True))
        finally:
            portal.stop()


def answers(folder: Path, guesses: int) -> int:
    os.environ |= {"PYTEST_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.db import connection
    from django.test import Client

    from incidents.models import Concern

    Concern.objects.update(access_code_hash=make_password(some(16)))
    faults = 0
    for door in DOORS:
        with connection.cursor() as rows:
            known = [row[0] for row in rows.execute(door.query).fetchall()]
        browser, statuses, pages = Client(), Counter[int](), set()
        for number in range(guesses):
            reference = secrets.choice(known) if number % 2 else door.invented()
            typed = dict(zip(door.fields, (reference, door.code()), strict=False))
            answer = browser.post(door.path, typed, REMOTE_ADDR=network(), headers={"host": "testserver"})
            statuses[answer.status_code] += 1
            pages.add((without(answer.content.decode(), *typed.values()), str(sorted(answer.headers.items()))))
        hits = guesses - statuses[200]
        print(
            f"{door.path} {guesses} guesses, {len(known)} references exist: {hits} hits, {len(pages)} answers",
            flush=True,
        )
        faults += hits + len(pages) - 1
    return faults


def names_of(file: Path, door: Door) -> list[str]:
    with closing(sqlite3.connect(file)) as rows:
        return [row[0] for row in rows.execute(door.query)]


def times(portal: Portal, door: Door, known: list[str], timed: int) -> int:
    guesser = Guesser(portal.address, door, known)
    exists, invented = [], []
    for _ in range(timed):  # in turns, so that whatever else the machine does falls on both
        exists.append(guesser.guess(exists=True))
        invented.append(guesser.guess(exists=False))
    middle = [statistics.median(each) * 1000 for each in (exists, invented)]
    chance = mann_whitney(exists, invented)
    print(
        f"{door.path} 2 x {timed} timed: {middle[0]:.2f} ms where it exists, {middle[1]:.2f} ms where not; "
        f"Mann-Whitney p = {chance:.3f}",
        flush=True,
    )
    return int(chance < DIFFERENT_AT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--timed", type=int, default=500)
    given = parser.parse_args()
    sys.exit(main(given.guesses, given.timed))
