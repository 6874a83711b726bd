"""Taking an outcome back on the day it was given, while nothing was built on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists
from django.utils import timezone

from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import clock, day
from incidents.models import (
    Allegation,
    Case,
    CasePerson,
    Concern,
    Event,
    HandOver,
    InformationRequest,
    Note,
    Step,
)
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_concern
from incidents.triage.outcome import DECIDED, OutcomeRefusedError
from incidents.triage.rules import REASON_NEEDED
from letters.models import Letter

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    built = _built_on(concern)
    if built["duplicate"]:
        return "Another concern was marked as a duplicate of this one."
    if built["letter"]:
        return "A letter tells the reporter of it. Discard that letter, or make it void, first."
    case = concern.case
    if case is None:
        return ""
    if case.status == Case.Status.CLOSED:
        return f"Case {case.reference} is closed."
    if built["quote"]:
        return f"An allegation in case {case.reference} rests on a picture of this concern."
    if concern.outcome == Concern.Outcome.OPEN_CASE and built["work"]:
        return f"Work on case {case.reference} has begun. Close the case instead, with the reason."
    return ""


def _undone_by(concern: Concern) -> str:
    """Who was first, where somebody else undid it a moment ago."""
    last = concern.events.filter(kind=Event.Kind.OUTCOME_UNDONE).select_related("by").newest_first().first()
    if last is None or last.by is None or timezone.localdate(last.at) != today():
        return ""
    return f"{last.by} undid the outcome at {clock(last.at)}. It waits to be read again."


def _built_on(concern: Concern) -> dict[str, bool]:
    """What rests on the outcome by now, in one query."""
    case, others = concern.case_id, Concern.objects.exclude(pk=concern.pk)
    begun: tuple[QuerySet[Any], ...] = (
        *(rows.objects.filter(case=case) for rows in (CasePerson, Allegation, Note, InformationRequest, Step)),
        others.filter(case=case),
    )
    asked: dict[str, QuerySet[Any]] = {
        "duplicate": others.filter(duplicate_of=concern),
        "letter": HandOver.objects.filter(concern=concern).exclude(letter__state=Letter.State.VOID),
        "quote": Allegation.objects.filter(case=case, evidence__concern=concern),
        **{f"work_{place}": rows for place, rows in enumerate(begun) if case},
    }
    there = Concern.objects.filter(pk=concern.pk).values_list(*map(Exists, asked.values())).get()
    found = dict(zip(asked, there, strict=True))
    return {**found, "work": any(is_there for name, is_there in found.items() if name.startswith("work_"))}


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


def _close(case: Case, *, by: User, reason: str) -> None:
    locked = Case.objects.select_for_update().get(pk=case.pk)
    locked.status, locked.closed_at = Case.Status.CLOSED, timezone.now()
    locked.closed_reason = OPENED_BY_MISTAKE.format(reason=reason)[:5_000]
    locked.next_action, locked.next_on = "", None
    locked.save(update_fields=["status", "closed_at", "closed_reason", "next_action", "next_on"])
    record(Event.Kind.CASE_CLOSED, school=case.school, by=by, case=case, why=locked.closed_reason)
