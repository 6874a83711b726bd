"""The letter about a complaint: asked for, looked at, sent to the print room or discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.calendar import PastCalendarError
from dkh_conduct.school.models import today
from incidents.models import Concern, HandOver
from incidents.triage.forms_hand_over import HandOverForm
from incidents.triage.handing_over import (
    RIGHTS,
    discard_hand_over,
    objections_to,
    send_hand_over,
    write_hand_over,
)
from incidents.triage.outcome import OutcomeRefusedError
from letters.checks.answers import asked, reasons_in, unanswered
from letters.models import Letter
from letters.refusals import LetterRefusedError

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest

ANSWER_WITHIN_SCHOOL_DAYS = 5


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHTS, raise_exception=True)
def concern_letter(request: StaffRequest, reference: str) -> HttpResponse:
    seen = Concern.objects.visible_to(request.user).select_related("reporter", "school")
    concern = get_object_or_404(seen, reference=reference)
    if concern.outcome != Concern.Outcome.COMPLAINT:
        raise Http404("No complaint was handed over")
    found = HandOver.objects.select_related("letter__school").filter(concern=concern).first()
    if found and found.letter.state == Letter.State.DRAFT:
        found.concern = concern
        return _draft(request, found)
    if found and found.letter.state != Letter.State.VOID:
        return redirect(found.letter)
    form = HandOverForm(request.POST if request.method == "POST" else None, initial=_initial(concern))
    if form.is_valid():
        try:
            write_hand_over(concern=concern, by=request.user, **form.cleaned_data)
        except (OutcomeRefusedError, LetterRefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("concern-letter", reference=concern.reference)
    context = {"concern": concern, "form": form, "back_url": concern.get_absolute_url()}
    return render(request, "triage/hand_over.html", context)


def _draft(request: StaffRequest, found: HandOver) -> HttpResponse:
    """The letter as it would be posted, with what there is to object to in it."""
    concern, reasons, refused = found.concern, reasons_in(request.POST), ""
    if request.method == "POST":
        try:
            if "discard" in request.POST:
                discard_hand_over(concern=concern, by=request.user)
                messages.success(request, "The letter is discarded.")
                return redirect("concern-letter", reference=concern.reference)
            letter = send_hand_over(concern=concern, by=request.user, reasons=reasons)
            messages.success(request, f"Letter {letter.reference} is on its way to the print room.")
            return redirect(concern)
        except (OutcomeRefusedError, LetterRefusedError) as refusal:
            refused = str(refusal)
    waiting = unanswered(found.letter, objections_to(found))
    context = {
        "concern": concern,
        "letter": found.letter,
        "asked": asked(waiting, reasons),
        "may_send": all(each.may_go_on for each in waiting),
        "refused": refused,
        "back_url": concern.get_absolute_url(),
    }
    return render(request, "triage/hand_over_draft.html", context, status=409 if refused else 200)


def _initial(concern: Concern) -> dict[str, Any]:
    reporter = getattr(concern, "reporter", None)
    try:
        answer_by = concern.school.calendar().add_school_days(today(), ANSWER_WITHIN_SCHOOL_DAYS)
    except PastCalendarError:
        answer_by = None
    return {"addressee": reporter.name if reporter else "", "answer_by": answer_by}
