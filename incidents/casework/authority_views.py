"""The pages of a contact with the authorities, the page that stops it while no signal is recorded among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.proof import proof_required
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.casework.authorities import (
    KIND,
    copies_of,
    make_pack,
    missing_of,
    record_outcome,
    record_sent,
    save_authorities,
    write_authorities_letter,
)
from incidents.casework.authority_forms import AuthoritiesForm, AuthorityOutcomeForm, AuthoritySentForm
from incidents.casework.case_facts import approvers_of, facts_of
from incidents.casework.case_lock import Refused
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.step_frame import MAY_DRAFT, choose_recipient, frame
from incidents.casework.step_reading import (
    account_of,
    begun_of,
    chosen_of,
    found_about,
    read_for_steps,
    taken_of,
)
from incidents.models import AuthorityReferral, Step
from incidents.policy.ladder import needs_of, standing_of
from letters.refusals import LetterRefusedError
from letters.views import as_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django import forms
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case, Person

COPIED = (
    *("body", "address", "why", "about", "basis", "account", "no_account_because"),
    *("complaint_open", "known", "asked"),
)


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
@on_open_case
def step_authorities(request: StaffRequest, case: Case) -> HttpResponse:
    """What goes to which body. Without a recorded signal, a page that says what this is not for."""
    read_for_steps(case, "authority")
    begun = begun_of(case, KIND)
    chosen = chosen_of(case, request)
    if chosen is None:
        return choose_recipient(request, case, begun, kind=KIND, is_written_to=False)
    step = begun.get(chosen.pk)
    if step is not None and step.state == Step.State.PROPOSED:
        return redirect(step)
    approvers = list(approvers_of(case, besides=request.user))
    facts = facts_of(
        case,
        decider=request.user,
        subject=chosen,
        has_no_conflict=True,
        has_current_ban=False,
        steps=taken_of(case),
        has_approver=bool(approvers),
    )
    if not facts.crime_signals and step is None:
        return _interruption(request, case, chosen, approvers)
    referral: AuthorityReferral | None = getattr(step, "authority", None)
    form = _form(request, case, chosen, referral)
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                return _save(request, case, chosen, step, form)
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    missing = missing_of(referral) if referral else []
    context = {
        **frame(case, chosen, kind=KIND),
        "form": form,
        "referral": referral,
        "step": step,
        "standing": standing_of(KIND, facts),
        "needs": needs_of(KIND, facts),
        "approvers": approvers,
        "missing": [(f"id_{name}", ask) for name, ask in missing],
    }
    return render(request, "casework/step_authorities.html", context)


def _interruption(request: StaffRequest, case: Case, subject: Person, approvers: Sequence[User]) -> HttpResponse:
    recorded = [each for each in case.allegations.all() if each.subject_id == subject.pk]
    context = {
        **frame(case, subject, kind=KIND),
        "recorded": recorded,
        "approvers": approvers,
    }
    return render(request, "casework/authorities_stop.html", context, status=200 if request.method == "GET" else 409)


def _save(request: StaffRequest, case: Case, subject: Person, step: Step | None, form: AuthoritiesForm) -> HttpResponse:
    referral = save_authorities(case=case, by=request.user, subject=subject, step=step, **form.values())
    url = f"{reverse('step-authorities', args=[case.reference])}?to={subject.pk}"
    if "write" not in request.POST:
        messages.success(request, "Draft saved.")
        return redirect(url)
    if missing := missing_of(referral):
        messages.error(request, f"Saved. The letter cannot be written yet. {missing[0][1]}.")
        return redirect(url)
    written = write_authorities_letter(referral=referral, by=request.user)
    return redirect("step-draft", case.reference, written.pk)


def _form(request: StaffRequest, case: Case, subject: Person, referral: AuthorityReferral | None) -> AuthoritiesForm:
    found, account = found_about(case, subject), account_of(case, subject)
    initial: dict[str, Any] = {
        "allegations": [str(each.pk) for each in found],
        "about": f"{subject.full_name}, who has a child at the school",
        "account": account.statement if account else "",
        "no_account_because": "" if account else case.cannot_wait_reason[:500],
        "contact": str(request.user.pk),
    }
    if referral is not None:
        initial = {name: getattr(referral, name) for name in (*COPIED, "version")}
        initial |= {
            "reason": referral.step.reason,
            "contact": str(referral.contact_id or ""),
            "allegations": [str(each.pk) for each in referral.step.allegations.all()],
        }
    staff = User.objects.filter(school=case.school, is_active=True, groups__name__in=[Role.SLT, Role.HEAD])
    return AuthoritiesForm(
        request.POST if request.method == "POST" else None,
        found=found,
        taken=taken_of(case),
        staff=list(staff.exclude(conflicts__case=case).distinct().order_by("full_name")),
        initial=initial,
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def authority_sent(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    referral = referral_of(case, pk)
    form = AuthoritySentForm(_posted(request), initial={"sent_on": today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_sent(referral=referral, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded: what was sent.")
            return redirect(referral.step)
    return _page(request, case, referral, form, "What was sent to whom")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def authority_outcome(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    referral = referral_of(case, pk)
    form = AuthorityOutcomeForm(_posted(request), initial={"outcome_on": today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_outcome(referral=referral, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded: what they decided.")
            return redirect(referral.step)
    return _page(request, case, referral, form, "What they decided")


@require_POST
@permission_required(MAY_DRAFT, raise_exception=True)
@proof_required
@on_open_case
def authority_pack(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """A POST, because every pack that goes out is written into the files' chain of custody."""
    referral = referral_of(case, pk)
    try:
        pack = make_pack(referral=referral, by=request.user)
    except (Refused, LetterRefusedError) as refusal:
        messages.error(request, str(refusal))
        return redirect(referral.step)
    return as_pdf(pack, name=f"{case.reference}-pack")


def authority_context(step: Step) -> dict[str, Any]:
    referral: AuthorityReferral | None = getattr(step, "authority", None)
    if referral is None:
        return {}
    return {
        "referral": referral,
        "copies": copies_of(step),
        "extra_template": "casework/_authority.html",
        "side_template": "casework/_authority_moves.html",
    }


def referral_of(case: Case, pk: int) -> AuthorityReferral:
    """By the key of its step."""
    referral = get_object_or_404(
        AuthorityReferral.objects.select_related("step__subject", "step__letter"), step=pk, step__case=case
    )
    referral.step.case = case
    return referral


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: StaffRequest, case: Case, referral: AuthorityReferral, form: forms.Form, title: str) -> HttpResponse:
    context = {
        **frame(case, referral.step.subject, kind=KIND),
        "form": form,
        "title": title,
        "back_url": referral.step.get_absolute_url(),
    }
    return render(request, "casework/step_small.html", context)
