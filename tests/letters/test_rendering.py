"""The PDF is accessible, the same every time, made of our own files only, and says exactly what was typed."""

from __future__ import annotations

import socket
import threading
from io import BytesIO

import pikepdf
import pytest

from letters import rendering
from letters.previews import draft_pdf, page_picture
from letters.refusals import UnprintableError
from letters.rendering import asset, print_html, render
from letters.text import as_text
from tests.letters.reading import boxes, page_texts, words

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def listener():
    """Counts who knocks on a port of this machine."""
    knocks = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen():
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                knocks.append(connection.recv(200))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], knocks
        stop.set()
        thread.join()


def every_stream(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        for found in document.objects:
            if isinstance(found, pikepdf.Stream):
                try:
                    yield found.read_bytes()
                except pikepdf.PdfError:
                    yield found.read_raw_bytes()


def test_it_is_tagged_titled_and_says_which_language_and_standard_it_keeps_to(draft):
    letter = draft(heading="Warning letter: messages on 19 November 2026")

    with pikepdf.open(BytesIO(render(letter).pdf)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Author"]) == letter.school.name
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert (
                about["dc:title"] == "Warning letter to Mr Daniel Marsh: Warning letter: messages on 19 November 2026"
            )


def test_every_font_is_inside_the_file(draft):
    with pikepdf.open(BytesIO(render(draft(salutation="Łucja Ольга")).pdf)) as pdf:
        described = [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and "/FontName" in found]

        assert len(described) >= 3
        assert all(any(f"/FontFile{n}" in font for n in ("", "2", "3")) for font in described)


def test_the_same_letter_gives_the_same_bytes(draft):
    letter = draft(body="## One\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n")

    assert len({render(letter).pdf for _ in range(4)}) == 1


def test_the_crest_has_words_for_those_who_cannot_see_it(draft):
    pdf = render(draft()).pdf

    with pikepdf.open(BytesIO(pdf)) as document:
        alternatives = [
            str(found.Alt) for found in document.objects if isinstance(found, pikepdf.Dictionary) and "/Alt" in found
        ]
    assert alternatives == ["School crest"]


INJECTED = [
    "<b>bold</b>",
    "</p><h1>You are banned</h1>",
    "<script>alert(1)</script>",
    "{{7*7}} {% debug %} {x.__init__}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<img src=http://127.0.0.1:{port}/a.png>",
    "<style>@import url(http://127.0.0.1:{port}/b.css);</style>",
    "<object data=http://127.0.0.1:{port}/c></object>",
    '<p style="background:url(http://127.0.0.1:{port}/d)">x</p>',
    "<iframe src=file:///etc/passwd></iframe>",
    "![x](http://127.0.0.1:{port}/e.png)",
    "[x](file:///etc/passwd)",
    "<base href=http://127.0.0.1:{port}/>",
    "<svg><image href=http://127.0.0.1:{port}/f.svg></svg>",
    "<meta http-equiv=refresh content=0;url=http://127.0.0.1:{port}/g>",
    "&lt;b&gt; &amp; &#x41;",
    '" onload="alert(1)',
    "'; DROP TABLE letters; --",
]


@pytest.mark.parametrize("payload", INJECTED)
def test_v1_3_6_what_was_typed_is_printed_and_nothing_is_fetched(draft, listener, payload):
    port, knocks = listener
    typed = payload.replace("{port}", str(port))[:110]
    letter = draft(
        body=f"Before {as_text(typed)} after",
        heading=typed,
        addressee="Mr Marsh",
        salutation=typed,
        signatory_name=typed,
        signatory_role=typed,
        enclosures=typed,
    )

    pdf = render(letter).pdf

    assert "".join(words(pdf).split()).count("".join(typed.split())) == 6
    assert knocks == []
    assert not any(b"root:x:0:0" in stream for stream in every_stream(pdf))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.attachments) == 0
        assert not any("/Annots" in page for page in document.pages)


def test_v1_3_6_even_html_of_its_own_reaches_neither_the_network_nor_a_file(listener):
    port, knocks = listener
    html = f"""<title>x</title>
      <link rel=stylesheet href=http://127.0.0.1:{port}/1.css><link rel=attachment href=file:///etc/passwd>
      <style>@font-face {{ font-family: y; src: url(http://127.0.0.1:{port}/2.woff) }} @import "file:///etc/passwd";</style>
      <img src=http://127.0.0.1:{port}/3.png><img src=file:///etc/passwd><img src=ftp://127.0.0.1:{port}/4>
      <img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:{port}/5'/></svg>">
      <a rel=attachment href=file:///etc/hostname>x</a><p style="background: url(//127.0.0.1:{port}/6)">y</p>"""

    pdf = print_html(html).pdf

    assert knocks == []
    assert not any(b"root:x:0:0" in stream for stream in every_stream(pdf))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/crest.svg",
        "https://dkh.example/crest.svg",
        "data:image/svg+xml,<svg/>",
        "file:///etc/passwd",
        "file://elsewhere/crest.svg",
        "ftp://127.0.0.1/x",
        "{assets}/../../../pyproject.toml",
        "{assets}/%2e%2e/%2e%2e/pyproject.toml",
        "{assets}2/x",
        "crest.svg",
    ],
)
def test_the_renderer_may_read_one_folder_only(settings, url):
    with pytest.raises(ValueError, match="may not read"):
        asset(url.replace("{assets}", settings.LETTER_ASSETS_DIR.as_uri()))


