"""The office says which envelope it has, and tries it with a measured page; a letter can be printed large."""

from __future__ import annotations

import resource

import pytest
from django.urls import reverse

from letters.memory import memory_limit
from letters.rendering import render
from letters.window import ENVELOPES
from tests.letters.reading import boxes, marks, page_texts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ENVELOPES)
def test_the_test_page_draws_the_measures_that_letters_are_checked_with(office, signed_in, key):
    pdf = signed_in(office).get(reverse("envelope-test", args=[key])).content

    always, reach = ENVELOPES[key].always, ENVELOPES[key].reach
    around = (max(0, reach[0] - 2), reach[1] - 4, reach[2] + 4, reach[3] + 1)
    left, top, right, _ = marks(pdf, around)
    assert (round(top), round(right)) == (round(reach[1]), round(reach[2]))
    assert round(left) in {round(reach[0]), 5}  # or the fold mark beside it
    address = [box for box in boxes(pdf) if box.touches(*reach)]
    assert all(box.is_inside(*always) for box in address)
    assert "100%" in page_texts(pdf)[0]


def test_the_choice_is_kept_and_letters_made_from_then_on_follow_it(office, signed_in, draft):
    browser = signed_in(office)

    browser.post(reverse("envelopes"), {"envelope": "c5"})

    office.school.refresh_from_db()
    assert office.school.envelope == "c5"
    letter = draft()
    letter.school.refresh_from_db()
    top = min(box.top for box in boxes(render(letter).pdf) if box.touches(*ENVELOPES["c5"].reach))
    assert top > ENVELOPES["c5"].always[1]


@pytest.mark.parametrize("data", [{}, {"envelope": "a5"}])
def test_a_choice_that_is_none_says_so(office, signed_in, data):
    page = signed_in(office).post(reverse("envelopes"), data)

    assert "Error:" in page.content.decode()


def test_there_is_no_test_page_for_another_envelope(office, signed_in):
    assert signed_in(office).get(reverse("envelope-test", args=["a5"])).status_code == 404


def test_large_print_is_18_point_and_takes_more_pages(draft, slt, signed_in):
    letter = draft(body="A line of the letter that somebody reads.\n\n" * 24)
    usual = render(letter)

    signed_in(slt).post(reverse("letter-print-size", args=[letter.reference]), {"large": "1"})

    letter.refresh_from_db()
    large = render(letter)
    assert (letter.is_large_print, letter.version) == (True, 1)
    assert large.pages > usual.pages
    high = [
        next(box.bottom - box.top for box in boxes(made.pdf) if box.character == "A" and box.top > 110)
        for made in (usual, large)
    ]
    assert round(high[1] / high[0], 1) == 1.5


def test_the_size_of_an_approved_letter_stays(sealed, slt, signed_in):
    letter = sealed()

    signed_in(slt).post(reverse("letter-print-size", args=[letter.reference]), {"large": "1"})

    letter.refresh_from_db()
    assert not letter.is_large_print


@pytest.mark.parametrize(
    "words",
    ["আপনার দিক জানান", "የእርስዎን ወገን ይንገሩን", "Iskuulka Ẹ jọ̀ọ́", "ਸਾਨੂੰ ਦੱਸੋ", "اپنی بات بتائیں", "Скажіть нам"],
    ids=["bengali", "amharic", "yoruba", "punjabi", "urdu", "ukrainian"],
)
def test_other_scripts_are_printed_with_fonts_that_have_them(draft, words):
    """`render` refuses a letter with a sign that no font here can draw."""
    pdf = render(draft(body=f"{words}\n\nIn English.")).pdf

    assert len(pdf) > 10_000


def test_the_same_letter_gives_the_same_bytes(draft):
    letter = draft(is_large_print=True)

    assert render(letter).pdf == render(letter).pdf


def test_v15_1_3_the_memory_limit_holds_while_a_letter_is_made_and_no_longer():
    before = resource.getrlimit(resource.RLIMIT_AS)

    with pytest.raises(MemoryError), memory_limit(3_000):
        bytearray(4_000 * 1024 * 1024)

    assert resource.getrlimit(resource.RLIMIT_AS) == before
