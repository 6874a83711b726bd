"""Taking a letter out of use, whatever became of it on paper: it is kept, marked void, and its code stops counting."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from letters.batches import queue_batch
from letters.models import Hold, Letter, LetterEvent, PrintBatch
from letters.refusals import WrongStateError
from letters.templatetags.sentences import when

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dkh_conduct.school.models import School
    from letters.models import LetterQuerySet, Staff

VOIDABLE = {Letter.State.FAILED, Letter.State.READY, Letter.State.PRINTED, Letter.State.POSTED}

MOVED = "moved"  # the key of a hold


def may_void(letter: Letter, by: Staff) -> bool:
    return letter.state in VOIDABLE and (by.has_perm("letters.print_letter") or by.has_perm("letters.approve_letter"))


@transaction.atomic
def void_letter(*, letter: Letter, by: Staff, reason: str, words: str = "") -> Letter:
    """Raises WrongStateError with who was first. Whoever leads the case reads it in the case's story."""
    if not (by.has_perm("letters.print_letter") or by.has_perm("letters.approve_letter")):
        raise PermissionDenied
    visible = Letter.objects.visible_to(by).filter(pk=letter.pk).values("pk")
    current = Letter.objects.select_for_update().filter(pk__in=visible).first()
    if current is None:
        raise WrongStateError("The letter cannot be found any more.")
    if current.state == Letter.State.VOID and current.voided_by:
        who = current.voided_by.full_name
        raise WrongStateError(f"{current.reference} was already made void by {who} {when(current.voided_at)}.")
    if current.state not in VOIDABLE:
        raise WrongStateError(f"{current.reference} is not made yet. It cannot be made void.")
    _make_void(current, by=by, reason=reason, words=words)
    return current


@transaction.atomic
def withdraw_letters(letters: LetterQuerySet, *, by: Staff, reason: str, words: str) -> list[Letter]:
    """Makes void whichever of these has not left the house yet, also one that is still being made.

    For a verb that has asked already whether `by` may: what the letters say is not so any more.
    """
    held = list(Letter.objects.select_for_update().filter(pk__in=letters.values("pk")).order_by("pk"))
    # Asked once they are held: somebody may have posted one meanwhile.
    waiting = set(Letter.objects.filter(pk__in=[letter.pk for letter in held]).not_gone().values_list("pk", flat=True))
    withdrawn = [letter for letter in held if letter.pk in waiting]
    for letter in withdrawn:
        _make_void(letter, by=by, reason=reason, words=words)
    return withdrawn


def withdraw_from_old_addresses(*, school: School, addresses: Mapping[str, str], by: Staff) -> list[Letter]:
    """Where recipients have moved, by their keys: what has not gone to the old address yet is void, to be issued again.

    The same address written in another way is no move. What has gone by email, or has gone today, is marked: it could
    come back to be posted, and is void or stopped then.
    """
    theirs = Letter.objects.filter(school=school, recipient__in=addresses).only("recipient", "address", "school")
    moved = [letter.pk for letter in theirs.not_gone() if _has_moved(letter, addresses)]
    sent = Q(email__sent_at__isnull=False) | Q(posted_at__gt=timezone.now() - timedelta(days=1))
    for letter in theirs.posted().filter(sent).exclude(pk__in=moved):
        _mark(letter, has_moved=_has_moved(letter, addresses))
    return withdraw_letters(
        Letter.objects.filter(pk__in=moved),
        by=by,
        reason=Letter.VoidReason.ADDRESS,
        words="They moved before the letter had gone.",
    )


def void_if_moved(letter: Letter, *, by: Staff) -> bool:
    """Of a letter, locked, that went by email and is to be posted: its paper says the address that they had then."""
    if not letter.holds.filter(key=MOVED).exists():
        return False
    _make_void(letter, by=by, reason=Letter.VoidReason.ADDRESS, words="They moved after the link to it was emailed.")
    return True


def void_words(withdrawn: Iterable[Letter], *, user: Staff) -> list[str]:
    """For whoever caused it, after what they changed: only of letters that they may know of."""
    known = Letter.objects.visible_to(user).filter(pk__in=[letter.pk for letter in withdrawn]).order_by("pk")
    return [f"letter {letter.reference} to the old address is void, issue it again" for letter in known]


def _has_moved(letter: Letter, addresses: Mapping[str, str]) -> bool:
    return _bare(letter.address) != _bare(addresses[letter.recipient])


def _mark(letter: Letter, *, has_moved: bool) -> None:
    if not has_moved:
        letter.holds.filter(key=MOVED).delete()
        return
    why = "They moved after it had gone, so it says an old address. Make it void, and issue it again."
    Hold.objects.get_or_create(letter=letter, key=MOVED, defaults={"school_id": letter.school_id, "why": why})


def _bare(address: str) -> str:
    return "".join(sign for sign in address.casefold() if sign.isalnum())


def _make_void(letter: Letter, *, by: Staff, reason: str, words: str) -> None:
    """The letter is locked. A worker that is making it finds that it holds no claim any more."""
    was_to_post = letter.state == Letter.State.PRINTED
    letter.state = Letter.State.VOID
    letter.voided_at, letter.voided_by_id = timezone.now(), by.pk
    letter.void_reason, letter.void_words = reason, words
    letter.save()
    LetterEvent.objects.create(
        letter=letter, kind=LetterEvent.Kind.VOIDED, by_id=by.pk, facts={"why": why_void(letter)}
    )
    if was_to_post and letter.batch_id:
        batch = PrintBatch.objects.select_for_update().get(pk=letter.batch_id)
        if batch.letters.exclude(state=Letter.State.VOID).exists():
            queue_batch(batch)


def why_void(letter: Letter) -> str:
    """`The address is wrong. They moved in October.`"""
    return f"{Letter.VoidReason(letter.void_reason).label}.{f' {letter.void_words}' if letter.void_words else ''}"
