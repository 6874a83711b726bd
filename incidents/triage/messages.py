"""What staff write to the reporter of a concern, and that they have read what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incidents.models import Concern, Message
from incidents.notices import leave_message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from dkh_conduct.accounts.models import User
    from incidents.models import Evidence


def ask_reporter(*, concern: Concern, by: User, text: str, key: UUID) -> Message:
    """Leave a message where the reporter checks their concern; by e-mail they hear only that it is there.

    The same key again gives the same message. What the reporter wrote before counts as read.
    """
    with transaction.atomic():
        locked = _locked(concern, by)
        again = locked.messages.from_school().filter(key=key).first()
        if again is not None:
            return again
        locked.messages.from_reporter().mark_read()
        return leave_message(concern=locked, by=by, text=text, key=key)


def read_messages(*, concern: Concern, by: User, up_to: int) -> int:
    """Those that the page showed; one that came meanwhile stays new. Gives how many were not read before."""
    with transaction.atomic():
        return _locked(concern, by).messages.from_reporter().filter(pk__lte=up_to).mark_read()


def thread_of(concern: Concern, *, files: Iterable[Evidence] | None = None) -> dict[str, Any]:
    """For a page: every message with the files that came with it, and up to which there are new ones.

    `files` are those of the concern, where the page has read them.
    """
    thread = list(concern.messages.select_related("author"))
    all_files = list(concern.evidence.good() if files is None else files)
    for message in thread:
        message.with_it = [file for file in all_files if file.message_id == message.pk]  # type: ignore[attr-defined]
    new = [message.pk for message in thread if not message.is_from_school and not message.read_at]
    return {"thread": thread, "new_up_to": max(new, default=0)}


def _locked(concern: Concern, by: User) -> Concern:
    if not by.has_perm("incidents.triage_concern"):
        raise PermissionDenied("Only senior leaders write to a reporter.")
    seen = Concern.objects.visible_to(by).select_for_update(of=("self",)).select_related("school", "reporter")
    found = seen.filter(pk=concern.pk).first()
    if found is None:
        raise PermissionDenied("This concern is not one you can read.")
    return found
