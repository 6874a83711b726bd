"""The evidence question: choose files, see each one back, say what it shows, go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.evidence import refusals
from incidents.evidence.captions import save_captions
from incidents.evidence.intake import DraftClosedError, receive, remove
from incidents.evidence.serving import picture_response
from incidents.evidence.uploads import ReceivedFile, problem_of, takes_files
from incidents.models import Draft
from incidents.reporting.drafts import evidence_of, find_draft_or_sent, sent_files_of, with_draft
from incidents.reporting.evidence_form import EvidenceForm, count_in_words
from incidents.reporting.questions import LATER, page_context
from incidents.reporting.rates import TooOftenError, count_upload
from incidents.reporting.switching import is_sent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Evidence

SLUG = "evidence"


@takes_files
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def report_evidence(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        try:
            return _post(request, draft)
        except DraftClosedError:
            return redirect("report-sent")
    return _page(request, draft, EvidenceForm(evidence_of(draft)))


def _post(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Whichever button was pressed, what was typed and every chosen file is kept first."""
    save_captions(draft=draft, captions=EvidenceForm(evidence_of(draft), request.POST).captions())
    is_switch = not is_sent(request)
    chosen = request.FILES.getlist("files")
    received = [_receive(request, draft, upload) for upload in chosen]
    if key := _key(request.POST.get("remove", "")):
        remove(draft=draft, key=key)

    form = EvidenceForm(evidence_of(draft), request.POST)
    refused = [evidence for evidence in received if evidence.problem]
    if problem := problem_of(request):
        form.add_error("files", problem)
    elif "upload" in request.POST and not chosen:
        form.add_error("files", _("Choose a file to upload"))
    # A refused file is shown before going on, so that nobody thinks it was sent.
    if refused or problem:
        return _page(request, draft, form, refused=refused, status=400)
    if not form.is_valid():
        return _page(request, draft, form)
    if is_switch and not received:
        return _page(request, draft, form)
    if is_switch or key or "upload" in request.POST:
        return HttpResponseRedirect(f"{request.get_full_path()}#files")
    return redirect("report-later" if LATER in request.POST else page_context(request, draft, SLUG)["next_url"])


def _receive(request: HttpRequest, draft: Draft, upload: UploadedFile[bytes]) -> Evidence:
    """One that comes too soon is listed like every file that is not taken, with the time from which it would be."""
    try:
        count_upload(request, draft)
    except TooOftenError as too_often:
        if isinstance(upload, ReceivedFile):
            upload.give_up(refusals.too_soon(too_often.until))
    return receive(draft=draft, upload=upload)


def _key(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _page(
    request: HttpRequest, draft: Draft, form: EvidenceForm, *, refused: Sequence[Evidence] = (), status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = page_context(request, draft, SLUG)
    return render(
        request,
        "reporting/evidence.html",
        {**context, "form": form, "count": count_in_words(form.evidence), "refused": refused},
        status=status,
    )


@takes_files
@login_not_required
@require_POST
@with_draft
def report_evidence_upload(request: HttpRequest, draft: Draft) -> HttpResponse:
    """For the page's script: takes one file and answers with its row, drawn by the same template."""
    upload = request.FILES.get("files")
    try:
        received = _receive(request, draft, upload) if upload else None
    except DraftClosedError:
        received = None
    if received is None:
        return render(request, "reporting/_evidence_reply.html", status=400)
    context = {
        "row": EvidenceForm([received]).rows[0],
        "count": count_in_words(evidence_of(draft)),
    }
    return render(request, "reporting/_evidence_reply.html", context, status=400 if received.problem else 200)


@login_not_required
@require_safe
def report_evidence_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only for the browser that sent it, for as long as it can open the draft or the receipt."""
    draft = find_draft_or_sent(request) or Draft()
    evidence = get_object_or_404(sent_files_of(draft.concern) if draft.concern else evidence_of(draft).good(), pk=pk)
    return picture_response(evidence, "thumbnail")
