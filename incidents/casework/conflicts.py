"""Conflicts of interest: somebody should not know of a case, and stops seeing it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from dkh_conduct.accounts.models import User
from incidents.casework.case_lock import Refused, lock_case
from incidents.casework.leads import set_lead
from incidents.models import Conflict, Event
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_case

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from incidents.models import Case


def staff_who_may_know(case: Case) -> QuerySet[User]:
    """Staff of the school from whom the case is not kept yet: the office too, who could be handed its letters."""
    return User.objects.filter(school=case.school_id, is_active=True).exclude(conflicts__case=case)


@transaction.atomic
def record_conflict(
    *,
    case: Case,
    by: User,
    reason: str,
    new_lead: User | None = None,
    who: User | None = None,
    kind: str = Conflict.Kind.ASIDE,
) -> Conflict:
    """`who`, or `by` themselves, has a conflict of interest: nothing of the case can be found by them from now on.

    Whoever leads the case hands it to `new_lead` first.
    """
    case = lock_case(case, by=by)
    who = who or by
    if not staff_who_may_know(case).filter(pk=who.pk).exists():
        raise Refused(f"The case is kept from {who.full_name} already.")
    if case.lead_id == who.pk:
        if new_lead is None or new_lead.pk == who.pk:
            leads = "You lead" if who.pk == by.pk else f"{who.full_name} leads"
            raise Refused(f"{leads} this case. Choose who leads it from now on.")
        set_lead(case, by=by, lead=new_lead)
    conflict = keep_out_of_case(who, case=case, kind=kind, reason=reason, by=by)
    named: dict[str, Any] = {"who": who.full_name} if who.pk == by.pk else {"kept_from": who.full_name}
    record(Event.Kind.CONFLICT_RECORDED, school=case.school, by=by, case=case, why=reason, **named)
    return conflict
