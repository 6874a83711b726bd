"""Makes an installation ready to serve: tables, cache, static files, and the demo school where one is wanted.

Safe to run twice; when there is nothing to do it only looks. Progress goes to stderr. What a person should read
once the portal is up, such as the demo school's sign-ins, goes to stdout.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor


def migrate() -> None:
    from dkh_conduct.accounts.roles import sync_roles

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("setting up the database")
        call_command("migrate", interactive=False, verbosity=0)
    else:
        sync_roles()


def make_cache_table() -> None:
    if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
        call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Compress and name static files, when any of them has changed since the last time."""
    stamp = settings.DATA_DIR / "static-collected"
    fingerprint = _fingerprint()
    if (settings.STATIC_ROOT / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    _say("collecting static files")
    stamp.unlink(missing_ok=True)
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            seen.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def seed() -> None:
    """The demo school, where the database has no school yet and nobody asked for an empty portal."""
    if not settings.IS_DEMO:
        return
    from dkh_conduct.demo.management.commands import seed_demo
    from dkh_conduct.school.models import School

    password = os.environ.get("DEMO_PASSWORD", "")
    if not School.objects.exists():
        _say("making the demo school")
        call_command("seed_demo", stdout=StringIO())
    elif seed_demo.remembered() and password and password not in seed_demo.remembered():
        _say("changing the password of the demo sign-ins")
        _change_demo_password(password)
    if notes := seed_demo.remembered():
        sys.stdout.write(f"{notes}\n")


def _change_demo_password(password: str) -> None:
    from dkh_conduct.accounts.models import User
    from dkh_conduct.demo.management.commands import seed_demo
    from dkh_conduct.demo.school import STAFF

    if len(password) < seed_demo.SHORTEST:
        raise CommandError(f"The demo password is too short. Use {seed_demo.SHORTEST} characters or more.")
    User.objects.filter(email__in=[person.email for person in STAFF]).update(password=make_password(password))
    seed_demo.remember(seed_demo.sign_ins(password))


def _say(what: str) -> None:
    sys.stderr.write(f"prepare: {what}\n")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dkh_conduct.settings")
    django.setup()
    try:
        migrate()
        make_cache_table()
        collect_static()
        seed()
    except CommandError as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(1)
    except OperationalError as reason:
        sys.stderr.write(f"The database does not answer, or cannot be written: {reason}\n")
        sys.exit(1)
    except ProgrammingError as reason:
        sys.stderr.write(
            f"Its user may not change the database’s tables. Prepare as the user who owns them: {reason}\n"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
