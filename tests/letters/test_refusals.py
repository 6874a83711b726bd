"""Whoever may not, and whoever comes after somebody else, reads why; and the letter stays as it was."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.accounts.roles import Role
from letters import approval, printing
from letters.approval import approve_letter
from letters.batches import put_together_again
from letters.copying import copy_letter
from letters.drafting import change_draft, discard_draft
from letters.envelopes import choose_envelope
from letters.holding import hold_recipient, let_go
from letters.models import Letter, LetterEvent, PrintBatch
from letters.printing import print_letters
from letters.refusals import StaleDraftError, WrongStateError
from letters.reissuing import reissue_letter
from letters.voiding import void_letter
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def copy(letter, by):
    copy_letter(letter=letter, by=by, why="The printer jammed")


def void(letter, by):
    return void_letter(letter=letter, by=by, reason="address")


def again(letter, by, **changed):
    whom = {"addressee": letter.addressee, "salutation": letter.salutation, "address": letter.address}
    given = {**whom, "reference": "DKH-C001-999", "reply_by": letter.reply_by}
    return reissue_letter(letter=letter, by=by, **given | changed)


def go(letter, by):
    let_go(letter=letter, by=by, why="It ends the ban.")


def together(letter, by):
    put_together_again(batch=PrintBatch.objects.create(school=letter.school, number=1, printed_by=by), by=by)


def envelope(letter, by):
    choose_envelope(school=letter.school, by=by, envelope="c5")


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        (copy, Role.SLT),
        (void, Role.DPO),
        (again, Role.OFFICE),
        (go, Role.OFFICE),
        (together, Role.SLT),
        (envelope, Role.SLT),
    ],
)
def test_without_the_right_nothing_is_done(many, school, verb, role):
    [letter] = many(1, Letter.State.PRINTED)

    with pytest.raises(PermissionDenied):
        verb(letter, UserFactory.create(school=school, role=role))

    letter.refresh_from_db()
    school.refresh_from_db()
    assert (letter.state, letter.events.count(), school.envelope) == ("printed", 0, "dl35")


def test_a_draft_that_somebody_discarded_is_not_approved(draft, slt, colleague):
    letter = draft()
    discard_draft(letter=letter, by=colleague)

    with pytest.raises(WrongStateError, match="has discarded this draft"):
        approve_letter(letter=letter, by=slt)


def test_words_that_were_changed_while_they_were_looked_at_are_not_approved(draft, slt, colleague, monkeypatch):
    letter = draft()

    def meanwhile(seen):
        change_draft(letter=seen, by=colleague, version=seen.version, body="Other words.")

    monkeypatch.setattr(approval, "check_printable", meanwhile)
    with pytest.raises(StaleDraftError):
        approve_letter(letter=letter, by=slt)

    assert (Letter.objects.get().state, Letter.objects.get().body) == ("draft", "Other words.")


@pytest.mark.parametrize("stage", ["posted", "voided"])
def test_what_has_left_or_is_void_cannot_be_let_go(many, office, head, stage):
    [letter] = many(1, Letter.State.POSTED)
    if stage == "voided":
        void(letter, office)

    with pytest.raises(WrongStateError, match="cannot be let go"):
        go(letter, head)


def test_a_letter_that_is_kept_from_somebody_is_neither_copied_nor_made_void_by_them(many, office):
    [letter] = many(1, Letter.State.POSTED)
    letter.withheld_from.add(office)

    with pytest.raises(WrongStateError, match="not been printed yet"):
        copy(letter, office)
    with pytest.raises(WrongStateError, match="cannot be found any more"):
        void(letter, office)

    assert Letter.objects.get().state == "posted"


def test_more_letters_than_a_batch_holds_are_refused_with_how_many(many, office, monkeypatch):
    monkeypatch.setattr(printing, "MOST_AT_ONCE", 1)

    with pytest.raises(WrongStateError, match="at once or fewer"):
        print_letters(letters=many(2, Letter.State.READY), by=office)

    assert not PrintBatch.objects.exists()


def test_the_envelope_that_is_chosen_already_stays(school, office):
    choose_envelope(school=school, by=office, envelope="c5")
    choose_envelope(school=school, by=office, envelope="c5")

    school.refresh_from_db()
    assert school.envelope == "c5"


def test_a_void_letter_is_issued_again_once(many, office, slt):
    old = void(many(1, Letter.State.POSTED)[0], office)

    new = again(old, slt)

    assert (new.state, new.reissue_of, new.body) == ("queued", old, old.body.strip())
    with pytest.raises(WrongStateError, match="already issued again, as DKH-C001-999"):
        again(old, slt, reference="DKH-C001-998")


def test_a_letter_that_says_what_is_wrong_is_not_issued_again(many, office, slt):
    old = many(1, Letter.State.POSTED)[0]
    void_letter(letter=old, by=office, reason="words")

    with pytest.raises(WrongStateError, match="what it says is wrong, and it would say the same again"):
        again(old, slt)
    assert Letter.objects.count() == 1


def test_a_void_letter_is_issued_again_in_spite_of_what_stops_it_where_there_is_leave(many, office, slt):
    old = void(many(1, Letter.State.POSTED, recipient="person-1")[0], office)
    hold_recipient(
        school=old.school, recipient="person-1", key="flag-1", why="Asked for no letters", is_absolute=False, by=slt
    )

    new = again(old, slt, in_spite_why="It ends the ban.")

    assert new.state == "queued"
    assert new.events.get(kind=LetterEvent.Kind.LET_GO).facts["why"] == "It ends the ban."


def test_what_happened_to_a_letter_is_never_edited(draft):
    event = LetterEvent.objects.create(letter=draft(), kind=LetterEvent.Kind.SEALED)

    with pytest.raises(TypeError):
        event.save()


def test_a_letter_that_is_not_made_yet_is_not_made_void_however_they_ask(draft, slt):
    with pytest.raises(WrongStateError, match="is not made yet"):
        void(draft(), slt)
