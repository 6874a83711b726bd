"""Counts that are exact for all processes, forget themselves, and never say whom they count."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from dkh_conduct.school.limits import DAY, HOUR, Rate, count_one, is_reached, network_of
from dkh_conduct.school.models import Limit
from dkh_conduct.school.tasks import forget_limits

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
THREE = Rate("try", 3)


def test_what_is_allowed_is_counted_and_what_is_not_is_not():
    answers = [count_one(THREE, "somebody") for _ in range(5)]

    assert answers == [True, True, True, False, False]
    assert Limit.objects.get().count == 3


def test_it_is_reached_only_with_the_last_one_allowed():
    count_one(THREE, "somebody")
    count_one(THREE, "somebody")
    before = is_reached(THREE, "somebody")

    count_one(THREE, "somebody")

    assert not before
    assert is_reached(THREE, "somebody")


def test_people_and_things_are_counted_apart():
    for _ in range(3):
        count_one(THREE, "somebody")

    assert count_one(THREE, "somebody else")
    assert count_one(Rate("another thing", 3), "somebody")


def test_a_rate_of_nothing_allows_nothing():
    assert not count_one(Rate("try", 0), "somebody")


@pytest.mark.parametrize(
    ("per", "at", "starts", "ends"),
    [
        (HOUR, "2026-11-23 08:51:09", "2026-11-23 08:00", "2026-11-23 09:00"),
        (HOUR, "2026-11-23 23:59:59", "2026-11-23 23:00", "2026-11-24 00:00"),
        (DAY, "2026-11-23 08:51:09", "2026-11-23 00:00", "2026-11-24 00:00"),
        (DAY, "2026-10-25 12:00:00", "2026-10-25 00:00", "2026-10-26 00:00"),  # the day of 25 hours
    ],
)
def test_hours_and_days_are_those_of_the_schools_clock(per, at, starts, ends):
    with time_machine.travel(datetime.fromisoformat(at).replace(tzinfo=LONDON), tick=False):
        start, end = Rate("try", 3, per).window()

    assert (f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}") == (starts, ends)


def test_the_next_hour_starts_from_nothing():
    with time_machine.travel(datetime(2026, 11, 23, 8, 59, tzinfo=LONDON), tick=False):
        for _ in range(4):
            last = count_one(THREE, "somebody")
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=LONDON), tick=False):
        first = count_one(THREE, "somebody")

    assert not last
    assert first


def test_a_row_says_neither_whom_it_counts_nor_that_it_is_the_one_of_yesterday():
    a_day = Rate("try", 3, DAY)
    for day in (23, 24):
        with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=LONDON), tick=False):
            count_one(a_day, "198.51.100.7")

    rows = Limit.objects.values_list()
    assert "198.51" not in str(list(rows))
    assert len({row.key for row in Limit.objects.all()}) == 2


def test_another_installation_makes_other_hashes(settings):
    count_one(THREE, "198.51.100.7")
    settings.SECRET_KEY = "another"
    count_one(THREE, "198.51.100.7")

    assert len({row.key for row in Limit.objects.all()}) == 2


def test_counts_go_when_their_time_is_over_and_not_before():
    count_one(THREE, "somebody")
    forget_limits()
    kept = Limit.objects.count()

    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1), tick=False):
        forget_limits()

    assert kept == 1
    assert not Limit.objects.exists()


def test_the_timer_forgets_them(settings):
    assert "school.tasks.forget_limits" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_household_is_one_network(rf, address, network):
    assert network_of(rf.get("/", REMOTE_ADDR=address)) == network


def test_a_claimed_address_counts_only_behind_our_own_proxy(rf, settings):
    request = rf.get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.1")

    settings.BEHIND_PROXY = False
    alone = network_of(request)
    settings.BEHIND_PROXY = True

    assert alone == "198.51.100.7"
    assert network_of(request) == "192.0.2.1"


def test_a_proxy_that_names_nobody_leaves_the_address_of_the_connection(rf, settings):
    settings.BEHIND_PROXY = True

    assert network_of(rf.get("/", REMOTE_ADDR="198.51.100.7")) == "198.51.100.7"
