"""What posting, undoing it and making void write, and on which letters: rows without files, nothing is drawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.calendar import SchoolCalendar, deemed_receipt
from dkh_conduct.school.models import today
from letters.holding import hold_recipient
from letters.models import Hold, Letter, LetterEmail, LetterEvent, PrintBatch
from letters.posting import arrives, cannot_count, mark_posted, may_undo, post_by, undo_posting
from letters.refusals import HeldError, WrongStateError
from letters.voiding import (
    may_void,
    void_if_moved,
    void_letter,
    void_words,
    withdraw_from_old_addresses,
    withdraw_letters,
)
from tests.factories import LetterFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Letter.State
EARLIER = timedelta(days=3)
NEW = "9 Elm Road\nLondon\nSE22 8EQ"


@pytest.fixture
def followed(monkeypatch):
    calls = []
    monkeypatch.setattr("letters.posting.follow", lambda what, keys: calls.append((what, keys)))
    return calls


@pytest.fixture
def queued(monkeypatch):
    batches = []
    monkeypatch.setattr("letters.voiding.queue_batch", lambda batch: batches.append(batch.pk))
    return batches


def again(*letters):
    return [Letter.objects.get(pk=letter.pk) for letter in letters]


def test_a_posting_is_written_on_its_letters_and_taken_off_them(many, school, office, followed):
    printed_at = timezone.now() - EARLIER
    first, second, other = many(3, State.PRINTED, printed_at=printed_at, reply_by=today())
    keys = [first.pk, second.pk]

    mark_posted(letters=[first, second], posted_on=timezone.localdate(printed_at), by=office)

    for letter in again(first, second):
        assert (letter.state, letter.posted_on, letter.posted_by) == ("posted", timezone.localdate(printed_at), office)
        assert letter.posted_at > printed_at + EARLIER
        assert letter.arrives_on == deemed_receipt(letter.posted_on)
        days = school.minimum_reply_school_days
        assert letter.fair_reply_by == school.calendar().add_school_days(letter.arrives_on, days) > today()
        assert letter.history.first().fair_reply_by == letter.fair_reply_by
        event = letter.events.get(kind=LetterEvent.Kind.POSTED)
        assert (event.by, event.at, event.facts["reply_by"]) == (office, letter.posted_at, str(letter.fair_reply_by))
    assert again(other)[0].state == "printed"
    assert followed == [("post_changed", keys)]

    undo_posting(letters=[first], by=office)

    first, second = again(first, second)
    assert (first.state, first.posted_on, first.posted_by, first.posted_at) == ("printed", None, None, None)
    assert (first.arrives_on, first.fair_reply_by, first.history.first().state) == (None, None, "printed")
    assert first.events.get(kind=LetterEvent.Kind.POSTING_UNDONE).by == office
    assert second.state == "posted"
    assert followed == [("post_changed", keys), ("post_changed", [first.pk])]


@pytest.mark.parametrize(("how", "goes"), [("", "second"), ("hand", "hand"), ("post", "post")])
def test_how_a_letter_went_is_how_it_was_planned_unless_somebody_says_otherwise(many, office, how, goes):
    [letter] = many(1, State.PRINTED, printed_at=timezone.now(), delivery="second")
    SchoolFactory.create(code="OTH", name="Another School")

    [told] = mark_posted(letters=[letter], posted_on=today(), by=office, how=how)

    [letter] = again(letter)
    assert (told, letter.delivery, letter.events.get().facts["how"]) == (letter, goes, goes)
    assert letter.events.get().kind == (LetterEvent.Kind.HANDED_OVER if goes == "hand" else LetterEvent.Kind.POSTED)
    assert (letter.arrives_on == today()) is (goes == "hand")
    assert undo_posting(letters=[letter], by=office) == [letter]


def test_an_emailed_letter_arrives_at_once(school):
    letter = LetterFactory.build(school=school, drafted_by=None, delivery="email")

    assert arrives(letter, today(), calendar=school.calendar()) == today()


def test_a_letter_that_asks_for_no_reply_has_no_day_to_reply(many, office):
    [letter] = many(1, State.PRINTED, printed_at=timezone.now(), reply_by=None)

    mark_posted(letters=[letter], posted_on=today(), by=office)

    assert letter.events.get().facts["reply_by"] == ""


@pytest.mark.parametrize(("state", "printed_at"), [("ready", True), ("printed", False), ("void", True)])
def test_what_was_not_printed_is_not_posted(many, office, state, printed_at):
    [letter] = many(1, State.PRINTED, printed_at=timezone.now() if printed_at else None)
    void = {"voided_at": timezone.now(), "voided_by": office, "void_reason": "other"} if state == "void" else {}
    Letter.objects.update(state=state, **void)

    with pytest.raises(WrongStateError, match="has not been printed"):
        mark_posted(letters=[letter], posted_on=today(), by=office)


def test_what_is_stopped_is_not_posted(many, school, office, slt):
    letters = many(1, State.PRINTED, printed_at=timezone.now(), recipient="p")
    hold_recipient(school=school, recipient="p", key="flag", why="Not to be contacted", is_absolute=False, by=slt)

    with pytest.raises(HeldError, match="Not to be contacted"):
        mark_posted(letters=letters, posted_on=today(), by=office)


def test_only_todays_posting_of_paper_is_undone(many, office):
    now = timezone.now()
    for delivery, posted_at, may in (
        ("post", now, 1),
        ("email", now, 0),
        ("post", now - EARLIER, 0),
        ("post", None, 0),
    ):
        assert (
            may_undo(LetterFactory.build(school=None, drafted_by=None, delivery=delivery, posted_at=posted_at)) == may
        )
    emailed = many(1, State.POSTED, delivery="email")
    with pytest.raises(WrongStateError, match="was emailed"):
        undo_posting(letters=emailed, by=office)


def test_days_that_no_term_has_cannot_be_counted(school):
    def letter(**days):
        return LetterFactory.build(school=school, drafted_by=None, reference="DKH-1", **days)

    far = date(2040, 1, 9)
    fine = [letter(arrives_on=today(), reply_by=today()), letter(arrives_on=far, reply_by=None)]
    fine.append(letter(arrives_on=None, reply_by=far))

    assert cannot_count(fine, school=school) == ""
    assert "the day to reply to DKH-1 stays" in cannot_count(
        [*fine, letter(arrives_on=far, reply_by=far)], school=school
    )


def test_the_last_day_to_post_is_looked_for_among_sixty():
    terms = ((date(2026, 9, 1), date(2026, 10, 1)), (date(2026, 12, 1), date(2026, 12, 18)))
    calendar = SchoolCalendar(terms=terms)

    def last(reply_by, days):
        letter = LetterFactory.build(school=None, drafted_by=None, reply_by=reply_by, delivery="hand")
        return post_by(letter, calendar=calendar, school_days=days)

    assert last(date(2026, 11, 29), 1) is None
    assert last(date(2026, 11, 28), 1) == date(2026, 9, 30)


MADE = {State.FAILED, State.READY, State.PRINTED, State.POSTED}


@pytest.mark.parametrize("state", State)
def test_who_may_make_what_void(school, office, slt, state):
    letter = LetterFactory.build(school=school, drafted_by=None, state=state)

    assert may_void(letter, office) is may_void(letter, slt) is (state in MADE)
    assert not may_void(letter, UserFactory.create(school=school, role=Role.DPO))


def test_a_void_letter_says_who_when_and_why_and_its_batch_is_printed_without_it(many, school, office, slt, queued):
    PrintBatch.objects.create(school=school, number=2, printed_by=office)
    batch = PrintBatch.objects.create(school=school, number=1, printed_by=office)
    first, second = many(2, State.PRINTED, batch=batch)
    [posted], [alone] = many(1, State.POSTED, batch=batch), many(1, State.PRINTED)

    void_letter(letter=first, by=office, reason="address", words="They moved in October.")

    [letter] = again(first)
    assert (letter.state, letter.voided_by, letter.void_reason) == ("void", office, "address")
    assert (letter.voided_at is not None, letter.void_words) == (True, "They moved in October.")
    event = letter.events.get()
    assert (event.kind, event.by) == (LetterEvent.Kind.VOIDED, office)
    assert event.facts["why"] == f"{Letter.VoidReason.ADDRESS.label}. They moved in October."
    assert queued == [batch.pk]
    for each in (posted, alone):
        void_letter(letter=each, by=slt, reason="other")
    assert alone.events.get().facts["why"] == f"{Letter.VoidReason.OTHER.label}."
    assert queued == [batch.pk]
    void_letter(letter=second, by=office, reason="other")
    assert queued == [batch.pk]
    with pytest.raises(WrongStateError, match="was already made void by Pat Nair"):
        void_letter(letter=first, by=slt, reason="other")


def test_what_has_not_gone_is_withdrawn_and_nothing_else(many, slt):
    letters = {state: many(1, state)[0] for state in State if state != State.VOID}
    [other] = many(1, State.READY)
    asked = Letter.objects.filter(pk__in=[letter.pk for letter in letters.values()])

    withdrawn = withdraw_letters(asked, by=slt, reason="other", words="The step was rescinded.")

    gone = {State.QUEUED, State.RENDERING, State.FAILED, State.READY, State.PRINTED}
    assert {letter.pk for letter in withdrawn} == {letters[state].pk for state in gone}
    assert {letter.pk for letter in Letter.objects.voided()} == {letter.pk for letter in withdrawn}
    assert again(other)[0].state == State.READY
    assert {letter.void_words for letter in withdrawn} == {"The step was rescinded."}


def test_letters_to_an_old_address_are_void_where_they_wait_and_marked_where_they_went(many, school, slt, office):
    address = LetterFactory.build(school=school, drafted_by=None).address
    now = timezone.now()
    [waits] = many(1, State.READY, recipient="p")
    many(1, State.READY, recipient="q")
    elsewhere = SchoolFactory.create(code="OTH", name="Another School")
    there = UserFactory.create(school=elsewhere)
    approved = {"state": "queued", "approved_by": there, "approved_at": now}
    LetterFactory.create(school=elsewhere, recipient="p", drafted_by=there, **approved)
    today_, emailed, unsent, before = many(4, State.POSTED, recipient="p")
    Letter.objects.filter(pk__in=[emailed.pk, before.pk]).update(posted_at=now - timedelta(days=1, minutes=1))
    Letter.objects.filter(pk__in=[emailed.pk, unsent.pk]).update(delivery="email")
    LetterEmail.objects.create(letter=emailed, to="p@families.example", created_at=now, sent_at=now)
    LetterEmail.objects.create(letter=unsent, to="p@families.example", created_at=now)

    def move(to):
        return withdraw_from_old_addresses(school=school, addresses={"p": to}, by=slt)

    assert move(address.upper().replace("\n", ", ")) == []
    assert set(move(NEW)) == {waits, unsent}
    assert set(Letter.objects.filter(holds__key="moved")) == {today_, emailed}
    Hold.objects.create(school=school, letter=before, key="merge", why="Two cases")
    Hold.objects.create(school=school, letter=today_, key="merge", why="Two cases")
    assert not void_if_moved(before, by=office)
    assert move(NEW) == []
    move(address)
    assert set(Hold.objects.values_list("letter", "key")) == {(before.pk, "merge"), (today_.pk, "merge")}


def test_a_letter_that_comes_back_after_they_moved_is_void(many, school, office, slt):
    [letter] = many(1, State.POSTED, recipient="p")
    withdraw_from_old_addresses(school=school, addresses={"p": NEW}, by=slt)

    assert void_if_moved(letter, by=office)
    [letter] = again(letter)
    assert (letter.state, letter.voided_by, letter.void_reason) == ("void", office, "address")


def test_of_letters_made_void_each_is_told_of_those_they_may_know(many, slt):
    first, hidden, second, _ = many(4, State.READY)
    hidden.withheld_from.add(slt)

    told = void_words([second, hidden, first], user=slt)

    assert told == [
        f"letter {letter.reference} to the old address is void, issue it again" for letter in (first, second)
    ]
