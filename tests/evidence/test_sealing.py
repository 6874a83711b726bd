"""Originals are sealed at rest: nothing of them can be read from the disk, and no change to them goes unnoticed."""

from __future__ import annotations

import io
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dkh_conduct.school import keyring
from incidents.evidence import sealing
from incidents.evidence.sealing import CHUNK, HEADER, TAG, NotWholeError, seal, unseal

CONTENT = b"NEEDLE " * 30_000  # more than three chunks


@pytest.fixture
def key(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    return keyring.newest(sealing.RING)


def sealed(content: bytes) -> bytes:
    return b"".join(seal([content]))


def opened(content: bytes) -> bytes:
    return b"".join(unseal(io.BytesIO(content)))


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, len(CONTENT)])
def test_what_was_sealed_comes_back_byte_for_byte(key, length):
    assert opened(sealed(CONTENT[:length])) == CONTENT[:length]


@settings(max_examples=20, deadline=None)
@given(pieces=st.lists(st.binary(max_size=3000), max_size=12))
def test_it_does_not_matter_in_what_pieces_it_streams_by(pieces):
    one = keyring.Key("once", bytes(32))
    header = b"".join(seal(pieces, one))

    assert len(header) == HEADER.size + max(1, -(-sum(map(len, pieces)) // CHUNK)) * TAG + sum(map(len, pieces))


def test_nothing_of_it_can_be_read_and_the_same_file_never_looks_the_same(key):
    first, second = sealed(CONTENT), sealed(CONTENT)

    assert b"NEEDLE" not in first
    assert first[: HEADER.size] != second[: HEADER.size]
    assert first[HEADER.size : HEADER.size + 64] != second[HEADER.size : HEADER.size + 64]


@pytest.mark.parametrize("at", [0, 9, 17, 33, HEADER.size, HEADER.size + CHUNK + 5, -1])
def test_one_changed_byte_anywhere_is_refused(key, at):
    changed = bytearray(sealed(CONTENT))
    changed[at] ^= 1

    with pytest.raises((NotWholeError, keyring.UnknownKeyError)):
        opened(bytes(changed))


def test_a_file_cut_short_lengthened_or_put_in_another_order_is_refused(key):
    whole, size = sealed(CONTENT), CHUNK + TAG
    first, second = HEADER.size, HEADER.size + size
    turned = whole[:first] + whole[second : second + size] + whole[first:second] + whole[second + size :]

    for changed in (
        whole[: HEADER.size + size],
        whole[:-1],
        whole + b"x",
        turned,
        whole[: HEADER.size],
        b"",
        b"\x89PNG",
    ):
        with pytest.raises(NotWholeError):
            opened(changed)


def test_the_last_chunk_may_be_full_and_a_key_that_is_given_is_used(key):
    assert len(sealed(CONTENT[:CHUNK])) == HEADER.size + CHUNK + TAG

    one = keyring.Key("once", bytes(32))
    assert sealing.read_header(io.BytesIO(b"".join(seal([b"x"], one)))).key_id == "once"


@pytest.mark.parametrize("content", [sealing.MAGIC, b"x" * 100])
def test_a_header_that_is_short_or_another_is_none(content):
    with pytest.raises(NotWholeError, match="it is not sealed"):
        opened(content)


def test_a_key_that_is_taken_off_the_ring_opens_nothing(key, settings):
    whole = sealed(CONTENT)

    keyring.add_key(sealing.RING)
    assert opened(whole) == CONTENT
    assert sealed(b"")[8:16] != whole[8:16]

    settings.KEYS_GIVEN = {sealing.RING: [keyring.new_key().line]}
    with pytest.raises(keyring.UnknownKeyError):
        opened(whole)


def test_the_ring_is_kept_for_its_owner_only(key, settings):
    path = settings.KEYS_DIR / sealing.RING

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "secret" not in repr(key)
    assert keyring.newest(sealing.RING) == key


def test_keys_from_the_environment_come_first_and_a_bad_one_is_a_mistake_to_be_told(settings, tmp_path):
    settings.KEYS_DIR = tmp_path
    given = keyring.new_key()
    settings.KEYS_GIVEN = {sealing.RING: [given.line]}

    assert keyring.newest(sealing.RING) == given
    with pytest.raises(ValueError, match="environment"):
        keyring.add_key(sealing.RING)
    settings.KEYS_GIVEN = {sealing.RING: ["short:AAAA"]}
    with pytest.raises(ValueError, match="32 bytes"):
        keyring.newest(sealing.RING)
