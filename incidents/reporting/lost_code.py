"""An access code that was lost: a link to the address its reporter confirmed, and a new code behind that link, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from incidents.models import Concern, Event, Reporter
from incidents.models.event import record
from incidents.models.reference import access_code_from, tidy_reference
from incidents.reporting.emails import code_link
from incidents.reporting.guessing import counted_too_often

if TYPE_CHECKING:
    from dkh_conduct.school.models import School

LINK_LIFE = timedelta(hours=1)
CLICKED_TWICE_WITHIN = timedelta(seconds=60)
LINKS_AN_HOUR = 3
SALT = "reporter.new-code"


def send_code_link(*, school: School, reference: str) -> None:
    """Write to the confirmed address, if there is such a concern and it has one. Says nothing either way.

    Nor does the time it takes: for a reference that nobody has, the same is written, and taken back. The worker's sweep
    sends it: telling the worker here would take time that only a known reference takes.
    """
    tidy = tidy_reference(reference)
    concern = (
        Concern.objects.filter(school=school, reference=tidy)
        .filter(reporter__email_confirmed_at__isnull=False)
        .exclude(reporter__email="")
        .select_related("reporter")
        .first()
    )
    if counted_too_often(f"code link {concern.pk if concern else tidy}", most=LINKS_AN_HOUR):
        return
    marked = concern or _nobodys(tidy)
    token = signing.dumps([marked.pk, _mark(marked)], salt=SALT)
    with transaction.atomic():
        code_link(school=school, to=marked.reporter.email, link=reverse("status-new-code", args=[token])).save()
        if concern is None:
            transaction.set_rollback(True)


def _nobodys(reference: str) -> Concern:
    concern = Concern(pk=0, access_code_hash=reference)
    concern.reporter = Reporter(email="nobody@example.com")
    return concern


def is_open_link(token: str, *, school: School) -> bool:
    """Whether a new code waits behind it."""
    found = _read(token, school)
    return bool(found and constant_time_compare(found[1], _mark(found[0])))


def open_link(token: str, *, school: School) -> tuple[Concern, str] | None:
    """Give the concern a new code, which ends the old one and the link. None where the link is over.

    The same link pressed twice within a moment gives the same code, so that a double click shows it.
    """
    found = _read(token, school)
    if found is None:
        return None
    concern, mark = found
    code = access_code_from(token)
    code_hash = make_password(code)  # slow on purpose, so before the lock
    with transaction.atomic():
        locked = Concern.objects.select_for_update(of=("self",)).select_related("school", "reporter").get(pk=concern.pk)
        if constant_time_compare(mark, _mark(locked)):
            locked.access_code_hash = code_hash
            locked.save(update_fields=["access_code_hash"])
            record(Event.Kind.CODE_REISSUED, school=locked.school, by=None, concern=locked, summary="By e-mail.")
            return locked, code
        just_now = timezone.now() - CLICKED_TWICE_WITHIN
        is_again = locked.events.filter(kind=Event.Kind.CODE_REISSUED, at__gte=just_now).exists()
        return (locked, code) if is_again and check_password(code, locked.access_code_hash) else None


def _read(token: str, school: School) -> tuple[Concern, str] | None:
    try:
        pk, mark = signing.loads(token, salt=SALT, max_age=LINK_LIFE)
    except signing.BadSignature:
        return None
    concern = Concern.objects.filter(school=school, pk=pk).select_related("reporter").first()
    return (concern, mark) if concern and hasattr(concern, "reporter") else None


def _mark(concern: Concern) -> str:
    """Changes with the code and with the address, so that either ends every link."""
    return salted_hmac(SALT, f"{concern.access_code_hash} {concern.reporter.email}").hexdigest()[:32]
