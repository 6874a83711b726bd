"""script/test says with its exit status whether every check passed; CI reads nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "script" / "test"

# Stands in for every tool that script/test calls: fails where the words it is called with hold $FAILS.
TOOL = """#!/bin/sh
case "$0 $*" in *"$FAILS"*) echo "it failed here"; exit 3;; esac
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with script/test as it is, and tools that say what they are told to say."""
    for tool in ("script/setup", ".venv/bin/python", ".venv/bin/djade"):
        path = tmp_path / tool
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TOOL)
        path.chmod(0o755)
    for folder in ("templates", "incidents", "letters", "dkh_conduct"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.html").touch()
    shutil.copy(SCRIPT, tmp_path / "script" / "test")
    return tmp_path


def run(house: Path, fails: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"FAILS": fails, "TEST_DATABASE_URL": "postgres://nowhere/none"}
    return subprocess.run(
        ["script/test", *words], cwd=house, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_ends_well_when_every_check_does(house):
    done = run(house, fails="nothing at all")
    assert (done.returncode, done.stderr) == (0, "")
    assert "tests on PostgreSQL" in done.stdout


@pytest.mark.parametrize(
    ("fails", "named"),
    [
        ("ruff check", "ruff check"),
        ("ruff format", "ruff format"),
        ("djade", "templates: djade"),
        ("djhtml", "templates: djhtml"),
        ("bandit", "bandit"),
        ("importlinter", "import-linter"),
        ("makemigrations", "migrations"),
        ("mypy", "mypy"),
        ("pytest --numprocesses", "tests on SQLite"),
        ("not e2e", "tests on PostgreSQL, with Redis"),
    ],
)
def test_one_check_that_fails_fails_the_run_and_is_named(house, fails, named):
    done = run(house, fails)
    assert done.returncode != 0
    assert f'failed at "{named}"' in done.stderr
    assert "it failed here" in done.stdout + done.stderr


def test_words_given_to_it_go_to_pytest_alone(house):
    assert run(house, fails="mypy").returncode != 0
    alone = run(house, "mypy", "tests/letters")
    assert (alone.returncode, alone.stdout) == (0, "")
