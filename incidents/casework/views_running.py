"""Pages about running a case: writing a note, handing it on, stepping aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.casework.conflicts import record_conflict
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.forms_case import ConflictRecordForm, LeadChangeForm, NoteAddForm
from incidents.casework.leads import change_lead
from incidents.casework.notes import add_note

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def note_add(request: StaffRequest, case: Case) -> HttpResponse:
    form = NoteAddForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            add_note(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, "The note was added.")
            return redirect(case)
    return render(request, "casework/note_add.html", {"case": case, "form": form, "back_url": case.get_absolute_url()})


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def lead_change(request: StaffRequest, case: Case) -> HttpResponse:
    form = LeadChangeForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        with refusals_on(form):
            changed = change_lead(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, f"{changed.lead.full_name} leads this case now.")
            return redirect(case)
    return render(
        request, "casework/lead_change.html", {"case": case, "form": form, "back_url": case.get_absolute_url()}
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def conflict_record(request: StaffRequest, case: Case) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = ConflictRecordForm(posted, case=case, user=request.user)
    if form.is_valid():
        with refusals_on(form):
            conflict = record_conflict(case=case, by=request.user, **form.cleaned_data)
            if conflict.user == request.user:
                messages.success(request, f"You have stepped aside from case {case.reference}, and no longer see it.")
                return redirect("case-list")
            messages.success(request, f"The case is kept from {conflict.user.full_name} from now on.")
            return redirect(case)
    context = {
        "case": case,
        "form": form,
        "conflicts": case.conflicts.select_related("user").order_by("recorded_at"),
        "back_url": case.get_absolute_url(),
    }
    return render(request, "casework/conflict_record.html", context)
