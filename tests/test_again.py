"""Which tests run again on PostgreSQL, and that the list names tests there are."""

from __future__ import annotations

import re

from tests.again import LIST, Asked, choose, listed, written
from tests.asked import kind_of
from tests.demo_school import ROOT


def asked(seconds: float, *statements: str) -> Asked:
    return Asked(seconds, frozenset(statements))


def numbered(*numbers: int) -> list[str]:
    return [f"SELECT {'x' * number}" for number in numbers]


def test_the_cheapest_that_asks_most_comes_first_and_what_asks_nothing_new_never():
    tests = {
        "dear": asked(9, *numbered(*range(1, 11))),
        "cheap": asked(1, *numbered(*range(1, 10))),
        "less": asked(0.5, *numbered(1, 2)),
        "nothing": asked(0.0),
    }

    assert choose(tests) == ["cheap"]


def test_no_lock_is_left_out_however_dear():
    lock = "SELECT y FOR UPDATE"
    tests = {"many": asked(1, *numbered(*range(1, 30))), "lock": asked(60, lock), "again": asked(90, lock)}

    assert choose(tests) == ["many", "lock"]


def test_what_runs_there_anyway_is_not_asked_a_second_time():
    new = asked(1, "DELETE", "UPDATE")
    tests = {"services": asked(5, *numbered(1, 2, 3)), "other": asked(1, *numbered(2, 3)), "new": new}

    assert choose(tests, already=["services"]) == ["new"]


def test_statements_that_differ_in_numbers_alone_are_one_kind():
    some = 'SELECT "a"."id" FROM "a" U0 WHERE "a"."id" IN (%s, %s) LIMIT 21'

    assert kind_of(some) == kind_of(some.replace("%s, %s", "%s, %s, %s").replace("U0", "U3").replace("21", "1"))
    assert kind_of('SAVEPOINT "s1_x1"') == kind_of('SAVEPOINT "s29_x714"')
    assert kind_of("INSERT INTO a VALUES (%s, %s)") == kind_of("INSERT INTO a VALUES (%s, %s), (%s, %s)")
    assert kind_of(some) != kind_of(f"{some} FOR UPDATE")


def test_the_list_is_read_as_it_is_written():
    text = written(
        ["tests/test_b.py", "tests/test_a.py"], ["tests/test_b.py::TestC::test_d[ e]", "tests/test_b.py::test_c"]
    )

    assert text == "tests/test_a.py\ntests/test_b.py\n  TestC::test_d[ e]\n  test_c\n"
    assert listed(text) == {"tests/test_a.py": set(), "tests/test_b.py": {"TestC::test_d[ e]", "test_c"}}


def test_every_test_in_the_list_is_there():
    """Where this fails, a test got another name or went away: `python -m tests.again` chooses anew."""
    gone = [
        f"{file}::{name}"
        for file, names in listed(LIST.read_text()).items()
        for name in names
        if not _has(file, name.partition("[")[0].rpartition("::")[2])
    ]

    assert gone == []
    assert all((ROOT / file).exists() for file in listed(LIST.read_text()))


def _has(file: str, function: str) -> bool:
    return (ROOT / file).exists() and bool(re.search(rf"^\s*def {function}\(", (ROOT / file).read_text(), re.MULTILINE))
