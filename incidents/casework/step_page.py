"""The page of one step that left its draft: what was decided, by whom and why, and what came after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from incidents.casework.authority_views import authority_context
from incidents.casework.ban_page import ban_context
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.legal_views import legal_context
from incidents.casework.proposal_rows import rows_of
from incidents.casework.step_forms import StepRescindForm
from incidents.casework.step_taking import rescind_step
from incidents.models import Approval, Case, CasePerson, Meeting, Step
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


@require_GET
@permission_required("incidents.view_case", raise_exception=True)
def step(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    case = find_case(request, reference)
    found = step_of(case, pk)
    if found.part_of_id:
        return redirect("step", case.reference, found.part_of_id)
    if found.state == Step.State.DRAFT:
        return redirect("step-draft", case.reference, found.pk)
    prefetch_related_objects([case], CasePerson.with_their_names())
    may_change = request.user.has_perm("incidents.take_step") and case.status != Case.Status.CLOSED
    parts = [found, *parts_of(found)]
    for part in parts:
        part.shown_rows = rows_of(part)[1:]  # type: ignore[attr-defined]  # the first is its title
    context = {
        **step_frame(case, found),
        "parts": parts,
        "may_change": may_change,
        "may_decide": {each.pk for each in Step.objects.waiting_for(request.user).filter(pk__in=[p.pk for p in parts])},
    }
    if found.kind == "ban":
        context |= ban_context(found, parts, user=request.user)
    if found.kind == "legal":
        context |= legal_context(found, user=request.user)
    if found.kind == "authorities":
        context |= authority_context(found)
    if found.kind == "meeting":
        meetings = Meeting.objects.select_related("chosen", "recorded_by", "note_taker")
        meeting = meetings.prefetch_related("slots", "attending").filter(step=found).first()
        if meeting:
            context |= {
                "meeting": meeting,
                "extra_template": "casework/_meeting.html",
                "side_template": "casework/_meeting_moves.html",
            }
    return render(request, "casework/step.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.take_step", raise_exception=True)
@on_open_case
def step_rescind(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    found = step_of(case, pk)
    form = StepRescindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            rescind_step(step=found, by=request.user, **form.cleaned_data)
            messages.success(request, f"{found.title} rescinded. It stays in the file.")
            return redirect(case)
    context = {**step_frame(case, found), "form": form, "back_url": found.get_absolute_url()}
    return render(request, "casework/step_rescind.html", context)


def step_of(case: Case, pk: int) -> Step:
    people = ("subject", "letter", "drafted_by", "proposed_by", "taken_by", "rescinded_by", "part_of")
    steps = case.steps.select_related(*people).prefetch_related(
        "allegations", Prefetch("approvals", Approval.objects.select_related("decided_by", "proposed_by"))
    )
    found = get_object_or_404(steps, pk=pk)
    found.case = case
    return found


def parts_of(root: Step) -> list[Step]:
    """The later parts of a step, in the order in which they were begun."""
    people = ("subject", "letter", "drafted_by", "proposed_by", "taken_by", "rescinded_by")
    parts = list(
        root.parts.select_related(*people).prefetch_related(
            "allegations", Prefetch("approvals", Approval.objects.select_related("decided_by", "proposed_by"))
        )
    )
    for each in parts:
        each.case, each.part_of = root.case, root
    return parts


def step_frame(case: Case, found: Step) -> dict[str, Any]:
    return {
        "case": case,
        "step": found,
        "subject": found.subject,
        "step_text": POLICY.step(found.kind).text,
        "back_url": case.get_absolute_url(),
    }
