"""A letter carries a code that its addressee can answer with, that nobody can guess, and that no table holds."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from letters.models import Letter
from letters.previews import draft_pdf
from letters.rendering import letter_html
from letters.reply_code import (
    ALPHABET,
    FIELD,
    LENGTH,
    NOT_YET,
    find_answered_letter,
    reply_address,
    reply_code,
    with_reply_line,
)
from letters.sealed import read_sealed
from tests.factories import SchoolFactory
from tests.letters.reading import words

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def test_a_code_has_sixty_bits_and_is_printed_in_three_groups(queued):
    assert CODE.fullmatch(reply_code(queued()))
    assert len(ALPHABET) ** LENGTH == 2**60


def test_every_letter_has_its_own_code_and_keeps_it(queued):
    letters = [queued(reference=f"DKH-C014-{number}") for number in range(1, 9)]

    assert len({reply_code(letter) for letter in letters}) == 8
    assert [reply_code(Letter.objects.get(pk=letter.pk)) for letter in letters] == [
        reply_code(each) for each in letters
    ]


def test_the_sealed_letter_prints_the_address_the_reference_and_the_code(sealed):
    letter = sealed(body=f"## How to put your side\n\n- {FIELD}\n- Write to me.", reference="DKH-C014-3")

    printed = words(read_sealed(letter))

    assert f"Online: go to {reply_address()} and enter our reference, DKH-C014-3," in printed
    assert f"your reply code, {reply_code(letter)}" in printed
    assert reply_address().endswith(reverse("reply").rstrip("/"))


def test_whoever_deletes_the_field_cannot_lose_the_code(sealed):
    letter = sealed(body="Words of my own.")

    printed = words(read_sealed(letter))

    assert f"To put your side online, go to {reply_address()}" in printed
    assert reply_code(letter) in printed


def test_a_letter_that_asks_for_no_reply_prints_none(draft):
    assert with_reply_line(draft(body="Words.", reply_by=None)) == "Words."


def test_a_draft_shows_dashes_where_the_code_will_be(draft):
    printed = words(draft_pdf(draft(body=f"- {FIELD}")))

    assert NOT_YET in printed
    assert not CODE.search(printed)


def test_the_code_is_never_broken_over_two_lines(queued):
    letter = queued()

    assert f'<span class="nowrap">{reply_code(letter)}</span>' in letter_html(letter)


def test_no_table_holds_the_code(sealed):
    letter = sealed(body=f"- {FIELD}")
    code = reply_code(letter)

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            assert code not in repr(cursor.fetchall())


def test_another_key_gives_another_code(queued, settings):
    letter = queued()
    before = reply_code(letter)

    settings.SECRET_KEY = "another key of some length for this one test"

    assert reply_code(letter) != before


def test_a_code_printed_before_the_key_was_changed_counts_while_the_old_key_is_kept(sealed, school, settings):
    letter = sealed(reference="DKH-C014-3")
    code, old = reply_code(letter), settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of some length for this one test", [old]
    assert find_answered_letter(school, reference="DKH-C014-3", code=code) == letter
    settings.SECRET_KEY_FALLBACKS = []
    assert find_answered_letter(school, reference="DKH-C014-3", code=code) is None


@pytest.mark.parametrize("reference", ["DKH-C014-3", "dkh c014 3", "DKHC0143", " c014-3 ", "DKH–C014–3", "DKH-CO14-3"])
def test_spaces_dashes_and_case_do_not_matter(sealed, school, reference):
    letter = sealed(reference="DKH-C014-3")
    code = reply_code(letter)

    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), code.replace("0", "O")):
        assert find_answered_letter(school, reference=reference, code=typed) == letter


def test_a_reference_with_two_readings_opens_the_letter_whose_code_it_is(sealed, school):
    first, second = sealed(reference="DKH-C100-12"), sealed(reference="DKH-C1001-2")

    assert find_answered_letter(school, reference="DKHC10012", code=reply_code(first)) == first
    assert find_answered_letter(school, reference="DKHC10012", code=reply_code(second)) == second


def test_the_code_of_one_letter_opens_no_other(sealed, school):
    mine, other = sealed(reference="DKH-C014-3"), sealed(reference="DKH-C014-4")

    assert find_answered_letter(school, reference=mine.reference, code=reply_code(other)) is None


def test_another_school_does_not_find_it(sealed):
    letter = sealed(reference="DKH-C014-3")

    assert (
        find_answered_letter(SchoolFactory.create(code="OTH"), reference="DKH-C014-3", code=reply_code(letter)) is None
    )


@pytest.mark.parametrize("state", Letter.State.values)
def test_only_a_letter_that_somebody_can_hold_is_answered(sealed, school, state):
    letter = sealed(reference="DKH-C014-3")
    code = reply_code(letter)
    Letter.objects.filter(pk=letter.pk).update(
        state=state,
        posted_on=timezone.localdate(),
        posted_by=letter.approved_by,
        voided_at=timezone.now(),
        voided_by=letter.approved_by,
        void_reason=Letter.VoidReason.values[0],
    )

    found = find_answered_letter(school, reference="DKH-C014-3", code=code)

    assert bool(found) == (state in {"ready", "printed", "posted"})


def test_a_draft_is_not_answered_with_its_dashes_or_with_nothing(draft, school):
    draft(reference="DKH-C014-3")

    assert find_answered_letter(school, reference="DKH-C014-3", code=NOT_YET) is None
    assert find_answered_letter(school, reference="DKH-C014-3", code="") is None


def test_a_late_addressee_still_gets_in(sealed, school):
    letter = sealed(reference="DKH-C014-3")
    Letter.objects.filter(pk=letter.pk).update(reply_by=timezone.localdate() - timedelta(days=90))

    assert find_answered_letter(school, reference="DKH-C014-3", code=reply_code(letter)) == letter


@pytest.mark.parametrize("odd", ["", "\x00", "😡", "مرحبا", "C" * 60, "C" + "1" * 59, "%", "DKH-C014-", "\ud800"])
def test_odd_references_are_nobodys(sealed, school, odd):
    letter = sealed(reference="DKH-C014-3")

    if "\x00" not in odd and "\ud800" not in odd:  # the form's own fields refuse these two
        assert find_answered_letter(school, reference=odd, code=reply_code(letter)) is None
    assert find_answered_letter(school, reference="DKH-C014-3", code=odd) is None
