"""Approving one of two letters: what it asks, what it writes, and that the worker is told once it is kept."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dkh_conduct.school.models import today
from letters.approval import approve_letter
from letters.holding import hold_recipient
from letters.models import Letter
from letters.refusals import HeldError, WrongStateError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def printed(monkeypatch):
    """What was laid out, with the time that its reply code needs."""
    letters = []
    monkeypatch.setattr("letters.approval.render", lambda letter: letters.append((letter.pk, letter.approved_at)))
    return letters


@pytest.fixture
def hurried(monkeypatch):
    keys = []
    monkeypatch.setattr("letters.approval.hurry", keys.append)
    return keys


@pytest.mark.parametrize("reply_by", [today(), None])
def test_one_of_two_is_approved_and_the_worker_is_told_of_it(
    draft, slt, printed, hurried, reply_by, django_capture_on_commit_callbacks
):
    other, letter, another = draft(), draft(reply_by=reply_by), draft()
    before = timezone.now()

    with django_capture_on_commit_callbacks(execute=True):
        approve_letter(letter=letter, by=slt)
        assert hurried == []

    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.state, letter.approved_by, letter.written_on) == ("queued", slt, today())
    assert before < letter.approved_at == letter.queued_at < timezone.now()
    another.refresh_from_db()
    assert (other.state, another.state, hurried) == ("draft", "draft", [letter.pk])
    [(key, approved_at)] = printed
    assert (key, approved_at is not None) == (letter.pk, True)


def test_what_is_stopped_is_not_approved(draft, slt, school):
    letter = draft(recipient="p")
    hold_recipient(school=school, recipient="p", key="flag", why="Not to be contacted", is_absolute=False, by=slt)

    with pytest.raises(HeldError, match="Not to be contacted"):
        approve_letter(letter=letter, by=slt)

    assert Letter.objects.get().state == "draft"


def test_what_is_no_draft_any_more_says_who_approved_it(many, slt, head):
    [letter] = many(1, Letter.State.READY)

    with pytest.raises(WrongStateError, match="approved by Ruth Adeyemi"):
        approve_letter(letter=letter, by=head)
