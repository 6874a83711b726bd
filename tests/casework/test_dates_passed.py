"""A day in a letter that passes, or comes too late, before the letter goes or goes again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dkh_conduct.school.models import today
from incidents.casework.bans import begin_ban_part
from incidents.casework.case_lock import Refused
from incidents.casework.letter_again import issue_letter_again
from incidents.models import Case, MeetingSlot, SiteBan, Step
from tests.casework.ban_case import approve, propose, written_ban
from tests.casework.fair_case import fair_case, take
from tests.casework.meeting_case import EXPLAINED, invited, sent
from tests.casework.test_letter_again import made_void

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_letters(monkeypatch):
    monkeypatch.setattr("letters.approval.render", lambda letter, **_: None)
    monkeypatch.setattr("letters.approval.hurry", lambda pk: None)


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


@pytest.fixture
def void_notice(slt, head):
    step = approve(propose(written_ban(fair_case(slt), by=slt), slt), head)
    made_void(step, slt)
    return Step.objects.get(pk=step.pk)


def again(step, by):
    return issue_letter_again(step=step, by=by, reply_by=step.letter.reply_by)


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
