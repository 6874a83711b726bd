"""What emailing, posting instead and the worker write, and on which letters: rows without files, nothing is drawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from dkh_conduct.school.models import today
from letters import emailing
from letters.emailing import (
    LEASE,
    OVERDUE,
    TRIES,
    email_letters,
    note_opened,
    post_instead,
    send_letter_email,
    stop_emails,
    sweep_letter_emails,
)
from letters.holding import hold_recipient
from letters.models import Letter, LetterEmail, LetterEvent
from letters.refusals import HeldError, WrongStateError
from tests.factories import LetterFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Letter.State
Kind = LetterEvent.Kind
BY_EMAIL = {"delivery": "email", "email_to": "p@families.example", "recipient": "p"}


@pytest.fixture(autouse=True)
def followed(monkeypatch):
    calls = []
    monkeypatch.setattr("letters.emailing.follow", lambda what, keys: calls.append((what, keys)))
    return calls


@pytest.fixture
def hurried(monkeypatch):
    calls = []
    monkeypatch.setattr(emailing, "_hurry", calls.append)
    return calls


@pytest.fixture
def emailed(many):
    """Posted by email, and the link not sent yet."""
    letters = many(2, State.POSTED, **BY_EMAIL)
    for letter in letters:
        Letter.objects.filter(pk=letter.pk).update(arrives_on=today(), fair_reply_by=today())
        LetterEmail.objects.create(letter=letter, to=letter.email_to)
    return letters


def again(letter):
    return Letter.objects.get(pk=letter.pk)


def lines(kind):
    return [
        (event.letter, event.by, event.facts.get("why", ""))
        for event in LetterEvent.objects.filter(kind=kind).order_by("pk")
    ]


def went_by_post(letter):
    letter = again(letter)
    gone = (letter.posted_on, letter.posted_by, letter.posted_at, letter.arrives_on, letter.fair_reply_by)
    is_cleared = gone == (None,) * 5 and not LetterEmail.objects.filter(letter=letter).exists()
    return (letter.state, letter.delivery, letter.email_to) == ("ready", "post", "") and is_cleared


def test_letters_that_are_emailed_count_as_delivered_today(
    many, school, office, followed, hurried, django_capture_on_commit_callbacks
):
    first, second, other = many(3, State.READY, reply_by=today(), **BY_EMAIL)
    before = timezone.now()

    SchoolFactory.create(code="OTH", name="Another School")

    with django_capture_on_commit_callbacks(execute=True):
        assert email_letters(letters=[first, second], by=office) == [first, second]

    fair = school.calendar().add_school_days(today(), school.minimum_reply_school_days)
    for letter in (again(first), again(second)):
        assert (letter.state, letter.posted_on, letter.posted_by, letter.arrives_on) == (
            "posted",
            today(),
            office,
            today(),
        )
        assert before < letter.posted_at < timezone.now()
        assert letter.fair_reply_by == letter.history.first().fair_reply_by == fair
        assert (letter.email.to, letter.email.created_at) == ("p@families.example", letter.posted_at)
        assert letter.events.get().at == letter.posted_at
    assert lines(Kind.EMAILED) == [(first, office, ""), (second, office, "")]
    assert again(other).state == "ready"
    assert hurried == list(LetterEmail.objects.order_by("pk").values_list("pk", flat=True))
    assert followed == [("post_changed", [first.pk, second.pk])]


@pytest.mark.parametrize(
    ("state", "changes", "sentence"),
    [
        ("printed", {}, "does not wait to be emailed"),
        ("ready", {"delivery": "post"}, "does not wait to be emailed"),
        ("ready", {"email_to": ""}, "has no email address"),
    ],
)
def test_what_does_not_wait_to_be_emailed_is_not(many, office, state, changes, sentence):
    letters = many(1, State(state), **{**BY_EMAIL, **changes})

    with pytest.raises(WrongStateError, match=sentence):
        email_letters(letters=letters, by=office)

    assert not LetterEmail.objects.exists()


def test_what_is_stopped_is_not_emailed(many, school, office, slt):
    letters = many(1, State.READY, **BY_EMAIL)
    hold_recipient(school=school, recipient="p", key="flag", why="Not to be contacted", is_absolute=False, by=slt)

    with pytest.raises(HeldError, match="Not to be contacted"):
        email_letters(letters=letters, by=office)


def test_by_post_instead_the_link_is_gone_and_the_letter_waits(emailed, many, office, followed):
    [unsent] = many(1, State.READY, **BY_EMAIL)
    note_opened(emailed[1])

    for letter in (emailed[0], unsent):
        post_instead(letter=letter, by=office)

    assert went_by_post(emailed[0])
    assert went_by_post(unsent)
    assert lines(Kind.POST_INSTEAD) == [(emailed[0], office, ""), (unsent, office, "")]
    assert emailed[0].events.get().facts == {}
    assert followed == [("post_changed", [emailed[0].pk]), ("post_changed", [unsent.pk])]
    assert LetterEmail.objects.filter(letter=emailed[1]).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"delivery": "post"}, "does not go by email"),
        ({"state": "printed"}, "does not go by email"),
        ({}, "was opened already"),
    ],
)
def test_what_was_opened_or_goes_in_another_way_is_not_posted_instead(emailed, office, changes, sentence):
    Letter.objects.filter(pk=emailed[0].pk).update(**changes)
    note_opened(emailed[0])

    with pytest.raises(WrongStateError, match=sentence):
        post_instead(letter=emailed[0], by=office)


def test_whoever_no_longer_agrees_gets_by_post_what_no_link_was_sent_of(emailed, many, school, slt):
    waits = [many(1, state, **BY_EMAIL)[0] for state in (State.QUEUED, State.RENDERING, State.FAILED, State.READY)]
    kept = [*many(1, State.DRAFT, **BY_EMAIL), *many(1, State.READY, **{**BY_EMAIL, "recipient": "q"})]
    kept += [emailed[1], *many(1, State.READY, recipient="p")]
    LetterEmail.objects.filter(letter=emailed[1]).update(sent_at=timezone.now())
    elsewhere = SchoolFactory.create(code="OTH", name="Another School")
    about = {**BY_EMAIL, "state": "queued", "approved_by": slt, "approved_at": timezone.now()}
    kept.append(LetterFactory.create(school=elsewhere, drafted_by=UserFactory.create(school=elsewhere), **about))
    before = [(again(letter).delivery, again(letter).email_to) for letter in kept]

    assert stop_emails(school=school, recipient="p", by=slt, why="They asked for paper") == 5

    assert went_by_post(emailed[0])
    assert {(again(each).state, again(each).delivery, again(each).email_to) for each in waits} == {
        (each.state, "post", "") for each in waits
    }
    assert set(lines(Kind.POST_INSTEAD)) == {(each, slt, "They asked for paper") for each in (emailed[0], *waits)}
    assert [(again(letter).delivery, again(letter).email_to) for letter in kept] == before


def test_opening_is_noted_once_and_of_one_letter(emailed):
    for _ in range(2):
        note_opened(emailed[0])

    event = LetterEvent.objects.get(kind=Kind.OPENED)
    first, second = (LetterEmail.objects.get(letter=letter) for letter in emailed)
    assert (event.letter, event.at, second.opened_at) == (emailed[0], first.opened_at, None)


def test_one_link_is_sent_once(emailed):
    row, other = (LetterEmail.objects.get(letter=letter) for letter in emailed)
    row.failure = "No route"
    row.save()

    for _ in range(2):
        send_letter_email(row.pk)

    row.refresh_from_db()
    assert (row.sent_at is not None, row.lease_until, row.failure, row.attempts) == (True, None, "", 1)
    [message] = mail.outbox
    assert message.to == ["p@families.example"]
    assert message.extra_headers["Message-ID"].startswith(f"<letter-{row.pk}@")
    assert again(emailed[0]).reference in message.body
    other.refresh_from_db()
    assert (other.attempts, other.sent_at) == (0, None)


def test_a_link_that_somebody_is_sending_is_left_to_them(emailed, monkeypatch):
    row = LetterEmail.objects.get(letter=emailed[0])
    leases = []

    def sends(email):
        leases.append(LetterEmail.objects.get(pk=email.pk).lease_until)
        send_letter_email(email.pk)
        raise OSError("No route " * 50)

    monkeypatch.setattr(emailing, "_message", sends)
    with time_machine.travel(timezone.now(), tick=False):
        send_letter_email(row.pk)

        row.refresh_from_db()
        assert leases == [timezone.now() + LEASE]
        assert (row.attempts, row.sent_at, row.lease_until) == (1, None, timezone.now() + timedelta(minutes=2))
        assert row.failure == ("No route " * 50)[:300]
        assert LetterEmail.objects.get(letter=emailed[1]).failure == ""


@pytest.mark.parametrize(("tried", "gives_up"), [(TRIES - 2, False), (TRIES - 1, True)])
def test_after_the_last_try_it_goes_by_post(emailed, monkeypatch, tried, gives_up):
    row = LetterEmail.objects.get(letter=emailed[0])
    LetterEmail.objects.filter(pk=row.pk).update(attempts=tried)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda _: (_ for _ in ()).throw(OSError("No route")))

    send_letter_email(row.pk)

    assert went_by_post(emailed[0]) is gives_up
    assert lines(Kind.POST_INSTEAD) == ([(emailed[0], None, emailing.GAVE_UP)] if gives_up else [])


def test_what_was_stopped_since_goes_by_post_with_the_reason(emailed, school, slt):
    hold_recipient(school=school, recipient="p", key="flag", why="Not to be contacted", is_absolute=False, by=slt)

    send_letter_email(LetterEmail.objects.get(letter=emailed[0]).pk)

    assert went_by_post(emailed[0])
    assert lines(Kind.POST_INSTEAD) == [(emailed[0], None, "Not to be contacted")]
    assert mail.outbox == []


@pytest.mark.parametrize("changes", [{"state": "ready"}, {"delivery": "post"}])
def test_what_does_not_go_by_email_any_more_is_given_up_by_nobody(emailed, changes):
    row = LetterEmail.objects.select_related("letter").get(letter=emailed[0])
    Letter.objects.filter(pk=emailed[0].pk).update(**changes)

    emailing._give_up(row, why="Too late")

    assert not lines(Kind.POST_INSTEAD)


def test_the_sweep_takes_what_waits_too_long_the_oldest_first(emailed, hurried, many):
    first, second = (LetterEmail.objects.get(letter=letter) for letter in emailed)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for row, late in ((first, timedelta(0)), (second, OVERDUE + timedelta(seconds=1))):
            LetterEmail.objects.filter(pk=row.pk).update(created_at=now - late)
        assert (sweep_letter_emails(), hurried) == (1, [second.pk])
        LetterEmail.objects.filter(pk=first.pk).update(created_at=now - 2 * OVERDUE)
        assert (sweep_letter_emails(), hurried) == (2, [second.pk, first.pk, second.pk])
        LetterEmail.objects.update(sent_at=now)
        assert sweep_letter_emails() == 0
