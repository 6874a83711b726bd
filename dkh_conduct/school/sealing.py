"""Sealing: what must not stand in the database in the clear, such as who reported, is kept under a key from outside it.

AES-256-GCM of `cryptography`. What is sealed says which key sealed it, so that keys can be changed one row at a time:
`<key id>:<nonce and ciphertext>`. The purpose is authenticated too: what was sealed as a name opens only as a name.
It lives with the school because accounts and every slice need it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import FieldError
from django.db import models

from dkh_conduct.school import keyring

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from dkh_conduct.school.keyring import Key

    Char = models.CharField[str, str]
    Text = models.TextField[str, str]
    Exact = models.lookups.Exact[Any]
else:
    Char, Text, Exact = models.CharField, models.TextField, models.lookups.Exact

RING = "fields"
NONCE = 12


class CannotOpenError(Exception):
    """Nothing we hold a key for, or not what was sealed."""


def current_key_id() -> str:
    return keyring.newest(RING).id


@lru_cache(maxsize=32)
def _cipher(key: Key) -> AESGCM:
    return AESGCM(key.secret)


def seal(text: str, *, purpose: str) -> str:
    """Under the newest key. Nothing stays nothing, so that “not given” can be asked for."""
    if not text:
        return ""
    nonce = os.urandom(NONCE)
    key = keyring.newest(RING)
    body = nonce + _cipher(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{key.id}:{base64.urlsafe_b64encode(body).decode()}"


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises CannotOpenError when the key is gone, or when a single bit is not as it was written."""
    if not sealed:
        return ""
    name, _, body = sealed.partition(":")
    try:
        key = keyring.find(RING, name)
    except keyring.UnknownKeyError as error:
        raise CannotOpenError(f"{error} Was it taken off too early?") from error
    try:
        raw = base64.urlsafe_b64decode(body.encode())
        return _cipher(key).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise CannotOpenError("This is not what was sealed.") from error


class SealedField(Text):
    """Text that the database holds sealed only. It cannot be searched or sorted by; it can be empty or not."""

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        return value if value is None else unseal(value, purpose=self.purpose)

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else seal(str(value), purpose=self.purpose)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"exact", "isnull"}:
            raise FieldError("What is sealed cannot be searched.")
        return _EmptyOrNot if lookup_name == "exact" else super().get_lookup(lookup_name)


class SealedJSONField(SealedField):
    """Answers and the like: plain lists and dicts of text, sealed as a whole."""

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else {}

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(json.dumps(value) if value else "")

    def to_python(self, value: Any) -> Any:
        return value


def blind_index(text: str, key: Key | None = None) -> str:
    """The same text, whatever its capitals and spaces, has the same index; nobody gets the text back from it."""
    plain = "".join(text.split()).lower()
    secret = (key or keyring.newest(RING)).secret
    return hmac.new(secret, b"index " + plain.encode(errors="replace"), "sha256").hexdigest() if plain else ""


def blind_indexes(text: str) -> list[str]:
    """Under every key, for rows that were not sealed again yet."""
    return [blind_index(text, key) for key in keyring.ring(RING)]


class BlindIndexField(Char):
    """Lets a sealed field of the same row be found by what it holds: `email_index__in=blind_indexes(typed)`."""

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **{"max_length": 64, "blank": True, "default": "", "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  Django's own
        index = blind_index(getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, index)
        return index


class _EmptyOrNot(Exact):
    """`name=""` finds those not given. Anything else would never be found, so asking is a mistake."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("What is sealed can only be compared with nothing.")
        return ""
