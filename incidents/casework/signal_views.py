"""The pages on which signals in messages are written down and withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.quoting import marked_messages
from incidents.casework.signal_forms import SignalForm, SignalWithdrawForm
from incidents.casework.signals import record_signal, withdraw_signal
from incidents.models import Case, Signal

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


@require_GET
@permission_required("incidents.view_case", raise_exception=True)
def signal_list(request: StaffRequest, reference: str) -> HttpResponse:
    """What was seen in the case's messages, standing and withdrawn."""
    case = find_case(request, reference)
    signals = Signal.objects.of_case(case).select_related("allegation", "line", "recorded_by", "withdrawn_by")
    signals = signals.exclude(line__evidence__concern__conflicts__user=request.user)
    context = {
        "case": case,
        "signals": signals,
        "may_change": request.user.has_perm("incidents.run_case") and case.status != Case.Status.CLOSED,
        "back_url": case.get_absolute_url(),
    }
    return render(request, "casework/signal_list.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def signal_add(request: StaffRequest, case: Case) -> HttpResponse:
    allegations, taken = list(case.allegations.all()), case.steps.taken().rungs().prefetch_related("allegations")
    lines = marked_messages(case, user=request.user)
    asked = {"message": f"line-{request.GET.get('line', '')}"}
    posted = request.POST if request.method == "POST" else None
    form = SignalForm(posted, allegations=allegations, taken=list(taken), lines=lines, initial=asked)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_signal(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded. No step is taken by this.")
            return redirect("signal-list", case.reference)
    context = {
        "case": case,
        "form": form,
        "has_messages": bool(allegations or lines),
        "back_url": case.get_absolute_url(),
    }
    return render(request, "casework/signal_add.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def signal_withdraw(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    signals = Signal.objects.of_case(case).exclude(line__evidence__concern__conflicts__user=request.user)
    signal = get_object_or_404(signals.select_related("allegation__subject", "allegation__case", "line"), pk=pk)
    form = SignalWithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            withdraw_signal(signal=signal, by=request.user, **form.cleaned_data)
            messages.success(request, "Withdrawn. It stays in the file with your reason.")
            return redirect("signal-list", case.reference)
    context = {
        "case": case,
        "subject": signal.allegation.subject if signal.allegation else None,
        "form": form,
        "title": f"Withdraw: {signal.text[:1].lower()}{signal.text[1:]}",
        "back_url": case.get_absolute_url(),
    }
    return render(request, "casework/step_small.html", context)
