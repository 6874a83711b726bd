"""Keys that are kept outside the database: the newest seals, every older one still opens.

A ring is a list of lines `id:key`, newest first: in the environment (EVIDENCE_KEYS, separated by commas), or else in
a file of its own under `DATA_DIR/keys`, made at first use and readable by its owner only. Whoever has a copy of the
database or of the stored files, but not the ring, can open nothing.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
ID_LETTERS = 8


class UnknownKeyError(Exception):
    """Sealed with a key that is not on the ring: it was taken off too early, or the file comes from elsewhere."""


@dataclass(frozen=True)
class Key:
    """`id` is written beside what it sealed; it says nothing about the key."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"

    @property
    def line(self) -> str:
        return f"{self.id}:{base64.b64encode(self.secret).decode()}"


def new_key() -> Key:
    return Key(secrets.token_hex(ID_LETTERS // 2), secrets.token_bytes(KEY_BYTES))


def ring(name: str) -> tuple[Key, ...]:
    """All keys of a ring, newest first. Never empty. Raises ValueError when a line cannot be read."""
    lines = settings.KEYS_GIVEN.get(name) or _lines_of_file(name)
    return tuple(_read(line, name) for line in lines)


def newest(name: str) -> Key:
    return ring(name)[0]


def find(name: str, key_id: str) -> Key:
    """Raises UnknownKeyError."""
    for key in ring(name):
        if key.id == key_id:
            return key
    raise UnknownKeyError(f"There is no key {key_id} on the ring “{name}”.")


def add_key(name: str) -> Key:
    """Put a new key at the front of a ring that is kept in a file. Raises ValueError for one from the environment."""
    if settings.KEYS_GIVEN.get(name):
        raise ValueError(f"The ring “{name}” is in the environment. Put a new line in front of it there.")
    made = new_key()
    _write(_path(name), [made, *ring(name)])
    return made


def _path(name: str) -> Path:
    folder: Path = settings.KEYS_DIR
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / name


def _lines_of_file(name: str) -> list[str]:
    path = _path(name)
    if not path.exists():
        _write(path, [new_key()], is_first=True)
    return path.read_text().split()


def _write(path: Path, keys: list[Key], *, is_first: bool = False) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    temporary.touch(mode=0o600)
    temporary.write_text("".join(f"{key.line}\n" for key in keys))
    if not is_first:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)  # the first of two processes that start together wins
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _read(line: str, name: str) -> Key:
    key_id, _, coded = line.strip().partition(":")
    secret = base64.b64decode(coded, validate=True)
    if len(secret) != KEY_BYTES or not key_id.isascii() or not 1 <= len(key_id) <= ID_LETTERS:
        raise ValueError(f"A line of the ring “{name}” is not `id:key` with {KEY_BYTES} bytes in base64.")
    return Key(key_id, secret)
