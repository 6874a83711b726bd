"""Papers, signatures and drafts: each verb writes the row that it is asked about, whole, and no row beside it."""

from __future__ import annotations

import base64
import uuid
from datetime import timedelta
from hashlib import sha256
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from dkh_conduct.school.models import today
from letters import batches, claims, copying
from letters.batches import forget_posted_batches, in_order, put_together_again, queue_batch, to_print_of
from letters.claims import Claim, fail, requeue_lost, store, take, tell, work_on
from letters.copying import copy_letter, may_copy
from letters.drafting import as_lines, change_draft, check_length, discard_draft, set_large_print
from letters.models import Letter, LetterEvent, PrintBatch, Signature
from letters.queue import MAX_ATTEMPTS
from letters.refusals import LetterRefusedError, UnprintableError, WrongStateError
from letters.signatures import may_sign, remove_signature, set_signature, signature_of, signature_under
from tests.factories import LetterFactory

pytestmark = pytest.mark.django_db
FOLDER = batches.FOLDER


@pytest.fixture
def papers(office):
    """Two that wait; the one that is meant is the second."""
    return [PrintBatch.objects.create(school=office.school, number=number, printed_by=office) for number in (1, 2)]


def taken(paper, **start) -> Claim[PrintBatch]:
    claim = take(PrintBatch, paper.pk, folder=FOLDER, **start)
    assert claim
    return claim


# ------------------------------------------------------------------------------------------------------------- claims


