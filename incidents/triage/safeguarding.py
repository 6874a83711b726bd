"""Safeguarding first: nothing else happens with a concern until the safeguarding lead or a leader says so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.calendar import PastCalendarError
from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import clock, day
from incidents.models import Concern, Email, Event
from incidents.models.event import record
from incidents.tasks import hurry_email
from incidents.triage.outcome import AlreadyDecidedError, OutcomeRefusedError
from incidents.triage.rules import REASON_NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

FIELDS = ["outcome", "outcome_reason", "outcome_by", "outcome_at", "kind", "due_on", "safeguarding_at"]


def pause_for_safeguarding(*, concern: Concern, by: User, reason: str, kind: str = Concern.Kind.UNCLEAR) -> None:
    """Put safeguarding first. The safeguarding lead is told at once, by a reference and a link."""
    with transaction.atomic():
        locked = _locked(concern, by)
        if locked.is_read:
            raise AlreadyDecidedError(locked)
        if not reason.strip():
            raise OutcomeRefusedError(REASON_NEEDED)
        now = timezone.now()
        locked.outcome, locked.outcome_reason, locked.kind = Concern.Outcome.SAFEGUARDING, reason, kind
        locked.outcome_by, locked.outcome_at, locked.safeguarding_at = by, now, now
        locked.save(update_fields=FIELDS)
        told = _tell_lead(locked, by=by)
        record(Event.Kind.CONCERN_PAUSED, school=locked.school, by=by, concern=locked, why=reason, told=told)


def resume_after_safeguarding(*, concern: Concern, by: User, reason: str) -> None:
    """It waits to be read again, due as if it came in today. The safeguarding lead can still read it."""
    with transaction.atomic():
        locked = _locked(concern, by)
        if not locked.is_paused:
            raise OutcomeRefusedError(_resumed_by(locked))
        if not reason.strip():
            raise OutcomeRefusedError(REASON_NEEDED)
        locked.outcome = locked.outcome_reason = locked.kind = ""
        locked.outcome_by = locked.outcome_at = None
        locked.due_on = _due_again(locked)
        locked.save(update_fields=FIELDS)
        record(Event.Kind.CONCERN_RESUMED, school=locked.school, by=by, concern=locked, why=reason)


def _resumed_by(concern: Concern) -> str:
    sentence = "Safeguarding does not come first with this concern any more."
    last = concern.events.filter(kind=Event.Kind.CONCERN_RESUMED).select_related("by").newest_first().first()
    return f"{sentence} {last.by} said so on {day(last.at)} at {clock(last.at)}." if last and last.by else sentence


def _locked(concern: Concern, by: User) -> Concern:
    if not by.has_perm("incidents.pause_concern"):
        raise PermissionDenied("Only senior leaders and the safeguarding lead do this.")
    seen = Concern.objects.visible_to(by).select_for_update(of=("self",)).select_related("school")
    found = seen.filter(pk=concern.pk).first()
    if found is None:
        raise PermissionDenied("This concern is not one you can read.")
    return found


def _due_again(concern: Concern) -> date:
    days = concern.school.read_within_school_days
    calendar = concern.school.calendar()
    try:
        return calendar.add_school_days(today(), days)
    except PastCalendarError:
        return calendar.add_working_days(today(), days)


def _tell_lead(concern: Concern, *, by: User) -> str:
    """Who was told, in words. A lead who may not know of it is passed over, and so is the mailbox they may read."""
    staff = User.objects.filter(school=concern.school, is_active=True)
    kept_out = staff.filter(conflicts__concern=concern)
    free = staff.exclude(pk__in=kept_out.values("pk")).exclude(pk=by.pk)
    leads = list(free.filter(groups__name=Role.DSL))
    addresses = {lead.email for lead in leads}
    if concern.school.safeguarding_email and not kept_out.filter(groups__name=Role.DSL).exists():
        addresses.add(concern.school.safeguarding_email)
    addresses.discard(by.email)
    names = [lead.full_name for lead in leads] or (["safeguarding lead"] if addresses else [])
    if not addresses:
        heads = list(free.filter(groups__name=Role.HEAD))
        addresses, names = {head.email for head in heads}, [head.full_name for head in heads]
    _send(concern, addresses)
    return ", ".join(names)


def _send(concern: Concern, addresses: Iterable[str]) -> None:
    link = f"{settings.SITE_URL}{concern.get_absolute_url()}"
    context = {"school": concern.school, "reference": concern.reference, "link": link}
    body = render_to_string("emails/safeguarding_notice.txt", context)
    for to in sorted(addresses):
        subject = f"Safeguarding first: {concern.reference}"
        email = Email.objects.create(school=concern.school, to=to, subject=subject, body=body)
        transaction.on_commit(partial(hurry_email, email.pk), robust=True)
