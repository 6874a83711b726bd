"""Many at the same moment, in threads and in processes of their own: exactly as many get through as may."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from dkh_conduct.school.limits import Rate, count_one
from dkh_conduct.school.models import Limit
from tests.at_once import at_once, outcomes
from tests.migrated import sqlite_file
from tests.processes import Running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

THREADS, EACH = 8, 10
COUNT = """
import django, sys
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from dkh_conduct.school.limits import Rate, count_one
print(sum(count_one(Rate("try", 25), "one network") for _ in range(20)))
"""


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_eighty_tries_in_eight_threads_let_through_exactly_what_is_allowed():
    def try_often() -> int:
        return sum(count_one(Rate("try", 25), "one network") for _ in range(EACH))

    allowed = sum(outcomes(*[try_often] * THREADS))

    assert allowed == 25
    assert Limit.objects.get().count == 25


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_while_there_is_room():
    def try_often() -> None:
        for _ in range(EACH):
            count_one(Rate("try", 1000), "one network")

    assert at_once(*[try_often] * THREADS) == []

    assert Limit.objects.get().count == THREADS * EACH


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_four_processes_count_together_on_postgresql(tmp_path):
    assert sum(count_in_processes(str(connection.settings_dict["NAME"]), os.environ, tmp_path)) == 25
    assert Limit.objects.get().count == 25


def test_four_processes_count_together_on_a_file_of_sqlite(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dkh_conduct.settings"}
    shutil.copy(sqlite_file(), tmp_path / "db.sqlite3")

    assert sum(count_in_processes(str(tmp_path / "db.sqlite3"), environment, tmp_path)) == 25


def count_in_processes(database: str, environment: Mapping[str, str], folder: Path) -> list[int]:
    running = [Running("-c", COUNT, database, environment=environment, says=folder / f"said-{n}") for n in range(4)]
    return [int(process.told()) for process in running]
