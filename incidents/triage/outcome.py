"""What happens to a concern: assigned to somebody, then one outcome, once, with a reason.

Safeguarding first, which comes before any outcome, is in `safeguarding.py`; taking one back is in `undoing.py`.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.models import School, today
from dkh_conduct.school.templatetags.dates import clock, day
from incidents.models import Case, Concern, Conflict, Event
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_case, keep_out_of_concern
from incidents.notices import in_their_language
from incidents.triage.messages import ask_reporter
from incidents.triage.rules import (
    DUPLICATE_NEEDED,
    HANDED_TO_NEEDED,
    REASON_NEEDED,
    SCHOOL_NEEDED,
    SUMMARY_NEEDED,
    why_not,
)
from incidents.triage.telling import email_handler

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

GATHER = "Gather information"
GATHER_WITHIN_SCHOOL_DAYS = 5
DECIDED = [
    *("kind", "outcome", "outcome_reason", "outcome_by", "outcome_at"),
    *("case", "handed_to", "duplicate_of", "safeguarding_at", "assigned_to"),
]


class OutcomeRefusedError(Exception):
    """The rules do not allow this outcome; says why in a sentence."""


class AlreadyDecidedError(OutcomeRefusedError):
    """Somebody was first; says who, when and what."""

    def __init__(self, concern: Concern) -> None:
        self.by, self.at, self.outcome = concern.outcome_by, concern.outcome_at, concern.outcome
        is_today = self.at is not None and timezone.localdate(self.at) == today()
        when = f"at {clock(self.at)}" if is_today else f"on {day(self.at)} at {clock(self.at)}"
        super().__init__(f"{self.by} decided this {when}: {concern.get_outcome_display()}.")


class AlreadyAssignedError(OutcomeRefusedError):
    """Somebody else took it while the page was open."""


def assign_concern(*, concern: Concern, by: User, instead_of: User | None) -> None:
    """Take a concern on. `instead_of` is who the page said has it; when that is no longer so, nothing changes."""
    with transaction.atomic():
        locked = _locked(concern, by)
        if locked.assigned_to_id == by.pk:
            return
        if locked.assigned_to_id != (instead_of.pk if instead_of else None):
            who = f"{locked.assigned_to} has" if locked.assigned_to else "Nobody has"
            raise AlreadyAssignedError(f"{who} this concern now: that changed after you opened the page.")
        locked.assigned_to = by
        locked.save(update_fields=["assigned_to"])
        record(Event.Kind.CONCERN_ASSIGNED, school=locked.school, by=by, concern=locked, who=by.full_name)


def open_case(*, concern: Concern, by: User, kind: str, summary: str, reason: str) -> Case:
    """Open a case led by `by`, with the first deadline set in school days (raises PastCalendarError without them)."""
    with transaction.atomic():
        locked = _locked(concern, by)
        _check(Concern.Outcome.OPEN_CASE, kind, reason)
        summary = " ".join(summary.split())
        if not summary:
            raise OutcomeRefusedError(SUMMARY_NEEDED)
        school = School.objects.select_for_update().get(pk=locked.school_id)
        school.last_case_number += 1
        school.save(update_fields=["last_case_number"])
        case = Case.objects.create(
            school=school,
            number=school.last_case_number,
            summary=summary,
            lead=by,
            opened_by=by,
            next_action=GATHER,
            next_on=school.calendar().add_school_days(today(), GATHER_WITHIN_SCHOOL_DAYS),
        )
        _decide(locked, Concern.Outcome.OPEN_CASE, by=by, kind=kind, reason=reason, case=case)
        record(Event.Kind.CASE_OPENED, school=school, by=by, case=case, concern=locked, why=reason, summary=summary)
    return case


def add_to_case(*, concern: Concern, case: Case, by: User, kind: str, reason: str) -> None:
    with transaction.atomic():
        locked = _locked(concern, by)
        _check(Concern.Outcome.ADD_TO_CASE, kind, reason)
        mine = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
        if mine is None:
            raise PermissionDenied("This case is not one you can add to.")
        if mine.status == Case.Status.CLOSED:
            raise OutcomeRefusedError(f"Case {mine.reference} is closed. Choose an open case, or open a new one.")
        if locked.conflicts.filter(user_id=mine.lead_id).exists():
            raise OutcomeRefusedError(
                f"{mine.lead} leads case {mine.reference} and may not see this concern. "
                "Open a new case, or let somebody else lead that one first."
            )
        _decide(locked, Concern.Outcome.ADD_TO_CASE, by=by, kind=kind, reason=reason, case=mine)
        record(Event.Kind.CONCERN_ADDED, school=locked.school, by=by, case=mine, concern=locked, why=reason)


def hand_to_complaints(*, concern: Concern, by: User, kind: str, reason: str, handed_to: str, tell: str = "") -> None:
    """It is criticism: the complaints procedure takes it, the reporter is told where, and nobody is blamed.

    `tell` is the address of whoever deals with it: they hear by e-mail that it is there.
    """
    with transaction.atomic():
        locked = _locked(concern, by)
        _check(Concern.Outcome.COMPLAINT, kind, reason)
        handed_to = _line(handed_to, or_else=HANDED_TO_NEEDED)
        kept_out = locked.conflicts.filter(user__email__iexact=tell).select_related("user").first() if tell else None
        if kept_out:
            raise OutcomeRefusedError(f"{kept_out.user} may not know of this concern. Enter another email address.")
        _decide(locked, Concern.Outcome.COMPLAINT, by=by, kind=kind, reason=reason, handed_to=handed_to)
        if tell:
            email_handler(concern=locked, by=by, to=tell)
        _record_hand_over(locked, by=by, reason=reason, told=handed_to if tell else "")
        text = in_their_language("triage/complaint_message.txt", locked, handed_to=handed_to)
        ask_reporter(concern=locked, by=by, text=text, key=uuid.uuid4())


def pass_to_school(*, concern: Concern, by: User, kind: str, reason: str, handed_to: str) -> None:
    """Another school deals with it. The reporter is told that it is not ours, not what was passed on."""
    with transaction.atomic():
        locked = _locked(concern, by)
        _check(Concern.Outcome.OTHER_SCHOOL, kind, reason)
        handed_to = _line(handed_to, or_else=SCHOOL_NEEDED)
        _decide(locked, Concern.Outcome.OTHER_SCHOOL, by=by, kind=kind, reason=reason, handed_to=handed_to)
        _record_hand_over(locked, by=by, reason=reason)
        text = in_their_language("triage/other_school_message.txt", locked, handed_to=handed_to)
        ask_reporter(concern=locked, by=by, text=text, key=uuid.uuid4())


def mark_duplicate(*, concern: Concern, original: Concern, by: User, kind: str, reason: str) -> None:
    """It tells what `original` tells. It goes where that one goes: into its case, now or later."""
    with transaction.atomic():
        locked = _locked(concern, by)
        _check(Concern.Outcome.DUPLICATE, kind, reason)
        seen = Concern.objects.visible_to(by).select_related("case").exclude(pk=locked.pk)
        first = seen.filter(pk=original.pk).first()
        if first is None:
            raise OutcomeRefusedError(DUPLICATE_NEEDED)
        if first.duplicate_of_id:
            raise OutcomeRefusedError(f"{first.reference} is a duplicate itself. Name the one that it repeats.")
        if locked.duplicates.exists():
            raise OutcomeRefusedError(
                f"Others repeat {locked.reference} already. Mark {first.reference} as one of them instead."
            )
        if first.case and locked.conflicts.filter(user_id=first.case.lead_id).exists():
            raise OutcomeRefusedError(f"{first.case.lead} leads case {first.case.reference} and may not see this one.")
        locked.duplicate_of = first
        _decide(locked, Concern.Outcome.DUPLICATE, by=by, kind=kind, reason=reason, case=first.case)
        _share_conflicts(locked, first)
        record(
            Event.Kind.CONCERN_DUPLICATE,
            school=locked.school,
            by=by,
            concern=locked,
            why=reason,
            original=first.reference,
        )


def close_concern(*, concern: Concern, by: User, kind: str, reason: str) -> None:
    """Nothing further happens; the concern and the reason stay on record."""
    with transaction.atomic():
        locked = _locked(concern, by)
        _check(Concern.Outcome.NOTHING_FURTHER, kind, reason)
        _decide(locked, Concern.Outcome.NOTHING_FURTHER, by=by, kind=kind, reason=reason)
        record(
            Event.Kind.CONCERN_CLOSED,
            school=locked.school,
            by=by,
            concern=locked,
            why=reason,
            outcome=locked.get_kind_display(),
        )


def _locked(concern: Concern, by: User) -> Concern:
    """The concern as it is now, kept from everybody else until this is done."""
    if not by.has_perm("incidents.triage_concern"):
        raise PermissionDenied("Only senior leaders decide what happens to a concern.")
    found = (
        Concern.objects.visible_to(by).select_related("school").select_for_update(of=("self",)).filter(pk=concern.pk)
    ).first()
    if found is None:
        raise PermissionDenied("This concern is not one you can decide.")
    if found.is_read:
        raise AlreadyDecidedError(found)
    return found


def _check(outcome: Concern.Outcome, kind: str, reason: str) -> None:
    if kind not in Concern.Kind.values:
        raise OutcomeRefusedError("Say whether it is criticism or misconduct")
    if sentence := why_not(outcome, kind):
        raise OutcomeRefusedError(sentence)
    if not reason.strip():
        raise OutcomeRefusedError(REASON_NEEDED)


def _decide(
    concern: Concern,
    outcome: Concern.Outcome,
    *,
    by: User,
    kind: str,
    reason: str,
    case: Case | None = None,
    handed_to: str = "",
) -> None:
    concern.kind = kind
    concern.outcome = outcome
    concern.outcome_reason = reason
    concern.outcome_by = by
    concern.outcome_at = timezone.now()
    concern.case = case
    concern.handed_to = handed_to
    concern.assigned_to = concern.assigned_to or by
    concern.save(update_fields=DECIDED)
    if case:
        for each in (concern, *concern.duplicates.filter(case=None)):
            each.case = case
            each.save(update_fields=["case"])
            _keep_out(case, of=each)
        _keep_out(case, of=case)  # the letters about what has joined it are kept from them too


def _line(typed: str, *, or_else: str) -> str:
    line = " ".join(typed.split())
    if not line:
        raise OutcomeRefusedError(or_else)
    return line


def _record_hand_over(concern: Concern, *, by: User, reason: str, told: str = "") -> None:
    record(
        Event.Kind.CONCERN_HANDED_OVER,
        school=concern.school,
        by=by,
        concern=concern,
        why=reason,
        outcome=concern.get_outcome_display(),
        handed_to=concern.handed_to,
        told=told,
    )


def _keep_out(case: Case, *, of: Concern | Case) -> None:
    """Whoever may not know of the concern may not know of its case either, nor of the letters written on it."""
    for conflict in of.conflicts.select_related("user", "recorded_by"):
        keep_out_of_case(conflict.user, case=case, kind=conflict.kind, reason=conflict.reason, by=conflict.recorded_by)


def _share_conflicts(one: Concern, other: Concern) -> None:
    """They tell the same: whoever may not know of one may know of neither."""
    for conflict in Conflict.objects.filter(concern__in=[one, other]).select_related("user", "recorded_by"):
        keep_out_of_concern(
            conflict.user, concern=one, kind=conflict.kind, reason=conflict.reason, by=conflict.recorded_by
        )
