"""A draft to add files to, and a disk of its own for each test."""

from __future__ import annotations

import stat

import pytest

from incidents.evidence import ocr
from incidents.evidence.intake import receive
from incidents.models import Draft, Evidence
from tests.evidence.drawing import png, sent
from tests.factories import CaseFactory, ConcernFactory


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    """The folder under which everything is stored; `uploads` beside it is for files on their way in."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    settings.KEYS_DIR = tmp_path / "keys"
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": options}}
    return tmp_path / "files"


@pytest.fixture
def draft(school):
    return Draft.objects.create(school=school, secret_hash="0" * 64)


@pytest.fixture
def files_on_disk(disk):
    """Every file that is stored or on its way, temporary ones included."""

    def found() -> list[str]:
        found = (path.relative_to(disk.parent) for path in disk.parent.rglob("*") if path.is_file())
        return sorted(str(path) for path in found if path.parts[0] != "keys")

    return found


@pytest.fixture
def evidence(draft):
    """A screenshot that was sent with a concern."""
    found = receive(draft=draft, upload=sent(png()))
    found.concern, found.draft = ConcernFactory.create(school=draft.school), None
    found.save()
    return found


@pytest.fixture
def reader(monkeypatch, tmp_path):
    """A program in the place of Tesseract: `reader("printf hello")`."""

    def install(script: str) -> None:
        program = tmp_path / "tesseract"
        program.write_text(f"#!/bin/sh\n/bin/cat >/dev/null\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(ocr, "tesseract", lambda: str(program))

    return install


@pytest.fixture
def file_of(school):
    """Rows as they stand after a file was taken in, each with a case of its own, and the one before it first."""

    def made(position: int, **given) -> Evidence:
        concern = ConcernFactory.create(school=school, case=CaseFactory.create(school=school))
        row = {"sha256": str(position) * 64, "original": "a", "copy": f"copies/{position}", "width": 300, "height": 200}
        return Evidence.objects.create(school=school, concern=concern, position=position, **{**row, **given})

    return made


@pytest.fixture
def files(file_of):
    return [file_of(1), file_of(2)]


@pytest.fixture
def chats(file_of):
    chats = [file_of(number, media_type="text/plain") for number in (1, 2)]
    for chat in chats:
        for number in (1, 2, 3):
            words = {"raw": f"{number}\n", "sender": f"Sam {number}", "body": f"Words {number}"}
            chat.lines.create(number=number, kind="message", is_marked=number > 1, **words)
    return chats
