"""Writing, changing and discarding a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.school.models import today
from letters.models import Letter
from letters.refusals import StaleDraftError, UnprintableError, WrongStateError
from letters.text import MAX_CHARACTERS, MAX_LINES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dkh_conduct.school.models import School
    from letters.kinds import Composed
    from letters.models import Staff


class DraftChanges(TypedDict, total=False):
    """What may still change in a draft; its reference and its kind may not."""

    title: str
    heading: str
    addressee: str
    salutation: str
    address: str
    body: str
    reply_by: date | None
    signatory_name: str
    signatory_role: str
    enclosures: str
    copies_to: str
    email_to: str
    language: str
    delivery: str
    is_large_print: bool


def draft_letter(
    *,
    school: School,
    by: Staff,
    reference: str,
    kind: str,
    composed: Composed,
    addressee: str,
    salutation: str,
    address: str,
    reply_by: date | None,
    signatory_name: str,
    signatory_role: str,
    delivery: str = "post",
    is_large_print: bool = False,
    withheld_from: Iterable[Staff] = (),
    recipient: str = "",
    copies_to: str = "",
) -> Letter:
    """A new draft of today. `withheld_from` are the staff who may never find it: they have a conflict of interest.

    `recipient` is the key under which letters to the same person are found, and stopped.
    """
    _may_draft(by, school_id=school.pk)
    body = as_lines(composed.body).strip()
    check_length(body)
    with transaction.atomic():
        letter = Letter.objects.create(
            school=school,
            reference=reference,
            kind=kind,
            template_version=composed.template_version,
            title=composed.title,
            heading=composed.heading,
            addressee=addressee,
            salutation=salutation,
            address=as_lines(address),
            body=body,
            written_on=today(),
            reply_by=reply_by,
            signatory_name=signatory_name,
            signatory_role=signatory_role,
            enclosures=composed.enclosures,
            delivery=delivery,
            is_large_print=is_large_print,
            drafted_by_id=by.pk,
            recipient=recipient,
            copies_to=copies_to,
        )
        letter.withheld_from.set([person.pk for person in withheld_from])
    return letter


def change_draft(*, letter: Letter, by: Staff, version: int, **changes: Unpack[DraftChanges]) -> Letter:
    """Saves what was typed, if nobody saved since `version`; else raises StaleDraftError with the newer letter."""
    _may_draft(by, school_id=letter.school_id)
    with transaction.atomic():
        current = _locked_draft(letter)
        if current.version != version:
            raise StaleDraftError(current)
        check_length(as_lines(changes.get("body", current.body)))
        for name, value in changes.items():
            setattr(current, name, as_lines(value) if isinstance(value, str) else value)
        current.version += 1
        current.save()
    return current


@transaction.atomic
def set_large_print(*, letter: Letter, by: Staff, is_large_print: bool) -> Letter:
    """How big a draft is printed. No word changes, so whoever is writing it may go on."""
    _may_draft(by, school_id=letter.school_id)
    current = _locked_draft(letter)
    current.is_large_print = is_large_print
    current.save(update_fields=["is_large_print"])
    return current


def discard_draft(*, letter: Letter, by: Staff) -> None:
    """Deletes a draft. What it said stays in the field-by-field history; an approved letter is never deleted."""
    _may_draft(by, school_id=letter.school_id)
    with transaction.atomic():
        _locked_draft(letter).delete()


def check_length(body: str) -> None:
    """A letter is a few pages: longer text would also keep the worker from other people's letters."""
    if len(body) > MAX_CHARACTERS:
        raise UnprintableError(
            f"The letter is {len(body):,} characters long. Shorten it to {MAX_CHARACTERS:,} or fewer."
        )
    if (lines := len(body.splitlines())) > MAX_LINES:
        raise UnprintableError(f"The letter has {lines:,} lines. Shorten it to {MAX_LINES} or fewer.")


def as_lines(text: str) -> str:
    """A browser ends each line of a text box with two characters; one is kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _may_draft(by: Staff, *, school_id: int) -> None:
    if by.school_id != school_id or not by.has_perm("letters.draft_letter"):
        raise PermissionDenied


def _locked_draft(letter: Letter) -> Letter:
    current = Letter.objects.select_for_update().filter(pk=letter.pk).first()
    if current is None:
        raise WrongStateError("Somebody else has discarded this draft.")
    if current.state != Letter.State.DRAFT:
        who = current.approved_by.full_name if current.approved_by else "Somebody"
        raise WrongStateError(f"{who} has approved this letter. It cannot be changed any more.")
    return current
