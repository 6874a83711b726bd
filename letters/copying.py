"""A copy of a letter that was printed before: the sealed pages, marked, and written down with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.school.models import today
from letters.models import Letter, LetterEvent
from letters.refusals import WrongStateError
from letters.sealed import read_sealed
from letters.sheets import as_copy

if TYPE_CHECKING:
    from letters.models import Staff

COPIED = {Letter.State.PRINTED, Letter.State.POSTED, Letter.State.VOID}


def may_copy(letter: Letter, by: Staff) -> bool:
    return letter.state in COPIED and letter.is_sealed and by.has_perm("letters.print_letter")


@transaction.atomic
def copy_letter(*, letter: Letter, by: Staff, why: str) -> bytes:
    """The PDF. Raises WrongStateError where no original was printed, SealBrokenError where the file is not sealed."""
    if not by.has_perm("letters.print_letter"):
        raise PermissionDenied
    current = Letter.objects.visible_to(by).filter(pk=letter.pk).first()
    if current is None or current.state not in COPIED or not current.is_sealed:
        raise WrongStateError("It has not been printed yet. Print the letter itself, from the print room.")
    pdf = as_copy(read_sealed(current), on=today())
    LetterEvent.objects.create(letter=current, kind=LetterEvent.Kind.COPIED, by_id=by.pk, facts={"why": why})
    return pdf
