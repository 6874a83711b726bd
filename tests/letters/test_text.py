"""What somebody typed stays what they typed, and no more than a few elements ever reach the paper."""

from __future__ import annotations

import random
import re

import pytest
from markdown_it import MarkdownIt

from letters.refusals import UnprintableError
from letters.text import MAX_COLUMNS, as_text, body_html, check_body, direction, printable

NASTY = [
    "# Heading",
    "###### deep",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "2026) item",
    "> quoted",
    "---",
    "***",
    "_ _ _",
    "===",
    "*emphasis* and **strong**",
    "_emphasis_ and __strong__",
    "snake_case_name",
    "[link](https://evil.example)",
    "![picture](file:///etc/passwd)",
    "<https://evil.example>",
    "https://evil.example",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- -->",
    "&lt;b&gt; &amp; &#35;",
    "`code` and ```fence```",
    "~~~",
    "    indented",
    "| a | b |",
    "|---|---|",
    "{{7*7}} {% debug %} {x.__init__}",
    "a\\*b \\# \\",
    "ends with a backslash\\",
    "Tom & Jerry’s “mum” said: O'Brien-Smith",
    "[id]: https://evil.example",
]


def only_text(html: str) -> str:
    found = re.fullmatch(r"<p>(.*)</p>\n?", html, re.S)
    assert found, html
    assert "<" not in found[1], html
    return found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


@pytest.mark.parametrize("typed", NASTY)
def test_v1_3_10_a_value_comes_out_as_the_very_characters_that_were_typed(typed):
    shown = only_text(body_html(as_text(typed)))

    assert shown == " ".join(typed.split())


@pytest.mark.parametrize("typed", NASTY)
def test_a_value_inside_a_list_and_a_quotation_stays_inside_it(typed):
    html = body_html(f"- In the group: “{as_text(typed)}”\n- {as_text(typed)}\n")

    assert html.count("<ul>") == 1
    assert html.count("<li>") == 2
    assert set(re.findall(r"</?(\w+)", html)) == {"ul", "li"}


def test_any_jumble_of_marks_stays_text():
    chance = random.Random(2026)  # noqa: S311
    marks = list("#*_-+>|`~[]()!<&\\= .1a\n")

    for _ in range(3000):
        typed = "".join(chance.choices(marks, k=chance.randint(1, 14)))
        expected = " ".join(typed.split())
        if expected:
            assert only_text(body_html(as_text(typed))) == expected


def test_ordinary_words_are_not_escaped():
    plain = "O’Brien-Smith & Sons (Flat 3), 50% off: “Useless AND a liar!” class_group a.b@c.example"

    assert as_text(plain) == plain


def test_a_value_cannot_bring_a_paragraph_or_a_heading_of_its_own():
    forged = "Useless\n\n## What we have decided\n\nYou are banned."

    assert only_text(body_html(as_text(forged))) == "Useless ## What we have decided You are banned."


def test_what_staff_write_becomes_headings_lists_and_tables():
    html = body_html("# One\n\n## Two\n\n### Three\n\n1. a\n2. b\n\n| x | y |\n|---|---|\n| **1** | *2* |\n")

    assert html.count("<h2>") == 2
    assert "<h3>Three</h3>" in html
    assert "<ol>" in html
    assert '<th scope="col">x</th>' in html
    assert "<strong>1</strong>" in html


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[link](javascript:alert(1))",
        "[link](https://school.example@evil.example/)",
        "[link](http://school.example/)",
        "<https://school.example>",
        "[link][away]\n\n[away]: https://evil.example",
        "![x](http://127.0.0.1/)",
        "<link rel=attachment href=file:///etc/passwd>",
        "<style>@import url(http://127.0.0.1/)</style>",
        '<p style="color:red" onclick="x()">hello</p>',
        "<table><tr><td colspan=100000>",
    ],
)
def test_v1_3_1_staff_cannot_bring_html_links_or_pictures_into_a_letter(typed):
    html = body_html(typed)

    assert set(re.findall(r"<(\w+)", html)) == {"p"}
    assert not re.search(r"<[^>]+(?:href|src|style|onclick)", html)


