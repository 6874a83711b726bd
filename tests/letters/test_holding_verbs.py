"""What stops letters and frees them, which ones, and what a letter that is issued again takes from the old one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from letters.holding import (
    check_not_held,
    hold_letters,
    hold_recipient,
    holds_on,
    let_go,
    release_letters,
    release_recipient,
    with_reasons,
)
from letters.models import Hold, Letter, LetterEvent, PrintBatch
from letters.refusals import HeldError, WrongStateError
from letters.reissuing import _with_day, reissue_letter
from letters.voiding import void_letter
from tests.factories import LetterFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Letter.State
Kind = LetterEvent.Kind
STOPPED = {State.QUEUED, State.RENDERING, State.READY, State.PRINTED}


@pytest.fixture
def queued(monkeypatch):
    batches = []
    monkeypatch.setattr("letters.holding.queue_batch", lambda batch: batches.append(batch.number))
    return batches


@pytest.fixture
def letters(many, school, office):
    """One in each state, to p; what is printed lies in a batch with another's."""
    batch = PrintBatch.objects.create(school=school, number=1, printed_by=office)
    made = {state: many(1, state, recipient="p")[0] for state in State if state != State.VOID}
    made["other"] = many(1, State.PRINTED, recipient="q", batch=batch)[0]
    another = PrintBatch.objects.create(school=school, number=2, printed_by=office)
    many(1, State.PRINTED, recipient="s", batch=another)
    Letter.objects.filter(pk=made[State.PRINTED].pk).update(batch=batch)
    return made


def hold(school, by, key="flag", why="Not to be contacted", *, recipient="p", is_absolute=False):
    return hold_recipient(school=school, recipient=recipient, key=key, why=why, is_absolute=is_absolute, by=by)


def lines(kind):
    return [(event.letter, event.by, event.facts["why"]) for event in LetterEvent.objects.filter(kind=kind)]


@pytest.fixture
def others_stopped(many, school, slt):
    """A letter to another here, and one to somebody with the same key at another school."""
    elsewhere = SchoolFactory.create(code="OTH", name="Another School")
    approved = {"state": "queued", "drafted_by": slt, "approved_by": slt, "approved_at": timezone.now()}
    LetterFactory.create(school=elsewhere, recipient="p", **approved)
    many(1, State.READY, recipient="r")
    return [*hold(elsewhere, slt, why="Other"), *hold(school, slt, recipient="r", why="Other")]


def test_what_is_stopped_is_what_goes_to_them_and_has_not_left(letters, school, slt, queued, others_stopped):
    assert len(others_stopped) == 2

    stopped = hold(school, slt)

    assert set(stopped) == {letters[state] for state in STOPPED}
    told = {line for line in lines(Kind.HELD) if line[2] != "Other"}
    assert told == {(letter, slt, "Not to be contacted") for letter in stopped}
    assert queued == [1]
    hold(school, slt, why="A court order", is_absolute=True)
    kept = Hold.objects.filter(school=school, recipient="p")
    assert list(kept.values_list("why", "is_absolute")) == [("A court order", True)]


@pytest.mark.usefixtures("others_stopped")
def test_what_two_reasons_stop_is_freed_with_the_second(letters, school, slt, queued):
    hold(school, slt)
    hold(school, slt, key="other")
    queued.clear()

    def release(key):
        return release_recipient(school=school, recipient="p", key=key, why="They wrote to us", by=slt)

    assert release("flag") == []
    assert Hold.objects.count() == 3
    assert queued == lines(Kind.RELEASED) == []
    free = release("other")
    assert set(free) == {letters[state] for state in STOPPED}
    assert set(lines(Kind.RELEASED)) == {(letter, slt, "They wrote to us") for letter in free}
    assert queued == [1]


def test_single_letters_are_stopped_and_freed(letters, school, slt, queued):
    asked = Letter.objects.filter(recipient="p")
    where = {*STOPPED, State.FAILED}

    stopped = hold_letters(asked, key="merge", why="Two cases", by=slt)

    assert stopped == sorted((letters[state] for state in where), key=lambda letter: letter.pk)
    assert set(Letter.objects.filter(holds__why="Two cases")) == set(stopped)
    assert set(lines(Kind.HELD)) == {(letter, slt, "Two cases") for letter in stopped}
    assert queued == [1]
    hold_letters(asked, key="merge", why="Two cases", by=slt)
    hold_letters(Letter.objects.filter(pk=letters[State.READY].pk), key="second", why="Another", by=slt)
    hold_letters(Letter.objects.filter(pk=letters["other"].pk), key="merge", why="Two cases", by=slt)
    hold(school, slt, key="merge", recipient="r")
    Letter.objects.filter(pk=letters[State.QUEUED].pk).update(
        state="void", voided_at=timezone.now(), voided_by=slt, void_reason="other"
    )

    queued.clear()

    free = release_letters(school=school, key="merge", why="Parted again", by=slt)

    there = [letters[state] for state in where - {State.READY, State.QUEUED}]
    assert free == sorted([*there, letters["other"]], key=lambda letter: letter.pk)
    assert set(lines(Kind.RELEASED)) == {(letter, slt, "Parted again") for letter in free}
    assert queued == [1]
    assert set(Hold.objects.values_list("key", "recipient")) == {("second", ""), ("merge", "r")}


def test_releasing_at_one_school_frees_nothing_at_another(letters, school, slt):
    hold_letters(Letter.objects.filter(recipient="p"), key="merge", why="Two cases", by=slt)

    assert release_letters(school=SchoolFactory.create(code="O", name="O"), key="merge", why="Mistake", by=slt) == []
    assert Hold.objects.count() == len(STOPPED) + 1


