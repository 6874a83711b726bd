"""A database with every migration in it, made once for as long as no migration changes. Tests start from a copy.

It lies beside the other caches of a checkout, or on the PostgreSQL server beside the tests' own database.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate
from psycopg import sql

from tests.demo_school import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CACHE = ROOT / ".pytest_cache"
# By migrations, with kinds, rights and roles; and by no test that commits.
WRITTEN = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def fingerprint() -> str:
    """Other migrations, ours or a library's, give another one."""
    seen = sha256()
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        seen.update(f"{key}".encode())
        seen.update(Path(str(import_module(type(migration).__module__).__file__)).read_bytes())
    return seen.hexdigest()[:20]


@contextmanager
def copied() -> Iterator[None]:
    """The tests' own database starts from a copy."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = postgresql_database()
        yield
        return
    # In memory, under the name that Django gives it; it is there for as long as one connection is open.
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with closing(sqlite3.connect(name, uri=True)) as copy:
        with closing(sqlite3.connect(sqlite_file())) as migrated:
            migrated.backup(copy)
        yield


def sqlite_file() -> Path:
    """An empty portal's database: copy it."""
    path = CACHE / f"migrated-{fingerprint()}.sqlite3"
    with _one_at_a_time("sqlite"):
        if not path.exists():
            for old in CACHE.glob("migrated-*.sqlite3*"):
                old.unlink()
            being_made = path.with_suffix(".sqlite3-being-made")
            _migrate(f"sqlite:///{being_made}")
            being_made.rename(path)
    return path


def postgresql_database() -> str:
    """The same on PostgreSQL: a name to give as a template."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"{url.path[1:]}_migrated"
    wanted = fingerprint()
    server = psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True)
    with _one_at_a_time("postgresql"), server:
        found = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found != (wanted,):
            here = sql.Identifier(name)
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(here))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(here))
            _migrate(url._replace(path=f"/{name}").geturl())
            server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(here, sql.Literal(wanted)))
    return name


def emptying(cursor: Any, tables: Iterable[str]) -> list[str]:
    """What to say to PostgreSQL, in one transaction, so that nothing is left in these but what migrations wrote.

    Only tables with rows are named, and in any order: foreign keys are not looked at until it is done.
    """
    quoted = {table: sql.Identifier(table).as_string(None) for table in sorted(set(tables) - WRITTEN)}
    has_rows = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name})" for table, name in quoted.items()]  # noqa: S608
    cursor.execute(" UNION ALL ".join(has_rows))
    filled = [quoted[table] for (table,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]  # noqa: S608


def _migrate(url: str) -> None:
    """By another process, because this one has its database already."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "tests.migrated"], cwd=ROOT, env=environment, check=True)


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"migrated-{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """`python -m tests.migrated` makes one in DATABASE_URL; with `ahead`, the one that tests there will copy."""
    django.setup()
    if sys.argv[1:] == ["ahead"]:
        if connection.vendor == "postgresql":
            postgresql_database()
        else:
            sqlite_file()
        return
    # Tests empty tables between them, which the guards of the logs would not allow.
    post_migrate.disconnect(dispatch_uid="school.guard_logs")
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()


if __name__ == "__main__":
    main()
