"""Pages that close a case, open it again, pause it, and let it go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.casework.closing import close_case, pause_case, reopen_case, resume_case, why_not_closed
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.forms_closing import CaseCloseForm, CasePauseForm, CaseReasonForm
from incidents.casework.letters_waiting import letters_on_their_way, letters_to_stop
from incidents.models import Case

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


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
        "letters": letters_on_their_way(case).visible_to(request.user),
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
        "risk, or where what was posted says that a member of staff harmed a child: tell the safeguarding lead first. "
        "Its letters that have not left the house are stopped. A letter that lets somebody come on site again, and one "
        "to the police or another body, still go.",
        "button": "Pause the case",
    }
    letters = letters_to_stop(case).visible_to(request.user)
    form = CasePauseForm(request.POST if request.method == "POST" else None, button=words["button"], letters=letters)
    return _with_reason(request, case, pause_case, words, done=f"Case {case.reference} is paused.", form=form)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_resume(request: StaffRequest, case: Case) -> HttpResponse:
    words = {
        "heading": "Safeguarding is done",
        "intro": "The case goes on where it was, and so do its letters that were stopped. One that would come too late "
        "to be answered is made void, to be issued again. Say who agreed to that, and when.",
        "button": "Let the case go on",
    }
    return _with_reason(request, case, resume_case, words, done=f"Case {case.reference} goes on.")


def _with_reason(
    request: StaffRequest,
    case: Case,
    verb: Callable[..., Case],
    words: dict[str, str],
    *,
    done: str,
    form: CaseReasonForm | None = None,
) -> HttpResponse:
    form = form or CaseReasonForm(request.POST if request.method == "POST" else None, button=words["button"])
    if form.is_valid():
        with refusals_on(form):
            changed = verb(case=case, by=request.user, **form.cleaned_data)
            event = changed.events.newest_first().first()
            said = str(event.facts.get("summary", "")) if event else ""
            messages.success(request, f"{done} {said}".strip())
            return redirect(case)
    context = {"case": case, "form": form, "back_url": case.get_absolute_url(), **words}
    return render(request, "casework/case_reason.html", context)
