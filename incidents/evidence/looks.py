"""Keeps who looked at a file. Turning or enlarging a picture loads it again and is still the same look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.evidence.custody import Kind, note
from incidents.models import CustodyEntry

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Evidence

ONE_LOOK = timedelta(minutes=5)


def note_look(evidence: Evidence, *, by: User, part: int = 1) -> None:
    looks = CustodyEntry.objects.filter(
        evidence_key=evidence.pk, kind=Kind.VIEWED, by=by, at__gt=timezone.now() - ONE_LOOK
    )
    if part not in looks.values_list("facts__part", flat=True):
        note(Kind.VIEWED, evidence, by=by, part=part)
