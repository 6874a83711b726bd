"""Every requirement in the guide has a test that carries its number, and no test carries a number that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.test_headers import NUMBERS

ROOT = Path(__file__).parent.parent
NUMBER = r"\d+\.\d+\.\d+"


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "security.md").read_text().splitlines()
    return [re.findall(NUMBER, line.split("|")[1]) for line in lines if re.match(rf"\| {NUMBER}", line)]


def proved() -> set[str]:
    """From the names of tests, and the parameters of the one that reads headers."""
    text = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    names = " ".join(re.findall(r"def (test_v\w+)", text))
    return {".".join(found) for found in re.findall(r"_v(\d+)_(\d+)_(\d+)(?=_)", names)} | set(NUMBERS)


def test_every_test_that_the_threats_name_is_there():
    table = (ROOT / "docs" / "threats.md").read_text()
    named = re.findall(r"`(tests/\S+\.py)::(test_\w+)`", table)

    gone = [f"{file}::{test}" for file, test in named if f"def {test}(" not in (ROOT / file).read_text()]

    assert len(named) > 50
    assert gone == []


def test_every_threat_that_a_test_carries_is_in_the_table():
    rows = set(re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "threats.md").read_text(), re.MULTILINE))
    text = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))

    assert set(re.findall(r"def test_row_(\d+)_", text)) <= rows | {str(row) for row in range(3, 8)}


@pytest.mark.parametrize("numbers", rows(), ids=lambda numbers: numbers[0])
def test_every_row_has_a_test_that_carries_one_of_its_numbers(numbers):
    assert proved() & set(numbers)


def test_every_number_that_a_test_carries_is_in_the_table():
    assert proved() <= {number for numbers in rows() for number in numbers}


def test_no_number_stands_in_two_rows():
    numbers = [number for row in rows() for number in row]

    assert len(numbers) == len(set(numbers)) > 120


SENT_IN = r"(?:row|measured)_\d+"


def test_every_line_about_what_is_sent_in_has_a_test_that_carries_its_name():
    """`row_4` is in `test_row_4_…`, and in `test_row_3_4_5_8_…`, which tries several."""
    lines = (ROOT / "docs" / "security.md").read_text().splitlines()
    named = [found[1] for line in lines if (found := re.match(rf"\| `({SENT_IN})` ", line))]
    tests = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    carried = set()
    for kind, numbers in re.findall(r"def test_(row|measured)((?:_\d+)+)_", tests):
        carried |= {f"{kind}_{number}" for number in numbers.strip("_").split("_")}

    assert len(named) == len(set(named)) >= 10
    assert set(named) <= carried
