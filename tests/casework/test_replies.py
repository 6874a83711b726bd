"""A reply is read on its case, once, by somebody without a conflict."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.replies import read_reply, replies_locked, replies_of
from incidents.models import Event, Evidence, Reply
from incidents.models.reply import READ_REPLY
from letters.models import Letter
from tests.casework.fair_case import drafted, fair_case
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(slt):
    step = drafted(fair_case(slt, next_action=READ_REPLY))
    return Reply.objects.create(
        school=slt.school, step=step, side="It was not me. مرحبا", help=["time"], sent_at=timezone.now()
    )


def test_the_case_shows_it_as_their_account_with_what_they_asked_for(reply, slt, signed_in):
    page = signed_in(slt).get(reply.step.case.get_absolute_url()).content.decode()

    assert "It was not me. مرحبا" in page
    assert "They asked for: More time to reply." in page
    assert "Not read yet" in page
    assert reverse("case-reply", args=["C014", reply.pk]) in page


def test_one_that_is_not_sent_is_nowhere(reply, slt, signed_in):
    Reply.objects.update(sent_at=None)

    assert "It was not me." not in signed_in(slt).get(reply.step.case.get_absolute_url()).content.decode()
    assert signed_in(slt).get(reverse("case-reply", args=["C014", reply.pk])).status_code == 404


def test_reading_it_says_who_and_moves_the_case_on(reply, slt, signed_in):
    response = signed_in(slt).post(reverse("case-reply-read", args=["C014", reply.pk]))

    assert response.url == reply.step.case.get_absolute_url()
    reply.refresh_from_db()
    case = reply.step.case
    case.refresh_from_db()
    assert reply.read_by == slt
    assert (case.next_action, case.next_on) == ("Their side", reply.step.letter.reply_by)
    assert Event.objects.filter(kind=Event.Kind.REPLY_READ, by=slt).count() == 1


def test_after_the_day_to_reply_by_somebody_answers_it(reply, slt):
    Letter.objects.update(reply_by=timezone.localdate() - timedelta(days=1))

    read_reply(reply=reply, by=slt)

    assert type(reply.step.case).objects.get().next_action == "Answer their reply"


def test_the_second_to_read_it_is_told_who_was_first(reply, slt, colleague):
    read_reply(reply=reply, by=slt)

    read_reply(reply=reply, by=slt)
    with pytest.raises(Refused, match="Ruth Adeyemi marked this reply as read"):
        read_reply(reply=reply, by=colleague)
    assert Event.objects.filter(kind=Event.Kind.REPLY_READ).count() == 1


def test_somebody_with_a_conflict_never_sees_it(reply, colleague, signed_in):
    record_conflict(case=reply.step.case, by=colleague, reason="Named in it")

    assert signed_in(colleague).get(reverse("case-reply", args=["C014", reply.pk])).status_code == 404
    assert not Reply.objects.visible_to(colleague).exists()
    assert not Evidence.objects.visible_to(colleague).exists()


def test_it_is_found_on_its_own_case_only(reply, slt, signed_in):
    other = CaseFactory.create(school=slt.school, lead=slt, number=15)

    assert signed_in(slt).get(reverse("case-reply", args=[other.reference, reply.pk])).status_code == 404


def test_the_case_costs_the_same_with_many_replies(reply, slt, signed_in, django_assert_max_num_queries):
    for number in range(25):
        Reply.objects.create(school=slt.school, step=reply.step, side=f"More {number}", sent_at=timezone.now())

    client = signed_in(slt)
    with django_assert_max_num_queries(15):
        client.get(reply.step.case.get_absolute_url())


def test_a_reply_is_late_only_after_the_day_that_the_post_left(reply):
    letter = reply.step.letter
    letter.reply_by = reply.sent_on - timedelta(days=1)
    assert reply.is_late

    letter.fair_reply_by = reply.sent_on

    assert not reply.is_late


def test_the_story_says_whose_reply_to_which_letter_was_read(reply, slt):
    before = timezone.now()
    other = Reply.objects.create(school=slt.school, step=reply.step, side="x", sent_at=before)

    assert read_reply(reply=reply, by=slt) == reply
    assert read_reply(reply=reply, by=slt) == reply

    reply.refresh_from_db()
    other.refresh_from_db()
    assert other.read_at is None
    assert before < reply.read_at < timezone.now()
    told = Event.objects.get(kind=Event.Kind.REPLY_READ)
    assert (told.case, told.facts["person"]) == (reply.step.case, "Daniel Marsh")
    assert told.facts["letter"] == reply.step.letter.reference


def test_a_reply_whose_letter_is_gone_is_read_too(reply, slt):
    type(reply.step).objects.update(letter=None)

    read_reply(reply=Reply.objects.get(), by=slt)

    assert Event.objects.get(kind=Event.Kind.REPLY_READ).facts["letter"] == ""
    assert type(reply.step.case).objects.get().next_action == "Answer their reply"


def test_only_what_was_sent_to_this_case_is_one_of_its_replies(reply, slt, outsider):
    other = type(reply.step).objects.create(
        case=CaseFactory.create(school=slt.school, lead=slt), kind="warning", subject=reply.step.subject, drafted_by=slt
    )
    theirs = Reply.objects.create(school=slt.school, step=other, side="x", sent_at=timezone.now())

    assert list(replies_of(reply.step.case, user=slt)) == [reply]
    assert list(replies_of(other.case, user=slt)) == [theirs]
    assert list(replies_locked(other.case)) == [theirs]
    assert not replies_of(reply.step.case, user=outsider)
    Reply.objects.filter(pk=reply.pk).update(sent_at=None)
    with pytest.raises(Reply.DoesNotExist):
        read_reply(reply=reply, by=slt)
