"""A reporter writes to the school and adds files: once, whatever is clicked twice, and nothing typed is lost."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.models import Concern, Event, Evidence, Message
from incidents.reporting.messages import NOTHING, UNNAMED, write_reply
from incidents.reporting.opened import OPENED
from tests.evidence.drawing import png, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db
PAGE = "/status/concern/"


def send(client, *, text="", files=(), key=None):
    return client.post(PAGE, {"key": str(key or uuid.uuid4()), "text": text, "files": list(files)})


def page_of(client):
    return client.get(PAGE).content.decode()


def test_a_message_is_kept_as_it_was_written_and_told_without_its_words(inside, concern):
    response = send(inside, text="Yes.\r\nIt is still there <b>now</b>.")

    message = Message.objects.get()
    event = Event.objects.get()
    assert response.url == f"{PAGE}#messages"
    assert (message.concern, message.is_from_school, message.author) == (concern, False, None)
    assert message.text == "Yes.\nIt is still there <b>now</b>."
    assert message.read_at is None
    assert (event.kind, event.by, event.concern, event.why) == ("message_received", None, concern, "")
    assert "still there" not in str(event.facts)
    assert "It is still there &lt;b&gt;now&lt;/b&gt;." in page_of(inside)


def test_the_same_form_sent_twice_makes_one_message(inside):
    key = uuid.uuid4()

    for _ in range(2):
        assert send(inside, text="Yes", files=[sent(png())], key=key).status_code == 302

    assert Message.objects.count() == 1
    assert Evidence.objects.count() == 1
    assert Event.objects.count() == 2


def test_two_tabs_may_both_write(inside):
    send(inside, text="From one tab")
    send(inside, text="From the other")

    assert Message.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "\x00", "0" * 400])
def test_a_form_with_a_broken_key_is_still_sent(inside, key):
    assert inside.post(PAGE, {"key": key, "text": "Yes"}).status_code == 302

    assert Message.objects.get().text == "Yes"


def test_a_key_of_another_concern_shows_nothing_of_it(inside, concern, school):
    theirs = Message.objects.create(concern=ConcernFactory.create(school=school), is_from_school=False, text="Theirs")

    send(inside, text="Mine", key=theirs.key)

    assert concern.messages.get().text == "Mine"
    assert "Theirs" not in page_of(inside)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", str(NOTHING)),
        ("   ", str(NOTHING)),
        ("x" * 5_001, "Use 5000 characters or fewer. There are 5001 here"),
        ("Yes\x00", "One of the symbols here cannot be saved"),
    ],
)
def test_what_cannot_be_sent_says_why_and_is_still_there(inside, text, sentence):
    response = send(inside, text=text)

    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "<title>Error: " in page
    assert text.replace("\x00", "\ufffd").strip() in page
    assert not Message.objects.exists()


def test_the_longest_message_fits_with_a_browsers_line_breaks(inside):
    assert send(inside, text="x\r\n" * 2_500).status_code == 302


def test_files_come_with_the_message_and_are_listed(inside, concern):
    send(inside, text="Two more", files=[sent(png(), "one.png"), sent(png((40, 40)), "two.png")])

    assert [file.name for file in Message.objects.get().files.all()] == ["one.png", "two.png"]
    page = page_of(inside)
    assert "2 files added" in page
    assert "2 files you sent" in page
    for file in concern.evidence.all():
        assert f'src="{reverse("status-thumbnail", args=[file.pk])}"' in page


def test_files_alone_are_a_message_too(inside):
    send(inside, files=[sent(png())])

    assert Message.objects.get().text == ""
    assert Message.objects.get().files.count() == 1


def test_a_refused_file_gets_its_sentence_and_the_good_one_and_the_words_are_kept(inside, concern):
    response = send(inside, text="Look at both", files=[sent(png()), sent(b"%PDF-1.4", "letter.pdf")])

    page = response.content.decode()
    assert "letter.pdf: We cannot open this PDF." in page
    assert ">\nLook at both</textarea>" in page or ">Look at both</textarea>" in page
    assert "Your message is not sent yet" in page
    assert concern.evidence.get().name == "class chat 1.png"
    assert [message.text for message in Message.objects.all()] == [""]


def test_words_that_are_too_long_do_not_lose_the_file(inside, concern):
    response = send(inside, text="x" * 5_001, files=[sent(png())])

    assert response.status_code == 200
    assert concern.evidence.count() == 1


def test_over_the_limit_of_the_concern_the_file_is_refused(inside, concern, settings):
    settings.EVIDENCE_MAX_FILES = 1
    send(inside, files=[sent(png())])

    response = send(inside, files=[sent(png((30, 30)), "more.png")])

    assert "more.png: You have added 1 files" in response.content.decode()
    assert concern.evidence.count() == 1


def test_a_file_sent_with_the_report_stays_with_the_report(inside, concern):
    old = Evidence.objects.create(
        school=concern.school, concern=concern, name="old.png", sha256="0", original="o", copy="c", thumbnail="t",
        received_at=concern.received_at,
    )  # fmt: skip

    write_reply(concern=concern, text="Hello", key=uuid.uuid4())

    old.refresh_from_db()
    assert old.message is None


def test_neither_words_nor_files_is_no_message(concern):
    assert write_reply(concern=concern, text="", key=uuid.uuid4()) is None
    assert not Event.objects.exists()


def test_a_question_of_the_school_is_shown_with_who_asked(inside, asked):
    page = page_of(inside)

    assert "There is a message for you" in page
    assert f'href="#message-{asked.pk}"' in page
    assert "<strong>Ruth Adeyemi, Head of School</strong>" in page
    assert "Your reply" in page


def test_opening_the_concern_and_answering_read_what_the_school_wrote_and_looking_does_not(parent, inside, asked):
    page_of(inside)
    asked.refresh_from_db()
    assert asked.read_at is None

    send(inside, text="Yes")

    asked.refresh_from_db()
    assert asked.read_at
    assert "There is a message for you" not in page_of(inside)


def test_a_reporter_with_a_name_is_not_told_that_nobody_sees_it(inside, concern):
    assert str(UNNAMED) in page_of(inside)
    concern.reporter.name = "Amina Yusuf"
    concern.reporter.save()

    assert str(UNNAMED) not in page_of(inside)


def test_nobody_writes_without_the_codes_and_what_was_typed_is_shown(parent, concern):
    response = send(parent, text="I typed <i>all</i> this")

    assert response.status_code == 403
    assert "I typed &lt;i&gt;all&lt;/i&gt; this" in response.content.decode()
    assert not Message.objects.exists()
    assert send(parent).url == reverse("status")


def test_after_an_hour_the_words_come_back_and_nothing_is_sent(inside):
    session = inside.session
    pk, _, mark = session[OPENED]
    session[OPENED] = [pk, timezone.now().timestamp() - 1, mark]
    session.save()

    response = send(inside, text="A long story", files=[sent(png())])

    assert "A long story" in response.content.decode()
    assert not Message.objects.exists()
    assert not Evidence.objects.exists()


def test_writing_keeps_the_concern_open_for_another_hour(inside, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=50), tick=False)
    send(inside, text="Yes")

    time_machine.shift(timedelta(minutes=50))

    assert inside.get(PAGE).status_code == 200


def test_a_new_code_closes_what_was_opened_with_the_old_one(inside, concern):
    Concern.objects.update(access_code_hash="another")

    assert inside.get(PAGE).url == reverse("status")


def test_a_thumbnail_is_for_the_one_who_opened_its_concern(inside, concern, school):
    send(inside, files=[sent(png())])
    mine = reverse("status-thumbnail", args=[concern.evidence.get().pk])
    theirs = Evidence.objects.create(
        school=school, concern=ConcernFactory.create(school=school), sha256="0", original="o", copy="c", thumbnail="t"
    )

    assert inside.get(mine)["Content-Type"] == "image/webp"
    assert inside.get(reverse("status-thumbnail", args=[theirs.pk])).status_code == 404
    assert Client().get(mine).url == reverse("status")


def test_words_in_another_direction_are_shown_as_they_run(inside):
    send(inside, text="نعم، ما زالت هناك")

    assert '<p dir="auto">نعم، ما زالت هناك</p>' in page_of(inside)
