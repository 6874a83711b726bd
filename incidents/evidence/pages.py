"""The pages about one file: looking at it, its chain of custody, and opening the sealed original."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dkh_conduct.accounts.proof import proof_required
from dkh_conduct.school.chain import end_of, verify
from incidents.evidence.chat_view import ChatPage
from incidents.evidence.covering import Leaves
from incidents.evidence.custody import custody_of
from incidents.evidence.forms import OpenOriginalForm
from incidents.evidence.looks import note_look
from incidents.evidence.originals import OPEN_ORIGINAL, CannotOpenError, case_of, open_original
from incidents.evidence.quality import words_of
from incidents.evidence.serving import POLICY, stored_response
from incidents.evidence.similar import matches_of
from incidents.evidence.viewer import Viewer
from incidents.evidence.views import find_evidence
from incidents.models import CustodyEntry

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, HttpResponseBase

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User
    from incidents.models import Evidence


@require_safe
def evidence(request: StaffRequest, pk: UUID) -> HttpResponse:
    found = find_evidence(request, pk)
    asked = request.GET.dict()
    viewer = Viewer.of(found, request.user, asked)
    context = {
        "evidence": found,
        "viewer": viewer,
        "hints": words_of(found.hints),
        "elsewhere": matches_of([found], user=request.user) if request.user.has_perm("incidents.view_concern") else [],
        "back_url": home_of(found, request.user),
    }
    if found.kind in {"chat", "email"} and not found.is_waiting:
        note_look(found, by=request.user)
        marked = list(found.lines.marked()) if found.kind == "chat" else []
        context["leaves"] = Leaves.of(found, marked=marked)
        if found.kind == "chat":
            parts = {page.source.name: page.number for page in viewer.pages[1:]}
            context["chat"] = ChatPage.of(found, asked, marked=marked, parts=parts)
            # What is seen in a message is of its case: whoever reads concerns alone does not learn that there is one.
            context["case"] = case_of(found) if request.user.has_perm("incidents.view_case") else None
    return render(request, "evidence/evidence.html", context)


@require_safe
def evidence_custody(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The chain of custody, and whether the whole log still holds."""
    found = find_evidence(request, pk)
    return render(
        request,
        "evidence/evidence_custody.html",
        {
            "evidence": found,
            "lines": custody_of(found),
            "broken": verify(CustodyEntry, found.school),
            "end": end_of(CustodyEntry, found.school),
            "back_url": found.get_absolute_url(),
        },
    )


@require_http_methods(["GET", "POST"])
@permission_required(OPEN_ORIGINAL, raise_exception=True)
@proof_required
def evidence_original_open(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    found = find_evidence(request, pk)
    form = OpenOriginalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _as_download(found, open_original(evidence=found, by=request.user, **form.cleaned_data))
        except CannotOpenError as refusal:
            form.add_error(None, str(refusal))
    return render(
        request,
        "evidence/evidence_original_open.html",
        {"evidence": found, "form": form, "back_url": found.get_absolute_url()},
    )


@require_safe
def evidence_redacted(request: StaffRequest, pk: UUID, redaction: int) -> HttpResponse:
    found = find_evidence(request, pk)
    made = get_object_or_404(found.redactions, pk=redaction)
    response = stored_response(made.copy, name=f"evidence-{pk.hex[:8]}-redacted")
    note_look(found, by=request.user, part=made.part)
    return response


def home_of(evidence: Evidence, user: User) -> str:
    """Where somebody who looks at it came from: the concern, or for who reads only its case, the case."""
    if evidence.reply is not None:
        return reverse("case-reply", args=[evidence.reply.step.case.reference, evidence.reply.pk])
    concern = evidence.concern
    if concern is None:
        return ""
    if concern.case is not None and not user.has_perm("incidents.view_concern"):
        return concern.case.get_absolute_url()
    return concern.get_absolute_url()


def _as_download(evidence: Evidence, pieces: object) -> StreamingHttpResponse:
    """A file to save, never one to open in the browser: it is whatever somebody sent."""
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")  # type: ignore[arg-type]
    response.headers["Content-Length"] = str(evidence.size)
    response.headers["Content-Disposition"] = f'attachment; filename="original-{evidence.pk.hex[:8]}.bin"'
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
