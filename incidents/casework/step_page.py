"""The page of one step that left its draft: what was decided, by whom and why, and what came after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from incidents.casework.authority_views import authority_context
from incidents.casework.ban_page import ban_context
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.legal_views import legal_context
from incidents.casework.proposal_rows import rows_of
from incidents.casework.step_forms import StepRescindForm
from incidents.casework.step_taking import letters_of_step, rescind_step
from incidents.models import Approval, Case, Meeting, Step
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User


@require_GET
@permission_required("incidents.view_case", raise_exception=True)
def step(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    case = find_case(request, reference)
    found, *later = step_with_parts(case, pk)
    if found.part_of_id:
        return redirect("step", case.reference, found.part_of_id)
    if found.state == Step.State.DRAFT:
        return redirect("step-draft", case.reference, found.pk)
    may_change = request.user.has_perm("incidents.take_step") and case.status != Case.Status.CLOSED
    parts = [found, *later]
    for part in parts:
        part.shown_rows = rows_of(part)[1:]  # type: ignore[attr-defined]  # the first is its title
    context = {
        **step_frame(case, found),
        "parts": parts,
        "may_change": may_change,
        "may_decide": decided_by(request.user, parts),
    }
    if found.kind == "ban":
        context |= ban_context(found, parts, user=request.user)
    if found.kind == "legal":
        context |= legal_context(found, parts, user=request.user)
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
    letters = letters_of_step(found)
    context = {
        **step_frame(case, found),
        "form": form,
        "waiting": letters.not_gone(),
        "gone": letters.posted().exclude(pk__in=letters.not_gone()),
        "back_url": found.get_absolute_url(),
    }
    return render(request, "casework/step_rescind.html", context)


def step_of(case: Case, pk: int) -> Step:
    found = get_object_or_404(_read(case.steps.all()), pk=pk)
    found.case = case
    return found


def step_with_parts(case: Case, pk: int) -> list[Step]:
    """One step, and its later parts in the order in which they were begun; all that their pages say of each."""
    steps = list(_read(case.steps.filter(Q(pk=pk) | Q(part_of=pk))))
    root = next((each for each in steps if each.pk == pk), None)
    if root is None:
        raise Http404
    for each in steps:
        each.case = case
    parts = [each for each in steps if each.part_of_id == pk]
    for each in parts:
        each.part_of = root
    return [root, *parts]


def decided_by(user: User, parts: list[Step]) -> set[int]:
    """Which of them this person could approve; nothing is asked where nothing waits."""
    waiting = [each.pk for each in parts if each.state == Step.State.PROPOSED]
    return {each.pk for each in Step.objects.waiting_for(user).filter(pk__in=waiting)} if waiting else set()


def _read(steps: QuerySet[Step]) -> QuerySet[Step]:
    """With who did what, its letter, what each kind of step keeps beside it, what it is about, and who decided."""
    decisions = Approval.objects.select_related("decided_by", "proposed_by")
    people = ("subject", "letter", "drafted_by", "proposed_by", "taken_by", "rescinded_by", "part_of")
    kept = ("ban__contact", "ban__person", "ban_decision", "authority__contact")
    return steps.select_related(*people, *kept).prefetch_related("allegations", Prefetch("approvals", decisions))


def step_frame(case: Case, found: Step) -> dict[str, Any]:
    return {
        "case": case,
        "step": found,
        "subject": found.subject,
        "step_text": POLICY.step(found.kind).text,
        "back_url": case.get_absolute_url(),
    }
