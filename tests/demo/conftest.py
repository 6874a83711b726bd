"""The demo school, read into the tests' own database for a whole module and taken back afterwards."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from dkh_conduct.accounts.models import User
from dkh_conduct.demo.clock import Days
from dkh_conduct.demo.story import Story
from dkh_conduct.school.models import School
from tests.demo_school import MONDAY, of_this_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker
    from time_machine import TimeMachineFixture


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is gone again afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def our_tables() -> list[str]:
    return sorted(
        model._meta.db_table
        for name in ("school", "accounts", "incidents", "letters")
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
    )


def forget_everything() -> None:
    with connection.cursor() as cursor:
        for table in our_tables():
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  a name of our own


def read_rows(told: Path) -> None:
    """What was told there, in place of what is here."""
    forget_everything()
    with closing(sqlite3.connect(f"file:{told / 'db.sqlite3'}?mode=ro", uri=True)) as source:
        for table in our_tables():
            rows = source.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            names = ", ".join(f'"{column[0]}"' for column in rows.description)
            places = ", ".join("%s" for _ in rows.description)
            with connection.cursor() as cursor:
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows.fetchall())  # noqa: S608


def add_keys(told: Path) -> None:
    """What was sealed there opens with a key of there, which comes after our own: those seal, these still open."""
    for theirs in (told / "keys").glob("*"):
        ours = settings.KEYS_DIR / theirs.name
        ours.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = ours.read_text().splitlines() if ours.exists() else []
        more = [line for line in theirs.read_text().splitlines() if line not in mine]
        being_written = ours.with_name(f".{theirs.name}.{os.getpid()}")
        being_written.write_text("".join(f"{line}\n" for line in [*mine, *more]))
        being_written.replace(ours)  # other processes of this run read it


@pytest.fixture(scope="module")
def story(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    told = of_this_run(tmp_path_factory)
    shutil.copytree(told / "files", settings.FILES_DIR, dirs_exist_ok=True)
    add_keys(told)
    with django_db_blocker.unblock(), taken_back():
        read_rows(told)
        school = School.objects.get()
        staff = {user.first_name.lower(): user for user in User.objects.filter(school=school)}
        yield Story(school, staff, Days(MONDAY, school.calendar()))


@pytest.fixture
def db(story: Story) -> Iterator[None]:
    """In place of pytest-django's: what one test writes is taken back, and the story stays for the next one."""
    with taken_back():
        yield


@pytest.fixture
def demo(story: Story, db: None, time_machine: TimeMachineFixture) -> Story:
    """The story on its own Monday morning, for one test to do with as it likes."""
    time_machine.move_to(datetime(2026, 11, 23, 8, 51, tzinfo=UTC), tick=False)
    return story
