"""Real workers on real queues: a letter is made by a process that nobody waits for, and survives its death."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from contextlib import closing, contextmanager
from hashlib import sha256
from threading import Thread
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.letters.installation import Installation, until
from tests.migrated import emptying, postgresql_database, sqlite_file

APPROVE = """
    slt = UserFactory.create(role="slt")
    letters = [LetterFactory.create(school=slt.school, drafted_by=slt, reply_by=None) for _ in range({count})]
    for letter in letters:
        approve_letter(letter=letter, by=slt)
    result = [letter.pk for letter in letters]
"""


@pytest.fixture
def embedded(tmp_path):
    """SQLite, a queue of files, files on disk: what the portal is without any server beside it."""
    shutil.copy(sqlite_file(), tmp_path / "db.sqlite3")
    return Installation(tmp_path)


@pytest.fixture(scope="module")
def database():
    """One for all tests here, because a copy costs a second."""
    with postgres_database(template=postgresql_database()) as name:
        yield name


@pytest.fixture
def served(tmp_path, database):
    """The same code on PostgreSQL and Redis, in a database that is empty and with a queue of its own."""
    folder = tmp_path / f"letters_{uuid.uuid4().hex[:12]}"
    folder.mkdir()
    yield Installation(folder, DATABASE_URL=postgres_url(database), REDIS_URL=os.environ["TEST_REDIS_URL"])
    with redis.Redis.from_url(os.environ["TEST_REDIS_URL"]) as queue:
        if keys := queue.keys(f"{folder.name}:*"):
            queue.delete(*keys)
    with psycopg.connect(postgres_url(database)) as connection, connection.cursor() as cursor:
        # A killed worker's last statement may still be running.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for statement in emptying(cursor, [table for (table,) in tables]):
            cursor.execute(statement)


@contextmanager
def postgres_database(template):
    name = f"letters_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield name
    finally:
        with psycopg.connect(postgres_url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def postgres_url(name):
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def states(portal: Installation) -> list[str]:
    """Of every letter, read from outside of the portal."""
    query = "SELECT state FROM letters_letter ORDER BY id"
    if url := portal.env.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            rows = connection.execute(query).fetchall()
    else:
        with closing(sqlite3.connect(portal.data_dir / "db.sqlite3", timeout=20)) as lite:
            rows = lite.execute(query).fetchall()
    return [state for (state,) in rows]


def made_once(portal: Installation, *, attempts: int) -> None:
    letter, events = portal.python("""
        letter = Letter.objects.get()
        events = list(LetterEvent.objects.values_list("kind", flat=True))
        result = [[letter.state, letter.attempts, letter.sha256, letter.file.name], events]
    """)
    (path,) = portal.letter_files
    assert letter == ["ready", attempts, sha256(path.read_bytes()).hexdigest(), f"letters/{path.name}"]
    assert events == ["sealed"]


def dies_while_it_makes_a_letter(portal: Installation) -> None:
    """A new worker's first letter takes a second or more: time enough to be killed in the middle of it.

    The approval goes on beside us, because its process may still be ending when the letter is finished.
    """
    portal.env["LETTER_LEASE_SECONDS"] = "1"  # it will be dead: nobody need wait for it
    with portal.worker() as worker:
        approval = Thread(target=portal.python, args=(APPROVE.format(count=1),))
        approval.start()
        until(lambda: states(portal) == ["rendering"], every=0.01)
        worker.kill()
        approval.join()
    assert states(portal) == ["rendering"]
    assert [path for path in portal.letter_files if path.suffix == ".pdf"] == []


def is_finished_by_the_next(portal: Installation) -> None:
    portal.env["LETTER_LEASE_SECONDS"] = "300"  # this one is not given up on, however busy this machine is
    with portal.worker():
        until(lambda: "1 letter queued" in portal.manage("sweep_letters"))
        until(lambda: states(portal) == ["ready"])
    made_once(portal, attempts=2)


def test_with_no_server_at_all_a_worker_makes_the_letter(embedded):
    with embedded.worker():
        embedded.python(APPROVE.format(count=1))
        until(lambda: states(embedded) == ["ready"])

    made_once(embedded, attempts=1)


def test_with_no_server_at_all_a_killed_workers_letter_is_finished_once(embedded):
    dies_while_it_makes_a_letter(embedded)

    is_finished_by_the_next(embedded)


@pytest.mark.services
def test_a_killed_workers_letter_is_finished_once_by_the_next(served):
    dies_while_it_makes_a_letter(served)

    is_finished_by_the_next(served)


@pytest.mark.services
def test_every_letter_is_made_once_when_the_queue_says_it_again_and_again(served):
    served.env["LETTER_LEASE_SECONDS"] = "300"  # no worker is given up on, however busy this machine is
    with served.worker(), served.worker():
        served.python(
            APPROVE.format(count=5)
            + """
    from letters.tasks import render_letter
    for pk in result * 4:
        render_letter.delay(pk)
