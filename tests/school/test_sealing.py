"""What is sealed opens only whole, only with its key, and only as what it was sealed as."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dkh_conduct.school.keyring import new_key
from dkh_conduct.school.sealing import CannotOpenError, blind_index, current_key_id, seal, unseal


@given(some.text(min_size=1, alphabet=some.characters(exclude_categories=["Cs"])))
def test_v11_3_2_what_is_sealed_opens_again(text):
    sealed = seal(text, purpose="name")

    assert unseal(sealed, purpose="name") == text
    assert text not in sealed or len(text) < 4


def test_nothing_stays_nothing():
    assert seal("", purpose="name") == unseal("", purpose="name") == ""


def test_the_same_words_never_look_the_same():
    assert seal("Aisha Rahman", purpose="name") != seal("Aisha Rahman", purpose="name")


def test_v11_3_3_no_flipped_bit_goes_unnoticed():
    name, _, body = seal("Aisha Rahman", purpose="name").partition(":")
    raw = base64.urlsafe_b64decode(body)

    for at in range(len(raw)):
        changed = bytes([*raw[:at], raw[at] ^ 1, *raw[at + 1 :]])
        with pytest.raises(CannotOpenError):
            unseal(f"{name}:{base64.urlsafe_b64encode(changed).decode()}", purpose="name")


def test_what_was_sealed_as_a_name_does_not_open_as_a_telephone_number():
    with pytest.raises(CannotOpenError):
        unseal(seal("Aisha Rahman", purpose="name"), purpose="phone")


def test_v11_2_2_an_older_key_still_opens_and_the_newest_seals(settings):
    old, new = new_key(), new_key()
    settings.KEYS_GIVEN = {"fields": [old.line]}
    sealed = seal("Aisha Rahman", purpose="name")

    settings.KEYS_GIVEN = {"fields": [new.line, old.line]}

    assert unseal(sealed, purpose="name") == "Aisha Rahman"
    assert sealed.startswith(f"{old.id}:")
    assert seal("x", purpose="name").startswith(f"{new.id}:")
    assert current_key_id() == new.id


def test_a_key_that_was_taken_off_says_so(settings):
    settings.KEYS_GIVEN = {"fields": [new_key().line]}
    sealed = seal("Aisha Rahman", purpose="name")
    settings.KEYS_GIVEN = {"fields": [new_key().line]}

    with pytest.raises(CannotOpenError, match="taken off too early"):
        unseal(sealed, purpose="name")


def test_the_index_of_an_address_does_not_know_capitals_and_does_not_tell_it():
    assert blind_index("Amina@Example.com ") == blind_index("amina@example.com") != blind_index("anna@example.com")
    assert "amina" not in blind_index("amina@example.com")
    assert blind_index("") == ""


@pytest.mark.parametrize("odd", ["x", ":", "abc:def", "12345678:", "💥:💥"])
def test_what_was_never_sealed_does_not_open(odd):
    with pytest.raises(CannotOpenError):
        unseal(odd, purpose="name")
