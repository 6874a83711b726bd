"""What waits for a second person, and the page on which they decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from dkh_conduct.school.models import today
from incidents.casework.case_page import account_blocks, request_rows
from incidents.casework.deadlines import due_words
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.proposal_rows import rows_of
from incidents.casework.recipients import why_no_letter
from incidents.casework.step_forms import ProposalDecideForm
from incidents.casework.step_page import step_frame, step_of
from incidents.casework.step_taking import decide_proposal, decided_sentence
from incidents.models import Approval, CasePerson, Step
from letters.refusals import LetterRefusedError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case

DECIDED = {
    "approve": "Approved. The step is taken.",
    "back": "Sent back, with your reason.",
    "decline": "Decided: this step is not taken.",
}
ROWS = 50


@require_GET
@permission_required("incidents.approve_step", raise_exception=True)
def approval_list(request: StaffRequest) -> HttpResponse:
    """What waits for the reader, the longest wait first; and their last decisions."""
    waiting = Step.objects.waiting_for(request.user).select_related("case", "subject", "proposed_by")
    decided = Approval.objects.filter(decided_by=request.user, step__in=Step.objects.visible_to(request.user))
    context = {
        "waiting": waiting.order_by("proposed_at", "pk")[:ROWS],
        "decided": decided.select_related("step__case", "step__subject").order_by("-decided_at")[:10],
    }
    return render(request, "casework/approval_list.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.approve_step", raise_exception=True)
@on_open_case
def proposal_decide(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """The proposal beside its letter, with their account, and three ways to answer it."""
    found = step_of(case, pk)
    if found.proposed_by_id == request.user.pk and found.state == Step.State.PROPOSED:
        raise PermissionDenied
    is_waiting = found.state == Step.State.PROPOSED
    if not is_waiting and request.method == "GET":
        messages.error(request, decided_sentence(case, found))
        return redirect(found)
    form = ProposalDecideForm(request.POST if request.method == "POST" else None, step=found)
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                decide_proposal(step=found, by=request.user, **form.cleaned_data)
                messages.success(request, DECIDED[cast("str", form.cleaned_data["decision"])])
                return redirect("approval-list")
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    prefetch_related_objects([case], CasePerson.with_their_names(), "information__person")
    day, calendar = today(), case.school.calendar()
    accounts = account_blocks(case, request_rows(case, today=day, calendar=calendar))
    context = {
        **step_frame(case, found),
        "form": form,
        "problem": why_no_letter(case, found.subject, kind=found.kind) if is_waiting and found.letter_id else "",
        "rows": rows_of(found),
        "account": next((block for block in accounts if block.subject.pk == found.subject_id), None),
        "due": due_words(case.next_on, today=day, calendar=calendar) if is_waiting else None,
        "page": 3 if request.GET.get("page") == "3" else 2 if request.GET.get("page") == "2" else 1,
        "pages": (1, 2, 3),
    }
    return render(request, "casework/proposal_decide.html", context, status=200 if is_waiting else 409)