def test_a_letter_is_let_go_in_spite_of_what_is_older_and_not_absolute(letters, school, head, slt, queued):
    printed, ready = letters[State.PRINTED], letters[State.READY]
    hold(school, slt)
    queued.clear()
    with pytest.raises(HeldError, match="Not to be contacted"):
        check_not_held([letters["other"], ready, printed])

    let_go(letter=printed, by=head, why="It ends the ban.")

    printed.refresh_from_db()
    assert (printed.in_spite_at is not None, printed.in_spite_why) == (True, "It ends the ban.")
    assert lines(Kind.LET_GO) == [(printed, head, "It ends the ban.")]
    assert queued == [1]
    assert (holds_on(printed), len(holds_on(ready))) == ([], 1)
    check_not_held([printed, letters["other"]])
    hold(school, slt, key="newer")
    assert [each.key for each in holds_on(printed)] == ["newer"]
    hold(school, slt, key="flag", is_absolute=True)
    assert [each.key for each in holds_on(printed)] == ["flag", "newer"]
    with pytest.raises(HeldError):
        let_go(letter=printed, by=head, why="It ends the ban.")
    letter = LetterFactory.build(school=school, drafted_by=None, recipient="p")
    letter.in_spite_at = Hold.objects.get(key="newer").since
    assert [each.key for each in holds_on(letter)] == ["flag"]


def test_what_stops_a_letter_is_its_own_and_its_recipients_here(letters, many, school, slt):
    to_nobody, another = many(2, State.READY)
    hold(school, slt, key="here")
    hold(school, slt, key="of q", recipient="q")
    hold(SchoolFactory.create(code="OTH", name="Another School"), slt, key="elsewhere")
    hold_letters(Letter.objects.filter(pk__in=[another.pk, letters[State.READY].pk]), key="one", why="One", by=slt)

    assert [each.key for each in holds_on(letters[State.READY])] == ["here", "one"]
    assert [each.key for each in holds_on(letters[State.PRINTED])] == ["here"]
    assert (holds_on(to_nobody), len(holds_on(another))) == ([], 1)


def test_each_letter_is_listed_with_its_own_reasons(letters, school, slt):
    hold(school, slt, why="Of p")
    hold(SchoolFactory.create(code="OTH", name="Another School"), slt, why="Elsewhere")
    hold_letters(Letter.objects.filter(pk=letters["other"].pk), key="one", why="Of the other", by=slt)
    listed = [letters[State.READY], letters["other"], letters[State.DRAFT]]

    assert with_reasons(listed) == [(listed[0], ["Of p"]), (listed[1], ["Of the other"]), (listed[2], ["Of p"])]
    assert with_reasons(LetterFactory.build(school=school, drafted_by=None, recipient=to) for to in "pq")[1][1] == []


@pytest.mark.parametrize(("goes", "goes_again"), [("email", "post"), ("second", "second")])
def test_a_letter_issued_again_says_the_same_to_the_new_address(
    many, school, office, slt, monkeypatch, goes, goes_again
):
    monkeypatch.setattr("letters.approval.render", lambda letter, **_: None)
    many(1, State.POSTED)
    about = {"copies_to": "The chair", "enclosures": "A map", "is_large_print": True, "delivery": goes}
    days = {"reply_by": date(2027, 1, 11), "body": "Write by Monday 11 January 2027, or on 11 January."}
    [old] = many(1, State.POSTED, recipient="p", kind="ban_intent", email_to="p@families.example", **about, **days)
    kept_out = UserFactory.create(school=school)
    old.withheld_from.add(kept_out)
    whom = {"addressee": "Ms New", "salutation": "Ms New", "address": "9 Elm Road\nLondon\nSE22 8EQ"}
    given = {"letter": old, "by": slt, "reference": "DKH-C001-999", "reply_by": timezone.localdate() + timedelta(21)}
    with pytest.raises(WrongStateError, match="is not void"):
        reissue_letter(**given, **whom)
    void_letter(letter=old, by=office, reason="address")

    new = Letter.objects.get(pk=reissue_letter(**given, **whom).pk)

    assert (new.addressee, new.salutation, new.address) == tuple(whom.values())
    for name in ("kind", "template_version", "title", "heading", "recipient", "signatory_name", "signatory_role"):
        assert getattr(new, name) == getattr(old, name)
    assert (new.copies_to, new.enclosures, new.is_large_print) == ("The chair", "A map", True)
    assert (new.delivery, new.email_to, new.state, new.approved_by) == (goes_again, "", "queued", slt)
    assert (new.reissue_of, new.in_spite_at) == (old, None)
    with pytest.raises(WrongStateError, match="already issued again, as DKH-C001-999"):
        reissue_letter(**{**given, "reference": "DKH-C001-998"}, **whom)
    assert (new.written_on, new.reply_by) == (timezone.localdate(), given["reply_by"])
    assert "11 January" not in new.body
    assert list(new.withheld_from.all()) == [kept_out]
    event = new.events.get(kind=Kind.REISSUED)
    assert (event.by, event.facts["why"]) == (slt, f"In place of {old.reference}")
    Letter.objects.filter(pk=new.pk).update(reissue_of=None, reference="DKH-C001-900")
    assert reissue_letter(**given, **whom, recipient="q").recipient == "q"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (
            date(2027, 1, 9),
            date(2027, 2, 1),
            "By Monday 1 February 2027, 1 February 2027 or 1 February; 29 January 2027",
        ),
        (None, date(2027, 2, 1), None),
        (date(2027, 1, 9), None, None),
        (date(2027, 1, 9), date(2027, 1, 9), None),
    ],
)
def test_the_day_to_reply_by_is_made_new_however_it_is_written(old, new, text):
    was = "By Saturday 9 January 2027, 9 January 2027 or 9 January; 29 January 2027"

    assert _with_day(was, old, new) == (text or was)
