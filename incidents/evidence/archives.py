"""Reads a zip without trust: nothing is unpacked to the disk, no name is a path, sizes are counted, not believed."""

from __future__ import annotations

import stat
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from incidents.evidence import refusals, sniffing
from incidents.evidence.naming import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_ENTRIES = 12_000  # a chat exported with media has up to 10 000 files
MOST_TEXT = 25 * 1024 * 1024
MOST_MEMBER = 25 * 1024 * 1024
MOST_RATIO = 200  # a chat's text packs about 5 to 1; a bomb 1 000 to 1
MOST_MEDIA = 100 * 1024 * 1024
MOST_LOOKED_AT = 500
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)
CAN_BE_READ = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class ArchiveRefusedError(Exception):
    """It is not an exported chat, or not one that can be read. The message is the sentence the parent reads."""


@dataclass(frozen=True)
class Member:
    """A file in the archive, by the name it is shown by."""

    name: str
    info: zipfile.ZipInfo


@dataclass(frozen=True)
class Archive:
    file: zipfile.ZipFile
    members: list[Member]

    def chat(self) -> Member | None:
        """`_chat.txt` of an iPhone, or the one text file of an Android phone."""
        texts = [member for member in self.members if member.name.lower().endswith(".txt")]
        named = [member for member in texts if member.name.lower() == "_chat.txt" or "whatsapp" in member.name.lower()]
        return next(iter(named or texts), None)

    def read(self, member: Member, *, most: int = MOST_MEMBER) -> bytes:
        """Its bytes, and never more than `most` of them in memory. Raises ArchiveRefusedError."""
        info = member.info
        if info.file_size > most or info.file_size > MOST_RATIO * max(info.compress_size, 512):
            raise ArchiveRefusedError(refusals.ARCHIVE_TOO_LARGE)
        try:
            with self.file.open(info) as packed:
                content = packed.read(most + 1)
        except UNREADABLE as error:
            raise ArchiveRefusedError(refusals.ARCHIVE) from error
        if len(content) > most:
            raise ArchiveRefusedError(refusals.ARCHIVE_TOO_LARGE)
        return content

    def media(self, besides: Member) -> Iterator[tuple[str, bytes]]:
        """Pictures and voice notes by what they start with, as long as there is room. What cannot be read is left."""
        room = MOST_MEDIA
        for member in [each for each in self.members if each != besides][:MOST_LOOKED_AT]:
            try:
                with self.file.open(member.info) as packed:
                    sniffed = sniffing.sniff(packed.read(sniffing.HEAD), member.name)
                if sniffed is None or sniffed.kind not in {"picture", "sound"} or member.info.file_size > room:
                    continue
                content = self.read(member)
            except (ArchiveRefusedError, *UNREADABLE):
                continue
            room -= len(content)
            yield member.name, content


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises ArchiveRefusedError."""
    try:
        file = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise ArchiveRefusedError(refusals.ARCHIVE) from error
    with file:
        infos = file.infolist()
        if len(infos) > MOST_ENTRIES:
            raise ArchiveRefusedError(refusals.ARCHIVE_TOO_LARGE)
        yield Archive(file, [Member(shown_name(info.filename), info) for info in infos if _is_plain(info)])


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """A file, not locked, at the top or in folders below it, packed in a way that we read."""
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    is_hidden = any(part == "__MACOSX" or part.startswith("._") for part in parts)
    return not (info.is_dir() or is_link or is_hidden or info.flag_bits & 1) and info.compress_type in CAN_BE_READ
