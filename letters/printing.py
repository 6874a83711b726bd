"""Printing letters as one batch: each letter is printed as an original once, whoever clicks and however often."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from dkh_conduct.school.models import School
from letters.holding import check_not_held
from letters.models import Letter, LetterEvent, PrintBatch
from letters.queue import hurry_batch
from letters.refusals import AlreadyPrintedError, WrongStateError
from letters.sealed import read_sealed
from letters.templatetags.sentences import when

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from letters.models import Staff


MOST_AT_ONCE = 2_000


def print_letters(
    *,
    letters: Iterable[Letter],
    by: Staff,
    order: str = PrintBatch.Order.NAME,
    sheets: str = PrintBatch.Sheets.NONE,
) -> PrintBatch:
    """A new batch of them all, or none of them and the sentence why. A worker then makes one PDF of it.

    Raises AlreadyPrintedError when all of them are already together in one batch, WrongStateError when some have
    moved on, SealBrokenError when a file is not what was sealed.
    """
    with transaction.atomic():
        chosen = locked(letters, by=by)
        not_ready = [letter for letter in chosen if letter.state != Letter.State.READY]
        if not_ready:
            raise _why_not(chosen, not_ready)
        check_not_held(chosen)
        if len(chosen) > MOST_AT_ONCE:
            raise WrongStateError(f"Print {MOST_AT_ONCE:,} letters at once or fewer. {len(chosen):,} are chosen.")
        for letter in chosen:
            read_sealed(letter)
        now = timezone.now()
        batch = PrintBatch.objects.create(
            school_id=by.school_id,
            number=_next_number(by.school_id),
            printed_by_id=by.pk,
            printed_at=now,
            order=order,
            sheets=sheets,
            letters_total=len(chosen),
        )
        for letter in chosen:
            letter.state, letter.batch, letter.printed_at = Letter.State.PRINTED, batch, now
        bulk_update_with_history(chosen, Letter, ["state", "batch", "printed_at"])
        LetterEvent.objects.bulk_create(
            LetterEvent(
                letter=letter, kind=LetterEvent.Kind.PRINTED, by_id=by.pk, at=now, facts={"batch": batch.number}
            )
            for letter in chosen
        )
        transaction.on_commit(partial(hurry_batch, batch.pk), robust=True)
    return batch


def locked(letters: Iterable[Letter], *, by: Staff) -> list[Letter]:
    """The letters as they are now, locked in one order so that two people never wait for each other."""
    if not by.has_perm("letters.print_letter"):
        raise PermissionDenied
    keys = {letter.pk for letter in letters}
    visible = Letter.objects.visible_to(by).filter(pk__in=keys).values("pk")
    rows = list(Letter.objects.select_for_update().filter(pk__in=visible).order_by("pk"))
    if not rows or len(rows) != len(keys):
        raise WrongStateError("One of the letters cannot be found any more. Choose the letters again.")
    return rows


def _next_number(school_id: int) -> int:
    school = School.objects.select_for_update().get(pk=school_id)
    school.last_batch_number += 1
    # A counter is not a fact about the school: it leaves no line in the school's own history.
    School.objects.filter(pk=school_id).update(last_batch_number=school.last_batch_number)
    return school.last_batch_number


def _why_not(chosen: Sequence[Letter], not_ready: Sequence[Letter]) -> WrongStateError:
    first = not_ready[0]
    others = f", and {len(not_ready) - 1} more," if len(not_ready) > 1 else ""
    if first.batch is None:
        return WrongStateError(f"{first.reference}{others} cannot be printed yet. Nothing was printed.")
    printed = f"printed by {first.batch.printed_by.full_name} {when(first.printed_at)}, in batch {first.batch.number}"
    if {letter.batch_id for letter in chosen} == {first.batch_id}:
        return AlreadyPrintedError(f"These letters were already {printed}.", first.batch)
    return WrongStateError(f"{first.reference}{others} was already {printed}. Nothing was printed: choose again.")
