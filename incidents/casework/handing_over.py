"""What somebody who leaves was doing goes to somebody else: cases they lead, concerns they read, what was referred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.leads import case_runners, possible_leads, set_lead
from incidents.models import Case, Concern, Event, Referral
from incidents.models.event import record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dkh_conduct.accounts.models import User


@dataclass(frozen=True)
class Work:
    """Numbers only: an administrator does not read what a case is about."""

    cases: int
    concerns: int
    referrals: int

    def __bool__(self) -> bool:
        return bool(self.cases or self.concerns)


def work_of(user: User) -> Work:
    return Work(_cases(user).count(), _concerns(user).count(), Referral.objects.standing().to_user(user).count())


def possible_heirs(user: User) -> QuerySet[User]:
    return case_runners(user.school).exclude(pk=user.pk)


@transaction.atomic
def hand_over_work(*, user: User, by: User, heir: User | None) -> None:
    """To `heir`, but for what they may not know of: that goes to the Executive Head, or to somebody else who may.

    Raises Refused where there is work and nobody to take it.
    """
    for case in _cases(user).select_related("school").select_for_update(of=("self",)).order_by("pk"):
        set_lead(case, by=by, lead=_next_lead(case, heir))
    for concern in _concerns(user).select_related("school").select_for_update(of=("self",)).order_by("pk"):
        taker = heir if heir and Concern.objects.visible_to(heir).filter(pk=concern.pk).exists() else None
        concern.assigned_to = taker
        concern.save(update_fields=["assigned_to"])
        who = taker.full_name if taker else "nobody yet"
        record(Event.Kind.CONCERN_ASSIGNED, school=concern.school, by=by, concern=concern, who=who)
    Referral.objects.standing().to_user(user).update(ended_at=timezone.now())


def _next_lead(case: Case, heir: User | None) -> User:
    able = possible_leads(case)
    if heir and able.filter(pk=heir.pk).exists():
        return heir
    instead = able.filter(groups__name=Role.HEAD).first() or able.order_by("pk").first()
    if instead is None:
        raise Refused("There is nobody at the school who could lead their cases. Invite somebody who can first.")
    return instead


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.open().led_by(user)


def _concerns(user: User) -> QuerySet[Concern]:
    return Concern.objects.unread().filter(assigned_to=user)
