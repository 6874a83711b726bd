"""Conflicts of interest with a concern: somebody should not read it, and stops seeing it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.accounts.models import User
from incidents.models import Concern, Event
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_concern
from incidents.triage.outcome import OutcomeRefusedError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from incidents.models import Conflict


def staff_who_may_know(concern: Concern) -> QuerySet[User]:
    """Staff of the school from whom the concern is not kept yet."""
    return User.objects.filter(school=concern.school_id, is_active=True).exclude(conflicts__concern=concern)


@transaction.atomic
def record_concern_conflict(*, concern: Concern, by: User, who: User, kind: str, reason: str) -> Conflict:
    """Nothing of the concern can be found by `who` from now on, nor of a case it opens or joins later.

    One that belongs to a case already is kept from somebody there, where the case can be handed on first.
    """
    if not by.has_perm("incidents.triage_concern"):
        raise PermissionDenied("Only senior leaders say who may not know of a concern.")
    seen = Concern.objects.visible_to(by).select_for_update(of=("self",)).select_related("school")
    locked = seen.filter(pk=concern.pk).first()
    if locked is None:
        raise PermissionDenied("This concern is not one you can read.")
    if locked.case_id:
        raise OutcomeRefusedError("This concern belongs to a case now. Record it on the case.")
    if not staff_who_may_know(locked).filter(pk=who.pk).exists():
        raise OutcomeRefusedError(f"The concern is kept from {who.full_name} already.")
    conflict = keep_out_of_concern(who, concern=locked, kind=kind, reason=reason, by=by)
    named: dict[str, Any] = {"who": who.full_name} if who.pk == by.pk else {"kept_from": who.full_name}
    record(Event.Kind.CONFLICT_RECORDED, school=locked.school, by=by, concern=locked, why=reason, **named)
    return conflict
