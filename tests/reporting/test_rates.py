"""What one network may send: slowed down past the limit, never shut out, and nothing a parent wrote is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import Limit
from incidents.models import Concern, Draft
from incidents.reporting.drafts import COOKIE
from incidents.reporting.rates import TooOftenError, count_sending

pytestmark = pytest.mark.django_db
CHECK = "/report/check/"
NINE = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NINE, tick=False):
        yield


def send(answered, **headers):
    client = answered(Client())
    return client, client.post(CHECK, **headers)


def test_the_seventh_concern_of_an_hour_waits_and_keeps_everything(school, answered):
    for _ in range(6):
        assert send(answered)[1].url == reverse("report-sent")

    client, response = send(answered)
    page = response.content.decode()

    assert response.status_code == 429
    assert response["Retry-After"] == "2400"
    assert "Send this again after 10:00am" in page
    assert "020 7946 0123" in page
    assert Concern.objects.count() == 6
    assert Draft.objects.get(concern=None).answers["words"]["account"].startswith("They called")
    assert client.get(CHECK).status_code == 200


def test_waiting_lets_it_through(school, answered):
    for _ in range(6):
        send(answered)
    client, _ = send(answered)

    with time_machine.travel(NINE.replace(hour=10, minute=0), tick=False):
        response = client.post(CHECK)

    assert response.url == reverse("report-sent")
    assert Concern.objects.count() == 7


def test_the_draft_lives_a_day_from_when_it_was_turned_away(school, answered):
    client = answered(Client())
    for _ in range(6):
        send(answered)
    Draft.objects.filter(concern=None).update(expires_at=timezone.now() + timedelta(minutes=5))

    response = client.post(CHECK)

    assert response.status_code == 429
    assert response.cookies[COOKIE].value == client.cookies[COOKIE].value
    assert response.cookies[COOKIE]["max-age"] == 86400
    assert Draft.objects.get(concern=None).expires_at == timezone.now() + timedelta(hours=24)


def test_another_network_is_not_held_up(school, answered):
    for _ in range(7):
        last = send(answered, REMOTE_ADDR="198.51.100.7")[1]
    other = send(answered, REMOTE_ADDR="198.51.100.8")[1]

    assert last.status_code == 429
    assert other.status_code == 302


def test_clicking_send_again_and_again_counts_once(school, answered):
    client, _ = send(answered)
    for _ in range(10):
        response = client.post(CHECK)

    assert response.url == reverse("report-sent")
    assert set(Limit.objects.values_list("count", flat=True)) == {1}


def test_what_cannot_be_sent_is_not_counted(parent, school):
    for _ in range(10):
        parent.post(reverse("report-words"), {"account": "Only this"})
        parent.post(CHECK)

    assert not Limit.objects.exists()


def test_past_the_number_for_a_day_a_network_is_slowed_down_and_never_shut_out(school):
    sent = [hour for hour in range(9, 18) for _ in range(10) if may_send(hour)]

    assert [sent.count(hour) for hour in range(9, 18)] == [6, 6, 6, 6, 6, 2, 2, 2, 2]


def may_send(hour: int) -> bool:
    with time_machine.travel(NINE.replace(hour=hour), tick=False):
        try:
            with transaction.atomic():
                count_sending("198.51.100.7")
        except TooOftenError as too_often:
            return too_often.seconds > 3600
        return True


def test_an_operator_can_allow_more(school, answered, settings):
    settings.SENDS_AN_HOUR = 8

    for _ in range(8):
        last = send(answered)[1]

    assert last.status_code == 302


def test_files_past_the_limit_are_listed_with_the_time_from_which_they_are_taken(parent, school, settings, png):
    settings.UPLOADS_AN_HOUR = 2
    for number in range(3):
        response = parent.post(reverse("report-evidence-upload"), {"files": png(f"{number}.png")})

    assert response.status_code == 400
    assert "Too many files came in a short time. Add this one again after 10:00am." in response.content.decode()
    evidence = Draft.objects.get().evidence
    assert (evidence.good().count(), evidence.bad().count()) == (2, 1)


def test_files_are_counted_for_a_network_too_since_anyone_can_begin_many_drafts(school, settings, png):
    settings.UPLOADS_AN_HOUR_FROM_ONE_NETWORK = 2
    for number in range(3):
        response = Client().post(reverse("report-evidence-upload"), {"files": png(f"{number}.png")})

    assert "Too many files came in a short time" in response.content.decode()


def test_a_file_turned_away_on_the_plain_page_keeps_the_others_and_the_captions(parent, school, settings, png):
    settings.UPLOADS_AN_HOUR = 1

    response = parent.post(
        reverse("report-evidence"), {"files": [png("1.png"), png("2.png")], "upload": "Upload"}, follow=True
    )

    assert "1 file added, 1 to fix" in response.content.decode()
