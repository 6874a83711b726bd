"""The page on which a void letter is issued again: to whom, where, and by when they can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.door import on_open_case
from incidents.casework.form_layout import laid_out
from incidents.casework.letter_again import issue_letter_again
from incidents.casework.recipients import why_no_letter
from incidents.casework.reply_day_field import ReplyDayField
from incidents.casework.reply_days import reply_days
from incidents.casework.step_page import step_frame, step_of
from incidents.models import CasePerson
from letters.models import Letter
from letters.refusals import LetterRefusedError
from letters.reissuing import why_words_stay_wrong

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.casework.reply_days import ReplyDays
    from incidents.models import Case, Step


class LetterAgainForm(forms.Form):
    """The one thing that changes: the day. A letter that asks for no reply has no field at all."""

    reply_by = ReplyDayField(label="They can put their side by")

    def __init__(self, *args: Any, asks_reply: bool, days: ReplyDays, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_reply:
            self.fields["reply_by"].help_text = days.hint
            self.fields["reply_by"].initial = days.usual
        else:
            del self.fields["reply_by"]
        self.helper = laid_out(*self.fields, button="Issue this letter again")


def why_not(case: Case, step: Step) -> str:
    """The sentence that stands in place of the form."""
    wrong = why_words_stay_wrong(step.letter) if step.letter else ""
    return wrong or ("" if step.row.is_to_body else why_no_letter(case, step.subject, kind=step.kind))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.take_step", raise_exception=True)
@on_open_case
def step_letter_again(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    found = step_of(case, pk)
    prefetch_related_objects([case], CasePerson.with_their_names())
    letter = found.letter
    form = LetterAgainForm(
        request.POST if request.method == "POST" else None,
        asks_reply=bool(letter and letter.reply_by),
        days=reply_days(case.school, posted_on=today()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            new = issue_letter_again(step=found, by=request.user, reply_by=form.cleaned_data.get("reply_by"))
        except (Refused, LetterRefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Issued again as {new.reference}. It waits in the print room.")
            return redirect(found)
    context = {
        **step_frame(case, found),
        "form": form,
        "letter": letter,
        "is_void": letter is not None and letter.state == Letter.State.VOID,
        "problem": why_not(case, found),
        "back_url": found.get_absolute_url(),
    }
    return render(request, "casework/step_letter_again.html", context)
