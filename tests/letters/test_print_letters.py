"""A letter is printed as an original once, in one batch; a batch is all of its letters or none."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from letters.models import Letter, LetterEvent, PrintBatch
from letters.printing import print_letters
from letters.refusals import AlreadyPrintedError, WrongStateError
from letters.retrying import retry_letter
from tests.factories import SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_chosen_letters_become_one_numbered_batch(sealed, school, office):
    first, second, third = sealed(), sealed(), sealed()

    batch = print_letters(letters=[first, second], by=office)

    school.refresh_from_db()
    assert batch.number == school.last_batch_number == 1
    assert set(batch.letters.all()) == {first, second}
    assert set(Letter.objects.to_print()) == {third}
    assert {letter.printed_at for letter in batch.letters.all()} == {batch.printed_at}
    assert print_letters(letters=[third], by=office).number == 2


def test_each_letter_remembers_who_printed_it(sealed, office):
    letter = sealed()

    print_letters(letters=[letter], by=office)

    event = LetterEvent.objects.get(kind="printed")
    assert (event.letter, event.by, event.facts) == (letter, office, {"batch": 1})
    assert letter.history.first().state == "printed"


def test_a_second_click_makes_no_second_batch(sealed, office):
    letters = [sealed(), sealed()]
    batch = print_letters(letters=letters, by=office)

    with pytest.raises(AlreadyPrintedError, match=r"already printed by Pat Nair today at .* in batch 1") as already:
        print_letters(letters=letters, by=office)

    assert already.value.batch == batch
    assert PrintBatch.objects.count() == 1


def test_when_one_of_them_is_printed_already_none_is_printed(sealed, office):
    first, second = sealed(), sealed()
    print_letters(letters=[first], by=office)

    with pytest.raises(WrongStateError, match=f"{first.reference} was already printed by Pat Nair") as refusal:
        print_letters(letters=[first, second], by=office)

    second.refresh_from_db()
    assert second.state == Letter.State.READY
    assert "Nothing was printed: choose again." in str(refusal.value)


def test_a_letter_that_is_not_made_yet_is_not_printed(queued, office):
    letter = queued()

    with pytest.raises(WrongStateError, match="cannot be printed yet"):
        print_letters(letters=[letter], by=office)


def test_only_the_office_of_that_school_prints(sealed, slt, outsider):
    letter = sealed()
    other_school = UserFactory.create(school=SchoolFactory.create(code="OTH"), role="office")

    for person in (slt, outsider):
        with pytest.raises(PermissionDenied):
            print_letters(letters=[letter], by=person)
    with pytest.raises(WrongStateError, match="cannot be found"):
        print_letters(letters=[letter], by=other_school)

    letter.refresh_from_db()
    assert letter.state == Letter.State.READY


def test_somebody_with_a_conflict_cannot_print_it(sealed, office):
    letter = sealed()
    letter.withheld_from.add(office)

    with pytest.raises(WrongStateError, match="cannot be found"):
        print_letters(letters=[letter], by=office)


def test_a_failed_letter_is_queued_again_once(queued, office, django_capture_on_commit_callbacks):
    letter = queued()
    Letter.objects.update(state="failed", failure="Why.", attempts=3)

    with django_capture_on_commit_callbacks(execute=True):
        retry_letter(letter=letter, by=office)
        with pytest.raises(WrongStateError, match="already been queued again"):
            retry_letter(letter=letter, by=office)

    letter.refresh_from_db()
    assert (letter.state, letter.failure, letter.attempts) == (Letter.State.READY, "", 1)
    assert list(LetterEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["retried", "sealed"]
