"""Only the bytes that were sealed are opened or printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.models import Letter
from letters.printing import print_letters
from letters.refusals import SealBrokenError
from letters.sealed import read_sealed

pytestmark = pytest.mark.django_db


def flip_a_byte(letter: Letter) -> None:
    path = Path(letter.file.path)
    pdf = bytearray(path.read_bytes())
    pdf[len(pdf) // 2] ^= 1
    path.write_bytes(pdf)


def test_one_changed_byte_is_refused_and_logged(sealed, caplog):
    letter = sealed()
    flip_a_byte(letter)

    with pytest.raises(SealBrokenError, match=r"has been changed since. It cannot be opened or printed"):
        read_sealed(letter)

    assert f"letter {letter.reference}" in caplog.text
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_missing_file_is_refused_and_logged(sealed, caplog):
    letter = sealed()
    Path(letter.file.path).unlink()

    with pytest.raises(SealBrokenError, match=r"is missing. It cannot be opened or printed"):
        read_sealed(letter)

    assert "cannot be read" in caplog.text


def test_a_changed_letter_is_not_printed_and_neither_are_those_chosen_with_it(sealed, office):
    good, bad = sealed(), sealed()
    flip_a_byte(bad)

    with pytest.raises(SealBrokenError):
        print_letters(letters=[good, bad], by=office)

    assert Letter.objects.to_print().count() == 2
    assert office.school.print_batches.count() == 0
