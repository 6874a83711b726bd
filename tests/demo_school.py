"""The demo school on one Monday morning, told once for a whole run: whoever needs it takes a copy.

`python -m tests.demo_school` tells it into DATA_DIR, with the product's own commands.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parent.parent
MONDAY = date(2026, 11, 23)
MORNING = "2026-11-23T08:52"
PASSWORD = "lantern-copper-violin"
SITE_URL = "https://conduct.dkh.example"
PRODUCT, QUICK = "dkh_conduct.settings", "tests.demo_settings"


def environment_of(data_dir: Path, *, settings: str = PRODUCT, **more: str) -> dict[str, str]:
    """Nothing of what is set here reaches the portal in that folder, but where programs and the home folder are."""
    # The last two: so that a run that is measured measures the portal too.
    names = ("PATH", "HOME", "LANG", "COVERAGE_FILE", "COVERAGE_PROCESS_CONFIG")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": settings,
        "DATA_DIR": str(data_dir),
        "DEMO": "1",
        "LOG_LEVEL": "WARNING",
        "EVIDENCE_SECONDS_IN_REQUEST": "30",
        **more,
    }


def told_in(folder: Path, *, settings: str = PRODUCT) -> Path:
    """The school's data folder, inside a folder that several processes may share; the first one tells it."""
    school = folder / "demo-school"
    with (folder / "demo-school.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not school.exists():
            being_told = folder / "demo-school-being-told"
            shutil.rmtree(being_told, ignore_errors=True)
            being_told.mkdir(mode=0o700)
            environment = environment_of(being_told, settings=settings, SITE_URL=SITE_URL)
            subprocess.run([sys.executable, "-m", "tests.demo_school"], cwd=ROOT, env=environment, check=True)
            being_told.rename(school)
    return school


def of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all processes of one run of the tests find it. It is theirs to read; to change it, copy it."""
    folder = tmp_path_factory.getbasetemp()
    return told_in(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder, settings=QUICK)


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from dkh_conduct import prepare
    from tests.migrated import sqlite_file

    shutil.copy(sqlite_file(), settings.DATA_DIR / "db.sqlite3")
    call_command("migrate", verbosity=0)  # all that comes with it, such as guards that the copy has not
    prepare.make_cache_table()
    prepare.collect_static()
    settings.EVIDENCE_NICENESS = 0  # others wait for this school
    call_command("seed_demo", today=MONDAY, password=PASSWORD, stdout=StringIO())


if __name__ == "__main__":
    main()
