"""Pages about what was asked of whom, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.forms_information import CannotWaitForm, InformationAskForm, InformationReceiveForm
from incidents.casework.information import ask_for_information, receive_information, record_cannot_wait
from incidents.models import CasePerson

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case


@require_GET
@permission_required("incidents.view_case", raise_exception=True)
def information(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """What somebody told us, in full."""
    case = find_case(request, reference)
    asked = get_object_or_404(case.information.select_related("person", "asked_by", "received_by"), pk=pk)
    return render(
        request,
        "casework/information.html",
        {"case": case, "information": asked, "back_url": case.get_absolute_url()},
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def information_ask(request: StaffRequest, case: Case) -> HttpResponse:
    prefetch_related_objects([case], CasePerson.with_their_names())
    form = InformationAskForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        with refusals_on(form):
            asked = ask_for_information(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, f"Recorded: {asked.who} was asked.")
            return redirect(case)
    return render(
        request, "casework/information_ask.html", {"case": case, "form": form, "back_url": case.get_absolute_url()}
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def information_receive(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    asked = get_object_or_404(case.information.select_related("person", "asked_by"), pk=pk)
    form = InformationReceiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            receive_information(case=case, by=request.user, information=asked, **form.cleaned_data)
            messages.success(request, f"Recorded: what {asked.who} said.")
            return redirect(case)
    return render(
        request,
        "casework/information_receive.html",
        {"case": case, "information": asked, "form": form, "back_url": case.get_absolute_url()},
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def cannot_wait_record(request: StaffRequest, case: Case) -> HttpResponse:
    form = CannotWaitForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        with refusals_on(form):
            record_cannot_wait(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, "The reason was recorded.")
            return redirect(case)
    return render(
        request, "casework/cannot_wait_record.html", {"case": case, "form": form, "back_url": case.get_absolute_url()}
    )
