"""An exported chat on its page: marked messages stay, the rest is folded, can be destroyed, and can be quoted."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dkh_conduct import settings as installed
from incidents.evidence.chat_verbs import ChatRefusedError, destroy_rest, mark_lines, set_date_order
from incidents.evidence.covering import cover_words
from incidents.evidence.intake import receive
from incidents.models import ChatLine, CustodyEntry, Event, Evidence
from tests.evidence.drawing import CHAT, png, sent, voice, zipped
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(draft, slt):
    """An iPhone's export with a picture and a voice note, on a concern that belongs to a case."""
    files = {"_chat.txt": CHAT.encode(), "00000001-PHOTO-2024-03-13.png": png(), "00000002-AUDIO.opus": voice()}
    evidence = receive(draft=draft, upload=sent(zipped(files), "WhatsApp Chat - Year 4.zip"))
    assert evidence.problem == ""
    case = CasePersonFactory.create(case=CaseFactory.create(school=draft.school, lead=slt)).case
    evidence.concern, evidence.draft = ConcernFactory.create(school=draft.school, case=case), None
    evidence.save()
    return evidence


@pytest.fixture
def client(slt, signed_in):
    return signed_in(slt)


def page_of(client, chat, query: str = "") -> str:
    return str(client.get(f"{chat.get_absolute_url()}{query}").content.decode())


def test_it_is_shown_as_a_chat_with_what_came_with_it(client, chat):
    page = page_of(client, chat)

    assert "0 of 5 marked" in page
    assert "<strong><bdi>D Marsh</bdi></strong>" in page
    assert "Useless AND a liar\nand everybody knows it" in page
    assert '<a class="govuk-link" href="?page=2#picture">Look at 00000001-PHOTO-2024-03-13.png</a>' in page
    assert "13/03/2024, 10:16:40<br>13 March 2024" in page
    assert "A text like this is easily changed" in page


def test_marks_are_saved_for_the_messages_on_the_page_and_no_others(client, chat):
    ChatLine.objects.filter(number=5).update(is_marked=True)

    client.post(reverse("evidence-mark", args=[chat.pk]), {"shown": ["2", "3"], "marked": ["3", "4", "x", "💥"]})

    assert list(chat.lines.marked().values_list("number", flat=True)) == [3, 5]
    assert CustodyEntry.objects.get(kind="marked").facts == {"count": 2}


def test_once_some_are_marked_the_rest_is_folded(client, chat, slt):
    mark_lines(evidence=chat, shown=range(1, 6), marked=[3], by=slt)

    folded, everything = page_of(client, chat), page_of(client, chat, "?show=all")

    assert "2 messages not shown" in folded
    assert "Did anyone else’s come home upset?" not in folded
    assert "Did anyone else’s come home upset?" in everything


def test_the_first_look_asks_at_most_fifteen_questions(client, chat, slt, settings):
    """With marks, words covered, and the log of who looks."""
    settings.MIDDLEWARE = installed.MIDDLEWARE
    mark_lines(evidence=chat, shown=range(1, 6), marked=[3, 4], by=slt)
    cover_words(evidence=chat, passages=[3, 4], masks=[], by=slt)
    client.get(reverse("dashboard"))  # once a minute a session notes that it is used
    for look in ("", "?show=all"):
        with CaptureQueriesContext(connection) as queries:
            assert "Cover names" in page_of(client, chat, look)
        assert len([query for query in queries if query["sql"].startswith("SELECT")]) <= 15


def test_destroying_the_rest_leaves_the_marked_ones_character_for_character(
    chat, slt, files_on_disk, django_capture_on_commit_callbacks
):
    kept = "".join(chat.lines.filter(number__in=[3, 4]).values_list("raw", flat=True))
    mark_lines(evidence=chat, shown=range(1, 6), marked=[3, 4], by=slt)

    with django_capture_on_commit_callbacks(execute=True):
        assert destroy_rest(evidence=chat, by=slt, why="It has nothing to do with this.") == 3

    chat.refresh_from_db()
    with default_storage.open(chat.copy.name) as file:
        assert file.read().decode() == kept
    assert [part.name for part in chat.parts.all()] == ["00000001-PHOTO-2024-03-13.png"]
    assert not chat.original
    assert [name.split("/")[1] for name in files_on_disk()] == ["copies", "copies", "thumbnails", "thumbnails"]
    assert Event.objects.get(kind="chat_rest_destroyed").why == "It has nothing to do with this."
    assert CustodyEntry.objects.get(kind="rest_destroyed").facts["sha256"] == chat.sha256
    call_command("verify_evidence")


def test_without_a_mark_nothing_is_destroyed(chat, slt):
    with pytest.raises(ChatRefusedError, match="Mark the messages that matter first"):
        destroy_rest(evidence=chat, by=slt, why="x")

    assert chat.lines.count() == 5


