"""Messages, codes and letters to one reporter: of one concern, by who may, and told in full."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incidents.models import Concern, Email, Event, HandOver, Message
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_concern
from incidents.triage import handing_over
from incidents.triage.codes import reissue_access_code
from incidents.triage.handing_over import (
    RIGHTS,
    discard_hand_over,
    may_write,
    objections_to,
    send_hand_over,
    write_hand_over,
)
from incidents.triage.messages import ask_reporter, read_messages, thread_of
from incidents.triage.outcome import OutcomeRefusedError
from incidents.triage.telling import email_handler
from letters.models import Letter
from tests.factories import ConcernFactory, ReporterFactory

TO = {"addressee": "Amina Rahman", "salutation": "Ms Rahman", "address": "14 Champion Hill\nLondon\nSE5 8AB"}


@pytest.fixture
def other(school):
    """A concern that stands before the one that is meant."""
    made = ConcernFactory.create(
        school=school, reference="DKH-2222-22", received_at=timezone.now() + timedelta(minutes=1)
    )
    ReporterFactory.create(concern=made)
    return made


@pytest.fixture
def concern(other, concern):
    return concern


def said(concern, **about) -> Message:
    return Message.objects.create(concern=concern, **{"is_from_school": False, "text": "Yes", **about})


def told(kind: str) -> tuple[object, ...]:
    event = Event.objects.get(kind=kind)
    return event.school, event.by, event.concern


def test_a_question_is_about_one_concern_and_reads_what_its_reporter_wrote(concern, other, slt):
    theirs, mine, key = said(other), said(concern), uuid.uuid4()

    left = ask_reporter(concern=concern, by=slt, text="And now?", key=key)

    assert (left.concern, left.author, left.text, left.key) == (concern, slt, "And now?", key)
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (theirs.read_at, mine.read_at) == (None, timezone.now())
    later = said(concern)
    assert ask_reporter(concern=concern, by=slt, text="Again", key=key) == left
    later.refresh_from_db()
    assert later.read_at is None
    assert told("message_sent") == (concern.school, slt, concern)


def test_messages_are_read_up_to_the_one_that_was_shown_and_counted_once(concern, slt):
    asked = said(concern, is_from_school=True, author=slt)
    first, second, third = (said(concern) for _ in range(3))

    assert thread_of(concern)["new_up_to"] == third.pk
    assert read_messages(concern=concern, by=slt, up_to=second.pk) == 2
    assert read_messages(concern=concern, by=slt, up_to=second.pk) == 0
    for each in (asked, first, third):
        each.refresh_from_db()
    assert (asked.read_at, first.read_at, third.read_at) == (None, timezone.now(), None)
    read_messages(concern=concern, by=slt, up_to=third.pk)
    assert thread_of(concern)["new_up_to"] == 0


def test_a_message_stands_with_the_files_that_came_with_it(concern, picture):
    one, two = said(concern), said(concern)
    file = picture(concern, message=two)
    picture(concern)

    assert [each.with_it for each in thread_of(concern)["thread"]] == [[], [file]]
    assert [each.with_it for each in thread_of(concern, files=[])["thread"]] == [[], []]
    assert thread_of(concern)["thread"] == [one, two]


def test_a_new_code_is_of_one_concern_and_the_same_within_a_minute_alone(concern, other, slt, colleague, time_machine):
    def again(by=slt, key=None) -> str:
        return reissue_access_code(concern=concern, by=by, how_checked="Called back", key=key)

    Concern.objects.filter(pk=concern.pk).update(account="Meanwhile")
    key = uuid.uuid4()
    first = again(key=key)
    assert told("code_reissued") == (concern.school, slt, concern)
    assert Event.objects.get().facts["summary"] == "How we checked who they are: Called back"
    concern.refresh_from_db()
    other.refresh_from_db()
    assert concern.account == "Meanwhile"
    assert (concern.access_code_hash != "unusable", other.access_code_hash) == (True, "unusable")

    time_machine.shift(timedelta(seconds=60))
    assert (again(key=key), Event.objects.count()) == (first, 1)
    assert again(by=colleague, key=key) != first
    assert again(key=uuid.uuid4()) != first
    assert again() != again()
    assert Event.objects.count() == 5
    assert (again(key=key), Event.objects.count()) == (first, 6)
    time_machine.shift(timedelta(seconds=61))
    record(Event.Kind.MESSAGE_SENT, school=concern.school, by=slt, concern=concern)
    assert (again(key=key), Event.objects.count()) == (first, 8)


def test_whoever_handles_a_complaint_hears_of_it_once_it_is_certain(concern, slt, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        email = email_handler(concern=concern, by=slt, to="chair@governors.example")

    assert Email.objects.get() == email
    assert (email.to, email.school, len(callbacks)) == ("chair@governors.example", concern.school, 1)


def test_only_a_senior_leader_who_may_read_it_writes_or_reads(concern, slt, colleague):
    keep_out_of_concern(colleague, concern=concern, kind="related", reason="A sister.", by=slt)
    verbs = (
        lambda by: ask_reporter(concern=concern, by=by, text="x", key=uuid.uuid4()),
        lambda by: read_messages(concern=concern, by=by, up_to=9),
    )
    for verb in verbs:
        with pytest.raises(PermissionDenied, match="not one you can read"):
            verb(colleague)
    Permission.objects.get(codename="triage_concern").group_set.clear()
    for verb in verbs:
        with pytest.raises(PermissionDenied, match="Only senior leaders"):
            verb(type(slt).objects.get(pk=slt.pk))


# ------------------------------------------------------------------------------------------------ the letter about it


@pytest.fixture
def complaint(concern, other, slt):
    decided = {"outcome": "complaint", "kind": "criticism", "outcome_reason": "Lunch.", "outcome_by": slt}
    decided |= {"outcome_at": timezone.now(), "handed_to": "the Head of School"}
    for each in (other, concern):
        for name, value in decided.items():
            setattr(each, name, value)
        each.save()
    return concern


def written(concern, by) -> HandOver:
    return write_hand_over(concern=concern, by=by, answer_by=date(2026, 11, 30), **TO)


@pytest.mark.parametrize("right", RIGHTS)
def test_each_right_is_needed_to_write_it(complaint, slt, right):
    assert may_write(slt)
    Permission.objects.get(codename=right.split(".")[1]).group_set.clear()
    slt = type(slt).objects.get(pk=slt.pk)

    assert not may_write(slt)
    for verb in (
        lambda: written(complaint, slt),
        lambda: send_hand_over(concern=complaint, by=slt, reasons={}),
        lambda: discard_hand_over(concern=complaint, by=slt),
    ):
        with pytest.raises(PermissionDenied, match="Only senior leaders"):
            verb()


def test_the_letter_about_a_complaint_is_signed_by_who_writes_it_and_kept_from_who_may_not_know(
    complaint, other, slt, colleague
):
    keep_out_of_concern(colleague, concern=complaint, kind="related", reason="A sister.", by=slt)
    with pytest.raises(PermissionDenied, match="not one you can read"):
        written(complaint, colleague)
    theirs = written(other, slt)

    made = written(complaint, slt)

    letter = made.letter
    assert (made.concern, made.number, made.written_by, made.written_at) == (complaint, 1, slt, timezone.now())
    assert (letter.school, letter.reference, letter.kind) == (slt.school, "DKH-7R4K-2Q-L1", "complaint_handover")
    assert {name: getattr(letter, name) for name in TO} == TO
    assert (letter.signatory_name, letter.signatory_role) == (slt.full_name, slt.job_title)
    assert (letter.drafted_by, letter.reply_by) == (slt, None)
    assert list(letter.withheld_from.all()) == [colleague]
    assert list(theirs.letter.withheld_from.all()) == []
    assert "The Head of School will deal with it" in letter.body
    assert complaint.reference in letter.body
    assert objections_to(made) == []


def test_one_letter_is_sent_and_the_other_stays_a_draft(complaint, other, slt, colleague):
    theirs, mine = written(other, slt), written(complaint, slt)

    sent = send_hand_over(concern=complaint, by=colleague, reasons={})

    theirs.letter.refresh_from_db()
    assert (sent.pk, sent.approved_by, theirs.letter.state) == (mine.letter.pk, colleague, Letter.State.DRAFT)
    assert told("hand_over_written") == (complaint.school, colleague, complaint)
    assert Event.objects.get(kind="hand_over_written").facts["letter"] == sent.reference
    discard_hand_over(concern=other, by=slt)
    assert list(Letter.objects.all()) == [sent]
    assert list(HandOver.objects.all()) == [mine]
    with pytest.raises(OutcomeRefusedError, match="discarded this letter"):
        discard_hand_over(concern=other, by=slt)


def test_what_is_asked_of_the_letter_is_answered_with_the_reasons_that_were_given(complaint, slt, monkeypatch):
    asked = []
    monkeypatch.setattr(handing_over, "answer_objections", lambda **given: asked.append(given))
    letter = written(complaint, slt).letter

    send_hand_over(concern=complaint, by=slt, reasons={"short": "Agreed"})

    assert asked == [{"letter": letter, "objections": [], "reasons": {"short": "Agreed"}, "by": slt}]
