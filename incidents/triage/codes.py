"""A new access code, given at the office to somebody whose identity was checked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incidents.models import Concern, Event
from incidents.models.event import record
from incidents.models.reference import access_code_from, new_access_code

if TYPE_CHECKING:
    from uuid import UUID

    from dkh_conduct.accounts.models import User

CLICKED_TWICE_WITHIN = timedelta(seconds=60)


def reissue_access_code(*, concern: Concern, by: User, how_checked: str, key: UUID | None = None) -> str:
    """Give the concern a new code, which ends the old one, and record who checked the reporter's identity and how.

    With the key of a form, the same form sent twice within a moment gives the same code.
    """
    code = access_code_from(f"{key} {concern.pk} {by.pk}") if key else new_access_code()
    code_hash = make_password(code)  # slow on purpose, so before the lock
    with transaction.atomic():
        found = Concern.objects.visible_to(by).select_for_update(of=("self",)).select_related("school")
        locked = found.filter(pk=concern.pk).first()
        if locked is None:
            raise PermissionDenied("This concern is not one you can read.")
        just_now = timezone.now() - CLICKED_TWICE_WITHIN
        last = locked.events.filter(kind=Event.Kind.CODE_REISSUED, by=by, at__gte=just_now)
        if key and last.exists() and check_password(code, locked.access_code_hash):
            return code
        locked.access_code_hash = code_hash
        locked.save(update_fields=["access_code_hash"])
        summary = f"How we checked who they are: {how_checked}"
        record(Event.Kind.CODE_REISSUED, school=locked.school, by=by, concern=locked, summary=summary)
    return code
