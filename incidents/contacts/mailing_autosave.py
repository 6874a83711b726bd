"""Keeping a letter to many while it is typed: the same verb and the same version as the button, answered in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dkh_conduct.school.templatetags.dates import clock
from incidents.contacts.mailing_forms import MailingForm
from incidents.contacts.mailing_views import find_mailing, may_draft
from letters.mailings import change_mailing
from letters.models import Mailing
from letters.refusals import LetterRefusedError, StaleDraftError

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest

GONE = "This letter was sent for approval or given up meanwhile. Copy what you typed, then load the page again."


@require_POST
@may_draft
def mailing_autosave(request: StaffRequest, number: int) -> JsonResponse:
    """200 with the new version; 422 for what cannot be kept as it is; 409 where somebody else was first."""
    found = find_mailing(request, number)
    if found.state != Mailing.State.DRAFT:
        return _answer(409, GONE)
    form = MailingForm(request.POST, letter=found.letter)
    if not form.is_valid():
        return _answer(422, "Not saved: something in the letter cannot be kept as it is. “Save draft” says what.")
    try:
        saved = change_mailing(mailing=found, by=request.user, **form.cleaned_data)
    except StaleDraftError as stale:
        return _answer(409, f"{stale} What you type is not saved any more. “Save draft” shows both.")
    except LetterRefusedError as refusal:
        return _answer(409, str(refusal))
    return JsonResponse({"version": saved.version, "said": f"Saved at {clock(timezone.now())}"})


def _answer(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"said": sentence}, status=status)