"""
        )
        until(lambda: states(served) == ["ready"] * 5)

    attempts, sealed = served.python("""
        result = [
            list(Letter.objects.values_list("attempts", flat=True)), LetterEvent.objects.filter(kind="sealed").count()
        ]
    """)
    assert (attempts, sealed) == ([1] * 5, 5)
    assert len(served.letter_files) == 5


@pytest.mark.services
def test_a_queue_that_forgot_everything_loses_no_letter(served):
    forgotten = served.python(
        APPROVE.format(count=3)
        + """
    from dkh_conduct.celery import app
    result = app.control.purge()
"""
    )
    assert forgotten

    with served.worker():
        until(lambda: served.manage("sweep_letters") and states(served) == ["ready"] * 3, every=0.6)

    assert len(served.letter_files) == 3


def test_with_redis_unreachable_the_approval_is_kept(tmp_path):
    shutil.copy(sqlite_file(), tmp_path / "db.sqlite3")
    portal = Installation(tmp_path, REDIS_URL="redis://127.0.0.1:9/0")

    portal.python(APPROVE.format(count=1))

    assert states(portal) == ["queued"]


RACE = """
    import threading
    from django.db import connection
    from letters.posting import mark_posted
    from letters.printing import print_letters
    from letters.refusals import LetterRefusedError
    from letters.sealing import make_letter, take
    from dkh_conduct.school.models import today

    slt = UserFactory.create(role="slt")
    people = [UserFactory.create(school=slt.school, role="office") for _ in range(6)]
    letters = [LetterFactory.create(school=slt.school, drafted_by=slt, reply_by=None) for _ in range(4)]

    def together(work):
        start, done = threading.Barrier(len(people)), []
        def run(number):
            start.wait()
            try:
                done.append([number, work(number) or "done"])
            except LetterRefusedError as refusal:
                done.append([number, str(refusal)])
            finally:
                connection.close()
        threads = [threading.Thread(target=run, args=(number,)) for number in range(len(people))]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        return [outcome for _, outcome in done]

    def claim(number):
        return "claimed" if take(letters[0].pk) else "not mine"
"""


@pytest.mark.services
def test_v15_4_2_six_people_approve_at_once_and_one_of_them_does(served):
    outcomes = served.python(
        RACE
        + """
    result = together(lambda n: approve_letter(letter=letters[0], by=slt) and None)
"""
    )

    assert outcomes.count("done") == 1
    assert all("was approved by" in outcome for outcome in outcomes if outcome != "done")


@pytest.mark.services
def test_six_workers_claim_at_once_and_one_of_them_gets_it(served):
    outcomes = served.python(
        RACE
        + """
    Letter.objects.update(state="queued", approved_by=slt, approved_at=letters[0].drafted_at)
    result = together(claim)
"""
    )

    assert sorted(outcomes) == ["claimed"] + ["not mine"] * 5


@pytest.mark.services
def test_six_people_print_at_once_and_each_letter_is_in_one_batch(served):
    outcomes, batches, events, kept = served.python(
        RACE
        + """
    for letter in letters:
        approve_letter(letter=letter, by=slt)
        make_letter(letter.pk)
    # Each wants three of the four, in an order of their own.
    wanted = [[letters[(n + k) % 4] for k in range(3)] for n in range(6)]
    outcomes = together(lambda n: print_letters(letters=wanted[n], by=people[n]) and None)
    printed = list(Letter.objects.filter(state="printed"))
    posted = together(lambda n: mark_posted(letters=printed, posted_on=today(), by=people[n]) and None)
    result = [
        outcomes, PrintBatch.objects.count(), LetterEvent.objects.filter(kind="printed").count(), posted
    ]
"""
    )

    assert outcomes.count("done") == 1
    assert all(
        "was already printed by" in outcome or "were already printed by" in outcome
        for outcome in outcomes
        if outcome != "done"
    )
    assert (batches, events) == (1, 3)
    assert kept.count("done") == 1
    assert all("already marked as posted by" in outcome for outcome in kept if outcome != "done")
