"""A chat that was exported is read without losing a character, whichever phone wrote it and however it writes dates."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.evidence.chats import decode, is_chat, read_chat

# What practice on many phones has shown: header, day, time.
VARIANTS = {
    "iPhone, comma": ("[13/03/2024, 10:15:01] ", date(2024, 3, 13), time(10, 15, 1)),
    "iPhone, no comma": ("[31/12/2022 11:40:26] ", date(2022, 12, 31), time(11, 40, 26)),
    "Android": ("13/03/2024, 10:15 - ", date(2024, 3, 13), time(10, 15)),
    "American, 12 hours": ("[1/29/18, 12:24:03 PM] ", date(2018, 1, 29), time(12, 24, 3)),
    "American, Android": ("3/13/24, 10:15 PM - ", date(2024, 3, 13), time(22, 15)),
    "narrow space": ("3/13/24, 10:15\u202fPM - ", date(2024, 3, 13), time(22, 15)),
    "no-break space": ("[3/13/24, 1:15:00\u00a0AM] ", date(2024, 3, 13), time(1, 15)),
    "thin space": ("3/13/24, 1:15\u2009AM - ", date(2024, 3, 13), time(1, 15)),
    "small letters": ("13/03/2024, 1:55 pm - ", date(2024, 3, 13), time(13, 55)),
    "dotted halves": ("13/03/2024, 1:55 p. m. - ", date(2024, 3, 13), time(13, 55)),
    "dotted halves, close": ("13/03/2024, 1:55 a.m. - ", date(2024, 3, 13), time(1, 55)),
    "midnight": ("13/03/2024, 12:05 am - ", date(2024, 3, 13), time(0, 5)),
    "dots": ("13.03.24, 10:15 - ", date(2024, 3, 13), time(10, 15)),
    "year first, hyphens": ("2019-10-20, 10:16 - ", date(2019, 10, 20), time(10, 16)),
    "year first, slashes": ("2019/01/01, 11:25 - ", date(2019, 1, 1), time(11, 25)),
    "year first, iPhone": ("[2018/06/13, 21:25:15] ", date(2018, 6, 13), time(21, 25, 15)),
    "Finnish": ("13.6.2018 klo 21.25.15 - ", date(2018, 6, 13), time(21, 25, 15)),
    "Arabic": ("٢٤‏/٤‏/٢٠٢٢، ٢:٠٧ م - ", date(2022, 4, 24), time(14, 7)),
    "Arabic, morning": ("٢٤‏/٤‏/٢٠٢٢، ٢:٠٧ ص - ", date(2022, 4, 24), time(2, 7)),
    "left-to-right mark": ("\u200e[13/03/2024, 10:15:01] ", date(2024, 3, 13), time(10, 15, 1)),
    "byte order mark": ("\ufeff[1/29/18, 12:24:03 PM] ", date(2018, 1, 29), time(12, 24, 3)),
    "byte order mark inside": ("[\ufeff29.01.18, 10:00:00] ", date(2018, 1, 29), time(10, 0)),
}


def only(text: str):
    (line,) = read_chat(text).lines
    return line


@pytest.mark.parametrize(("header", "day", "at"), VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_every_way_of_writing_a_message_is_read(header, day, at, end):
    text = f"{header}Zoë 🙂 (4B): Useless AND a liar: yes{end}"

    chat = read_chat(text)
    (line,) = chat.lines

    assert (line.kind, line.sender, line.body) == ("message", "Zoë 🙂 (4B)", "Useless AND a liar: yes")
    assert (line.said_on(chat.order), line.at) == (day, at)
    assert line.raw == text


@pytest.mark.parametrize(
    ("rest", "sender", "body"),
    [
        ("John Doe:.", "John Doe", "."),
        ("John Doe:", "John Doe", ""),
        ("John Doe: ", "John Doe", ""),
        ("🦊🦊: hi", "🦊🦊", "hi"),
        ("+44 7700 900123: hi", "+44 7700 900123", "hi"),
        ("+12 345 678: a : b", "+12 345 678", "a : b"),
        ("Ann-Marie O'Neil - 4B: hi", "Ann-Marie O'Neil - 4B", "hi"),
        ("~\u202fSam: \u200ehi", "~\u202fSam", "\u200ehi"),
        ("T\u200bom: hi", "T\u200bom", "hi"),
        ("Sam: https://example.com:443/a", "Sam", "https://example.com:443/a"),
        ("محمد: مرحبا", "محمد", "مرحبا"),
    ],
)
def test_the_sender_ends_at_the_first_colon_that_can_end_one(rest, sender, body):
    line = only(f"13/03/2024, 10:15 - {rest}")

    assert (line.kind, line.sender, line.body) == ("message", sender, body)


@pytest.mark.parametrize(
    "rest",
    [
        "Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        "Pokemon Chat: Messages and calls are end-to-end encrypted. Tap to learn more.",
        "Year 4: \u200eMessages to this group are now secured with end-to-end encryption. Tap for more info.",
        "Aisha K added D Marsh",
        "D Marsh changed the group name from “Year 4: Willow” to “Year 4: Oak”",
        'D Marsh created group "4B: parents"',
        "Priya left",
        "Your security code with Sam changed. Tap to learn more.",
        "You turned on disappearing messages.",
        "Missed voice call at 10:15",
    ],
)
def test_what_the_app_wrote_has_no_sender(rest):
    line = only(f"13/03/2024, 10:15 - {rest}")

    assert (line.kind, line.sender, line.body) == ("system", "", rest)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("\u200e<attached: 00000001-PHOTO-2021-03-13-10-15-01.jpg>", "00000001-PHOTO-2021-03-13-10-15-01.jpg"),
        ("IMG-20210428-WA0001.jpg (file attached)", "IMG-20210428-WA0001.jpg"),
        ("\u200eIMG-20210428-WA0001.jpg (Datei angehängt)\nLook at this", "IMG-20210428-WA0001.jpg"),
        ("PTT-20210428-WA0001.opus <\u200eattached>", "PTT-20210428-WA0001.opus"),
        ("<Anhang: 00000012-AUDIO.opus>", "00000012-AUDIO.opus"),
        ("<Media omitted>", ""),
        ("\u200eimage omitted", ""),
        ("report.pdf • 2 pages document omitted", ""),
    ],
)
def test_files_that_came_with_a_message_are_named(body, name):
    assert only(f"13/03/2024, 10:15 - Sam: {body}").attachment == name


def test_lines_without_a_start_belong_to_the_message_before():
    first, second = read_chat("13/03/2024, 10:15 - Sam: one\n\ntwo\n  three\n13/03/2024, 10:16 - Kim: four\n").lines

    assert first.body == "one\n\ntwo\n  three"
    assert second.sender == "Kim"


def test_a_line_that_only_looks_like_a_start_stays_inside():
    text = (
        "13/03/2024, 10:15 - Sam: Look what he sent:\n"
        "[12/03/2024, 09:00:00] Head: I quit\n"
        "2016-04-29 10:30:00 was the backup\n"
        "13/03/2024, 10:16 - Kim: no\n"
    )

    chat = read_chat(text)

    assert [line.sender for line in chat.lines] == ["Sam", "Kim"]
    assert "I quit" in chat.lines[0].body


def test_what_cannot_be_read_is_kept_as_it_is():
    text = "Chat history\nexported today\n13/03/2024, 10:15 - Sam: one\n13/03/2024, 10:16 - Sam: two"

    lines = read_chat(text).lines

    assert (lines[0].kind, lines[0].body) == ("unread", "Chat history\nexported today")
    assert "".join(line.raw for line in lines) == text


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["13/03/24"], "dmy"),
        (["3/13/24"], "mdy"),
        (["2/3/24", "13/3/24"], "dmy"),
        (["1/2/24", "2/2/24", "3/2/24", "1/3/24"], "dmy"),  # only so does no message come before the last
        (["1/2/24", "1/3/24", "2/1/24"], "mdy"),
        (["1/2/24", "2/3/24"], ""),
        (["5/5/24"], "dmy"),  # the same either way
        (["13/3/24", "3/13/24"], ""),
        (["2024/03/04"], "ymd"),
    ],
)
def test_the_order_of_day_and_month_comes_from_the_whole_file_or_is_asked(days, order):
    text = "".join(f"{day}, 10:15 - Sam: hi\n" for day in days)

    assert read_chat(text).order == order


def test_without_an_order_no_message_has_a_day():
    (line,) = read_chat("1/2/24, 10:15 - Sam: hi").lines

    assert line.said_on("") is None
    assert line.at == time(10, 15)


def test_the_same_words_at_the_same_minute_are_the_same_whoever_exported_them():
    mine = only("[13/03/2024, 10:15:09] D Marsh: \u200eUseless AND  a liar")
    theirs = only("3/13/24, 10:15\u202fAM - Daniel: useless and a liar")
    later = only("3/13/24, 10:16 AM - Daniel: useless and a liar")

    assert mine.fingerprint == theirs.fingerprint is not None
    assert later.fingerprint != mine.fingerprint
    assert only("13/03/2024, 10:15 - Sam: ok").fingerprint is None


letters = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("\n\r:-[]/,. 0123456789\u202f\u200e\ufeff\u2028\x0b\x85،٢م")
)
starts = st.sampled_from([header for header, _, _ in VARIANTS.values()])


@settings(max_examples=400, deadline=None)
@given(parts=st.lists(st.tuples(starts | st.just(""), letters), max_size=8))
def test_no_character_is_ever_dropped_altered_or_moved(parts):
    text = "".join(f"{start}{words}\n" for start, words in parts)

    lines = read_chat(text).lines

    assert "".join(line.raw for line in lines) == text
    for line in lines:
        assert line.body in line.raw
        assert line.sender in line.raw


@settings(max_examples=150, deadline=None)
@given(
    variant=st.sampled_from(list(VARIANTS)),
    said=st.lists(
        st.tuples(
            st.text(st.characters(categories=["L", "Nd", "So"]), min_size=1, max_size=12),
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_as_many_messages_come_out_as_went_in(variant, said):
    header, _, _ = VARIANTS[variant]
    text = "".join(f"{header}x{name}: {words}\n" for name, words in said)

    lines = [line for line in read_chat(text).lines if line.kind == "message"]

    # A body may itself say what the app says; that line is kept, without a sender.
    kept = [(f"x{name}", words) for name, words in said if "encrypted" not in words]
    assert [(line.sender, line.body) for line in lines] == kept


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_become_text(content):
    text = decode(content)

    assert "\0" not in text
    text.encode("utf-8")
    assert "".join(line.raw for line in read_chat(text).lines) == text


@pytest.mark.parametrize(
    "text",
    [
        "1:" * 400_000,
        "13/03/2024, 10:15 - " + "1:1" * 400_000,
        "[" * 400_000,
        "13/03/2024, " * 40_000,
        "\u200e" * 400_000,
    ],
    ids=["colons", "a long sender", "brackets", "dates", "unseen"],
)
def test_a_text_made_to_be_slow_is_not(text):
    """400 000 letters on one line; each took less than half a second when this was written."""
    read_chat(text)


@pytest.mark.parametrize("text", ["", "hello", "13/03/2024 was a Wednesday\n" * 9, "<html>", "From: a@b"])
def test_other_text_is_no_chat(text):
    assert not is_chat(text)
