"""How much one network may send, and one draft take in, before it has to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from dkh_conduct.school.limits import DAY, Rate, count_one, network_of
from dkh_conduct.school.templatetags.dates import clock
from incidents.reporting.proof import count_one_more

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from incidents.models import Draft


class TooOftenError(Exception):
    """There were too many for now. `until` is when it can be tried again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Try again at {clock(until)}")
        self.until = until

    @property
    def seconds(self) -> int:
        return max(1, round((self.until - timezone.now()).total_seconds()))


def count_sending(network: str) -> None:
    """Call it in the transaction that sends: what is not sent is not counted. Raises TooOftenError.

    The wait is never longer than an hour: past the number for a day a network is slowed down, not shut out.
    """
    an_hour = Rate("send", settings.SENDS_AN_HOUR)
    a_day = Rate("send in a day", settings.SENDS_A_DAY, DAY)
    then = Rate("send past the day", settings.SENDS_AN_HOUR_THEN)
    if not count_one(an_hour, network) or not (count_one(a_day, network) or count_one(then, network)):
        raise TooOftenError(an_hour.starts_again)
    count_one_more()


def count_upload(request: HttpRequest, draft: Draft) -> None:
    """Raises TooOftenError."""
    for rate, who in (
        (Rate("upload", settings.UPLOADS_AN_HOUR), f"draft {draft.pk}"),
        (Rate("upload from", settings.UPLOADS_AN_HOUR_FROM_ONE_NETWORK), network_of(request)),
    ):
        if not count_one(rate, who):
            raise TooOftenError(rate.starts_again)
