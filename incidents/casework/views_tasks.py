"""Pages for the tasks of a case and for the cases that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from incidents.casework.case_lock import Refused
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.forms_closing import CaseLinkForm, TaskAddForm
from incidents.casework.tasks import add_task, finish_task, link_cases, unlink_cases
from incidents.models import Case

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def task_add(request: StaffRequest, case: Case) -> HttpResponse:
    form = TaskAddForm(request.POST if request.method == "POST" else None, case=case, user=request.user)
    if form.is_valid():
        with refusals_on(form):
            task = add_task(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, f"The task is on the list of {task.owner.full_name}.")
            return redirect(case)
    return render(request, "casework/task_add.html", {"case": case, "form": form, "back_url": case.get_absolute_url()})


@require_POST
@permission_required("incidents.run_case", raise_exception=True)
def task_done(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    case = find_case(request, reference)
    task = get_object_or_404(case.tasks, pk=pk)
    try:
        finish_task(case=case, by=request.user, task=task)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Done: {task.what}.")
    return redirect(f"{case.get_absolute_url()}#tasks")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_link(request: StaffRequest, case: Case) -> HttpResponse:
    form = CaseLinkForm(request.POST if request.method == "POST" else None, case=case, user=request.user)
    if form.is_valid():
        with refusals_on(form):
            link_cases(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, f"{form.cleaned_data['other'].reference} is linked to this case.")
            return redirect(case)
    return render(request, "casework/case_link.html", {"case": case, "form": form, "back_url": case.get_absolute_url()})


@require_POST
@permission_required("incidents.run_case", raise_exception=True)
def case_unlink(request: StaffRequest, reference: str, other: str) -> HttpResponse:
    case = find_case(request, reference)
    linked = get_object_or_404(Case.objects.visible_to(request.user).with_reference(other))
    try:
        unlink_cases(case=case, by=request.user, other=linked)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{linked.reference} is not linked to this case any more.")
    return redirect(case)
