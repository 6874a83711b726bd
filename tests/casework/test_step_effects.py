"""What follows from each kind of step: what it changes of a ban, what the case waits for, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.next_action import in_school_days
from incidents.casework.step_effects import check_ready, follow, undo
from incidents.models import BanDecision, SiteBan, Step
from tests.casework.ban_case import written_ban
from tests.casework.fair_case import drafted, fair_case
from tests.factories import LetterFactory

pytestmark = pytest.mark.django_db
State = SiteBan.State
REPLY_BY = today() + timedelta(days=30)
TERMS = {"starts_on": today(), "ends_on": today() + timedelta(60), "review_on": today() + timedelta(20)}


@pytest.fixture
def case(slt, head):
    return fair_case(slt)


def a_step(case, kind, stage="", **about):
    letter = LetterFactory.create(school=case.school, drafted_by=case.lead, reply_by=REPLY_BY)
    about = {"state": "declined", "letter": letter, **about}
    return Step.objects.create(
        case=case, kind=kind, stage=stage, subject=case.subjects[0], drafted_by=case.lead, **about
    )


@pytest.mark.parametrize(
    ("kind", "stage", "waits", "days"),
    [
        ("legal", "", "Legal advice", 10),
        ("authorities", "", "Send it to the authorities", 1),
        ("meeting", "", "Which time they choose", None),
        ("meeting", "follow_up", "Their side", None),
        ("warning", "", "Their side", None),
    ],
)
def test_a_case_waits_for_what_follows_from_its_step(case, kind, stage, waits, days):
    assert follow(a_step(case, kind, stage)) == (waits, in_school_days(case, days) if days else REPLY_BY)
    if not days:
        assert follow(a_step(case, kind, stage, letter=None)) == (waits, None)


@pytest.fixture
def ban(case, slt):
    step = written_ban(case, by=slt)
    other = a_step(case, "ban", "notice")
    about = {"school": case.school, "person": other.subject, "state": State.NOTICE}
    another = SiteBan.objects.create(
        step=other, reply_by=today(), decide_by=today(), reviewer="The chair", **about, **TERMS
    )
    BanDecision.objects.create(ban=another, step=other)
    return SiteBan.objects.get(step=step)


def part_of(ban, stage, **terms):
    step = a_step(ban.step.case, "ban", stage, part_of=ban.step)
    BanDecision.objects.create(ban=ban, step=step, **terms)
    return step


@pytest.mark.parametrize(
    ("stage", "was", "state"),
    [("confirm", "interim", "confirmed"), ("vary", "interim", "confirmed"), ("extend", "confirmed", "confirmed")],
)
def test_what_restricts_gives_the_ban_its_days_and_is_reviewed_on_one(ban, stage, was, state):
    SiteBan.objects.filter(pk=ban.pk).update(state=was, reply_by=None, urgency="It could not wait.")

    waits = follow(part_of(ban, stage, reviewer="The chair", **TERMS))

    ban.refresh_from_db()
    assert waits == ("Review the site ban", TERMS["review_on"])
    assert (ban.state, ban.reviewer, ban.reply_by) == (state, "The chair", None)
    assert {name: getattr(ban, name) for name in TERMS} == TERMS
    assert SiteBan.objects.exclude(pk=ban.pk).get().state == State.NOTICE


@pytest.mark.parametrize(
    ("stage", "was", "state", "waits"),
    [
        ("no_ban", "notice", "not_made", "Decide on a step"),
        ("lift", "confirmed", "lifted", "Decide what is next"),
        ("expire", "confirmed", "expired", "Decide what is next"),
    ],
)
def test_what_ends_a_ban_leaves_its_days_and_waits_for_a_decision(case, ban, stage, was, state, waits):
    days = {**TERMS, "reviewer": "The chair", "reply_by": today()}
    SiteBan.objects.filter(pk=ban.pk).update(state=was, **days)
    step = part_of(ban, stage)
    step.letter.reply_by = None

    assert follow(step) == (waits, in_school_days(case, 5))

    ban.refresh_from_db()
    assert ban.state == state
    assert {name: getattr(ban, name) for name in days} == days


@pytest.mark.parametrize(("stage", "was"), [("review", "confirmed"), ("breach", "confirmed")])
def test_what_asks_them_leaves_the_ban_as_it_is_until_they_have_answered(ban, stage, was):
    SiteBan.objects.filter(pk=ban.pk).update(state=was, **TERMS)

    assert follow(part_of(ban, stage)) == ("Their side", REPLY_BY)

    ban.refresh_from_db()
    assert (ban.state, ban.reply_by, ban.starts_on) == (was, REPLY_BY, TERMS["starts_on"])


def test_only_the_ban_of_a_rescinded_step_is_lifted(case, ban, slt):
    undo(drafted(case, by=slt))
    assert not SiteBan.objects.filter(state=State.LIFTED).exists()

    undo(ban.step)

    assert SiteBan.objects.get(state=State.LIFTED) == ban


def test_a_ban_and_what_goes_to_the_authorities_is_asked_whether_it_is_ready_and_nothing_else(
    case, ban, slt, monkeypatch
):
    for name in ("check_ban_ready", "check_authorities_ready"):
        monkeypatch.setattr(f"incidents.casework.step_effects.{name}", _refuse(name))

    check_ready(drafted(case, by=slt))
    for kind, name in (("ban", "check_ban_ready"), ("authorities", "check_authorities_ready")):
        with pytest.raises(Refused, match=name):
            check_ready(Step(kind=kind))


def _refuse(name):
    def refuse(step):
        raise Refused(name)

    return refuse
