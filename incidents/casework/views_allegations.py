"""Pages that add an allegation, and decide one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from incidents.casework.allegations import add_allegation, record_finding
from incidents.casework.concerns import concerns_of
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.forms_allegations import AllegationAddForm, FindingRecordForm
from incidents.casework.quoting import quoted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def allegation_add(request: StaffRequest, case: Case) -> HttpResponse:
    concerns = concerns_of(case, user=request.user)
    posted = request.POST if request.method == "POST" else None
    initial = quoted(case, request.GET.get("line", ""), user=request.user)
    form = AllegationAddForm(posted, case=case, user=request.user, concerns=concerns, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            add_allegation(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, "The allegation was added.")
            return redirect(case)
    return render(
        request,
        "casework/allegation_add.html",
        {"case": case, "form": form, "concerns": concerns, "back_url": case.get_absolute_url()},
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def finding_record(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    allegation = get_object_or_404(case.allegations.select_related("subject", "found_by"), pk=pk)
    form = FindingRecordForm(request.POST if request.method == "POST" else None, allegation=allegation)
    if form.is_valid():
        with refusals_on(form):
            record_finding(case=case, by=request.user, allegation=allegation, **form.cleaned_data)
            messages.success(request, "The finding was recorded.")
            return redirect(case)
    accounts = case.information.filter(person=allegation.subject, is_subject_account=True)
    return render(
        request,
        "casework/finding_record.html",
        {
            "case": case,
            "allegation": allegation,
            "accounts": accounts,
            "form": form,
            "back_url": case.get_absolute_url(),
        },
    )