def test_one_paper_is_taken_for_as_long_as_a_lease_and_once(papers, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    other, paper = papers
    PrintBatch.objects.filter(pk=paper.pk).update(attempts=1, letters_done=7)

    claim = taken(paper, letters_done=0)

    assert (claim.paper, claim.folder, claim.file_name) == (paper, FOLDER, f"batches/{claim.token}.pdf")
    row = claim.paper
    assert (row.state, row.lease_token, row.attempts, row.letters_done) == ("making", claim.token, 2, 0)
    assert row.lease_until == timezone.now() + claims.lease()
    other.refresh_from_db()
    assert (other.state, other.lease_token, other.attempts) == ("queued", None, 0)
    assert take(PrintBatch, paper.pk, folder=FOLDER) is None
    PrintBatch.objects.filter(pk=other.pk).update(attempts=MAX_ATTEMPTS)
    assert take(PrintBatch, other.pk, folder=FOLDER) is None


def test_a_worker_tells_and_stores_and_fails_for_what_it_holds_alone(papers, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    other, paper = (taken(each) for each in papers)
    time_machine.shift(timedelta(seconds=5))

    tell(paper, letters_done=3)

    row = PrintBatch.objects.get(pk=paper.paper.pk)
    assert (row.letters_done, row.lease_until) == (3, timezone.now() + claims.lease())
    assert PrintBatch.objects.get(pk=other.paper.pk).letters_done == 0
    PrintBatch.objects.filter(pk=row.pk).update(failure="Before")
    done = []
    assert store(paper, b"%PDF", pages=4, also=lambda: done.append(1), letters_done=9)
    row.refresh_from_db()
    assert (row.state, str(row.file), row.pages, row.letters_done) == ("ready", paper.file_name, 4, 9)
    assert (row.sha256, row.failure, row.lease_token, row.lease_until) == (sha256(b"%PDF").hexdigest(), "", None, None)
    assert done == [1]
    assert default_storage.exists(paper.file_name)
    late = Claim(other.paper, uuid.uuid4(), FOLDER)
    assert not store(late, b"%PDF", pages=4, also=lambda: done.append(2))
    assert (done, default_storage.exists(late.file_name)) == ([1], False)
    for late in (lambda: tell(paper), lambda: tell(Claim(other.paper, uuid.uuid4(), FOLDER))):
        with pytest.raises(LetterRefusedError, match="Another worker"):
            late()
    fail(paper, "Too late")
    fail(other, "x" * 400)
    row.refresh_from_db()
    failed = PrintBatch.objects.get(pk=other.paper.pk)
    assert (row.state, row.failure) == ("ready", "")
    assert (failed.state, failed.failure, failed.lease_token, failed.lease_until) == ("failed", "x" * 300, None, None)


def test_what_goes_wrong_is_tried_again_until_it_is_given_up(papers):
    _, paper = papers

    def work(make) -> tuple:
        answer = work_on(PrintBatch, paper.pk, folder=FOLDER, gave_up="Given up", make=make)
        row = PrintBatch.objects.get(pk=paper.pk)
        return answer, row.state, row.failure, row.lease_token, row.lease_until

    for _ in range(MAX_ATTEMPTS - 1):
        assert work(lambda claim: 1 / 0) == (False, "queued", "", None, None)
    assert work(lambda claim: 1 / 0) == (False, "failed", "Given up", None, None)
    PrintBatch.objects.filter(pk=paper.pk).update(state="queued", attempts=0)

    def refused(claim):
        raise LetterRefusedError("Nothing left")

    assert work(refused) == (False, "failed", "Nothing left", None, None)
    PrintBatch.objects.filter(pk=paper.pk).update(state="queued")
    assert work(lambda claim: True)[0] is True
    assert work(lambda claim: True)[0] is False


def test_what_a_dead_worker_left_is_told_again_and_given_up_in_the_end(papers):
    dead, given_up = papers
    over = timezone.now() - timedelta(seconds=1)
    making = {"state": "making", "lease_token": uuid.uuid4(), "lease_until": over}
    PrintBatch.objects.filter(pk=dead.pk).update(**making, attempts=1)
    PrintBatch.objects.filter(pk=given_up.pk).update(**making, attempts=MAX_ATTEMPTS)
    busy = PrintBatch.objects.create(school=dead.school, number=3, printed_by=dead.printed_by)
    taken(busy)
    told = []

    assert requeue_lost(PrintBatch, gave_up="Given up", hurry=told.append) == 1

    given_up.refresh_from_db()
    assert told == [dead.pk]
    assert (given_up.state, given_up.failure, given_up.lease_token, given_up.lease_until) == (
        "failed",
        "Given up",
        None,
        None,
    )
    assert PrintBatch.objects.get(pk=busy.pk).state == "making"


# ------------------------------------------------------------------------------------------------------------ batches


def test_letters_lie_in_one_order_by_postcode_or_last_name_then_name_then_number():
    def letter(pk: int, addressee: str, address: str) -> Letter:
        return LetterFactory.build(pk=pk, addressee=addressee, address=address, school=None)

    some = [
        letter(4, "Mr Al Obi", "1 Elm\nSE5 1AA"),
        letter(3, "ms zoe adams", "1 Elm\nSE5 1AA"),
        letter(2, "Mr Al Obi", "1 Elm\nSE5 1AA"),
        letter(1, "Bo Adams", "9 Oak\nSE9 1AA"),
        letter(5, "", "9 Oak\nSE9 1AA"),
    ]
    assert [each.pk for each in in_order(some, "name")] == [5, 1, 3, 2, 4]
    assert [each.pk for each in in_order(some, "postcode")] == [2, 4, 3, 5, 1]


def test_a_batch_is_put_together_again_from_the_start_with_what_is_left(
    papers, many, office, outsider, slt, django_capture_on_commit_callbacks
):
    other, batch = papers
    void = {"voided_by": office, "voided_at": timezone.now(), "void_reason": "address"}
    letters = [*many(2, Letter.State.PRINTED, batch=batch), *many(1, Letter.State.VOID, batch=batch, **void)]
    many(1, Letter.State.PRINTED, batch=other)
    default_storage.save("batches/old.pdf", ContentFile(b"x"))
    before = {"file": "batches/old.pdf", "sha256": "0" * 64, "failure": "Why", "attempts": 3, "letters_done": 9}
    PrintBatch.objects.filter(pk=batch.pk).update(state="failed", **before)
    for by in (slt, outsider):
        with pytest.raises(PermissionDenied):
            put_together_again(batch=batch, by=by)

    with django_capture_on_commit_callbacks() as callbacks:
        put_together_again(batch=batch, by=office)

    batch.refresh_from_db()
    assert (batch.state, str(batch.file), batch.sha256, batch.failure) == ("queued", "", "", "")
    assert (batch.attempts, batch.letters_done, batch.letters_total) == (0, 0, 2)
    assert set(to_print_of(batch)) == set(letters[:2])
    assert len(callbacks) == 2
    callbacks[0]()
    assert not default_storage.exists("batches/old.pdf")
    PrintBatch.objects.filter(pk=batch.pk).update(state="making")
    with pytest.raises(WrongStateError, match="Batch 2 is already being put together"):
        put_together_again(batch=batch, by=office)
    with django_capture_on_commit_callbacks() as callbacks:
        queue_batch(other)
    assert len(callbacks) == 1


def test_the_file_of_a_batch_goes_two_days_after_all_of_it_was_posted(papers, many):
    printed, posted = papers
    for batch in papers:
        PrintBatch.objects.filter(pk=batch.pk).update(file=f"batches/{batch.number}.pdf", sha256="0" * 64)
        default_storage.save(f"batches/{batch.number}.pdf", ContentFile(b"x"))
    many(1, Letter.State.PRINTED, batch=printed)
    many(2, Letter.State.POSTED, batch=posted)
    PrintBatch.objects.create(school=posted.school, number=3, printed_by=posted.printed_by)
    assert forget_posted_batches() == 0
    Letter.objects.filter(state="posted").update(posted_at=timezone.now() - timedelta(days=2, minutes=1))

    assert forget_posted_batches() == 1

    printed.refresh_from_db()
    posted.refresh_from_db()
    assert (str(printed.file), str(posted.file), posted.sha256) == ("batches/1.pdf", "", "")
    assert not default_storage.exists("batches/2.pdf")


# ------------------------------------------------------------------------------------------------- copies, signatures


def test_a_copy_is_of_one_letter_that_was_printed_and_is_told_with_why(many, office, slt, monkeypatch):
    monkeypatch.setattr(copying, "read_sealed", lambda letter: letter.reference.encode())
    monkeypatch.setattr(copying, "as_copy", lambda pdf, on: pdf + str(on).encode())
    [ready] = many(1, Letter.State.READY)
    _, letter = many(2, Letter.State.PRINTED)

    assert copy_letter(letter=letter, by=office, why="Lost") == f"{letter.reference}{today()}".encode()
    event = LetterEvent.objects.get()
    assert (event.letter, event.kind, event.by, event.facts) == (letter, "copied", office, {"why": "Lost"})
    assert (may_copy(letter, office), may_copy(letter, slt), may_copy(ready, office)) == (True, False, False)
    with pytest.raises(PermissionDenied):
        copy_letter(letter=letter, by=slt, why="Lost")
    letter.withheld_from.add(office)
    for each in (ready, letter):
        with pytest.raises(WrongStateError, match="not been printed yet"):
            copy_letter(letter=each, by=office, why="Lost")
    assert LetterEvent.objects.count() == 1


def test_a_signature_is_its_owners_and_is_put_away_where_a_letter_has_it(draft, slt, head, office):
    theirs = set_signature(by=head, picture=b"theirs")
    first = set_signature(by=slt, picture=b"first")
    letter = draft(signature=first, signatory_name=slt.full_name, signatory_role=slt.job_title)

    second = set_signature(by=slt, picture=b"second")

    first.refresh_from_db()
    assert first.put_away_at
    assert (second.user, second.sha256) == (slt, sha256(b"second").hexdigest())
    assert second.picture == base64.b64encode(b"second").decode()
    assert [signature_of(user) for user in (slt, head, office)] == [second, theirs, None]
    assert (signature_under(letter, by=slt), signature_under(letter, by=head)) == (second, None)
    letter.signatory_role = "Somebody"
    assert signature_under(letter, by=slt) is None
    assert remove_signature(by=slt)
    assert set(Signature.objects.all()) == {theirs, first}
    assert (signature_of(slt), remove_signature(by=slt)) == (None, False)
    with pytest.raises(PermissionDenied):
        set_signature(by=office, picture=b"x")
    for right in ("letters.approve_letter", "letters.approve_mailing"):
        assert may_sign(Mock(has_perm=right.__eq__))
    assert [may_sign(user) for user in (slt, head, office)] == [True, True, False]


# ------------------------------------------------------------------------------------------------------------- drafts


def test_one_draft_is_printed_large_and_its_words_stay_as_they_are_meanwhile(draft, slt, office, outsider):
    other, letter = draft(), draft()
    Letter.objects.filter(pk=letter.pk).update(heading="Meanwhile", version=4)

    assert set_large_print(letter=letter, by=slt, is_large_print=True).is_large_print

    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.is_large_print, letter.heading, letter.version, other.is_large_print) == (
        True,
        "Meanwhile",
        4,
        False,
    )
    for by in (office, outsider):
        for verb in (
            lambda by: set_large_print(letter=letter, by=by, is_large_print=False),
            lambda by: change_draft(letter=letter, by=by, version=4, body="x"),
            lambda by: discard_draft(letter=letter, by=by),
        ):
            with pytest.raises(PermissionDenied):
                verb(by)
    discard_draft(letter=letter, by=slt)
    assert list(Letter.objects.all()) == [other]


def test_as_much_as_is_promised_fits_and_ends_of_lines_are_one_sign(draft, slt):
    check_length("x" * 10_000)
    check_length("x\n" * 300)
    for words in ("x" * 10_001, "x\n" * 301):
        with pytest.raises(UnprintableError):
            check_length(words)
    assert as_lines("a\r\nb\rc\nd") == "a\nb\nc\nd"
    other, letter = draft(), draft()
    change_draft(letter=letter, by=slt, version=1, is_large_print=True, title="A\r\nB")
    letter.refresh_from_db()
    assert (letter.is_large_print, letter.title, letter.version) == (True, "A\nB", 2)
    assert Letter.objects.get(pk=other.pk).version == 1
