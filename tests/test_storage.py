"""A stored file is whole or not there at all, and for its own user only."""

from __future__ import annotations

import stat

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from dkh_conduct.storage import WholeFileStorage


@pytest.fixture
def storage(tmp_path):
    return WholeFileStorage(location=tmp_path, file_permissions_mode=0o600, directory_permissions_mode=0o700)


class BreaksOff(ContentFile):  # type: ignore[type-arg]
    """As a full disk or a lost connection would."""

    def chunks(self, chunk_size=None):
        yield b"the first half"
        raise OSError(28, "No space left on device")


def files(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_file_is_stored_whole_for_its_own_user(storage, tmp_path):
    name = storage.save("letters/one.pdf", ContentFile(b"%PDF"))

    assert (tmp_path / name).read_bytes() == b"%PDF"
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "letters").stat().st_mode) == 0o700


def test_a_file_that_breaks_off_leaves_nothing(storage, tmp_path):
    with pytest.raises(OSError, match="No space left"):
        storage.save("letters/one.pdf", BreaksOff(b""))

    assert files(tmp_path) == []


def test_a_second_file_of_the_same_name_takes_another(storage, tmp_path):
    first = storage.save("one.pdf", ContentFile(b"1"))
    second = storage.save("one.pdf", ContentFile(b"2"))

    assert first != second
    assert (tmp_path / first).read_bytes() == b"1"


@pytest.mark.parametrize("name", ["../outside.pdf", "/etc/passwd", "a/../../outside.pdf", ".."])
def test_no_name_leads_out_of_the_folder(storage, tmp_path, name):
    with pytest.raises(SuspiciousFileOperation):
        storage.save(name, ContentFile(b"x"))

    assert files(tmp_path) == []


def test_text_is_stored_as_utf_8(storage, tmp_path):
    assert (tmp_path / storage.save("one.txt", ContentFile("Zoë 😀"))).read_text("utf-8") == "Zoë 😀"
