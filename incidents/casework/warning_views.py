"""The page that begins a warning letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.models import today
from incidents.casework.case_facts import facts_of
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.reply_days import reply_days
from incidents.casework.step_frame import MAY_DRAFT, choose_recipient, frame
from incidents.casework.step_reading import begun_of, chosen_of, found_about, read_for_steps, taken_of
from incidents.casework.warning import KIND, draft_warning
from incidents.casework.warning_forms import WarningStartForm
from incidents.casework.warning_words import usual_asks
from incidents.models import Step
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
    read_for_steps(case)
    drafts = begun_of(case, KIND)
    chosen = chosen_of(case, request)
    if chosen is None:
        return choose_recipient(request, case, drafts, kind=KIND)
    draft = drafts.get(chosen.pk)
    if draft is not None and request.method == "GET":
        return redirect("step-draft", case.reference, draft.pk)
    facts = facts_of(case, decider=request.user, subject=chosen, has_no_conflict=True, steps=taken_of(case))
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
    found, taken = found_about(case, subject), taken_of(case)
    # What one letter has dealt with goes into a second one only when somebody ticks it.
    used = {each.pk for step in case.steps.all() if step.state == Step.State.TAKEN for each in step.allegations.all()}
    fresh = [str(each.pk) for each in found if each.pk not in used]
    initial = {
        "allegations": fresh,
        "asks": "\n".join(usual_asks(request.user, school=case.school)),
        "reply_by": days.usual,
    }
    typed = request.POST if request.method == "POST" else None
    return WarningStartForm(typed, found=found, taken=taken, days=days, has_account=has_account, initial=initial)
