"""While very many concerns come in at once, each has to cost its sender something: a second of computing, or a minute.

The computing is ALTCHA's (https://altcha.org), with nothing loaded from elsewhere. Without a script, or where the
browser cannot compute, a page that has been open for a minute is as good.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from dkh_conduct.school.limits import DAY, Rate, count_one, is_reached

if TYPE_CHECKING:
    from typing import Any

EVERYBODY = "everybody"
WORK = 50_000  # at most so many hashes: about a second on a phone of 2023
GOOD_FOR = timedelta(hours=2)
OPEN_FOR = timedelta(minutes=1)
SALT = "reporting.waited"
FIELDS = ("algorithm", "challenge", "salt", "signature")


def is_flooded() -> bool:
    """Whether more came in within this hour, from everywhere, than a school ever has."""
    return is_reached(_rate(), EVERYBODY)


def count_one_more() -> None:
    count_one(_rate(), EVERYBODY)


def new_proof(waited: str = "") -> dict[str, str]:
    """For the page: what to compute, and since when it is open. A page shown again keeps its time."""
    options = ChallengeOptions(hmac_key=_key(), max_number=WORK, expires=timezone.now() + GOOD_FOR)
    since = waited if _opened_at(waited) is not None else _opened_now()
    return {"challenge": json.dumps(create_challenge(options).to_dict()), "waited": since}


def _opened_now() -> str:
    return signing.dumps([get_random_string(12), timezone.now().timestamp()], salt=SALT)


def is_proven(*, proof: str, waited: str) -> bool:
    """Either one, each good for one sending."""
    return _is_solved(proof) or _has_waited(waited)


def _is_solved(proof: str) -> bool:
    try:
        found: Any = json.loads(base64.b64decode(proof, validate=True))
    except (binascii.Error, ValueError):
        return False
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in FIELDS):
        return False
    is_right, _problem = verify_solution(
        base64.b64encode(json.dumps(found).encode()).decode(), _key(), check_expires=True
    )
    return is_right and count_one(Rate("proof", 1, DAY), found["challenge"])


def _has_waited(token: str) -> bool:
    opened = _opened_at(token)
    is_long_enough = opened is not None and timezone.now().timestamp() - opened >= OPEN_FOR.total_seconds()
    return is_long_enough and count_one(Rate("waited", 1, DAY), token)


def _opened_at(token: str) -> float | None:
    """None where nobody signed it, or it is too old."""
    try:
        _nonce, opened = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return float(opened)


def _rate() -> Rate:
    return Rate("send everywhere", settings.SENDS_AN_HOUR_BEFORE_PROOF)


def _key() -> str:
    return salted_hmac("altcha", "key").hexdigest()
