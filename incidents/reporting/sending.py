"""Turning a draft into a concern, once, whatever is clicked twice."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from dkh_conduct.school.calendar import PastCalendarError
from incidents.models import Concern, ConcernClause, Conflict, Draft, Event, Recording, Reporter
from incidents.models.event import record
from incidents.models.reference import new_access_code, new_reference
from incidents.reporting.alerting import alert
from incidents.reporting.contact import confirm_link
from incidents.reporting.emails import acknowledgement
from incidents.reporting.forms import CLAUSES, UNSURE
from incidents.reporting.questions import unanswered
from incidents.reporting.rates import count_sending
from incidents.reporting.routing import route_of
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from dkh_conduct.school.models import School

REFERENCE_TRIES = 5
ABOUT_LEADER = 1_000


class IncompleteError(Exception):
    """An answer without which a concern cannot be sent is missing."""


@dataclass(frozen=True)
class Receipt:
    """The two codes, shown to the one who sent the concern and to nobody else."""

    reference: str
    access_code: str
    is_lead_told: bool = False
    refused: tuple[tuple[str, str], ...] = ()  # names of files that were not taken, and why

    @property
    def halves(self) -> tuple[str, str]:
        """The access code as it may be broken over two lines: `K7QM-2XRA-`, `90TB-WN4C`."""
        middle = len(self.access_code) // 2 + 1
        return self.access_code[:middle], self.access_code[middle:]


def send_concern(*, draft: Draft, secret: str, network: str = "") -> Receipt:
    """Send it, or give the receipt of the first time again. With a `network`, what comes from there is counted.

    Raises IncompleteError where an answer is missing, Draft.DoesNotExist where the draft has just expired, and
    TooOftenError where too many came from that network.
    """
    access_code = new_access_code()
    code_hash = make_password(access_code)  # slow on purpose, so before the lock
    with transaction.atomic():
        locked = Draft.objects.select_for_update(of=("self",)).select_related("school").get(pk=draft.pk)
        if locked.is_sent:
            return open_receipt(locked, secret)
        if unanswered(locked):
            raise IncompleteError
        recording = Recording.objects.filter(draft=locked).select_related("recorded_by").first()
        if network and recording is None:
            count_sending(network)
        route = route_of(locked.answers.get("leader", {}), locked.school)
        concern = _make_concern(locked, code_hash, came_on=recording.came_on if recording else None)
        Conflict.objects.bulk_create(
            Conflict(user=user, concern=concern, kind=Conflict.Kind.NAMED, reason=route.reason)
            for user in route.kept_out
        )
        _make_reporter(locked, concern)
        refused = tuple(locked.evidence.bad().values_list("name", "problem"))
        locked.evidence.bad().delete()
        locked.evidence.good().update(concern=concern, draft=None)
        told = alert(concern, route)
        record(
            Event.Kind.CONCERN_RECEIVED,
            school=locked.school,
            by=recording.recorded_by if recording else None,
            concern=concern,
            told=told.whom,
            how=recording.get_how_display() if recording else "",
        )
        if recording:
            recording.draft, recording.concern = None, concern
            recording.save(update_fields=["draft", "concern"])
        receipt = Receipt(concern.reference, access_code, told.is_lead, refused)
        locked.concern = concern
        locked.answers = {}
        locked.sealed_receipt = _fernet(secret).encrypt(json.dumps(asdict(receipt)).encode())
        locked.save(update_fields=["concern", "answers", "sealed_receipt"])
    return receipt


def open_receipt(draft: Draft, secret: str) -> Receipt:
    """Raises InvalidToken where the secret is not the one it was sealed with."""
    kept = json.loads(_fernet(secret).decrypt(bytes(draft.sealed_receipt)))
    return Receipt(**{**kept, "refused": tuple((name, problem) for name, problem in kept.get("refused", ()))})


def find_receipt(draft: Draft, secret: str) -> Receipt | None:
    try:
        return open_receipt(draft, secret)
    except InvalidToken:
        return None


def promised_day(school: School, received_on: date) -> date | None:
    """The day by which a senior leader has read it; None past the end of the school's calendar."""
    try:
        return school.calendar().add_school_days(received_on, school.read_within_school_days)
    except PastCalendarError:
        return None


def promised_day_of(concern: Concern) -> date:
    """A flagged concern is due the day it comes in, which nobody was promised: that may be a Sunday."""
    promised = promised_day(concern.school, timezone.localdate(concern.received_at)) if concern.is_flagged else None
    return promised or concern.due_on


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode(errors="replace")).digest()))


def _make_concern(draft: Draft, code_hash: str, *, came_on: date | None = None) -> Concern:
    answers, school, now = draft.answers, draft.school, timezone.now()
    today = timezone.localdate(now)
    where, when, who, leader = (answers.get(slug, {}) for slug in ("where", "when", "who", "leader"))
    danger = answers.get("danger", {}).get("danger", "")
    since = came_on or today  # what lay on a desk for a day is due a day sooner
    due_on = promised_day(school, since) or school.calendar().add_working_days(since, school.read_within_school_days)
    chosen, poster = answers["what"]["clauses"], who.get("poster", "")
    concern = Concern(
        school=school,
        access_code_hash=code_hash,
        submission_key=draft.submission_key,
        received_at=now,
        due_on=today if danger in Concern.FLAGGED else due_on,
        danger=danger,
        complaint=answers.get("complaint", {}).get("complaint", ""),
        about_leader="; ".join(leader.get("labels", []))[:ABOUT_LEADER],
        is_unsure_of_clause=UNSURE in chosen,
        places=where.get("places", []),
        place_name=where.get("place_name", ""),
        seen_on=date.fromisoformat(when["seen_on"]) if when.get("seen_on") else None,
        when_words=when.get("when_words", ""),
        is_poster_known=bool(poster) and who.get("known") != "no",
        poster=poster,
        account=answers["words"]["account"],
        language=get_language() or settings.LANGUAGE_CODE,
    )
    _save_with_reference(concern)
    ConcernClause.objects.bulk_create(ConcernClause(concern=concern, clause=key) for key in chosen if key in CLAUSES)
    return concern


def _save_with_reference(concern: Concern, *, tries: int = REFERENCE_TRIES) -> None:
    """Two concerns may be given the same six characters once in many years: then others are drawn."""
    concern.pk, concern.reference = None, new_reference(concern.school.code)
    try:
        with transaction.atomic():
            concern.save(force_insert=True)
    except IntegrityError:
        if tries == 1:
            raise
        _save_with_reference(concern, tries=tries - 1)


def _make_reporter(draft: Draft, concern: Concern) -> None:
    you = draft.answers["you"]
    reporter = Reporter.objects.create(
        concern=concern,
        role=you["role"],
        name=you.get("name", ""),
        email=you.get("email", ""),
        phone=you.get("phone", ""),
        may_name=you.get("may_name") or Reporter.MayName.NO,
    )
    if you.get("email"):
        confirm = confirm_link(reporter, reporter.email)
        email = acknowledgement(school=draft.school, to=reporter.email, reference=concern.reference, confirm=confirm)
        email.save()
        transaction.on_commit(partial(hurry_email, email.pk), robust=True)
