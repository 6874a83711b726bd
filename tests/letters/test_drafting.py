"""A draft is written, changed by one person at a time, and discarded; after approval it is none of these."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.school.models import today
from letters.approval import approve_letter
from letters.drafting import change_draft, discard_draft, draft_letter
from letters.kinds import Composed
from letters.models import Letter
from letters.refusals import StaleDraftError, UnprintableError, WrongStateError

pytestmark = pytest.mark.django_db

COMPOSED = Composed(
    title="Warning letter",
    heading="Warning letter: what was posted on 19 November 2026",
    body="This is a warning letter.",
    template_version="1",
    enclosures="The policy",
)
WORDS = {
    "reference": "DKH-C014-3",
    "kind": "warning",
    "addressee": "Mr Daniel Marsh",
    "salutation": "Mr Marsh",
    "address": "Flat 3\n18 Grove Vale\nLondon\nSE22 8EQ",
    "reply_by": date(2030, 12, 16),
    "signatory_name": "Ruth Adeyemi",
    "signatory_role": "Head of School",
}


def test_a_draft_keeps_what_it_was_given_and_who_wrote_it(school, slt):
    letter = draft_letter(school=school, by=slt, composed=COMPOSED, **WORDS)

    letter.refresh_from_db()
    assert (letter.state, letter.version, letter.drafted_by) == ("draft", 1, slt)
    kept = {**WORDS, **vars(COMPOSED), "written_on": today()}
    assert {name: getattr(letter, name) for name in kept} == kept


def test_a_draft_keeps_how_it_goes_and_whose_it_is(school, slt):
    how = {"delivery": "hand", "is_large_print": True, "recipient": "person-1", "copies_to": "The governors"}

    letter = draft_letter(school=school, by=slt, composed=COMPOSED, **WORDS, **how)

    letter.refresh_from_db()
    assert {name: getattr(letter, name) for name in how} == how


def test_one_of_two_drafts_is_changed_whichever_was_first(draft, slt):
    letters = [draft(), draft()]

    for letter in letters:
        assert change_draft(letter=letter, by=slt, version=1, title=letter.reference).pk == letter.pk


def test_somebody_with_a_conflict_cannot_find_the_draft(school, slt, colleague):
    letter = draft_letter(school=school, by=slt, composed=COMPOSED, withheld_from=[colleague], **WORDS)

    assert not Letter.objects.visible_to(colleague).exists()
    assert Letter.objects.visible_to(slt).get() == letter


def test_the_office_cannot_write_and_another_school_cannot_either(school, office, outsider):
    for person in (office, outsider):
        with pytest.raises(PermissionDenied):
            draft_letter(school=school, by=person, composed=COMPOSED, **WORDS)


def test_a_change_is_saved_with_a_new_version_and_the_old_words_stay_in_the_history(draft, slt):
    letter = draft(body="First words.")

    changed = change_draft(letter=letter, by=slt, version=1, body="Second words.", addressee="Ms A")

    letter.refresh_from_db()
    assert (letter.body, letter.addressee, letter.version) == ("Second words.", "Ms A", 2)
    assert changed.version == 2
    assert [past.body for past in letter.history.order_by("history_id")][-2:] == ["First words.", "Second words."]


def test_the_second_of_two_people_is_shown_the_first_ones_words_and_changes_nothing(draft, slt, colleague):
    letter = draft()
    change_draft(letter=letter, by=slt, version=1, body="From Ruth.")

    with pytest.raises(StaleDraftError) as stale:
        change_draft(letter=letter, by=colleague, version=1, body="From Tomas.")

    letter.refresh_from_db()
    assert letter.body == stale.value.letter.body == "From Ruth."
    assert letter.version == 2


def test_an_approved_letter_is_neither_changed_nor_discarded(draft, slt, colleague):
    letter = draft()
    approve_letter(letter=letter, by=slt)

    with pytest.raises(WrongStateError, match="Ruth Adeyemi has approved this letter"):
        change_draft(letter=letter, by=colleague, version=1, body="Too late.")
    with pytest.raises(WrongStateError, match="Ruth Adeyemi has approved this letter"):
        discard_draft(letter=letter, by=colleague)

    assert Letter.objects.get().body != "Too late."


def test_a_discarded_draft_is_gone_and_the_second_person_is_told(draft, slt, colleague):
    letter = draft()
    discard_draft(letter=letter, by=slt)

    with pytest.raises(WrongStateError, match="discarded this draft"):
        discard_draft(letter=letter, by=colleague)

    assert not Letter.objects.exists()
    assert Letter.history.filter(history_type="-").count() == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("x" * 10_001, "10,001 characters long. Shorten it to 10,000"), ("x\n" * 301, "301 lines. Shorten it to 300")],
)
def test_a_letter_that_is_too_long_is_refused_with_how_much(draft, school, slt, body, sentence):
    letter = draft()

    with pytest.raises(UnprintableError, match=sentence):
        change_draft(letter=letter, by=slt, version=1, body=body)
    with pytest.raises(UnprintableError, match=sentence):
        draft_letter(school=school, by=slt, composed=replace(COMPOSED, body=body), **WORDS)

    assert Letter.objects.get().version == 1


def test_line_ends_of_a_browser_do_not_count_against_the_length(draft, slt):
    letter = change_draft(letter=draft(), by=slt, version=1, body="x" * 9_799 + "\r\n" * 200, address="1\r\nSE22 8EQ")

    letter.refresh_from_db()
    assert len(letter.body) == 9_999
    assert letter.address == "1\nSE22 8EQ"
