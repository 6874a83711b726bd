"""A letter of a mailing that did not get there: to where they live now, or to somebody else of the same household."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from letters.holding import with_reasons
from letters.models import Letter, Mailing, MailingRecipient
from letters.refusals import WrongStateError
from letters.reissuing import reissue_letter
from letters.voiding import why_void, withdraw_letters

if TYPE_CHECKING:
    from letters.mailings import Addressee
    from letters.models import Staff

WENT_OUT = (Mailing.State.APPROVED, Mailing.State.DONE)


def missed_by(mailing: Mailing) -> list[tuple[MailingRecipient, str]]:
    """Every household whose letter is void or stopped, and why."""
    rows = mailing.recipients.select_related("letter").order_by("number")
    void = [(row, why_void(row.letter)) for row in rows.filter(letter__state=Letter.State.VOID) if row.letter]
    stopped = {row.letter: row for row in rows.filter(letter__in=Letter.objects.held()) if row.letter}
    held = [(stopped[letter], " ".join(why)) for letter, why in with_reasons(stopped)]
    return sorted([*void, *held], key=lambda each: each[0].number)


@transaction.atomic
def write_again(*, mailing: Mailing, by: Staff, number: int, to: Addressee) -> Letter:
    """The letter of household `number` once more: `to` is where they live now, or somebody else who lives there.

    A stopped letter becomes void, so that a household still gets one. Raises a LetterRefusedError.
    """
    if by.school_id != mailing.school_id or not by.has_perm("letters.approve_mailing"):
        raise PermissionDenied
    held = Mailing.objects.select_related("letter").select_for_update(of=("self",)).get(pk=mailing.pk)
    row = MailingRecipient.objects.select_related("letter").filter(mailing=held, number=number).first()
    if held.state not in WENT_OUT or row is None or row.letter is None:
        raise WrongStateError("This letter is not written yet.")
    if held.recipients.exclude(pk=row.pk).filter(recipient=to.recipient).exists():
        raise WrongStateError(f"{to.addressee} gets a letter of their own already.")
    if row.letter.void_reason == Letter.VoidReason.ADDRESS and to.address == row.letter.address:
        raise WrongStateError(f"The address of {to.addressee} was wrong, and is still the same. Correct it first.")
    if to.recipient != row.recipient:
        _withdraw(row.letter, by=by, to=to)
    new = reissue_letter(
        letter=row.letter,
        by=by,
        reference=_next_reference(held, row),
        addressee=to.addressee,
        salutation=to.salutation,
        address=to.address,
        reply_by=None,
        recipient=to.recipient,
    )
    row.recipient, row.addressee, row.salutation, row.address = to.recipient, to.addressee, to.salutation, to.address
    row.letter = new
    row.save()
    return new


def _withdraw(letter: Letter, *, by: Staff, to: Addressee) -> None:
    """What is stopped, so that it does not follow once nothing stops it. What has gone is not written again."""
    stopped = Letter.objects.filter(pk=letter.pk).held()
    withdraw_letters(
        stopped, by=by, reason=Letter.VoidReason.OTHER, words=f"{to.addressee} of the same household gets it instead."
    )


def _next_reference(mailing: Mailing, row: MailingRecipient) -> str:
    """`DKH-M1-7-2`: the second of household 7."""
    first = f"{mailing.letter.reference}-{row.number}"
    earlier = Letter.objects.filter(school=mailing.school_id, reference__startswith=f"{first}-").count()
    return f"{first}-{earlier + 2}"
