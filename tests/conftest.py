"""The cast: a school, its staff, an outsider, and signed-in clients for each."""

from __future__ import annotations

import gc
import os
import time
from typing import TYPE_CHECKING

import pytest
from _pytest import runner
from django.core.management.commands import flush
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client

from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.sessions import SEEN, STARTED
from dkh_conduct.room import with_room
from tests.again import LIST, listed
from tests.at_once import hang_up
from tests.demo_school import ROOT
from tests.factories import SchoolFactory, TermFactory, UserFactory
from tests.migrated import copied, emptying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from django.core.management.color import Style
    from pytest_django import DjangoDbBlocker

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School


# Files that take long by themselves, so that nobody waits for one of them at the end. What needs the demo school is
# apart from what does not, because one process tells it while another waits.
FIRST = (
    "tests/e2e/test_accessibility.py",
    "tests/test_scripts.py",
    "tests/e2e/",
    "tests/demo/",
    "tests/letters/test_worker.py",
    "tests/casework/test_approval_race.py",
    "tests/casework/test_races.py",
    "tests/casework/test_ending_races.py",
    "tests/contacts/test_races.py",
    "tests/test_access.py",
    "tests/evidence/test_pictures.py",
)
AGAIN = listed(LIST.read_text())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """On PostgreSQL, files without a test that runs there need not be read: half the time until the first test."""
    if not runs_some(config) or not collection_path.match("test_*.py"):
        return None
    chosen = AGAIN.get(collection_path.relative_to(ROOT).as_posix())
    return None if chosen or chosen is None or "services" in collection_path.read_text() else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`services` tests run on PostgreSQL, with Redis beside it; of the others, some run there again."""
    items.sort(key=turn)
    if runs_some(config):
        again = set(asked_again(items))
        config.hook.pytest_deselected(items=[item for item in items if item not in again])
        items[:] = [item for item in items if item in again]
    if connection.vendor == "postgresql" and "TEST_REDIS_URL" in os.environ:
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL and Redis: TEST_DATABASE_URL and TEST_REDIS_URL")
    for item in items:
        if item.get_closest_marker("services"):
            item.add_marker(skip)


def pytest_sessionstart() -> None:
    """What is loaded once stays, and is not looked at again and again: a twentieth of the time of a run."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """What pytest does, with room for deep calls: a seventh of the time of a run."""
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


def pytest_collection_finish() -> None:
    """Tests empty tables between them, which logs do not allow. `test_chain_triggers.py` puts the guards back."""
    post_migrate.disconnect(dispatch_uid="school.guard_logs")


def turn(item: pytest.Item) -> int:
    return next((place for place, path in enumerate(FIRST) if item.nodeid.startswith(path)), len(FIRST))


def runs_some(config: pytest.Config) -> bool:
    """Everything runs on SQLite, and on PostgreSQL while it is found out what has to."""
    return connection.vendor == "postgresql" and not config.pluginmanager.has_plugin("tests.asked")


def asked_again(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """All `services`; those that `again.txt` names, or another value of the same claim; and files that it has not."""
    claims: dict[tuple[str, str], list[pytest.Item]] = {}
    for item in items:
        file, _, name = item.nodeid.partition("::")
        claims.setdefault((file, name.partition("[")[0]), []).append(item)
    for (file, claim), values in claims.items():
        chosen = AGAIN.get(file)
        again = [item for item in values if chosen is None or item.nodeid.partition("::")[2] in chosen]
        if not again and any(name.partition("[")[0] == claim for name in chosen or ()):
            again = values[:1]
        yield from (item for item in values if item in again or item.get_closest_marker("services"))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """In memory: so that Django takes what it finds. On a server each run has a new one, from a copy."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with django_db_blocker.unblock(), copied():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    yield
    hang_up()


@pytest.fixture(scope="session", autouse=True)
def emptied_row_by_row() -> None:
    """Between tests that commit. PostgreSQL's TRUNCATE makes new files for every table: a second for each such test.

    What migrations leave stays, so that Django need not write it again: that takes ten times as long as the rest.
    """
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = deletions  # type: ignore[method-assign]
        flush.emit_post_migrate_signal = lambda *_, **__: None  # type: ignore[attr-defined]


def deletions(
    style: Style, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
) -> list[str]:
    with connection.cursor() as cursor:
        return emptying(cursor, tables)


@pytest.fixture
def school(db: None) -> School:
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    return school


@pytest.fixture
def office(school: School) -> User:
    return UserFactory.create(school=school, full_name="Pat Nair", job_title="School office", role=Role.OFFICE)


@pytest.fixture
def slt(school: School) -> User:
    return UserFactory.create(school=school, full_name="Ruth Adeyemi", job_title="Head of School", role=Role.SLT)


@pytest.fixture
def colleague(school: School) -> User:
    return UserFactory.create(school=school, full_name="Tomas Lindqvist", job_title="Deputy head", role=Role.SLT)


@pytest.fixture
def head(school: School) -> User:
    return UserFactory.create(
        school=school, full_name="Marian Okoro", job_title="Executive Head Teacher", role=Role.HEAD
    )


@pytest.fixture
def admin(school: School) -> User:
    return UserFactory.create(
        school=school, full_name="Imran Haddad", job_title="School business manager", role=Role.ADMIN
    )


@pytest.fixture
def outsider(school: School) -> User:
    """Signs in to the same portal, for another school."""
    other = SchoolFactory.create(code="OTH", name="Another School")
    return UserFactory.create(school=other, full_name="Otto Outsider", role=Role.HEAD)


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """Wholly signed in, a moment ago: with password and second step."""

    def client_of(user: User, *, took_second_step: bool = True) -> Client:
        client = Client()
        client.force_login(user, backend="dkh_conduct.accounts.backend.StaffBackend")
        steps = ("password", "mfa") if took_second_step else ("password",)
        session = client.session
        now = time.time()
        session.update({STARTED: now, SEEN: now, "account_authentication_methods_user": str(user.pk)})
        session["account_authentication_methods"] = [{"method": step, "at": now} for step in steps]
        session.save()
        return client

    return client_of
