"""How a reporter can be reached: changed by them, and an e-mail address only used once its owner has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from incidents.models import Concern, Event, Reporter
from incidents.models.event import record
from incidents.reporting.emails import confirmation
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from dkh_conduct.school.models import School

CONFIRM_WITHIN = timedelta(hours=24)
SALT = "reporter.email"


@dataclass(frozen=True)
class Claim:
    """What a link says: this reporter asked for this address."""

    reporter: int
    email: str


def confirm_link(reporter: Reporter, email: str) -> str:
    token = signing.dumps([reporter.pk, email], salt=SALT)
    return reverse("status-contact-confirm", args=[token])


def read_claim(token: str) -> Claim | None:
    """None where nobody signed it, or its day is over."""
    try:
        reporter, email = signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return Claim(reporter, email)


def change_contact(*, concern: Concern, email: str, phone: str) -> str:
    """Keep the number; an address that is new or not confirmed is sent a link. Gives the address it was sent to."""
    with transaction.atomic():
        locked = Concern.objects.select_for_update(of=("self",)).select_related("school").get(pk=concern.pk)
        reporter = Reporter.objects.filter(concern=locked).first()
        reporter = reporter or Reporter(concern=locked, role=Reporter.Role.OTHER)
        before = (reporter.email, reporter.pending_email, reporter.phone)
        reporter.phone = phone
        is_known = email == reporter.email and bool(reporter.email_confirmed_at)
        if not email:
            reporter.email, reporter.email_confirmed_at = "", None
        reporter.pending_email = "" if is_known else email
        if before == (reporter.email, reporter.pending_email, reporter.phone):
            return reporter.pending_email and _send_link(reporter, locked.school)
        reporter.save()
        record(Event.Kind.CONTACT_CHANGED, school=locked.school, by=None, concern=locked)
        is_new = reporter.pending_email and reporter.pending_email != before[1]
        return _send_link(reporter, locked.school) if is_new else ""


def confirm_email(claim: Claim) -> Concern | None:
    """Use the address from now on; None where another one was given since. Confirming again changes nothing."""
    with transaction.atomic():
        reporter = (
            Reporter.objects.select_for_update(of=("self",))
            .select_related("concern__school")
            .filter(pk=claim.reporter)
            .first()
        )
        if reporter is None or claim.email not in (reporter.pending_email, reporter.email):
            return None
        concern = reporter.concern
        if reporter.email == claim.email and reporter.email_confirmed_at:
            return concern
        reporter.email, reporter.email_confirmed_at = claim.email, timezone.now()
        if reporter.pending_email == claim.email:
            reporter.pending_email = ""
        reporter.save()
        record(Event.Kind.CONTACT_CHANGED, school=concern.school, by=None, concern=concern)
    return concern


def _send_link(reporter: Reporter, school: School) -> str:
    to = reporter.pending_email
    email = confirmation(school=school, to=to, link=confirm_link(reporter, to))
    email.save()
    transaction.on_commit(partial(hurry_email, email.pk), robust=True)
    return to


def contact_of(concern: Concern) -> dict[str, Any]:
    """What the form shows first."""
    reporter = getattr(concern, "reporter", None)
    if reporter is None:
        return {}
    return {"email": reporter.pending_email or reporter.email, "phone": reporter.phone}
