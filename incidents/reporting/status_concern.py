"""The page of an opened concern: how far it is, the messages, and the files that were sent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents.evidence.intake import RefusedError, receive_later
from incidents.evidence.naming import shown_name
from incidents.evidence.serving import picture_response
from incidents.evidence.uploads import problem_of, takes_files
from incidents.models import Evidence
from incidents.reporting.messages import ReplyForm, write_reply
from incidents.reporting.opened import open_concern, with_opened_concern
from incidents.reporting.progress import heading, stage_now, track
from incidents.reporting.sending import promised_day_of
from incidents.reporting.status import LeaveForm
from incidents.reporting.switching import is_sent, refill

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from incidents.models import Concern


@takes_files
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_opened_concern
def status_concern(request: HttpRequest, concern: Concern) -> HttpResponse:
    is_reply = concern.messages.from_school().exists()
    if not is_sent(request):
        empty = ReplyForm(concern=concern, is_reply=is_reply)
        return _page(request, concern, refill(empty, request.POST) if request.method == "POST" else empty)
    refused = _take_files(request, concern)
    form = ReplyForm(request.POST, request.FILES, concern=concern, is_reply=is_reply)
    problems = [problem for problem in (*refused, problem_of(request)) if problem]
    for problem in problems:
        form.add_error("files", problem)
    if not form.is_valid():
        # What did arrive is with the school, and the school is told.
        write_reply(concern=concern, text="", key=uuid.uuid4())
        return _page(request, concern, form, status=400 if problems else 200)
    write_reply(concern=concern, text=form.cleaned_data["text"], key=form.cleaned_data["key"])
    open_concern(request, concern)
    return HttpResponseRedirect(f"{reverse('status-concern')}#messages")


def _take_files(request: HttpRequest, concern: Concern) -> list[str]:
    """Keep what can be kept; gives a sentence for each file that cannot."""
    refused = []
    for upload in request.FILES.getlist("files"):
        try:
            receive_later(concern=concern, upload=upload)
        except RefusedError as why:
            refused.append(f"{shown_name(upload.name or '')}: {_(str(why))}")
    return refused


def _page(request: HttpRequest, concern: Concern, form: ReplyForm, *, status: int = 200) -> HttpResponse:
    now = stage_now(concern)
    thread = list(concern.messages.select_related("author").prefetch_related("files"))
    context = {
        "concern": concern,
        "heading": heading(now),
        "stages": track(concern, now, today=timezone.localdate(), read_by=promised_day_of(concern)),
        "thread": thread,
        "question": thread[-1] if thread and thread[-1].is_from_school else None,
        "files": Evidence.objects.good().filter(concern=concern),
        "form": form,
        "leave": LeaveForm(),
    }
    return render(request, "reporting/status_concern.html", context, status=status)


@login_not_required
@require_safe
@with_opened_concern
def status_thumbnail(request: HttpRequest, concern: Concern, pk: UUID) -> HttpResponse:
    return picture_response(get_object_or_404(Evidence.objects.good().filter(concern=concern), pk=pk), "thumbnail")
