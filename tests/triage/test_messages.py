"""Staff and the reporter write to each other: who may, what is told about it, and what the queue shows."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from incidents.models import Concern, Conflict, Email, Event, Message
from incidents.triage.messages import ask_reporter, read_messages
from tests.factories import ConcernFactory

PAGE = "/staff/concerns/DKH-7R4K-2Q/messages/"
CONCERN = "/staff/concerns/DKH-7R4K-2Q/"
TEXT = "Is the photo still there?"


@pytest.fixture
def reply(concern):
    return Message.objects.create(concern=concern, is_from_school=False, text="Yes, <b>it</b> is.")


def listed(client, status):
    rows = client.get(reverse("concern-list"), {"status": status}).context["rows"]
    return [row.concern.reference for row in rows]


def test_a_question_is_left_for_the_reporter(concern, slt, slt_client):
    response = slt_client.post(PAGE, {"text": TEXT, "key": str(uuid.uuid4())})

    message, event = Message.objects.get(), Event.objects.get()
    assert response.url == f"{CONCERN}#messages"
    assert (message.text, message.is_from_school, message.author) == (TEXT, True, slt)
    assert (event.kind, event.by, event.concern, event.why) == ("message_sent", slt, concern, "")
    assert TEXT not in str(event.facts)
    page = slt_client.get(CONCERN).content.decode()
    assert TEXT in page
    assert "Not opened yet" in page


def test_the_same_form_twice_leaves_one_question(concern, slt):
    key = uuid.uuid4()

    first, second = (ask_reporter(concern=concern, by=slt, text=TEXT, key=key) for _ in range(2))

    assert first == second
    assert Event.objects.count() == 1


def test_only_an_address_is_told_and_only_that_there_is_something(concern, slt, django_capture_on_commit_callbacks):
    ask_reporter(concern=concern, by=slt, text=TEXT, key=uuid.uuid4())
    assert not Email.objects.exists()

    concern.reporter.email, concern.reporter.pending_email = "amina@example.com", "unconfirmed@example.com"
    concern.reporter.save()
    ask_reporter(concern=concern, by=slt, text=TEXT, key=uuid.uuid4())

    email = Email.objects.get()
    assert email.to == "amina@example.com"
    assert "DKH-7R4K-2Q" in email.body
    assert "http://testserver/status/" in email.body
    assert TEXT not in email.subject + email.body
    assert slt.full_name not in email.subject + email.body


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Write your message"), ("x" * 5_001, "Use 5000 characters or fewer"), ("a\x00", "cannot be saved")],
)
def test_what_cannot_be_sent_says_why_and_is_still_there(concern, slt_client, text, sentence):
    page = slt_client.post(PAGE, {"text": text}).content.decode()

    assert sentence in page
    assert text.replace("\x00", "\ufffd") in page
    assert not Message.objects.exists()


def test_the_office_and_others_may_not_write(concern, office, outsider, slt, signed_in):
    data = {"text": TEXT, "key": str(uuid.uuid4())}
    assert signed_in(office).post(PAGE, data).status_code == 403
    assert signed_in(outsider).post(PAGE, data).status_code == 404
    Conflict.objects.create(user=slt, concern=concern, reason="Named in it")
    assert signed_in(slt).post(PAGE, data).status_code == 404

    for who in (office, outsider, slt):
        with pytest.raises(PermissionDenied):
            ask_reporter(concern=concern, by=who, text=TEXT, key=uuid.uuid4())
        with pytest.raises(PermissionDenied):
            read_messages(concern=concern, by=who, up_to=1)
    assert not Message.objects.exists()


def test_a_reply_is_new_until_somebody_says_it_is_read(concern, reply, slt_client):
    page = slt_client.get(CONCERN).content.decode()
    assert "Yes, &lt;b&gt;it&lt;/b&gt; is." in page
    assert f'name="up_to" value="{reply.pk}"' in page
    later = Message.objects.create(concern=concern, is_from_school=False, text="And more.")

    slt_client.post(f"{PAGE}read/", {"up_to": reply.pk})

    reply.refresh_from_db()
    later.refresh_from_db()
    assert reply.read_at
    assert later.read_at is None
    assert listed(slt_client, "replied") == [concern.reference]


def test_answering_reads_what_came_before(concern, reply, slt):
    ask_reporter(concern=concern, by=slt, text=TEXT, key=uuid.uuid4())

    reply.refresh_from_db()
    assert reply.read_at


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40, "\x00", "²"])
def test_an_odd_number_reads_nothing(concern, reply, slt_client, up_to):
    assert slt_client.post(f"{PAGE}read/", {"up_to": up_to}).status_code == 302

    reply.refresh_from_db()
    assert reply.read_at is None


def test_messages_of_another_concern_are_not_read_along(concern, school, slt):
    other = Message.objects.create(concern=ConcernFactory.create(school=school), is_from_school=False, text="Other")

    assert read_messages(concern=concern, by=slt, up_to=other.pk) == 0


def test_the_queue_finds_what_waits_for_the_reporter_and_what_came_back(concern, school, slt, slt_client):
    answered = ConcernFactory.create(school=school)
    ConcernFactory.create(school=school)
    ask_reporter(concern=concern, by=slt, text=TEXT, key=uuid.uuid4())
    ask_reporter(concern=answered, by=slt, text=TEXT, key=uuid.uuid4())
    Message.objects.create(
        concern=answered, is_from_school=False, text="Yes", sent_at=timezone.now() + timedelta(minutes=1)
    )

    assert listed(slt_client, "waiting") == [concern.reference]
    assert listed(slt_client, "replied") == [answered.reference]
    assert len(listed(slt_client, "unread")) == 3


def test_a_concern_that_was_decided_does_not_wait_but_its_messages_are_there(concern, case, slt, slt_client):
    ask_reporter(concern=concern, by=slt, text=TEXT, key=uuid.uuid4())
    concern.outcome, concern.outcome_reason, concern.case = Concern.Outcome.ADD_TO_CASE, "Same words", case
    concern.outcome_by, concern.outcome_at, concern.kind = slt, timezone.now(), "misconduct"
    concern.save()

    assert listed(slt_client, "waiting") == []
    assert TEXT in slt_client.get(CONCERN).content.decode()


def test_the_dashboard_says_how_many_have_a_new_message(concern, reply, slt_client):
    page = slt_client.get("/staff/").content.decode()
    assert "1 concern with a new message from the reporter" in page
    assert 'href="/staff/concerns/?status=replied"' in page

    Message.objects.mark_read()
    assert "new message from the reporter" not in slt_client.get("/staff/").content.decode()


def test_a_withdrawn_concern_says_so_and_still_waits(concern, slt_client):
    concern.withdrawn_at, concern.withdrawn_reason = timezone.now(), "It is <settled>."
    concern.save()

    page = slt_client.get(CONCERN).content.decode()
    assert "Withdrawn" in page
    assert "It is &lt;settled&gt;." in page
    assert "It still needs an outcome." in page
    assert listed(slt_client, "unread") == [concern.reference]
    assert "Withdrawn" in slt_client.get(reverse("concern-list")).content.decode()


@pytest.mark.parametrize("rows", [1, 40])
def test_the_pages_cost_the_same_with_many_messages(
    concern, slt, slt_client, picture, django_assert_max_num_queries, rows
):
    for number in range(rows):
        message = Message.objects.create(concern=concern, is_from_school=False, text=f"Message {number}")
        Message.objects.create(concern=concern, is_from_school=True, author=slt, text="Thanks")
        picture(concern, message=message)

    with django_assert_max_num_queries(15):
        slt_client.get(CONCERN)
    with django_assert_max_num_queries(12):
        slt_client.get(PAGE)
    with django_assert_max_num_queries(15):
        slt_client.get(reverse("concern-list"), {"status": "replied"})
