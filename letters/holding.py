"""What stops a letter, or all to one recipient, looked at when one is approved, printed or posted; and the way past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from letters.batches import queue_batch, to_print_of
from letters.models import Hold, Letter, LetterEvent, PrintBatch
from letters.refusals import HeldError, WrongStateError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dkh_conduct.school.models import School
    from letters.models import LetterQuerySet, Staff

WHY = 300  # characters kept


@transaction.atomic
def hold_recipient(*, school: School, recipient: str, key: str, why: str, is_absolute: bool, by: Staff) -> list[Letter]:
    """From now on nothing to them leaves the house, whatever was approved or printed. Returns what it stopped."""
    Hold.objects.update_or_create(
        school=school, recipient=recipient, key=key, defaults={"why": why[:WHY], "is_absolute": is_absolute}
    )
    stopped = list(Letter.objects.filter(school=school, recipient=recipient).held().select_for_update())
    _tell(stopped, LetterEvent.Kind.HELD, by=by, why=why)
    _print_again(stopped)
    return stopped


@transaction.atomic
def release_recipient(*, school: School, recipient: str, key: str, why: str, by: Staff) -> list[Letter]:
    """One reason less. Returns the letters that nothing stops any more."""
    held = Letter.objects.filter(school=school, recipient=recipient).held().select_for_update()
    before = {letter.pk: letter for letter in held}
    Hold.objects.filter(school=school, recipient=recipient, key=key).delete()
    still = set(Letter.objects.filter(pk__in=before).held().values_list("pk", flat=True))
    free = [letter for pk, letter in before.items() if pk not in still]
    _tell(free, LetterEvent.Kind.RELEASED, by=by, why=why)
    _print_again(free)
    return free


@transaction.atomic
def hold_letters(letters: LetterQuerySet, *, key: str, why: str, by: Staff) -> list[Letter]:
    """Whichever of these has not left the house yet stays there until it is released, whoever it is to.

    For a verb that has asked already whether `by` may. Returns what it stopped.
    """
    rows = Letter.objects.select_for_update().filter(pk__in=letters.values("pk")).order_by("pk")
    locked = [letter.pk for letter in rows]
    # Asked once they are held: somebody may have posted one meanwhile.
    stopped = list(Letter.objects.filter(pk__in=locked).not_gone().order_by("pk"))
    for letter in stopped:
        Hold.objects.get_or_create(letter=letter, key=key, defaults={"school_id": letter.school_id, "why": why[:WHY]})
    _tell(stopped, LetterEvent.Kind.HELD, by=by, why=why)
    _print_again(stopped)
    return stopped


@transaction.atomic
def release_letters(*, school: School, key: str, why: str, by: Staff) -> list[Letter]:
    """The reason is gone. Returns the letters that nothing stops any more."""
    holds = Hold.objects.filter(school=school, letter__isnull=False, key=key)
    before = list(Letter.objects.filter(pk__in=holds.values("letter")).order_by("pk").select_for_update())
    holds.delete()
    waiting = Letter.objects.filter(pk__in=[letter.pk for letter in before]).not_gone()
    free = list(waiting.exclude(pk__in=waiting.held().values("pk")).order_by("pk"))
    _tell(free, LetterEvent.Kind.RELEASED, by=by, why=why)
    _print_again(free)
    return free


@transaction.atomic
def let_go(*, letter: Letter, by: Staff, why: str) -> Letter:
    """This one letter may go in spite of what stops it, unless that is absolute. Raises HeldError where it is."""
    if not by.has_perm("letters.approve_letter"):
        raise PermissionDenied
    current = Letter.objects.select_for_update().get(pk=letter.pk)
    if current.state in {Letter.State.POSTED, Letter.State.VOID}:
        raise WrongStateError(f"{current.reference} is marked “{current.get_state_display()}”. It cannot be let go.")
    absolute = [hold.why for hold in holds_on(current) if hold.is_absolute]
    if absolute:
        raise HeldError(current, absolute)
    current.in_spite_at, current.in_spite_why = timezone.now(), why[:WHY]
    current.save(update_fields=["in_spite_at", "in_spite_why"])
    _tell([current], LetterEvent.Kind.LET_GO, by=by, why=why)
    _print_again([current])
    return current


def holds_on(letter: Letter) -> list[Hold]:
    """What stops it, the oldest first. What is older than the leave to let it go does not, unless it is absolute."""
    to_them = Q(letter=None, school=letter.school_id, recipient=letter.recipient)
    return [
        hold
        for hold in Hold.objects.filter(to_them | Q(letter=letter.pk))
        if hold.is_absolute or letter.in_spite_at is None or hold.since > letter.in_spite_at
    ]


def check_not_held(letters: Iterable[Letter]) -> None:
    """Raises HeldError for the first of them that something stops."""
    keys = [letter.pk for letter in letters]
    first = Letter.objects.filter(pk__in=keys).held().order_by("pk").first()
    if first is not None:
        raise HeldError(first, [hold.why for hold in holds_on(first)])


def with_reasons(letters: Iterable[Letter]) -> list[tuple[Letter, list[str]]]:
    """For a list: each with the sentences why it is stopped, in one more query."""
    rows = list(letters)
    to_them = Q(letter=None, school__in={row.school_id for row in rows}, recipient__in={row.recipient for row in rows})
    holds = list(Hold.objects.filter(to_them | Q(letter__in=[row.pk for row in rows])))
    return [(row, [hold.why for hold in holds if _is_about(hold, row)]) for row in rows]


def _is_about(hold: Hold, letter: Letter) -> bool:
    if hold.letter_id:
        return hold.letter_id == letter.pk
    return (hold.school_id, hold.recipient) == (letter.school_id, letter.recipient)


def _tell(letters: Iterable[Letter], kind: LetterEvent.Kind, *, by: Staff, why: str) -> None:
    LetterEvent.objects.bulk_create(
        LetterEvent(letter=letter, kind=kind, by_id=by.pk, facts={"why": why}) for letter in letters
    )


def _print_again(letters: Iterable[Letter]) -> None:
    """A batch that is not posted yet is put together again, without what is stopped and with what is not."""
    keys = {letter.batch_id for letter in letters if letter.state == Letter.State.PRINTED and letter.batch_id}
    for batch in PrintBatch.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        if to_print_of(batch).exists():
            queue_batch(batch)
