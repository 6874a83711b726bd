"""Who comes to read concerns later is kept out of those that may be about anybody, as everybody was when they came in.

A reporter who was not sure whom it is about left it to the Executive Head alone. Somebody who is given a role since may
be the very person, known to them in another job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from incidents.models import Concern, Conflict
from incidents.models.kept_out import keep_out_of_case, keep_out_of_concern
from incidents.reporting.routing import READING_ROLES, UNSURE

if TYPE_CHECKING:
    from collections.abc import Iterable


def keep_newcomers_out(users: Iterable[int]) -> None:
    """Called once somebody has joined or has another role; safe to run twice."""
    for user in User.objects.filter(pk__in=list(users)):
        if user.role in READING_ROLES and user.role not in {Role.HEAD, Role.CHAIR}:
            _keep_out(user)


@transaction.atomic
def _keep_out(user: User) -> None:
    """But for a case that they lead: a head handed it to them, or they were that head."""
    unsure = Concern.objects.filter(school=user.school_id, conflicts__reason=UNSURE).exclude(case__lead=user)
    for concern in unsure.exclude(conflicts__user=user).select_related("case").distinct():
        keep_out_of_concern(user, concern=concern, kind=Conflict.Kind.NAMED, reason=UNSURE, by=None)
        if concern.case:
            keep_out_of_case(user, case=concern.case, kind=Conflict.Kind.NAMED, reason=UNSURE, by=None)
