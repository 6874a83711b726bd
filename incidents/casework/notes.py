"""What staff write down about a case: fact, observation or opinion, never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.models import Event, Note
from incidents.models.event import record

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case


@transaction.atomic
def add_note(*, case: Case, by: User, kind: str, text: str) -> Note:
    case = lock_case(case, by=by)
    same = case.notes.filter(written_by=by, kind=kind, text=text).first()
    if same:
        _, when = who_and_when(by, same.written_at)
        raise Refused(f"You wrote this same note {when}.")
    note = Note.objects.create(case=case, kind=kind, text=text, written_by=by)
    record(
        Event.Kind.NOTE_ADDED,
        school=case.school,
        by=by,
        case=case,
        summary=f"Marked as {Note.Kind(kind).label.lower()}.",
    )
    return note
