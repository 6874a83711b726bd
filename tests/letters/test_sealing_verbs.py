"""What a worker writes on the letter that it claims, and on no other: rows without files, nothing is drawn."""

from __future__ import annotations

import uuid
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.utils import timezone

from letters import sealing
from letters.models import Letter, LetterEvent
from letters.queue import MAX_ATTEMPTS, lease, requeue_after
from letters.refusals import UnprintableError
from letters.rendering import Rendered
from letters.sealing import GAVE_UP, make_letter, requeue_lost, seal, take

pytestmark = pytest.mark.django_db
State = Letter.State
PDF = Rendered(pdf=b"%PDF-", pages=2)
TOKEN = uuid.UUID(int=7)


@pytest.fixture(autouse=True)
def files(monkeypatch):
    """What is in the storage."""
    there = set()
    storage = sealing.default_storage
    monkeypatch.setattr(storage, "save", lambda name, content: there.add(name) or name)
    monkeypatch.setattr(storage, "delete", there.discard)
    return there


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(timezone.now(), tick=False):
        yield timezone.now()


def again(letter):
    return Letter.objects.get(pk=letter.pk)


def change(letter, **fields):
    Letter.objects.filter(pk=letter.pk).update(**fields)


def test_one_letter_is_claimed_for_as_long_as_a_lease(many, now):
    other, letter = many(2, State.QUEUED)

    claim = take(letter.pk)

    row = again(letter)
    assert (claim.letter, claim.token) == (row, row.lease_token)
    assert (row.state, row.lease_until, row.attempts) == ("rendering", now + lease(), 1)
    assert (again(other).state, again(other).attempts) == ("queued", 0)
    assert take(letter.pk) is None


def test_the_letter_of_a_dead_worker_is_claimed_and_its_file_taken_away(many, now, files):
    other, letter, another = many(3, State.QUEUED)
    of_others = f"letters/{uuid.UUID(int=8)}.pdf"
    files.update({f"letters/{TOKEN}.pdf", of_others})
    change(letter, state="rendering", lease_token=TOKEN, lease_until=now - timedelta(seconds=1), attempts=1)
    change(other, lease_token=uuid.UUID(int=8))
    change(another, lease_token=uuid.UUID(int=8))

    claim = take(letter.pk)

    assert (claim.letter.attempts, files) == (2, {of_others})


@pytest.mark.parametrize(
    "fields",
    [
        {"attempts": MAX_ATTEMPTS},
        {"state": "rendering", "lease_until": timezone.now() + timedelta(days=1)},
        {"state": "draft"},
        {"state": "failed"},
    ],
)
def test_what_does_not_wait_is_not_claimed_and_keeps_its_file(many, files, fields):
    [letter] = many(1, State.QUEUED)
    change(letter, lease_token=TOKEN, **fields)
    files.add(f"letters/{TOKEN}.pdf")

    assert take(letter.pk) is None
    assert files == {f"letters/{TOKEN}.pdf"}


def test_what_is_sealed_says_what_was_made_and_lets_go_of_the_claim(many, now, files):
    other, letter = many(2, State.QUEUED)
    change(letter, failure="The disk was full")
    claim, _ = take(letter.pk), take(other.pk)

    assert seal(claim, PDF) is True

    row = again(letter)
    assert (row.state, row.file.name, row.sha256) == (
        "ready",
        f"letters/{claim.token}.pdf",
        sha256(PDF.pdf).hexdigest(),
    )
    assert (row.size, row.pages, row.sealed_at, row.failure) == (5, 2, now, "")
    assert (row.lease_token, row.lease_until, row.history.first().state) == (None, None, "ready")
    event = LetterEvent.objects.get()
    assert (event.letter, event.kind, event.facts) == (row, "sealed", {"sha256": row.sha256, "pages": 2})
    assert again(other).state == "rendering"
    assert files == {row.file.name}
    assert seal(claim, PDF) is False
    assert (LetterEvent.objects.count(), files) == (1, set())


def test_a_claim_holds_while_the_letter_is_made_under_its_token(many, slt, now):
    [letter] = many(1, State.QUEUED)
    claim = take(letter.pk)
    change(letter, lease_token=TOKEN)
    assert seal(claim, PDF) is False

    change(letter, lease_token=claim.token, state="void", voided_at=now, voided_by=slt, void_reason="other")

    assert seal(claim, PDF) is False
    assert again(letter).state == "void"


@pytest.mark.parametrize("fails", [UnprintableError("The letter is empty."), OSError("No space")])
def test_what_cannot_be_made_fails_and_what_went_wrong_is_tried_again(many, now, monkeypatch, fails):
    other, letter = many(2, State.QUEUED)
    take(other.pk)
    change(letter, queued_at=now - timedelta(hours=1))

    def render(_):
        raise fails

    monkeypatch.setattr(sealing, "render", render)
    is_refused = isinstance(fails, UnprintableError)

    assert make_letter(letter.pk) is False

    row = again(letter)
    assert (row.state, row.failure) == (("failed", "The letter is empty.") if is_refused else ("queued", ""))
    assert (row.lease_token, row.lease_until, row.attempts) == (None, None, 1)
    assert (row.queued_at == now) is not is_refused
    assert LetterEvent.objects.filter(kind="failed", facts={"why": "The letter is empty."}).count() == is_refused
    assert again(other).state == "rendering"


def test_after_the_last_try_it_has_failed(many, monkeypatch):
    [letter] = many(1, State.QUEUED)
    change(letter, attempts=MAX_ATTEMPTS - 1)
    monkeypatch.setattr(sealing, "render", lambda _: (_ for _ in ()).throw(OSError("No space")))

    assert make_letter(letter.pk) is False

    assert (again(letter).state, again(letter).failure) == ("failed", GAVE_UP)
    assert LetterEvent.objects.get().facts == {"why": GAVE_UP}
    assert make_letter(letter.pk) is False


def test_a_letter_is_made(many, monkeypatch):
    [letter] = many(1, State.QUEUED)
    monkeypatch.setattr(sealing, "render", lambda _: PDF)

    assert make_letter(letter.pk) is True
    assert again(letter).state == "ready"


def test_the_sweep_tells_of_what_waits_too_long_the_oldest_first_and_gives_up_what_kills(many, now, monkeypatch):
    told = []
    monkeypatch.setattr(sealing, "hurry", told.append)
    late, second = now - requeue_after() - timedelta(seconds=2), now - requeue_after() - timedelta(seconds=1)
    newer, older, fresh, rendering, busy, killer, tried = many(7, State.QUEUED)
    change(newer, queued_at=second)
    change(older, queued_at=late)
    change(fresh, queued_at=now - requeue_after())
    change(rendering, state="rendering", lease_until=now - timedelta(seconds=1), queued_at=now)
    change(busy, state="rendering", lease_until=now, queued_at=late)
    change(killer, state="rendering", lease_until=now - timedelta(1), attempts=MAX_ATTEMPTS, lease_token=TOKEN)
    change(tried, attempts=MAX_ATTEMPTS - 1, queued_at=now)

    assert requeue_lost() == 3

    assert told == [older.pk, newer.pk, rendering.pk]
    assert {again(letter).queued_at for letter in (older, newer, rendering)} == {now}
    gone = again(killer)
    assert (gone.state, gone.failure, gone.lease_token, gone.lease_until) == ("failed", GAVE_UP, None, None)
    assert (gone.events.get().kind, gone.history.first().state) == ("failed", "failed")
    assert {again(letter).state for letter in (busy, tried)} == {"rendering", "queued"}
