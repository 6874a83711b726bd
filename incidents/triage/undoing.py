"""Taking an outcome back on the day it was given, while nothing was built on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import clock, day
from incidents.models import Allegation, Case, Concern, Event, HandOver
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_concern
from incidents.triage.outcome import DECIDED, OutcomeRefusedError
from incidents.triage.rules import REASON_NEEDED
from letters.models import Letter

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

OPENED_BY_MISTAKE = "Opened by mistake, and taken back the same day: {reason}"


def why_not_undone(concern: Concern) -> str:
    """The sentence that says why the outcome stands; empty where it can be taken back."""
    if not concern.is_read or concern.outcome_at is None:
        return _undone_by(concern) or "This concern has no outcome to undo."
    if concern.is_paused:
        return "Say that safeguarding is done instead."
    if timezone.localdate(concern.outcome_at) != today():
        return f"An outcome can be undone on the day it was given, which was {day(concern.outcome_at)}."
    if concern.duplicates.exists():
        return "Another concern was marked as a duplicate of this one."
    if is_told_by_letter(concern):
        return "A letter tells the reporter of it. Discard that letter, or make it void, first."
    case = concern.case
    if case is None:
        return ""
    if case.status == Case.Status.CLOSED:
        return f"Case {case.reference} is closed."
    if Allegation.objects.filter(case=case, evidence__concern=concern).exists():
        return f"An allegation in case {case.reference} rests on a picture of this concern."
    if concern.outcome == Concern.Outcome.OPEN_CASE and _is_begun(case, concern):
        return f"Work on case {case.reference} has begun. Close the case instead, with the reason."
    return ""


def _undone_by(concern: Concern) -> str:
    """Who was first, where somebody else undid it a moment ago."""
    last = concern.events.filter(kind=Event.Kind.OUTCOME_UNDONE).select_related("by").newest_first().first()
    if last is None or last.by is None or timezone.localdate(last.at) != today():
        return ""
    return f"{last.by} undid the outcome at {clock(last.at)}. It waits to be read again."


def is_told_by_letter(concern: Concern) -> bool:
    return HandOver.objects.filter(concern=concern).exclude(letter__state=Letter.State.VOID).exists()


def undo_outcome(*, concern: Concern, by: User, reason: str) -> None:
    """The concern waits again, due when it was. A case that it opened is closed with the reason, never deleted.

    What the reporter was told cannot be taken back: whoever undoes it writes to them.
    """
    if not by.has_perm("incidents.triage_concern"):
        raise PermissionDenied("Only senior leaders decide what happens to a concern.")
    with transaction.atomic():
        seen = Concern.objects.visible_to(by).select_for_update(of=("self",)).select_related("school", "case")
        locked = seen.filter(pk=concern.pk).first()
        if locked is None:
            raise PermissionDenied("This concern is not one you can decide.")
        if sentence := why_not_undone(locked):
            raise OutcomeRefusedError(sentence)
        if not reason.strip():
            raise OutcomeRefusedError(REASON_NEEDED)
        decided_at = locked.outcome_at
        was, case, opened = locked.get_outcome_display(), locked.case, locked.outcome == Concern.Outcome.OPEN_CASE
        locked.kind = locked.outcome = locked.outcome_reason = locked.handed_to = ""
        locked.outcome_by = locked.outcome_at = locked.case = locked.duplicate_of = None
        locked.save(update_fields=DECIDED)
        # Who stepped aside from the case meanwhile did so because of this concern too.
        since = case.conflicts.filter(recorded_at__gte=decided_at) if case else ()
        for each in since:
            keep_out_of_concern(each.user, concern=locked, kind=each.kind, reason=each.reason, by=each.recorded_by)
        if case and opened:
            _close(case, by=by, reason=reason)
        record(
            Event.Kind.OUTCOME_UNDONE, school=locked.school, by=by, concern=locked, case=case, why=reason, outcome=was
        )


def _is_begun(case: Case, concern: Concern) -> bool:
    return (
        case.people.exists()
        or case.allegations.exists()
        or case.notes.exists()
        or case.information.exists()
        or case.steps.exists()
        or case.concerns.exclude(pk=concern.pk).exists()
    )


def _close(case: Case, *, by: User, reason: str) -> None:
    locked = Case.objects.select_for_update().get(pk=case.pk)
    locked.status, locked.closed_at = Case.Status.CLOSED, timezone.now()
    locked.closed_reason = OPENED_BY_MISTAKE.format(reason=reason)[:5_000]
    locked.next_action, locked.next_on = "", None
    locked.save(update_fields=["status", "closed_at", "closed_reason", "next_action", "next_on"])
    record(Event.Kind.CASE_CLOSED, school=case.school, by=by, case=case, why=locked.closed_reason)
