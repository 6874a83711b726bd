"""One print-ready PDF of a whole batch, put together by a worker: order, double-sided padding, sheets between.

The rules of the claim are in `claims.py`. The lease is renewed as the work goes on, so a big batch is not begun twice.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from letters.claims import Claim, requeue_lost, store, tell, work_on
from letters.models import Letter, PrintBatch
from letters.queue import MAX_ATTEMPTS, hurry_batch
from letters.refusals import LetterRefusedError, WrongStateError
from letters.sealed import A4, read_paper, read_sealed
from letters.sheets import SHEETS_AT_ONCE, sheets_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from letters.models import LetterQuerySet, Staff

logger = logging.getLogger(__name__)

GAVE_UP = (
    f"The PDF could not be put together in {MAX_ATTEMPTS} tries. Print fewer letters at once, or tell the person who "
    "looks after the portal. No letter is lost."
)
FOLDER = "batches"
TELL_EVERY = 20
AT_ONCE = 25
KEPT_AFTER_POSTING = timedelta(days=2)


def make_batch(pk: int) -> bool:
    """Puts the batch together if it is waiting for that. Safe to call any number of times, from anywhere."""
    return work_on(PrintBatch, pk, folder=FOLDER, gave_up=GAVE_UP, make=_make, letters_done=0)


def in_order(letters: Iterable[Letter], order: str) -> list[Letter]:
    """By postcode for the postman, by last name for the pigeonholes; the same letters always in the same order."""
    if order == PrintBatch.Order.POSTCODE:
        return sorted(letters, key=lambda letter: (letter.postcode, letter.addressee.casefold(), letter.pk))
    return sorted(letters, key=lambda letter: (_last_name(letter), letter.addressee.casefold(), letter.pk))


def merged(letters: Sequence[Letter], *, title: str, sheets: str, tell: Callable[[int], None] = lambda _: None) -> Any:
    """The sealed letters one after the other as an open PDF, each on a sheet of its own when printed on both sides."""
    import pikepdf

    out = pikepdf.new()
    for start in range(0, len(letters), SHEETS_AT_ONCE):
        some = letters[start : start + SHEETS_AT_ONCE]
        between = pikepdf.open(BytesIO(sheets_pdf(some, sheets))) if sheets != PrintBatch.Sheets.NONE else None
        for number, letter in enumerate(some):
            if between:
                out.pages.append(between.pages[number])
                out.add_blank_page(page_size=A4)
            with pikepdf.open(BytesIO(read_sealed(letter))) as sealed:
                out.pages.extend(sealed.pages)
            if len(out.pages) % 2:
                out.add_blank_page(page_size=A4)
            if (start + number + 1) % TELL_EVERY == 0:
                tell(start + number + 1)
        if between:
            between.close()
    out.docinfo["/Title"] = title
    return out


def _make(claim: Claim[PrintBatch]) -> bool:
    batch = claim.paper
    letters = in_order(to_print_of(batch), batch.order)
    if not letters:
        raise LetterRefusedError(f"Batch {batch.number} has no letters left to print.")
    with merged(letters, title=f"Batch {batch.number}", sheets=batch.sheets, tell=partial(_tell, claim)) as pdf:
        pages = len(pdf.pages)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    done = len(letters)
    return store(claim, out.getvalue(), pages=pages, letters_done=done, letters_total=done)


def batch_pdf(batch: PrintBatch, letters: Sequence[Letter]) -> bytes | None:
    """The PDF of `letters`, all or some of the batch's; None while a worker still has to make it.

    A few letters are put together at once. So is, once the batch is made, whatever part of it is asked for: what is
    left when others are posted, or what is not kept from whoever asks. No worker makes that, so nobody waits for one.
    """
    if len(letters) == batch.letters_total and (stored := read_paper(batch)):
        return stored
    if len(letters) > AT_ONCE and batch.state != PrintBatch.State.READY:
        return None
    with merged(in_order(letters, batch.order), title=f"Batch {batch.number}", sheets=batch.sheets) as pdf:
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


@transaction.atomic
def put_together_again(*, batch: PrintBatch, by: Staff) -> None:
    """Raises WrongStateError where it is being put together already."""
    if by.school_id != batch.school_id or not by.has_perm("letters.print_letter"):
        raise PermissionDenied
    current = PrintBatch.objects.select_for_update().get(pk=batch.pk)
    if current.state in {PrintBatch.State.QUEUED, PrintBatch.State.MAKING}:
        raise WrongStateError(f"Batch {current.number} is already being put together.")
    queue_batch(current)


def queue_batch(batch: PrintBatch) -> None:
    """Again from the start, because letters in it have changed or it could not be put together."""
    if batch.file:
        transaction.on_commit(partial(default_storage.delete, str(batch.file.name)), robust=True)
    batch.state, batch.file, batch.sha256, batch.failure = PrintBatch.State.QUEUED, "", "", ""
    batch.attempts = batch.letters_done = 0
    batch.letters_total = to_print_of(batch).count()
    batch.save()
    transaction.on_commit(partial(hurry_batch, batch.pk), robust=True)


def requeue_lost_batches() -> int:
    return requeue_lost(PrintBatch, gave_up=GAVE_UP, hurry=hurry_batch)


def forget_posted_batches() -> int:
    """A batch's file holds many families' letters. It goes when all were posted, once nobody can undo that any more."""
    done = PrintBatch.objects.exclude(file="").exclude(letters__state=Letter.State.PRINTED)
    done = done.exclude(letters__posted_at__gt=timezone.now() - KEPT_AFTER_POSTING)
    batches = list(done)
    for batch in batches:
        default_storage.delete(str(batch.file.name))
        PrintBatch.objects.filter(pk=batch.pk).update(file="", sha256="")
    return len(batches)


def to_print_of(batch: PrintBatch) -> LetterQuerySet:
    """Neither void, nor stopped since it was printed."""
    printed = Letter.objects.filter(batch=batch)
    return printed.exclude(state=Letter.State.VOID).exclude(pk__in=printed.held().values("pk"))


def _tell(claim: Claim[PrintBatch], done: int) -> None:
    tell(claim, letters_done=done)


def _last_name(letter: Letter) -> str:
    return letter.addressee.casefold().split()[-1] if letter.addressee.split() else ""
