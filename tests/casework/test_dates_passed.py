"""A day in a letter that passes, or comes too late, before the letter goes or goes again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dkh_conduct.school.models import today
from incidents.casework.bans import answer_until, begin_ban_part, record_representation
from incidents.casework.case_lock import Refused
from incidents.casework.letter_again import issue_letter_again
from incidents.models import BanDecision, Case, MeetingSlot, SiteBan, Step
from tests.casework.ban_case import approve, banned, begin, propose, written_ban
from tests.casework.fair_case import fair_case, take
from tests.casework.meeting_case import EXPLAINED, invited, sent
from tests.casework.test_letter_again import made_void

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]


def test_no_invitation_goes_whose_times_come_before_their_answer(slt):
    step = invited(fair_case(slt), by=slt)
    MeetingSlot.objects.update(on=step.letter.reply_by)

    with pytest.raises(Refused, match="not after the day by which they answer"):
        take(step, slt, explained=EXPLAINED)


def test_nor_is_one_issued_again_when_its_times_have_come_too_near(slt):
    step = sent(fair_case(slt), by=slt).step
    made_void(step, slt)
    MeetingSlot.objects.update(on=today())

    with pytest.raises(Refused, match="invite them anew"):
        issue_letter_again(step=step, by=slt, reply_by=step.letter.reply_by)


def test_no_ban_is_approved_whose_day_of_decision_has_passed_while_it_waited(slt, head):
    proposal = propose(written_ban(fair_case(slt), by=slt), slt)
    SiteBan.objects.update(decide_by=today() - timedelta(days=1))

    with pytest.raises(Refused, match="which has passed"):
        approve(proposal, head)
    assert Step.objects.get().state == Step.State.PROPOSED


@pytest.mark.parametrize(
    ("stage", "days", "says"),
    [
        ("interim", {"starts_on": -1}, "was to begin on .* shorter than was proposed"),
        ("notice", {"starts_on": -1}, "was to begin on"),
        ("notice", {"review_on": 0}, "review was to be on"),
    ],
)
def test_no_ban_is_approved_that_would_begin_before_they_are_told_of_it(slt, head, stage, days, says):
    proposal = propose(written_ban(fair_case(slt), by=slt, stage=stage), slt)
    SiteBan.objects.update(**{name: today() + timedelta(days=number) for name, number in days.items()})

    with pytest.raises(Refused, match=says):
        approve(proposal, head)
    assert Step.objects.get().state == Step.State.PROPOSED


@pytest.mark.parametrize(
    ("days", "says"),
    [({"starts_on": -1}, None), ({"ends_on": 0}, "nothing would be left"), ({"review_on": -1}, "review")],
)
def test_nor_is_a_later_decision_whose_days_have_come(slt, head, days, says):
    """An interim ban that is confirmed began before; its new end and its review lie ahead."""
    ban = banned(fair_case(slt), by=slt, head=head, stage="interim")
    record_representation(ban=ban, by=slt, received_on=today(), how="phone", text="I am sorry.")
    proposal = propose(begin(ban, "confirm", by=slt), slt)
    BanDecision.objects.update(**{name: today() + timedelta(days=number) for name, number in days.items()})

    if says is None:
        assert approve(proposal, head).state == Step.State.TAKEN
    else:
        with pytest.raises(Refused, match=says):
            approve(proposal, head)


def test_nor_is_one_about_a_ban_that_is_over_by_then(slt, head):
    ban = banned(fair_case(slt), by=slt, head=head, stage="interim")
    record_representation(ban=ban, by=slt, received_on=today(), how="phone", text="I am sorry.")
    proposal = propose(begin(ban, "lift", by=slt), slt)
    SiteBan.objects.update(state=SiteBan.State.EXPIRED)

    with pytest.raises(Refused, match="cannot follow from how the ban stands"):
        approve(proposal, head)
    assert Step.objects.get(pk=proposal.pk).state == Step.State.PROPOSED


def test_a_later_letter_that_is_issued_again_moves_no_day_of_the_ban(slt, head, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer_until(Step(kind="ban", stage="review"), today())


@pytest.fixture
def void_notice(slt, head):
    step = approve(propose(written_ban(fair_case(slt), by=slt), slt), head)
    made_void(step, slt)
    return Step.objects.get(pk=step.pk)


def again(step, by):
    return issue_letter_again(step=step, by=by, reply_by=step.letter.reply_by)


def test_a_notice_is_not_issued_again_with_a_day_to_reply_after_the_day_of_decision(void_notice, head):
    """As the letter says it: the post may have moved the ban’s own day of decision since."""
    ban = SiteBan.objects.get()
    printed = ban.decide_by
    SiteBan.objects.update(decide_by=printed + timedelta(days=30))

    with pytest.raises(Refused, match=f"decided by {printed:%-d %B %Y}"):
        issue_letter_again(step=void_notice, by=head, reply_by=printed)

    sooner = void_notice.letter.reply_by
    issue_letter_again(step=void_notice, by=head, reply_by=sooner)
    ban.refresh_from_db()
    assert (ban.reply_by, ban.decide_by) == (sooner, printed)


def test_the_notice_of_a_ban_is_not_issued_again_once_something_else_was_decided(void_notice, slt, head):
    part = begin_ban_part(ban=SiteBan.objects.get(), stage="no_ban", by=slt, reason="They put their side.")
    approve(propose(part, slt), head)

    with pytest.raises(Refused, match="Something else was decided about this ban since"):
        again(void_notice, head)


def test_nor_is_a_letter_about_a_ban_that_is_over(void_notice, head):
    day = today() - timedelta(days=1)
    SiteBan.objects.update(state="interim", urgency="Now.", starts_on=day - timedelta(days=9), ends_on=day)

    with pytest.raises(Refused, match="The ban ended on"):
        again(void_notice, head)


def test_no_letter_is_issued_again_while_safeguarding_comes_first(void_notice, head):
    Case.objects.update(status=Case.Status.PAUSED)

    with pytest.raises(Refused, match="paused for safeguarding"):
        again(void_notice, head)
    Case.objects.update(status=Case.Status.OPEN)
    assert again(void_notice, head).reissue_of == void_notice.letter
