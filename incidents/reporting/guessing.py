"""A limit on guessing codes: so many wrong tries an hour from one network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from dkh_conduct.school.limits import Rate, count_one, is_reached, network_of

if TYPE_CHECKING:
    from django.http import HttpRequest

HOUR = 60 * 60  # in seconds: also how long a concern stays open in a browser
WRONG_TRIES_AN_HOUR: int = settings.WRONG_CODES_AN_HOUR
WRONG_TRIES = Rate("wrong code", WRONG_TRIES_AN_HOUR)


def has_guessed_too_often(request: HttpRequest) -> bool:
    return is_reached(WRONG_TRIES, network_of(request))


def count_wrong_try(request: HttpRequest) -> None:
    count_one(WRONG_TRIES, network_of(request))


def counted_too_often(name: str, *, most: int) -> bool:
    """Count one more of it, and say whether there were more than `most` within this hour."""
    return not count_one(Rate("tries", most), name)