def test_destroying_must_be_meant(client, chat, slt):
    mark_lines(evidence=chat, shown=[3], marked=[3], by=slt)
    address = reverse("evidence-rest-destroy", args=[chat.pk])

    told = client.post(address, {"why": "Because."}).content.decode()
    assert "Tick that what is needed is marked" in told
    assert "Because." in told
    assert chat.lines.count() == 5

    client.post(address, {"why": "Because.", "sure": "on"})
    assert chat.lines.count() == 1


def test_a_message_is_quoted_with_date_time_and_sender_as_displayed(client, chat):
    line = chat.lines.get(number=3)
    page = page_of(client, chat)
    address = f"{reverse('allegation-add', args=[chat.concern.case.reference])}?line={line.pk}"
    assert f'href="{address}"' in page

    form = client.get(address).content.decode()

    assert "Useless AND a liar\nand everybody knows it</textarea>" in form
    assert "Exported chat: 13/03/2024, 10:16:40, ~\u202fD Marsh" in form
    assert f'<option value="{chat.pk}" selected>' in form


def test_a_message_of_another_case_is_not_quoted(client, chat, slt):
    other = CaseFactory.create(school=chat.school, lead=slt)
    line = chat.lines.get(number=3)

    for asked in (line.pk, "x", "-1", "9" * 40, "\u0663"):
        form = client.get(f"{reverse('allegation-add', args=[other.reference])}?line={asked}").content.decode()
        assert "Useless" not in form


def test_the_order_of_day_and_month_is_asked_where_the_file_leaves_it_open(client, draft, school):
    text = "1/2/24, 10:15 - Sam: One of two days\n2/3/24, 10:16 - Sam: And another\n"
    evidence = receive(draft=draft, upload=sent(text.encode(), "chat.txt"))
    Evidence.objects.update(concern=ConcernFactory.create(school=school), draft=None)
    assert "How does this export write dates?" in page_of(client, evidence)
    assert not evidence.lines.exclude(said_on=None).exists()

    client.post(reverse("evidence-date-order", args=[evidence.pk]), {"order": "mdy"})

    page = page_of(client, evidence)
    assert "2 January 2024" in page
    assert "How does this export write dates?" not in page


def test_hidden_letters_in_a_name_are_made_visible(client, draft, school):
    text = "13/3/24, 10:15 - T\u200bom: Hello everybody\n13/3/24, 10:16 - Tom: No, I am Tom\n"
    evidence = receive(draft=draft, upload=sent(text.encode(), "chat.txt"))
    Evidence.objects.update(concern=ConcernFactory.create(school=school), draft=None)

    page = page_of(client, evidence)

    assert "<bdi>T[U+200B]om</bdi>" in page
    assert page.count("Hidden letters in the name") == 1


def test_mark_up_in_a_message_is_only_text(client, draft, school):
    text = "13/3/24, 10:15 - <b>Tom</b>: <script>alert(1)</script>\n13/3/24, 10:16 - Tom: {{ 7|add:7 }}\n"
    evidence = receive(draft=draft, upload=sent(text.encode(), "chat.txt"))
    Evidence.objects.update(concern=ConcernFactory.create(school=school), draft=None)

    page = page_of(client, evidence)

    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page


def test_a_long_chat_is_shown_a_page_at_a_time_in_few_queries(client, draft, school, django_assert_max_num_queries):
    text = "".join(f"13/3/24, 10:{number % 60:02d} - Sam: Message {number}\n" for number in range(1, 251))
    evidence = receive(draft=draft, upload=sent(text.encode(), "chat.txt"))
    Evidence.objects.update(concern=ConcernFactory.create(school=school), draft=None)

    with django_assert_max_num_queries(25):
        page = page_of(client, evidence, "?show=all&from=3")

    assert "Page 3 of 3" in page
    assert "Message 250" in page
    assert "Message 200<" not in page


def test_marking_again_what_is_marked_is_no_entry(draft, slt):
    chat = receive(draft=draft, upload=sent(CHAT.encode(), "_chat.txt"))

    assert [mark_lines(evidence=chat, shown=[2, 3], marked=[3], by=slt) for _ in range(2)] == [1, 0]
    assert CustodyEntry.objects.filter(kind="marked").count() == 1


def test_nothing_is_done_with_a_chat_without_the_right_or_once_it_is_gone(draft, slt, office):
    chat = receive(draft=draft, upload=sent(CHAT.encode(), "_chat.txt"))

    with pytest.raises(ChatRefusedError, match="Choose how this export writes dates"):
        set_date_order(evidence=chat, order="sideways", by=slt)
    for verb in (
        lambda by: mark_lines(evidence=chat, shown=[3], marked=[3], by=by),
        lambda by: set_date_order(evidence=chat, order="mdy", by=by),
        lambda by: destroy_rest(evidence=chat, by=by, why="Not needed."),
    ):
        with pytest.raises(PermissionDenied):
            verb(office)
        with (
            just_before_the_lock(Evidence.objects.all().delete),
            pytest.raises(ChatRefusedError, match="was destroyed"),
        ):
            verb(slt)
