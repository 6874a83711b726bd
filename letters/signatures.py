"""One's own signature: kept as a picture, taken away again, and put under the letters that one approves."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from letters.models import Letter, Signature

if TYPE_CHECKING:
    from letters.models import Staff


def may_sign(user: Staff) -> bool:
    return user.has_perm("letters.approve_letter") or user.has_perm("letters.approve_mailing")


def signature_of(user: Staff) -> Signature | None:
    return Signature.objects.current().filter(user=user.pk).first()


@transaction.atomic
def set_signature(*, by: Staff, picture: bytes) -> Signature:
    """In place of the one before. `picture` is a PNG that we have drawn ourselves."""
    if not may_sign(by):
        raise PermissionDenied
    _put_away(by)
    return Signature.objects.create(
        user_id=by.pk, picture=base64.b64encode(picture).decode(), sha256=sha256(picture).hexdigest()
    )


@transaction.atomic
def remove_signature(*, by: Staff) -> bool:
    """From now on there is space to sign by hand; letters that were approved with it keep it."""
    return _put_away(by)


def signature_under(letter: Letter, *, by: Staff) -> Signature | None:
    """What is printed above the name when `by` approves it: only the signatory's own, never somebody else's."""
    is_theirs = (letter.signatory_name, letter.signatory_role) == (by.full_name, by.job_title)
    return signature_of(by) if is_theirs else None


def _put_away(by: Staff) -> bool:
    get_user_model()._default_manager.select_for_update().get(pk=by.pk)  # one after the other
    current = signature_of(by)
    if current is None:
        return False
    if Letter.objects.filter(signature=current).exists():
        current.put_away_at = timezone.now()
        current.save(update_fields=["put_away_at"])
    else:
        current.delete()
    return True
