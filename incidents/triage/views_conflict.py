"""Stepping aside from a concern, or keeping it from a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from incidents.models import Concern
from incidents.triage.conflicts import record_concern_conflict
from incidents.triage.forms_conflict import ConcernConflictForm
from incidents.triage.outcome import OutcomeRefusedError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.triage_concern", raise_exception=True)
def concern_conflict(request: StaffRequest, reference: str) -> HttpResponse:
    concern = get_object_or_404(Concern.objects.visible_to(request.user).select_related("case"), reference=reference)
    if concern.case and request.method != "POST":
        return redirect("conflict-record", concern.case.reference)
    form = ConcernConflictForm(request.POST if request.method == "POST" else None, concern=concern, user=request.user)
    if form.is_valid():
        try:
            conflict = record_concern_conflict(concern=concern, by=request.user, **form.cleaned_data)
        except OutcomeRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if conflict.user == request.user:
                messages.success(request, f"You have stepped aside from {concern.reference}, and no longer see it.")
                return redirect("concern-list")
            messages.success(request, f"{concern.reference} is kept from {conflict.user.full_name} from now on.")
            return redirect(concern)
    context = {
        "concern": concern,
        "form": form,
        "conflicts": concern.conflicts.select_related("user").order_by("recorded_at"),
        "back_url": concern.get_absolute_url(),
    }
    return render(request, "triage/conflict.html", context)
