"""Referring a case to somebody of the Trust's legal team, and ending that: they read this case and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused, lock_case
from incidents.models import Event, Referral
from incidents.models.event import record

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case


@transaction.atomic
def refer_case(*, case: Case, to: User, by: User, reason: str) -> Referral:
    """`to` may read the case and its evidence from now on. Asked twice, the first referral stands."""
    case = lock_case(case, by=by)
    if to.school_id != case.school_id or not to.is_active or not to.groups.filter(name=Role.LEGAL).exists():
        raise Refused("Choose somebody of the Trust’s legal team.")
    if case.conflicts.filter(user=to).exists():
        raise Refused(f"{to.full_name} may not know of this case. Choose somebody else.")
    standing = case.referrals.standing().to_user(to).first()
    if standing:
        return standing
    referral = Referral.objects.create(case=case, to=to, referred_by=by, reason=reason)
    record(Event.Kind.CASE_REFERRED, school=case.school, by=by, case=case, why=reason, who=to.full_name)
    return referral


@transaction.atomic
def end_referral(*, referral: Referral, by: User) -> None:
    """`to` no longer sees the case, from their next click. Ending what has ended changes nothing."""
    case = lock_case(referral.case, by=by)
    ended = Referral.objects.standing().filter(pk=referral.pk, case=case).update(ended_at=timezone.now())
    if ended:
        record(Event.Kind.REFERRAL_ENDED, school=case.school, by=by, case=case, who=referral.to.full_name)
