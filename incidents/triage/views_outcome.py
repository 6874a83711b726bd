"""What can still be done about an outcome: safeguarding first, safeguarding done, undone within the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from incidents.models import Concern
from incidents.triage.forms import ReasonForm
from incidents.triage.outcome import OutcomeRefusedError
from incidents.triage.safeguarding import pause_for_safeguarding, resume_after_safeguarding
from incidents.triage.undoing import undo_outcome

if TYPE_CHECKING:
    from typing import Protocol

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User

    class Verb(Protocol):
        def __call__(self, *, concern: Concern, by: User, reason: str) -> None: ...


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.pause_concern", raise_exception=True)
def concern_pause(request: StaffRequest, reference: str) -> HttpResponse:
    words = {
        "heading": "Put safeguarding first",
        "intro": "Nothing else happens with this concern until somebody says that safeguarding is done. "
        "The safeguarding lead is told at once. The reporter reads that we are looking into it.",
        "button": "Put safeguarding first",
        "done": "Safeguarding comes first with {reference}.",
    }
    return _with_reason(request, reference, pause_for_safeguarding, words)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.pause_concern", raise_exception=True)
def concern_resume(request: StaffRequest, reference: str) -> HttpResponse:
    words = {
        "heading": "Safeguarding is done",
        "intro": "The concern waits to be read again, with a new day to read it by. Say what was done, or who agreed: "
        "nothing about a child that is not needed here.",
        "button": "Let it be read again",
        "done": "{reference} waits to be read again.",
    }
    return _with_reason(request, reference, resume_after_safeguarding, words)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.triage_concern", raise_exception=True)
def concern_undo(request: StaffRequest, reference: str) -> HttpResponse:
    words = {
        "heading": "Undo the outcome",
        "intro": "The concern waits to be read again. What was decided, and that it was undone, both stay in its "
        "story. A case that it opened is closed. If the reporter was told something, write to them.",
        "button": "Undo the outcome",
        "done": "The outcome of {reference} is undone. It waits to be read again.",
    }
    return _with_reason(request, reference, undo_outcome, words)


def _with_reason(request: StaffRequest, reference: str, verb: Verb, words: dict[str, str]) -> HttpResponse:
    concern = get_object_or_404(Concern.objects.visible_to(request.user), reference=reference)
    form = ReasonForm(request.POST if request.method == "POST" else None, button=words["button"])
    if form.is_valid():
        try:
            verb(concern=concern, by=request.user, reason=form.cleaned_data["reason"])
        except OutcomeRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words["done"].format(reference=concern.reference))
            return redirect(concern)
    context = {"concern": concern, "form": form, "back_url": concern.get_absolute_url(), **words}
    return render(request, "triage/reason.html", context)