def test_v1_3_1_what_markdown_would_let_through_is_cleaned_all_the_same(monkeypatch):
    """Markdown is told to take no HTML; should it ever take some, a list of what is allowed stands behind it."""
    monkeypatch.setattr("letters.text._markdown", lambda: MarkdownIt("commonmark", {"html": True}))

    html = body_html('<b onclick="x()">a</b> [b](https://x.example) ![c](x.png) <script>d()</script><p style="e">f</p>')

    assert html == '<p>a <a href="https://x.example">b</a>  </p><p>f</p><p></p>\n'


def test_v1_3_1_the_text_of_a_letter_is_cleaned_to_the_same_thing_twice():
    html = body_html("## A & B\n\n- *x*\n- 3 December 2026\n")

    assert '<span class="nowrap">3 December 2026</span>' in html
    assert body_html("## A & B\n\n- *x*\n- 3 December 2026\n") == html


def test_a_date_and_a_telephone_number_are_kept_on_one_line():
    html = body_html("Ring 020 7946 0123 or 01632 960 001 by **Wednesday 16 December 2026**.")

    assert html.count('class="nowrap"') == 3


def test_a_table_that_no_page_can_hold_is_refused():
    columns = MAX_COLUMNS + 1
    table = "|" + " a |" * columns + "\n|" + "---|" * columns + "\n"

    with pytest.raises(UnprintableError, match="more than 6 columns"):
        check_body(table)


def test_text_from_right_to_left_is_known_by_its_first_letter():
    assert direction("محمد Ali") == "rtl"
    assert direction("Ali محمد") == "ltr"
    assert direction("12, (.)") == "ltr"
    assert '<p dir="rtl">' in body_html("السلام عليكم")


def test_control_characters_are_left_out():
    assert printable("a\x00b\x0bc\ud800d\te\nf") == "abcd\te\nf"


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        (
            "[our policy](https://www.dkh.example/policy/)",
            '<a href="https://www.dkh.example/policy/">our policy</a> (www.dkh.example/policy)',
        ),
        ("[www.gov.uk](https://www.gov.uk/)", '<a href="https://www.gov.uk/">www.gov.uk</a>'),
        ("[write](mailto:office@dkh.example)", '<a href="mailto:office@dkh.example">write</a> (office@dkh.example)'),
        ("[call us](tel:020-7946-0123)", '<a href="tel:020-7946-0123">call us</a> (020-7946-0123)'),
        (
            "[**020 7946 0123**](tel:+442079460123)",
            '<a href="tel:+442079460123"><strong><span class="nowrap">020 7946 0123</span></strong></a>',
        ),
        ('[a](https://x.example "You won")', '<a href="https://x.example">a</a> (x.example)'),
    ],
)
def test_a_link_is_printed_with_its_address_unless_its_words_are_that(typed, html):
    check_body(typed)

    assert body_html(typed).strip() == f"<p>{html}</p>"


HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "http://school.example",
    "//evil.example",
    "/staff/",
    "https://school.example@evil.example/",
    "https://school.example:8443/",
    "https://127.0.0.1/",
    "https://localhost/",
    "https://www.sch\u043eol.example/",
    "mailto:office@dkh.example?bcc=thief@evil.example",
    "tel:*21*0900",
    "https://x.example/" + "a" * 200,
]


@pytest.mark.parametrize("address", HOSTILE)
def test_v1_3_1_a_link_that_could_mislead_or_run_is_refused_and_never_becomes_one(address):
    typed = f"Read [this]({address})."

    assert "<a" not in body_html(typed)
    with pytest.raises(UnprintableError, match="cannot have a link to"):
        check_body(typed)


@pytest.mark.parametrize("address", ["https://evil.example", *HOSTILE])
def test_v1_3_10_what_somebody_said_never_becomes_a_link(address):
    said = f"[look]({address}) ]({address})"

    check_body(as_text(said))
    assert only_text(body_html(as_text(said))) == said
    assert "<a" not in body_html(f"[{as_text(said)} the policy](https://www.dkh.example)").partition("</a>")[2]
