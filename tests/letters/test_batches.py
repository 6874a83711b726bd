"""A batch becomes one print-ready PDF: order, padding, sheets, progress, and a worker that may die at any moment."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from letters import batches
from letters.batches import (
    forget_posted_batches,
    in_order,
    make_batch,
    merged,
    put_together_again,
    requeue_lost_batches,
)
from letters.claims import store, take
from letters.holding import hold_recipient
from letters.models import Letter, PrintBatch
from letters.posting import mark_posted
from letters.printing import print_letters
from letters.queue import MAX_ATTEMPTS
from letters.refusals import WrongStateError
from letters.sealed import read_paper
from tests.letters.reading import page_texts

pytestmark = pytest.mark.django_db


def as_bytes(pdf):
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.fixture
def batch(sealed, office):
    letters = [sealed(addressee="Ms Zoe Adams", address="1 Elm Road\nLondon\nSE5 8AA"),
               sealed(addressee="Mr Ben Brown", address="2 Elm Road\nLondon\nSE15 4QY")]  # fmt: skip
    return print_letters(letters=letters, by=office)


def test_each_letter_starts_on_a_sheet_of_its_own(sealed):
    short = sealed()
    long = sealed(body="A line of the letter.\n\n" * 30)
    longer = sealed(body="A line of the letter.\n\n" * 60)
    assert [short.pages, long.pages, longer.pages] == [1, 2, 3]

    with merged([short, long, longer, short], title="Batch 1", sheets="none") as pdf:
        assert {tuple(round(float(n)) for n in page.mediabox) for page in pdf.pages} == {(0, 0, 595, 842)}
        assert str(pdf.docinfo["/Title"]) == "Batch 1"
        first_lines = [text.strip()[:22] for text in page_texts(as_bytes(pdf))]

    assert [bool(text) for text in first_lines] == [True, False, True, True, True, True, True, False, True, False]


def test_a_sheet_goes_before_each_letter_with_its_reference_or_address(sealed):
    letter = sealed(addressee="عائشة Okafor", enclosures="Policy")

    with merged([letter, letter], title="B", sheets="address") as pdf:
        texts = page_texts(as_bytes(pdf))
    with merged([letter], title="B", sheets="reference") as pdf:
        without = page_texts(as_bytes(pdf))

    assert len(texts) == 8
    assert letter.reference in texts[0]
    assert "SE22 8EQ" in texts[0]
    assert "Enclose: Policy" in texts[0]
    assert "Page" not in texts[0]
    assert not texts[1].strip()
    assert "Dear Mr Marsh" in texts[2]
    assert letter.reference in texts[4]
    assert "SE22 8EQ" not in without[0]


def test_the_order_is_by_last_name_or_by_postcode(batch):
    letters = list(batch.letters.all())

    assert [letter.addressee for letter in in_order(letters, "name")] == ["Ms Zoe Adams", "Mr Ben Brown"]
    assert [letter.postcode for letter in in_order(letters, "postcode")] == ["SE15 4QY", "SE5 8AA"]


def test_a_worker_makes_it_once_and_what_is_stored_is_what_was_made(batch):
    assert make_batch(batch.pk)
    assert not make_batch(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.letters_done, batch.letters_total, batch.pages) == ("ready", 2, 2, 4)
    pdf = read_paper(batch)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) == 4
    assert page_texts(pdf)[0].count("Ms Zoe Adams") == 1


def test_a_changed_file_is_never_printed(batch, caplog):
    make_batch(batch.pk)
    batch.refresh_from_db()
    with default_storage.open(batch.file.name, "wb") as stored:
        stored.write(b"%PDF-1.7 something else")

    assert read_paper(batch) is None
    assert "is not what was put together" in caplog.text


def test_a_dead_workers_batch_is_made_by_the_next_and_its_file_is_gone(batch):
    claim = take(PrintBatch, batch.pk, folder=batches.FOLDER)
    left = default_storage.save(claim.file_name, BytesIO(b"half"))
    assert not make_batch(batch.pk)

    PrintBatch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert requeue_lost_batches() == 1  # in tests a queued task runs at once

    batch.refresh_from_db()
    assert batch.state == PrintBatch.State.READY
    assert not default_storage.exists(left)
    with pytest.raises(Exception, match="Another worker"):
        batches._tell(claim, 1)


def test_after_three_tries_it_says_so_and_somebody_may_try_again(batch, monkeypatch, office):
    monkeypatch.setattr(batches, "merged", lambda *_, **__: 1 / 0)
    for _ in range(MAX_ATTEMPTS):
        assert not make_batch(batch.pk)

    batch.refresh_from_db()
    assert batch.state == PrintBatch.State.FAILED
    assert "No letter is lost" in batch.failure

    monkeypatch.undo()
    put_together_again(batch=batch, by=office)
    with pytest.raises(WrongStateError, match="already being put together"):
        put_together_again(batch=batch, by=office)
    assert make_batch(batch.pk)


def test_while_a_big_batch_is_made_the_page_says_how_far_it_is(batch, monkeypatch, office, signed_in):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    PrintBatch.objects.filter(pk=batch.pk).update(state="making", letters_done=1)
    browser = signed_in(office)

    page = browser.get(reverse("print-batch", args=[batch.number]))

    assert "1 of 2 letters" in page.content.decode()
    assert page["Refresh"] == "2"
    PrintBatch.objects.filter(pk=batch.pk).update(state="queued")
    make_batch(batch.pk)
    done = browser.get(reverse("print-batch", args=[batch.number]))
    assert done["Content-Type"] == "application/pdf"


def test_the_page_counts_only_letters_that_its_reader_may_know_of(batch, monkeypatch, office, signed_in):
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    PrintBatch.objects.filter(pk=batch.pk).update(state="making", letters_done=2)
    Letter.objects.get(addressee="Ms Zoe Adams").withheld_from.add(office)

    page = signed_in(office).get(reverse("print-batch", args=[batch.number])).content.decode()

    assert "1 of 1 letter</strong>" in page


@pytest.mark.parametrize("why", ["posted", "kept"])
def test_a_part_of_a_made_batch_is_put_together_at_once_and_holds_nothing_else(
    batch, monkeypatch, office, signed_in, why
):
    """Others are posted, or one is kept from whoever opens it: the PDF that a worker made is not theirs as it is."""
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    make_batch(batch.pk)
    gone = Letter.objects.get(addressee="Ms Zoe Adams")
    if why == "posted":
        mark_posted(letters=[gone], posted_on=timezone.localdate(), by=office)
    else:
        gone.withheld_from.add(office)

    answer = signed_in(office).get(reverse("print-batch", args=[batch.number]))

    assert answer["Content-Type"] == "application/pdf"
    said = " ".join(page_texts(answer.content))
    assert "Ben Brown" in said
    assert "Zoe Adams" not in said


def test_a_batch_that_failed_can_be_tried_again_from_its_page(batch, monkeypatch, office, signed_in):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    PrintBatch.objects.filter(pk=batch.pk).update(state="failed", failure="It could not be done.")
    browser = signed_in(office)

    page = browser.get(reverse("print-batch", args=[batch.number]))
    assert "It could not be done." in page.content.decode()
    assert "Refresh" not in page

    browser.post(reverse("batch-retry", args=[batch.number]))

    batch.refresh_from_db()
    assert batch.state == PrintBatch.State.QUEUED


def test_its_file_goes_when_all_is_posted_and_nobody_can_undo_it(batch, office):
    make_batch(batch.pk)
    batch.refresh_from_db()
    name = batch.file.name
    assert forget_posted_batches() == 0
    mark_posted(letters=batch.letters.all(), posted_on=timezone.localdate(), by=office)
    assert forget_posted_batches() == 0
    Letter.objects.update(posted_at=timezone.now() - timedelta(days=3))

    assert forget_posted_batches() == 1

    batch.refresh_from_db()
    assert not batch.file
    assert not default_storage.exists(name)


def test_a_batch_of_which_all_is_void_says_so(many, office):
    batch = PrintBatch.objects.create(school=office.school, number=1, printed_by=office)
    void = {"voided_by": office, "voided_at": timezone.now(), "void_reason": "address"}
    many(1, Letter.State.VOID, batch=batch, **void)

    assert not make_batch(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (PrintBatch.State.FAILED, "Batch 1 has no letters left to print.")


def test_a_worker_tells_how_far_it_is_every_few_letters(batch, monkeypatch):
    monkeypatch.setattr(batches, "TELL_EVERY", 1)
    told = []

    with merged(list(batch.letters.all()), title="Batch", sheets="none", tell=told.append):
        assert told == [1, 2]


@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_that_comes_late_or_cannot_say_what_it_stored_leaves_no_file(office, fails):
    batch = PrintBatch.objects.create(school=office.school, number=1, printed_by=office)
    claim = take(PrintBatch, batch.pk, folder=batches.FOLDER)
    if fails:
        with pytest.raises(ZeroDivisionError):
            store(claim, b"%PDF", pages=1, also=lambda: 1 / 0)
    else:
        PrintBatch.objects.update(lease_token=uuid.uuid4())
        assert not store(claim, b"%PDF", pages=1)

    assert not default_storage.exists(claim.file_name)
    assert PrintBatch.objects.get().state == PrintBatch.State.MAKING


def test_a_printed_batch_of_which_all_is_stopped_is_not_put_together_again(many, office, slt):
    batch = PrintBatch.objects.create(school=office.school, number=1, printed_by=office, state="failed")
    many(1, Letter.State.PRINTED, batch=batch, recipient="person-1")

    stopped = hold_recipient(school=office.school, recipient="person-1", key="x", why="x", is_absolute=True, by=slt)

    assert len(stopped) == 1
    assert PrintBatch.objects.get().state == PrintBatch.State.FAILED
