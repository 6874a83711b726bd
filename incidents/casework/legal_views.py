"""The pages of a request for legal advice, inside a privileged area: the lead and the Trust's legal team."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from dkh_conduct.accounts.proof import proof_required
from dkh_conduct.school.models import today
from incidents.casework.case_facts import facts_of, signals_of
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.legal import KIND, ask_for_advice, file_advice, lawyers_of, names_in_request, pack_of
from incidents.casework.legal_forms import AdviceForm, LegalForm
from incidents.casework.step_frame import choose_recipient, frame
from incidents.casework.step_reading import account_of, chosen_of, found_about, read_for_steps, taken_of
from incidents.models import LegalReferral
from incidents.policy.explanations import explanations_for
from incidents.policy.ladder import needs_of, standing_of
from incidents.policy.signals import LIBEL_SIGNALS
from letters.refusals import LetterRefusedError
from letters.views import as_pdf

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User
    from incidents.models import Case, Step

MAY_ASK = ("incidents.take_step", "incidents.view_privileged")


@require_http_methods(["GET", "POST"])
@permission_required(MAY_ASK, raise_exception=True)
@on_open_case
def step_legal(request: StaffRequest, case: Case) -> HttpResponse:
    """Everything a lawyer asks for first. It threatens nobody."""
    read_for_steps(case)
    chosen = chosen_of(case, request)
    if chosen is None:
        return choose_recipient(request, case, {}, kind=KIND, is_written_to=False)
    taken, signals = taken_of(case), signals_of(case)
    facts = facts_of(
        case,
        decider=request.user,
        subject=chosen,
        has_no_conflict=True,
        has_approver=True,
        has_current_ban=False,
        signals=signals,
        steps=taken,
        calendar=case.school.calendar(),
    )
    found, account = [each for each in found_about(case, chosen) if each.words], account_of(case, chosen)
    marked = [str(each.pk) for each in found if signals.get(each.pk, frozenset()) & LIBEL_SIGNALS]
    form = LegalForm(
        request.POST if request.method == "POST" else None,
        found=found,
        taken=taken,
        lawyers=list(lawyers_of(case)),
        # Every finding that could be chosen is asked about, so that no second page is needed.
        explanations=explanations_for(KIND, facts, {int(pk) for pk in marked}),
        look=partial(names_in_request, case),
        initial={"allegations": marked, "account": account.statement if account else "", "author": chosen.full_name},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            step = ask_for_advice(case=case, by=request.user, subject=chosen, **form.values())
            messages.success(request, "Recorded: legal advice is asked for. Open the pack to send it.")
            return redirect(step)
    context = {
        **frame(case, chosen, kind=KIND),
        "problem": "",
        "form": form,
        "title": "Ask for legal advice",
        "standing": standing_of(KIND, facts),
        "needs": needs_of(KIND, facts),
    }
    return render(request, "casework/step_start.html", context)


@require_GET
@permission_required("incidents.view_privileged", raise_exception=True)
@proof_required
def legal_pack(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    referral = referral_of(find_case(request, reference), pk, user=request.user)
    try:
        return as_pdf(pack_of(referral), name=f"{referral.step.case.reference}-legal")
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(referral.step)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.view_privileged", raise_exception=True)
@on_open_case
def advice_add(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    referral = referral_of(case, pk, user=request.user)
    form = AdviceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            file_advice(referral=referral, by=request.user, **form.cleaned_data)
            messages.success(request, "The advice was filed.")
            return redirect(referral.step)
    context = {
        **frame(case, referral.step.subject, kind=KIND),
        "form": form,
        "title": "File legal advice",
        "back_url": referral.step.get_absolute_url(),
    }
    return render(request, "casework/step_small.html", context)


def legal_context(step: Step, parts: list[Step], *, user: User) -> dict[str, Any]:
    """What the reader may know: those outside the privileged area see that advice was asked for, and no more."""
    referral = LegalReferral.objects.visible_to(user).filter(step=step).first()
    context: dict[str, Any] = {"extra_template": "casework/_legal.html", "is_privileged": referral is not None}
    if referral is not None:
        referral.step = step
        context |= {
            "legal": referral,
            "days_left": (referral.limitation_on - today()).days,
            "advice": referral.advice.select_related("filed_by"),
            "lawyers": [each.to for each in step.case.referrals.standing().select_related("to")],
        }
    else:  # why it was asked for says as much as what was asked
        for part in parts:
            part.shown_rows, part.rescinded_reason = [], ""  # type: ignore[attr-defined]
    return context


def referral_of(case: Case, pk: int, *, user: User) -> LegalReferral:
    """By the key of its step; 404 outside the privileged area."""
    found = LegalReferral.objects.visible_to(user).select_related("step__subject", "step__taken_by")
    referral = get_object_or_404(found, step=pk, step__case=case)
    referral.step.case = case
    return referral
