"""Staff and the reporter of a concern: messages, and a new access code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dkh_conduct.accounts.proof import proof_required
from incidents.evidence.originals import CannotOpenError, open_email
from incidents.models import Concern
from incidents.triage.codes import reissue_access_code
from incidents.triage.forms_reporter import MessageForm, NewCodeForm
from incidents.triage.messages import ask_reporter, read_messages, thread_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.triage_concern", raise_exception=True)
def concern_messages(request: StaffRequest, reference: str) -> HttpResponse:
    concern = _concern(request, reference)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        ask_reporter(concern=concern, by=request.user, text=form.cleaned_data["text"], key=form.cleaned_data["key"])
        messages.success(request, "Your message is where the reporter can read it.")
        return HttpResponseRedirect(f"{concern.get_absolute_url()}#messages")
    context = {
        "concern": concern,
        "reporter": getattr(concern, "reporter", None),
        "form": form,
        **thread_of(concern),
        "back_url": concern.get_absolute_url(),
    }
    return render(request, "triage/messages.html", context)


@require_POST
@permission_required("incidents.triage_concern", raise_exception=True)
def concern_messages_read(request: StaffRequest, reference: str) -> HttpResponse:
    concern = _concern(request, reference)
    seen = request.POST.get("up_to", "")
    if seen.isascii() and seen.isdigit() and len(seen) < 19:
        read_messages(concern=concern, by=request.user, up_to=int(seen))
    return redirect(f"{concern.get_absolute_url()}#messages")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.view_concern", raise_exception=True)
@proof_required
def concern_new_code(request: StaffRequest, reference: str) -> HttpResponse:
    """Answers the form with the code itself: it is shown once, so there is no page to go to."""
    concern = _concern(request, reference)
    form = NewCodeForm(request.POST if request.method == "POST" else None)
    code = reissue_access_code(concern=concern, by=request.user, **form.cleaned_data) if form.is_valid() else ""
    context = {"concern": concern, "form": form, "code": code, "back_url": concern.get_absolute_url()}
    return render(request, "triage/new_code.html", context)


@require_POST
@permission_required("incidents.view_concern", raise_exception=True)
@proof_required
def concern_email(request: StaffRequest, reference: str) -> HttpResponse:
    """The e-mail a concern came in, to be saved and never to be shown by the browser. A POST: it leaves an event."""
    found = Concern.objects.visible_to(request.user).select_related("school", "case")
    concern = get_object_or_404(found.exclude(recording__email_file=""), recording__isnull=False, reference=reference)
    try:
        raw = open_email(concern=concern, by=request.user)
    except CannotOpenError as problem:
        messages.error(request, str(problem))
        return redirect(concern)
    headers = {"Content-Disposition": f'attachment; filename="{concern.reference}.eml"'}
    return HttpResponse(raw, content_type="application/octet-stream", headers=headers)


def _concern(request: StaffRequest, reference: str) -> Concern:
    seen = Concern.objects.visible_to(request.user).select_related("reporter")
    return get_object_or_404(seen, reference=reference)
