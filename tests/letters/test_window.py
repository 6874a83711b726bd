"""The address shows in a DL envelope's window wherever the sheet slips to, and nothing else does."""

from __future__ import annotations

import pytest

from letters.previews import draft_pdf
from letters.refusals import AddressDoesNotFitError
from letters.rendering import render
from letters.window import DL35, ENVELOPES, fit_address, width_mm
from tests.letters.reading import boxes, marks

pytestmark = pytest.mark.django_db

ALWAYS, EVER = DL35.always, DL35.reach
every_envelope = pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=ENVELOPES.keys())
LONG = ["Flat 27, Wellington House", "The Old Dairy Buildings", "118 Peckham Rye", "East Dulwich", "London", "SE22 8EQ"]

ADDRESSES = {
    "three lines": "18 Grove Vale\nSE22 8EQ",
    "four lines": "18 Grove Vale\nLondon\nSE22 8EQ",
    "five lines": "Flat 3\n18 Grove Vale\nLondon\nSE22 8EQ",
    "six lines": "Flat 3\nThe Old Dairy\n18 Grove Vale\nLondon\nSE22 8EQ",
    "wide": "Flat 27, Wellington Bellerophon Trafalgar House\n118 Peckham Rye East Dulwich Road\nLondon\nSE22 8EQ",
    "very wide": f"{'W' * 24} {'M' * 24}\nLondon\nSE22 8EQ",
    "accents": "Übergrößenstraße 3\nŁódź Křižíkova\nİstanbul\nSE22 8EQ",
    "arabic": "شارع الملك\nLondon\nSE22 8EQ",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_the_address_and_nothing_else_is_in_reach_of_the_window(draft, address):
    letter = draft(addressee="Mr Daniel Marsh", address=address)

    seen = [box for box in boxes(render(letter).pdf) if box.touches(*EVER)]

    assert [box for box in seen if not box.is_inside(*ALWAYS)] == []
    if address.isascii():
        typed = "".join(("Mr Daniel Marsh" + address).split())
        assert "".join(box.character for box in seen) == typed


@every_envelope
@pytest.mark.parametrize(("lines", "is_large_print"), [(4, False), (5, False), (6, False), (7, False), (5, True)])
def test_every_envelope_shows_the_address_and_nothing_else_or_says_why_not(draft, envelope, lines, is_large_print):
    letter = draft(addressee="Mrs Ngozi Featherstonehaugh", address="\n".join(LONG[7 - lines :]))
    letter.is_large_print = is_large_print
    letter.school.envelope = envelope.key
    if lines > envelope.most_lines:
        with pytest.raises(AddressDoesNotFitError, match=f"take {lines} lines"):
            render(letter)
        return

    pdf = render(letter).pdf

    seen = [box for box in boxes(pdf) if box.touches(*envelope.reach)]
    assert [box for box in seen if not box.is_inside(*envelope.always)] == []
    assert "".join(box.character for box in seen) == "".join(f"{letter.addressee}{letter.address}".split())
    left, top, right, bottom = marks(pdf, envelope.reach)
    assert envelope.always[0] - 0.3 <= left
    assert envelope.always[1] - 0.3 <= top
    assert right <= envelope.always[2] + 0.3
    assert bottom <= envelope.always[3] + 0.3


@every_envelope
def test_fold_marks_are_outside_the_windows_reach(draft, envelope):
    letter = draft()
    letter.school.envelope = envelope.key

    folds = fold_marks(render(letter).pdf)

    assert folds == pytest.approx([148.5] if envelope.key == "c5" else [99, 198], abs=0.5)
    assert not [at for at in folds if envelope.reach[0] < 9 and envelope.reach[1] < at < envelope.reach[3]]


def fold_marks(pdf):
    """How far down the page the marks at its left edge are."""
    from tests.letters.reading import picture

    page = picture(pdf, per_mm=8)
    strip = page.crop((5 * 8, 0, 9 * 8, page.height)).convert("L")
    rows = [y for y in range(strip.height) if strip.crop((0, y, strip.width, y + 1)).getextrema()[0] < 200]
    return [y / 8 for y in rows if y - 1 not in rows]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["Mr A", "1", "2", "3", "4", "5", "SE22 8EQ"], "take 7 lines, and the envelope’s window shows 6"),
        (
            ["Mr A", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "LL61 5UJ"],
            "wider than the envelope’s window",
        ),
        (["Mr A"], "The address is missing"),
        (["Mr A", "  ", ""], "The address is missing"),
    ],
)
def test_an_address_that_cannot_show_is_refused_with_what_to_do(lines, sentence):
    with pytest.raises(AddressDoesNotFitError, match=sentence):
        fit_address(lines)


def test_a_long_name_is_broken_between_words(draft):
    name = "Mrs Maria de los Ángeles Fernández-Villaverde y Montgomery-Featherstonehaugh"
    letter = draft(addressee=name, address="18 Grove Vale\nLondon\nSE22 8EQ")

    fit = fit_address([letter.addressee, *letter.address_lines])

    assert len(fit.lines) == 5
    assert " ".join(fit.lines[:2]) == name


def test_what_is_measured_is_never_narrower_than_what_is_printed(draft):
    text = "Flat 27, Wellington Bellerophon House"
    letter = draft(addressee=text, address="London\nSE22 8EQ")

    first_line = boxes(render(letter).pdf)
    row = [box for box in first_line if box.touches(*EVER)][: len(text.replace(" ", ""))]

    assert row[-1].right - row[0].left <= width_mm(text, 10.5) + 0.1
    assert width_mm(text, 10.5) < DL35.width


def test_a_draft_with_too_long_an_address_can_still_be_looked_at(draft):
    letter = draft(address="\n".join(f"line {n}" for n in range(12)))

    seen = [box for box in boxes(draft_pdf(letter)) if box.touches(*EVER)]

    assert all(box.is_inside(*ALWAYS) for box in seen)
    assert len({round(box.top / 3.8) for box in seen}) <= DL35.most_lines + 1


def test_no_page_but_the_first_puts_anything_but_the_text_at_the_top(draft):
    letter = draft(body="A line of the letter.\n\n" * 60)

    top = [box for box in boxes(render(letter).pdf, 1) if box.bottom < 18]

    assert "".join(box.character for box in top).startswith(f"Ourreference{letter.reference}")
