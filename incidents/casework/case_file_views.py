"""Pages that make the file of a case for a panel, say how far it is, and open it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dkh_conduct.accounts.proof import proof_required
from incidents.casework.case_file import ask_for_case_file, names_in_file, redacted_in, try_case_file_again
from incidents.casework.case_file_forms import CaseFileAskForm
from incidents.casework.case_file_told import PARTS, advice_in, evidence_in, letters_in
from incidents.casework.door import find_case, refusals_on
from incidents.evidence.redacted import copies_for
from incidents.models import CaseFile
from letters.sealed import read_paper

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from dkh_conduct.accounts.http import StaffRequest

MAY_PRINT = "incidents.print_case_file"
GONE = "The PDF is not kept any longer, or is not what was sealed. Make the file again."


@require_http_methods(["GET", "POST"])
@permission_required(MAY_PRINT, raise_exception=True)
@proof_required
def case_file_ask(request: StaffRequest, reference: str) -> HttpResponse:
    case, user = find_case(request, reference), request.user
    found = copies_for(evidence_in(case, user=user))
    form = CaseFileAskForm(
        request.POST if request.method == "POST" else None,
        letters=list(letters_in(case, user=user)),
        copies=redacted_in(found.ready),
        may_read_advice=advice_in(case, user=user).exists(),
        look=partial(names_in_file, case, by=user),
    )
    if form.is_valid():
        with refusals_on(form):
            return redirect(ask_for_case_file(case=case, by=user, **form.cleaned_data))
    context = {
        "case": case,
        "form": form,
        "missing": found.missing,
        "files": CaseFile.objects.visible_to(user).filter(case=case).select_related("asked_by")[:10],
        "back_url": case.get_absolute_url(),
    }
    return render(request, "casework/case_file_ask.html", context)


@require_GET
@permission_required(MAY_PRINT, raise_exception=True)
def case_file(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """How far it is; then what it is, with its fingerprints."""
    file = _file_of(request, reference, number)
    context = {
        "case": file.case,
        "file": file,
        "parts": [name for key, name in PARTS.items() if key in file.parts],
        "back_url": file.case.get_absolute_url(),
    }
    response = render(request, "casework/case_file.html", context)
    if file.state in {CaseFile.State.QUEUED, CaseFile.State.MAKING}:
        response["Refresh"] = "2"
    return response


@require_GET
@permission_required(MAY_PRINT, raise_exception=True)
@proof_required
def case_file_pdf(request: StaffRequest, reference: str, number: int) -> HttpResponseBase:
    """A file to save: the log of who looked keeps it as an export."""
    file = _file_of(request, reference, number)
    pdf = read_paper(file)
    if pdf is None:
        messages.error(request, GONE)
        return redirect(file)
    name = f"{file.case.reference}-file-{file.number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_POST
@permission_required(MAY_PRINT, raise_exception=True)
def case_file_again(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    file = _file_of(request, reference, number)
    try_case_file_again(file=file, by=request.user)
    return redirect(file)


def _file_of(request: StaffRequest, reference: str, number: int) -> CaseFile:
    case = find_case(request, reference)
    files = CaseFile.objects.visible_to(request.user).select_related("asked_by")
    file: CaseFile = get_object_or_404(files, case=case, number=number)
    file.case = case
    return file
