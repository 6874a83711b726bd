"""How a case ends, goes on again, or waits for safeguarding."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused, last_of, lock_case
from incidents.casework.leads import next_lead, set_lead, still_leads
from incidents.casework.letters_waiting import let_letters_go_on, stop_letters, why_letters_keep_it_open
from incidents.casework.next_action import soon
from incidents.models import Allegation, Case, Event, Reply, SiteBan
from incidents.models.event import record
from incidents.notices import in_their_language, leave_message
from incidents.policy.bans import IN_FORCE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dkh_conduct.accounts.models import User

Outcome = Allegation.Outcome
# What an allegation that was not decided may end with.
WITHOUT_FINDING = (Outcome.COMPLAINT, Outcome.UNKNOWN)
DECIDE_NEXT = "Decide what is next"


def why_not_closed(case: Case) -> list[str]:
    """What still has to be done first, a sentence each."""
    reasons = []
    steps = case.steps.filter(state__in=["draft", "proposed"])
    if steps.exists():
        reasons.append("A step is drafted or waits for approval. Take it, or discard the draft.")
    if Reply.objects.unread().filter(step__case=case).exists():
        reasons.append("A reply to a letter has not been read.")
    if SiteBan.objects.current().filter(step__case=case).exclude(state__in=IN_FORCE, ends_on__lt=today()).exists():
        reasons.append("A site ban is being considered, or runs and has a review. Decide it, or lift it.")
    reasons += why_letters_keep_it_open(case)
    if case.status == Case.Status.PAUSED:
        reasons.append("Safeguarding comes first. Say that it is done.")
    return reasons


@transaction.atomic
def close_case(*, case: Case, by: User, reason: str, outcomes: Mapping[int, str], tell_reporters: bool = True) -> Case:
    """Every allegation ends with an outcome; each reporter is told that it is finished, never what was decided."""
    case = lock_case(case, by=by)
    if reasons := why_not_closed(case):
        raise Refused(" ".join(reasons))
    if not reason.strip():
        raise Refused("Write how it ended, and why it can be closed.")
    allegations = list(case.allegations.select_for_update())
    for allegation in allegations:
        outcome = outcomes.get(allegation.pk, "")
        if outcome not in Outcome.values:
            raise Refused(f"Say how “{allegation.short}” ends. Somebody may have added it after you opened the page.")
        if allegation.finding == Allegation.Finding.UNDECIDED and outcome not in WITHOUT_FINDING:
            raise Refused(f"“{allegation.short}” is not decided. Decide it, or say that it could not be found out.")
        allegation.outcome = outcome
        allegation.save(update_fields=["outcome"])
    case.status, case.closed_at, case.closed_reason = Case.Status.CLOSED, timezone.now(), reason
    case.next_action, case.next_on = "", None
    case.save(update_fields=["status", "closed_at", "closed_reason", "next_action", "next_on"])
    found = sum(allegation.finding == Allegation.Finding.FOUND for allegation in allegations)
    outcome = f"{found} of {len(allegations)} allegations found." if allegations else ""
    record(Event.Kind.CASE_CLOSED, school=case.school, by=by, case=case, why=reason, outcome=outcome)
    if tell_reporters:
        _tell_reporters(case, by=by)
    return case


@transaction.atomic
def reopen_case(*, case: Case, by: User, reason: str) -> Case:
    """What was decided stays as it was; the reason says why it is looked at again."""
    if not by.has_perm("incidents.run_case"):
        raise PermissionDenied
    held = Case.objects.visible_to(by).select_related("school").select_for_update(of=("self",)).filter(pk=case.pk)
    case = held.first() or _refuse("You can no longer see this case, so nothing was changed.")
    if case.status != Case.Status.CLOSED:
        raise Refused(_said(case, Event.Kind.CASE_REOPENED, "opened this case again", or_else="This case is open."))
    if case.merged_into:
        raise Refused(
            f"It was merged into {case.merged_into.reference}. Split off from there what is a case of its own."
        )
    if not reason.strip():
        raise Refused("Write why it is opened again.")
    case.status, case.closed_at, case.closed_reason = Case.Status.OPEN, None, ""
    case.next_action, case.next_on = DECIDE_NEXT, soon(case)
    case.save(update_fields=["status", "closed_at", "closed_reason", "next_action", "next_on"])
    record(Event.Kind.CASE_REOPENED, school=case.school, by=by, case=case, why=reason)
    if not still_leads(case):  # a closed case stays with whoever led it, also when they leave
        set_lead(case, by=by, lead=next_lead(case, by))
    return case


@transaction.atomic
def pause_case(*, case: Case, by: User, reason: str, goes: Collection[str] = ()) -> Case:
    """Safeguarding first: no step can be taken until somebody says that it is done. The days go on being counted.

    Its letters that have not left the house wait, but for those whose references are in `goes`.
    """
    case = lock_case(case, by=by)
    if case.status == Case.Status.PAUSED:
        raise Refused(_said(case, Event.Kind.CASE_PAUSED, "paused this case", or_else="This case is paused already."))
    _check_reason(reason)
    summary = stop_letters(case, by=by, goes=goes)
    return _set_status(case, Case.Status.PAUSED, Event.Kind.CASE_PAUSED, by=by, reason=reason, summary=summary)


@transaction.atomic
def resume_case(*, case: Case, by: User, reason: str) -> Case:
    case = lock_case(case, by=by)
    if case.status != Case.Status.PAUSED:
        raise Refused(
            _said(case, Event.Kind.CASE_RESUMED, "said that safeguarding is done", or_else="It is not paused.")
        )
    _check_reason(reason)
    summary = let_letters_go_on(case, by=by)
    return _set_status(case, Case.Status.OPEN, Event.Kind.CASE_RESUMED, by=by, reason=reason, summary=summary)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("Write your reason, in a sentence or more.")


def _set_status(case: Case, status: Case.Status, kind: Event.Kind, *, by: User, reason: str, summary: str) -> Case:
    case.status = status
    case.save(update_fields=["status"])
    record(kind, school=case.school, by=by, case=case, why=reason, summary=summary)
    return case


def _said(case: Case, kind: Event.Kind, did: str, *, or_else: str) -> str:
    """`Ruth Adeyemi paused this case on 3 December 2026 at 8:51am.`"""
    first = last_of(case, kind)
    return f"{first[0]} {did} {first[1]}." if first else or_else


def _refuse(sentence: str) -> Case:
    raise Refused(sentence)


def _tell_reporters(case: Case, *, by: User) -> None:
    for concern in case.concerns.filter(withdrawn_at=None).select_related("school", "reporter"):
        text = in_their_language("casework/closed_message.txt", concern)
        leave_message(concern=concern, by=by, text=text, key=uuid.uuid4())
