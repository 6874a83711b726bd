"""Of a chat, the marked messages leave the house as text, as they are displayed, and nothing else of it does."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest

from incidents.evidence.chat_verbs import mark_lines
from incidents.evidence.covering import COVERED, cover_words
from incidents.evidence.intake import receive
from incidents.evidence.marked import ROWS, sheets_of_chat
from incidents.evidence.paper import page_of
from incidents.evidence.passages import Passage
from incidents.evidence.redacted import MarkedMessages, RedactedPicture, copies_for, note_taken_out
from incidents.evidence.redacting import Box, redact
from incidents.evidence.viewer import pages_of
from incidents.models import CustodyEntry
from letters import messages
from tests.evidence.drawing import CHAT, png, sent, zipped
from tests.factories import ConcernFactory
from tests.letters.reading import words as text_of

pytestmark = pytest.mark.django_db


def received(draft, content: bytes, name: str):
    found = receive(draft=draft, upload=sent(content, name))
    assert found.problem == ""
    found.concern, found.draft = ConcernFactory.create(school=draft.school), None
    found.save()
    return found


@pytest.fixture
def chat(draft):
    files = {"_chat.txt": CHAT.encode(), "00000001-PHOTO-2024-03-13.png": png()}
    return received(draft, zipped(files), "chat.zip")


def mark(chat, by, *numbers: int) -> None:
    mark_lines(evidence=chat, shown=range(1, 9), marked=numbers, by=by)
    cover_words(evidence=chat, passages=numbers, masks=[], by=by)


def test_a_chat_without_marks_does_not_leave(chat):
    found = copies_for([chat])

    assert found.ready == []
    assert found.missing == ["Evidence 1 is a chat in which no message is marked. Mark those that matter."]


def test_marked_messages_leave_with_date_time_and_sender_as_displayed_and_no_others(chat, slt):
    mark(chat, slt, 3)

    found = copies_for([chat])

    assert found.missing == []
    (page,) = found.ready
    assert isinstance(page, MarkedMessages)
    assert page.title == "Evidence 1"
    printed = text_of(page_of(page))
    assert "13/03/2024, 10:16:40" in printed
    assert "D Marsh" in printed
    assert "Useless AND a liar" in printed
    assert "and everybody knows it" in printed
    assert not [word for word in ("Aisha", "upset", "07700", "7700") if word in printed]


def test_only_pictures_that_came_with_a_marked_message_are_asked_for(chat, slt):
    mark(chat, slt, 3, 4)
    assert copies_for([chat]).missing == ["Evidence 1, the picture 00000001-PHOTO-2024-03-13.png, is not redacted yet."]

    picture = pages_of(chat)[1]
    redact(evidence=chat, page=picture, boxes=[Box(1, 1, 9, 9, "child")], by=slt)
    found = copies_for([chat])

    assert found.missing == []
    assert [type(each) for each in found.ready] == [MarkedMessages, RedactedPicture]
    assert [each.title for each in found.ready] == ["Evidence 1, page 1 of 2", "Evidence 1, page 2 of 2"]
    for each in found.ready:
        assert len(pikepdf.open(io.BytesIO(page_of(each))).pages) == 1
    note_taken_out(found.ready, by=slt, pack="C014-P1")
    taken = CustodyEntry.objects.filter(kind="exported", evidence_key=chat.pk).order_by("seq")
    assert [entry.facts["sha256"] for entry in taken] == [each.sha256 for each in found.ready]


@pytest.mark.parametrize(
    "body",
    ["word " * 900, "W" * 3_000, "one\n" * 200, "漢字" * 400, "", "end\r\nend\n"],
    ids=["words", "wide", "lines", "wide letters", "empty", "line ends"],
)
def test_every_letter_of_a_long_message_is_on_some_sheet_and_each_sheet_is_one_page(body):
    line = Passage(1, "13/03/2024, 10:16", "D Marsh", body)
    covered = MarkedMessages(None, 1, 1, 1, sheets_of_chat([replace(line, who=COVERED)])[0])

    sheets = sheets_of_chat([line, line])

    words = [words for sheet in sheets for _, words in sheet.rows]
    assert "".join(words) == body + body
    assert sheets[0].rows[0][0] == "13/03/2024, 10:16, D Marsh"
    assert len(sheets) <= 2 * (len(body) // 40 + body.count("\n") + ROWS) // (ROWS - 4) + 2
    if "漢" not in body:  # this machine may have no font for them, which the next test is about
        for page in [*(MarkedMessages(None, 1, 1, 1, sheet) for sheet in sheets[:3]), covered]:
            assert len(pikepdf.open(io.BytesIO(page_of(page))).pages) == 1


def test_a_sign_that_no_font_has_is_named_in_words():
    line = Passage(1, "13/03/2024", "Aisha", "So sad \N{CRYING FACE}\N{VARIATION SELECTOR-16} مرحبا")

    printed = text_of(page_of(MarkedMessages(None, 1, 1, 1, sheets_of_chat([line])[0])))

    assert "So sad" in printed
    assert messages._name_of("\N{CRYING FACE}") == "[crying face]"
    assert messages._name_of("\N{VARIATION SELECTOR-16}") == ""


def test_a_sender_with_letters_that_nobody_sees_is_written_out():
    line = Passage(1, "1/2/24", "D\u200bMarsh", "x")

    assert sheets_of_chat([line])[0].rows[0][0] == "1/2/24, D[U+200B]Marsh"
