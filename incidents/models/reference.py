"""References people can read out on the telephone: no letter that looks like a number, nothing to be guessed."""

from __future__ import annotations

import re
import secrets

from django.utils.crypto import salted_hmac

# Crockford's alphabet without U: no I, L, O or U to be mistaken for 1, 1, 0 or V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# A real alphabet for references leaves out 0 and 1 as well, which people read as letters.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(code: str) -> str:
    """`DKH-7R4K-2Q`: the school's code and six random characters (about 29 bits: a name, not a secret)."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"{code}-{letters[:4]}-{letters[4:]}"


def new_access_code() -> str:
    """`K7QM-2XRA-90TB-WN4C`: 16 characters of 32, which is 80 bits. Shown once, kept only as a hash."""
    return _in_fours("".join(secrets.choice(ALPHABET) for _ in range(16)))


def access_code_from(seed: str) -> str:
    """The same code for the same secret seed: what is clicked twice shows one code, though none is stored."""
    digest = salted_hmac("access-code", seed, algorithm="sha256").digest()
    return _in_fours("".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:16]))


def _in_fours(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _squeeze(typed: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def tidy_reference(typed: str) -> str:
    """What was typed, in the form it is stored: dashes, spaces and case do not matter. Empty when it cannot be one."""
    letters = _squeeze(typed)
    if not 8 <= len(letters) <= 12:
        return ""
    code, rest = letters[:-6], letters[-6:]
    return f"{code}-{rest[:4]}-{rest[4:]}"


def tidy_access_code(typed: str) -> str:
    """The same for the access code; letters that were misread are put right (O is 0, I and L are 1)."""
    letters = _squeeze(typed).translate(str.maketrans("OILU", "011V"))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))[:40]
