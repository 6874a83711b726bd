"""The page that begins a warning letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.models import today
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.ladder import BEGUN, facts_of
from incidents.casework.reply_days import reply_days
from incidents.casework.step_views import MAY_DRAFT, choose_recipient, frame
from incidents.casework.warning import KIND, draft_warning
from incidents.casework.warning_forms import WarningStartForm
from incidents.casework.warning_words import usual_asks
from incidents.models import Allegation, CasePerson
from incidents.policy.ladder import needs_of, standing_of
from letters.refusals import LetterRefusedError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case, Person


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
@on_open_case
def step_warning(request: StaffRequest, case: Case) -> HttpResponse:
    """Begin a letter: to whom, where there are several subjects, and with what."""
    prefetch_related_objects([case], CasePerson.with_their_names(), "allegations__steps", "steps")
    steps = [step for step in case.steps.all() if step.kind == KIND]
    drafts = {step.subject_id: step for step in steps if step.state in BEGUN}
    taken = [step for step in case.steps.all() if step.state == "taken" and step.part_of_id is None]
    subjects = case.subjects
    chosen = next((each for each in subjects if len(subjects) == 1 or str(each.pk) == request.GET.get("to")), None)
    if chosen is None:
        return choose_recipient(request, case, drafts, kind=KIND)
    draft = drafts.get(chosen.pk)
    if draft is not None and request.method == "GET":
        return redirect("step-draft", case.reference, draft.pk)
    facts = facts_of(case, decider=request.user, subject=chosen, has_no_conflict=True, steps=taken)
    form = _start_form(request, case, chosen, has_account=bool(facts.account and facts.account.received_on))
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                step = draft_warning(case=case, by=request.user, subject=chosen, **form.cleaned_data)
                return redirect("step-draft", case.reference, step.pk)
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    context = {
        **frame(case, chosen, kind=KIND),
        "form": form,
        "standing": standing_of(KIND, facts),
        "needs": needs_of(KIND, facts),
        "draft": draft,
    }
    return render(request, "casework/warning_start.html", context)


def _start_form(request: StaffRequest, case: Case, subject: Person, *, has_account: bool) -> WarningStartForm:
    days = reply_days(case.school, posted_on=today())
    found = [
        allegation
        for allegation in case.allegations.all()
        if allegation.subject_id == subject.pk and allegation.finding == Allegation.Finding.FOUND
    ]
    # What one letter has dealt with goes into a second one only when somebody ticks it.
    fresh = [str(each.pk) for each in found if not any(step.state == "taken" for step in each.steps.all())]
    initial = {
        "allegations": fresh,
        "asks": "\n".join(usual_asks(request.user, school=case.school)),
        "reply_by": days.usual,
    }
    typed = request.POST if request.method == "POST" else None
    return WarningStartForm(typed, found=found, days=days, has_account=has_account, initial=initial)
