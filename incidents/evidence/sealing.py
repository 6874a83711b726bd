"""Originals at rest: sealed in chunks as they stream by, so that a changed, swapped, cut or reordered file is refused.

AES-256-GCM over chunks of 64 KiB, each with its number and whether it is the last in its nonce (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). Every file has a key of its own, drawn by HKDF from a
key of the ring `evidence` and a random salt, so no nonce is ever used twice. The header names the ring's key.

    b"DKHSEAL1" | key id, 8 bytes | salt, 16 | nonce prefix, 7 | then chunks of 64 KiB + 16
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.base import File
from django.core.files.storage import default_storage

from dkh_conduct.school import keyring

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dkh_conduct.school.keyring import Key

RING = "evidence"
MAGIC = b"DKHSEAL1"
CHUNK = 64 * 1024
TAG = 16
HEADER = struct.Struct("8s8s16s7s")
NONCE = struct.Struct(">7sIB")


class NotWholeError(Exception):
    """The sealed file is not what was sealed: changed, cut short, swapped, or never sealed. Says which, in words."""


@dataclass(frozen=True)
class SealedHeader:
    packed: bytes
    key_id: str
    salt: bytes
    prefix: bytes

    def cipher(self, key: Key) -> AESGCM:
        return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=self.salt, info=b"evidence").derive(key.secret))

    def nonce(self, number: int, *, is_last: bool) -> bytes:
        return NONCE.pack(self.prefix, number, is_last)


def seal(content: Iterable[bytes], key: Key | None = None) -> Iterator[bytes]:
    """The sealed bytes of what streams by, with the ring's newest key."""
    key = key or keyring.newest(RING)
    salt, prefix = secrets.token_bytes(16), secrets.token_bytes(7)
    header = SealedHeader(HEADER.pack(MAGIC, key.id.encode(), salt, prefix), key.id, salt, prefix)
    cipher = header.cipher(key)
    yield header.packed
    number, waiting = 0, b""
    for piece in content:
        waiting += piece
        while len(waiting) > CHUNK:  # the last chunk is known only when nothing follows it
            yield cipher.encrypt(header.nonce(number, is_last=False), waiting[:CHUNK], header.packed)
            waiting = waiting[CHUNK:]
            number += 1
    yield cipher.encrypt(header.nonce(number, is_last=True), waiting, header.packed)


def unseal(source: IO[bytes]) -> Iterator[bytes]:
    """What was sealed, chunk by chunk. At the first that is not right, raises NotWholeError or UnknownKeyError."""
    header = read_header(source)
    cipher = header.cipher(keyring.find(RING, header.key_id))
    number, chunk = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(header.nonce(number, is_last=not following), chunk, header.packed)
        except InvalidTag:
            raise NotWholeError("it was changed or cut short after it was sealed") from None
        if not following:
            return
        number, chunk = number + 1, following


def read_header(source: IO[bytes]) -> SealedHeader:
    packed = source.read(HEADER.size)
    if len(packed) < HEADER.size or not packed.startswith(MAGIC):
        raise NotWholeError("it is not sealed")
    _, key_id, salt, prefix = HEADER.unpack(packed)
    return SealedHeader(packed, key_id.rstrip(b"\0").decode("ascii", "replace"), salt, prefix)


class SealedContent(File):  # type: ignore[type-arg]  # generic in the stubs only
    """A file for storage, sealed while it is written."""

    def __init__(self, content: Iterable[bytes]) -> None:
        super().__init__(None)
        self.content = content

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return seal(self.content)


def store_sealed(name: str, content: Iterable[bytes]) -> None:
    default_storage.save(name, SealedContent(content))


def open_sealed(name: str) -> Iterator[bytes]:
    """The original in the sealed file `name`. Raises FileNotFoundError too."""
    with default_storage.open(name) as source:
        yield from unseal(source)


def sha256_of(name: str) -> str:
    """Of the original in a sealed file; reading it to its end proves the seal."""
    digest = hashlib.sha256()
    for piece in open_sealed(name):
        digest.update(piece)
    return digest.hexdigest()


def key_id_of(name: str) -> str:
    with default_storage.open(name) as source:
        return read_header(source).key_id
