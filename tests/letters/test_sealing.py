"""Each approved letter is made once and sealed, whatever workers do: die, dawdle, be told twice or fail."""

from __future__ import annotations

import uuid
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from dkh_conduct.storage import WholeFileStorage
from letters import sealing
from letters.models import Letter, LetterEvent
from letters.queue import MAX_ATTEMPTS
from letters.rendering import render
from letters.sealed import read_sealed
from letters.sealing import Claim, make_letter, requeue_lost, seal, take
from letters.tasks import render_letter, sweep

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """A folder of its own for this test's files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path / "letters"


def stored(files: Path) -> list[Path]:
    return sorted(files.iterdir()) if files.exists() else []


def broken_storage(*args, **kwargs):
    raise OSError(28, "No space left on device")


def test_a_queued_letter_is_made_stored_and_sealed_with_its_hash(queued, files):
    letter = queued()

    assert make_letter(letter.pk)

    letter.refresh_from_db()
    (path,) = stored(files)
    assert letter.state == Letter.State.READY
    assert letter.sha256 == sha256(path.read_bytes()).hexdigest()
    assert letter.size == path.stat().st_size
    assert (letter.pages, letter.attempts, letter.lease_token, letter.lease_until) == (1, 1, None, None)
    assert letter.sealed_at is not None
    assert read_sealed(letter) == path.read_bytes()


def test_sealing_leaves_one_event_and_one_line_of_history(queued):
    letter = queued()

    make_letter(letter.pk)

    event = LetterEvent.objects.get()
    letter.refresh_from_db()
    assert (event.kind, event.facts) == ("sealed", {"sha256": letter.sha256, "pages": 1})
    assert letter.history.first().state == "ready"


def test_told_ten_times_it_is_made_once(queued, files):
    letter = queued()

    for _ in range(10):
        render_letter(letter.pk)

    letter.refresh_from_db()
    assert letter.attempts == 1
    assert len(stored(files)) == 1
    assert LetterEvent.objects.filter(kind="sealed").count() == 1


@pytest.mark.parametrize("state", ["draft", "failed"])
def test_a_letter_that_is_not_waiting_is_left_alone(draft, queued, files, state):
    letter = draft() if state == "draft" else queued()
    Letter.objects.filter(pk=letter.pk).update(state=state)

    render_letter(letter.pk)
    render_letter(987_654)

    letter.refresh_from_db()
    assert letter.state == state
    assert stored(files) == []


def test_while_one_worker_holds_it_no_other_can_claim_it(queued):
    letter = queued()
    claim = take(letter.pk)

    assert claim is not None
    assert take(letter.pk) is None
    letter.refresh_from_db()
    assert letter.state == Letter.State.RENDERING
    assert letter.lease_token == claim.token


def test_the_letter_of_a_worker_that_died_is_claimed_again_when_its_lease_ends(queued):
    letter = queued()
    take(letter.pk)
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert make_letter(letter.pk)

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.READY, 2)


def test_a_worker_that_comes_late_changes_nothing_and_takes_its_file_away(queued, files):
    letter = queued()
    slow = take(letter.pk)
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    make_letter(letter.pk)
    letter.refresh_from_db()
    winner = letter.file.name

    assert slow is not None
    assert not seal(slow, render(slow.letter))

    letter.refresh_from_db()
    assert letter.file.name == winner
    assert [path.name for path in stored(files)] == [Path(winner).name]
    assert LetterEvent.objects.filter(kind="sealed").count() == 1


def test_a_file_left_by_a_worker_that_died_before_sealing_is_cleared_away(queued, files):
    letter = queued()
    dead = take(letter.pk)
    assert dead is not None
    files.mkdir()
    (files / f"{dead.token}.pdf").write_bytes(b"half a letter")
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    make_letter(letter.pk)

    letter.refresh_from_db()
    assert [path.name for path in stored(files)] == [Path(letter.file.name).name]


def test_a_full_disk_puts_the_letter_back_and_the_third_time_says_so(queued, files, monkeypatch, caplog):
    letter = queued()
    monkeypatch.setattr(WholeFileStorage, "save", broken_storage)

    states = []
    for _ in range(MAX_ATTEMPTS + 2):
        render_letter(letter.pk)
        letter.refresh_from_db()
        states.append((letter.state, letter.attempts))

    assert states == [("queued", 1), ("queued", 2), ("failed", 3), ("failed", 3), ("failed", 3)]
    assert letter.failure.startswith("The PDF could not be made in 3 tries. The school office can try again.")
    assert LetterEvent.objects.get().kind == "failed"
    assert caplog.text.count("could not be made, try") == 3
    assert stored(files) == []


def test_a_letter_that_cannot_be_printed_fails_at_once_with_the_sentence_why(queued):
    letter = queued()
    Letter.objects.update(body="x" * 10_001)

    render_letter(letter.pk)

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.FAILED, 1)
    assert letter.failure == "The letter is 10,001 characters long. Shorten it to 10,000 or fewer."


def test_one_letter_that_fails_does_not_keep_back_the_next(queued):
    bad, good = queued(), queued()
    Letter.objects.filter(pk=bad.pk).update(body="x" * 10_001)

    for letter in (bad, good):
        render_letter(letter.pk)

    good.refresh_from_db()
    assert good.state == Letter.State.READY


def test_when_the_database_fails_while_sealing_no_file_is_left(queued, files, monkeypatch):
    letter = queued()
    claim = take(letter.pk)
    assert claim is not None

    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(sealing, "_remember", fails)
    with pytest.raises(RuntimeError):
        seal(claim, render(claim.letter))

    letter.refresh_from_db()
    assert letter.state == Letter.State.RENDERING
    assert stored(files) == []


def test_the_sweep_tells_of_letters_that_waited_and_of_leases_that_ended_and_of_no_other(queued, sealed, monkeypatch):
    told = []
    monkeypatch.setattr(sealing, "hurry", told.append)
    waited, fresh, dead, busy = queued(), queued(), queued(), queued()
    take(dead.pk)
    take(busy.pk)
    Letter.objects.filter(pk__in=[waited.pk, dead.pk]).update(queued_at=timezone.now() - LONG_AGO)
    Letter.objects.filter(pk=dead.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    sealed()

    assert requeue_lost() == 2
    assert sorted(told) == sorted([waited.pk, dead.pk])
    assert fresh.pk not in told


def test_a_second_sweep_does_not_tell_again_before_its_time(queued, monkeypatch):
    told = []
    monkeypatch.setattr(sealing, "hurry", told.append)
    letter = queued()
    Letter.objects.update(queued_at=timezone.now() - LONG_AGO)

    for _ in range(5):
        sweep()

    assert told == [letter.pk]


def test_the_sweep_finishes_what_was_lost(queued, capsys):
    letter = queued()
    Letter.objects.update(queued_at=timezone.now() - LONG_AGO)

    call_command("sweep_letters")

    letter.refresh_from_db()
    assert letter.state == Letter.State.READY
    assert capsys.readouterr().out == "1 letter queued again\n"


def test_a_letter_whose_workers_die_every_time_is_given_up(queued):
    letter = queued()
    Letter.objects.update(
        state="rendering",
        attempts=MAX_ATTEMPTS,
        lease_token=uuid.uuid4(),
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    assert requeue_lost() == 0

    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED
    assert LetterEvent.objects.get().kind == "failed"
    assert make_letter(letter.pk) is False


def test_somebody_elses_token_seals_nothing(queued, files):
    letter = queued()
    claim = take(letter.pk)
    assert claim is not None

    assert not seal(Claim(letter, uuid.uuid4()), render(claim.letter))

    assert stored(files) == []


def test_two_sweeps_at_once_tell_of_a_letter_once(queued, monkeypatch):
    told = []
    first, second = queued(), queued()
    Letter.objects.update(queued_at=timezone.now() - LONG_AGO)

    def the_other_sweep_is_faster(pk):
        told.append(pk)
        Letter.objects.filter(pk=second.pk).update(queued_at=timezone.now())

    monkeypatch.setattr(sealing, "hurry", the_other_sweep_is_faster)

    assert requeue_lost() == 1
    assert told == [first.pk]


def test_what_another_worker_made_meanwhile_has_not_failed(queued):
    letter = queued()
    slow = take(letter.pk)
    assert slow is not None
    Letter.objects.update(lease_token=uuid.uuid4())

    sealing._fail(slow, "It took too long.")
    sealing._give_up(letter)

    assert Letter.objects.get().state == Letter.State.RENDERING
    assert not LetterEvent.objects.exists()
