"""Pages that close a case, open it again, pause it, and let it go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.casework.closing import close_case, pause_case, reopen_case, resume_case, why_not_closed
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.forms_closing import CaseCloseForm, CaseReasonForm
from incidents.models import Case

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User


class Verb(Protocol):
    def __call__(self, *, case: Case, by: User, reason: str) -> Case: ...


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_close(request: StaffRequest, case: Case) -> HttpResponse:
    form = CaseCloseForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        with refusals_on(form):
            close_case(
                case=case,
                by=request.user,
                reason=form.cleaned_data["reason"],
                outcomes=form.outcomes,
                tell_reporters=form.cleaned_data["tell_reporters"],
            )
            messages.success(request, f"Case {case.reference} is closed.")
            return redirect(case)
    context = {
        "case": case,
        "form": form,
        "first": why_not_closed(case),
        "tasks": case.tasks.filter(done_at=None).select_related("owner"),
        "back_url": case.get_absolute_url(),
    }
    return render(request, "casework/case_close.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
def case_reopen(request: StaffRequest, reference: str) -> HttpResponse:
    case = find_case(request, reference)
    if case.status != Case.Status.CLOSED:
        return redirect(case)
    words = {
        "heading": "Open the case again",
        "intro": "What was found and which steps were taken stay as they are. The reason stands in its story.",
        "button": "Open the case again",
    }
    return _with_reason(request, case, reopen_case, words, done=f"Case {case.reference} is open again.")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_pause(request: StaffRequest, case: Case) -> HttpResponse:
    words = {
        "heading": "Pause the case: safeguarding first",
        "intro": "No step can be taken until somebody says that safeguarding is done. Use it where a child may be at "
        "risk, or where what was posted says that a member of staff harmed a child: tell the safeguarding lead first.",
        "button": "Pause the case",
    }
    return _with_reason(request, case, pause_case, words, done=f"Case {case.reference} is paused.")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_resume(request: StaffRequest, case: Case) -> HttpResponse:
    words = {
        "heading": "Safeguarding is done",
        "intro": "The case goes on where it was. Say who agreed to that, and when.",
        "button": "Let the case go on",
    }
    return _with_reason(request, case, resume_case, words, done=f"Case {case.reference} goes on.")


def _with_reason(request: StaffRequest, case: Case, verb: Verb, words: dict[str, str], *, done: str) -> HttpResponse:
    form = CaseReasonForm(request.POST if request.method == "POST" else None, button=words["button"])
    if form.is_valid():
        with refusals_on(form):
            verb(case=case, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, done)
            return redirect(case)
    context = {"case": case, "form": form, "back_url": case.get_absolute_url(), **words}
    return render(request, "casework/case_reason.html", context)
