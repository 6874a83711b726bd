"""What was decided about a ban is told as it was decided, whatever was decided since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incidents.casework.bans import record_representation
from incidents.casework.ladder import ladder_rows
from incidents.casework.proposal_rows import rows_of
from incidents.models import Case, SiteBan, Step
from tests.casework.ban_case import approve, banned, begin, propose
from tests.casework.fair_case import fair_case
from tests.casework.warning_pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def ban(slt, head, time_machine):
    """A notice on Monday; heard, and confirmed on Wednesday with other days."""
    time_machine.move_to(MONDAY, tick=False)
    noticed = banned(fair_case(slt), by=slt, head=head)
    time_machine.move_to(MONDAY + timedelta(days=2), tick=False)
    record_representation(ban=noticed, by=slt, received_on=MONDAY.date(), how="phone", text="I lost my temper.")
    starts_on = noticed.starts_on - timedelta(days=3)
    approve(propose(begin(noticed, "confirm", by=slt, starts_on=starts_on), slt), head)
    return noticed


def said(step, key):
    return next(row.lines for row in rows_of(Step.objects.get(pk=step.pk)) if row.key == key)


def test_the_notice_keeps_the_days_it_was_sent_with(ban):
    now = SiteBan.objects.get()

    assert now.starts_on != ban.starts_on
    assert said(ban.step, "Would run")[0].startswith(f"{ban.starts_on:%-d %B %Y} to {ban.ends_on:%-d %B %Y}")
    assert said(Step.objects.get(stage="confirm"), "Runs")[0].startswith(f"{now.starts_on:%-d %B %Y} to ")


def test_the_ladder_says_how_the_ban_stands_and_not_only_that_a_notice_was_sent(ban, slt, signed_in):
    page = text_of(signed_in(slt).get("/staff/cases/C014/"))
    assert f"How it stands: site ban until {SiteBan.objects.get().ends_on:%-d %B %Y}" in page

    SiteBan.objects.update(state="lifted")

    assert "How it stands: lifted" in text_of(signed_in(slt).get("/staff/cases/C014/"))
    assert ladder_rows(case=Case.objects.get(), user=slt)[-1].state == "taken"
