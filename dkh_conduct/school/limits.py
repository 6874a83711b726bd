"""So many an hour, or a day, from one network: counted exactly, for all processes, without keeping an address.

It lives with the school because every slice that takes something from the public counts, and the school is the one
package that all of them may import. A count is a row: whoever adds to it locks it, so that no two requests read the
same number. What is kept is a keyed hash that is another one tomorrow, and the row goes when its time is over.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from dkh_conduct.school.models import Limit

if TYPE_CHECKING:
    from django.http import HttpRequest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Rate:
    """At most so many of one thing, in each hour of the clock or each day of the calendar."""

    what: str
    most: int
    per: timedelta = HOUR

    def window(self) -> tuple[datetime, datetime]:
        """When the hour or the day that runs now began, and when the next one begins."""
        now = timezone.localtime()
        start = now.replace(minute=0, second=0, microsecond=0)
        if self.per == DAY:
            start = start.replace(hour=0)
        return start, start + self.per

    @property
    def starts_again(self) -> datetime:
        return self.window()[1]


def count_one(rate: Rate, who: str) -> bool:
    """Count one more, and say whether it was allowed. What is not allowed is not counted.

    Inside a transaction that is rolled back it was never counted, and others wait until that is known.
    """
    start, end = rate.window()
    key = _key(rate, who, start)
    row = Limit.objects.filter(key=key, window_start=start)
    for _ in range(2):
        if row.filter(count__lt=rate.most).update(count=F("count") + 1):
            return True
        if row.filter(count__gte=rate.most).exists():  # not just any row: another may have been first to make it
            return False
        Limit.objects.bulk_create([Limit(key=key, window_start=start, ends_at=end)], ignore_conflicts=True)
    return False


def is_reached(rate: Rate, who: str) -> bool:
    start, _ = rate.window()
    return Limit.objects.filter(key=_key(rate, who, start), window_start=start, count__gte=rate.most).exists()


def _key(rate: Rate, who: str, start: datetime) -> str:
    """Keyed and good for one day, so that a row does not say whom it counts, nor two rows that it is the same one."""
    seed = f"{start:%Y-%m-%d} {rate.what} {who}"
    return hmac.new(settings.SECRET_KEY.encode(), seed.encode(errors="replace"), "sha256").hexdigest()


def network_of(request: HttpRequest) -> str:
    """Where a request comes from; of IPv6 the half that a household shares. Never to be stored as it is."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # The last entry is the one that our own proxy wrote.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
