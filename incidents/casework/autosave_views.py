"""Keeping a draft while it is typed: the same verb and the same version as the button, answered in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import clock
from incidents.casework.case_facts import facts_of
from incidents.casework.case_lock import Refused
from incidents.casework.door import find_case
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import save_draft
from incidents.casework.step_forms import StepDraftForm
from incidents.casework.step_frame import MAY_DRAFT
from incidents.casework.step_taking import explanations_of
from incidents.casework.step_views import draft_of, who_saved
from letters.refusals import LetterRefusedError, StaleDraftError

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest

GONE = "This draft was taken, sent for approval or discarded meanwhile. Copy what you typed, then load the page again."


@require_POST
@permission_required(MAY_DRAFT, raise_exception=True)
def step_autosave(request: StaffRequest, reference: str, draft: int) -> JsonResponse:
    """200 with the new version; 422 for what cannot be kept as it is; 409 where somebody else was first."""
    case = find_case(request, reference)
    step = draft_of(case, draft)
    if step is None or step.letter is None:
        return _answer(409, GONE)
    days = reply_days(case.school, posted_on=today())
    facts = facts_of(
        case,
        decider=request.user,
        subject=step.subject,
        has_no_conflict=True,
        has_approver=True,
        calendar=days.calendar,
    )
    explanations = explanations_of(step, facts)
    form = StepDraftForm(request.POST, step=step, letter=step.letter, days=days, explanations=explanations)
    if not form.is_valid():
        return _answer(422, "Not saved: something in the letter cannot be kept as it is. “Save draft” says what.")
    typed = form.cleaned_data
    try:
        saved = save_draft(
            step=step,
            by=request.user,
            version=typed["version"],
            reason=typed["reason"],
            explained=form.explained(),
            **form.words(),
        )
    except StaleDraftError as stale:
        return _answer(409, f"{who_saved(stale.letter)} What you type is not saved any more. “Save draft” shows both.")
    except (Refused, LetterRefusedError) as refusal:
        return _answer(409, str(refusal))
    version = saved.letter.version if saved.letter else typed["version"]
    return JsonResponse({"version": version, "said": f"Saved at {clock(timezone.now())}"})


def _answer(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"said": sentence}, status=status)
