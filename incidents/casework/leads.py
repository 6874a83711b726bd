"""Who runs a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.models import Case, Event
from incidents.models.event import record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dkh_conduct.school.models import School


def case_runners(school: School) -> QuerySet[User]:
    """Staff of the school whose role lets them run any of its cases."""
    return _who_may("run_case", school).filter(pk__in=_who_may("view_every_case", school).values("pk"))


def possible_leads(case: Case) -> QuerySet[User]:
    """Who could lead the case instead: they run cases, have no conflict in this one, and do not lead it now.

    Where nobody at the school is left, the chair of governors or the Trust.
    """
    at_school = leads_at_school(case)
    return at_school if at_school.exists() else _without_conflict(_who_may("view_passed_on", case.school), case)


def leads_at_school(case: Case) -> QuerySet[User]:
    return _without_conflict(case_runners(case.school), case)


def _without_conflict(staff: QuerySet[User], case: Case) -> QuerySet[User]:
    return staff.exclude(conflicts__case=case).exclude(pk=case.lead_id)


def _who_may(codename: str, school: School) -> QuerySet[User]:
    return User.objects.filter(
        school=school,
        is_active=True,
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label="incidents",
    ).distinct()


def next_lead(case: Case, wished: User | None) -> User:
    """`wished` where they could lead it, else the Executive Head, else somebody who could. Raises Refused."""
    able = possible_leads(case)
    if wished and able.filter(pk=wished.pk).exists():
        return wished
    instead = able.filter(groups__name=Role.HEAD).first() or able.order_by("pk").first()
    if instead is None:
        raise Refused("There is nobody at the school who could lead their cases. Invite somebody who can first.")
    return instead


def still_leads(case: Case) -> bool:
    """Whether whoever leads it is at work, in a role that sees it."""
    return case.lead.is_active and Case.objects.visible_to(case.lead).filter(pk=case.pk).exists()


@transaction.atomic
def change_lead(*, case: Case, by: User, lead: User, seen: str = "") -> Case:
    """Hand the case to somebody else. `seen` is the key of the lead `by` saw, so that two do not hand it on at once."""
    case = lock_case(case, by=by)
    if seen not in ("", str(case.lead_id)):
        last = case.events.filter(kind=Event.Kind.LEAD_CHANGED).select_related("by").first()
        who, when = who_and_when(last.by, last.at) if last else ("Somebody else", "meanwhile")
        raise Refused(f"{who} made {case.lead.full_name} the lead {when}.")
    return set_lead(case, by=by, lead=lead)


def set_lead(case: Case, *, by: User, lead: User) -> Case:
    """The part of a hand-over that other verbs share; `case` is locked."""
    if not possible_leads(case).filter(pk=lead.pk).exists():
        raise Refused(f"{lead.full_name} cannot lead this case. Choose somebody else.")
    case.lead = lead
    case.save(update_fields=["lead"])
    record(Event.Kind.LEAD_CHANGED, school=case.school, by=by, case=case, who=lead.full_name)
    return case