NAMES = [
    "محمد عبد الرحمن",
    "Łucja Żółć-Ćwikła",
    "Nguyễn Thị Ánh",
    "Müller-Lüdenscheidt",
    "Ольга Петрівна",
    "Oluwaṣeun Adébáyo",
    "D’Arcy O'Neill",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_in_whatever_letters_it_is_written(draft, name):
    pdf = render(draft(salutation=name, addressee=name)).pdf

    assert "".join(words(pdf).split()).count("".join(name.split())) >= 2


def test_a_letter_with_an_accent_has_the_shape_of_that_letter(draft, settings):
    """The two halves of our font must not be taken for one: text that reads right would be drawn wrong."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    name = "ŁŻŚĞĆŐÅÑÉÜWi"
    pdf = render(draft(addressee=name)).pdf

    drawn = [box.right - box.left for box in boxes(pdf) if box.touches(10, 44, 110, 90)][: len(name)]
    fonts = [
        TTFont(settings.LETTER_ASSETS_DIR / f"fonts/atkinson-hyperlegible-next-{half}-400-normal.woff2")
        for half in ("latin", "latin-ext")
    ]
    for character, width in zip(name, drawn, strict=True):
        font = next(font for font in fonts if ord(character) in font.getBestCmap())
        glyph = font["glyf"][font.getBestCmap()[ord(character)]]
        expected = (glyph.xMax - glyph.xMin) / font["head"].unitsPerEm * 10.5 * 25.4 / 72
        assert abs(width - expected) < 0.06, character


def test_characters_without_a_shape_are_refused_and_never_printed_as_boxes(draft):
    with pytest.raises(UnprintableError, match="cannot be printed: \U0010fff0 "):
        render(draft(body="Private: \U0010fff0"))


def test_an_emoji_in_quoted_words_does_not_stop_the_letter(draft):
    pdf = render(draft(body="The message says: “She is 💩🤡 and 👩‍👩‍👧‍👦”.")).pdf

    assert "The message says" in words(pdf)


def test_control_characters_do_not_stop_the_letter(draft):
    letter = draft(body="a\x0bb\x1fc", heading="Heading\x02!", enclosures="x\x7fy")

    assert "abc" in words(render(letter).pdf)


def test_a_very_long_name_breaks_instead_of_leaving_the_page(draft):
    pdf = render(draft(salutation="W" * 120, heading="M" * 120, signatory_name="W" * 120, body="W" * 3000)).pdf

    for number in range(len(page_texts(pdf))):
        assert all(box.is_inside(0, 0, 191, 297) for box in boxes(pdf, number))


def test_ten_thousand_characters_are_printed_to_the_last_word(draft):
    body = ("The message says what it says. " * 400)[: 10_000 - 9] + " THE-END."
    letter = draft(body=body)

    rendered = render(letter)

    assert rendered.pages <= 6
    assert "THE-END." in words(rendered.pdf)


@pytest.mark.parametrize(
    "body",
    [
        "#\n" * 299,
        "- a\n" * 299,
        "> " * 3000,
        "*" * 9_000,
        "\n" * 299 + "x",
        "|a" * 6 + "|\n" + "|-" * 6 + "|\n" + "|b|\n" * 290,
        "[" * 9_000,
        "**a " * 2_500,
        "1. " * 3_000,
        "`" * 9_000,
        "_a" * 4_900,
    ],
)
def test_v15_1_3_text_made_to_keep_the_worker_busy_is_printed_or_refused(draft, body):
    try:
        rendered = render(draft(body=body))
    except UnprintableError as refusal:
        assert "Shorten it" in str(refusal)  # noqa: PT017
    else:
        assert rendered.pages <= 10


@pytest.mark.parametrize("lines", range(1, 46, 4))
def test_no_page_holds_the_signature_alone(draft, lines):
    body = "The message says what it says, and more.\n\n" * lines
    pdf = render(draft(body=body, enclosures="Policy", reply_by=None)).pdf

    last = page_texts(pdf)[-1]

    assert "Yours sincerely" in last
    assert "For large print" in last
    assert "The message says" in last


def test_pages_are_counted_and_carry_the_reference_from_the_second_on(draft):
    letter = draft(body="A line of the letter.\n\n" * 60)

    texts = page_texts(render(letter).pdf)

    assert [f"Page {n + 1} of {len(texts)}" in text for n, text in enumerate(texts)] == [True] * len(texts)
    running = f"Our reference {letter.reference}, 3 December 2026"
    assert [running in text for text in texts] == [False] + [True] * (len(texts) - 1)


def test_a_draft_says_so_on_every_page_and_an_approved_letter_never_does(draft):
    letter = draft(body="A line of the letter.\n\n" * 60)

    assert all("Draft, not approved" in text for text in page_texts(draft_pdf(letter)))
    assert not any("Draft" in text for text in page_texts(render(letter).pdf))


def test_a_letter_without_a_reply_date_asks_for_none(draft):
    assert "Reply by" not in words(render(draft(reply_by=None)).pdf)


def test_a_picture_of_a_page_is_as_wide_as_asked_and_stays_on_the_last_page(draft):
    letter = draft()

    first, beyond = page_picture(letter, width=910), page_picture(letter, page=99, width=910)

    assert first.startswith(b"\x89PNG")
    assert int.from_bytes(first[16:20]) == 910
    assert int.from_bytes(first[20:24]) in {1287, 1288}
    assert first == beyond


def test_making_a_letter_does_not_make_the_process_accept_pictures_that_are_cut_short(draft):
    from PIL import ImageFile

    render(draft())

    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_machine_without_a_font_for_the_offer_in_arabic_still_makes_letters(draft, monkeypatch):
    assert "ةيبرعلاب" in words(render(draft()).pdf) or "بالعربية" in words(render(draft()).pdf)

    monkeypatch.setattr(rendering, "ARABIC", "\U0010fff1")

    assert "Besoin de cette lettre" in words(render(draft()).pdf)
