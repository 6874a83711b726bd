"""A letter that was emailed as a link: the page that asks for its code, and the letter behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from dkh_conduct.school.context import school_of
from incidents.reporting.fields import LineField
from incidents.reporting.guessing import HOUR, count_wrong_try, has_guessed_too_often
from incidents.reporting.reply_door import READ_LETTER
from incidents.reporting.status import LeaveForm
from letters.emailing import note_opened
from letters.kinds import KINDS
from letters.models import Letter
from letters.refusals import LetterRefusedError
from letters.reply_code import find_answered_letter
from letters.sealed import read_sealed

if TYPE_CHECKING:
    from django.http import HttpRequest

OPEN_FOR = 60 * 60
NO_MATCH = _lazy("This is not the code for this letter. Check it and try again")


class LetterCodeForm(forms.Form):
    code = LineField(
        label=_lazy("Code for this letter"),
        help_text=_lazy("12 letters and numbers. We gave it to you by phone, by text or in person."),
        max_length=60,
        error_messages={"required": _lazy("Enter the code for this letter")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        typed = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "dir": "ltr"}
        self.helper.layout = Layout(
            Field("code", css_class="govuk-input--width-20 govuk-input--extra-letter-spacing", **typed),
            Button.primary("continue", _("Open the letter"), data_prevent_double_click="true"),
        )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def emailed_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The same page whether or not there is such a letter."""
    form = LetterCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and has_guessed_too_often(request):
        too_many = render(request, "reporting/too_many.html", status=429)
        too_many.headers["Retry-After"] = str(HOUR)
        return too_many
    if form.is_valid():
        letter = find_answered_letter(school_of(request), reference=reference, code=form.cleaned_data["code"])
        if letter is not None and _was_emailed(letter):
            request.session.cycle_key()
            request.session[READ_LETTER] = [letter.pk, timezone.now().timestamp() + OPEN_FOR]
            note_opened(letter)
            return redirect("emailed-letter-read")
        count_wrong_try(request)
        form.add_error("code", NO_MATCH)
    return render(request, "reporting/emailed_letter.html", {"form": form, "back_url": reverse("start")})


@login_not_required
@require_safe
def emailed_letter_read(request: HttpRequest) -> HttpResponse:
    letter = _opened(request)
    if letter is None:
        return redirect("start")
    kind = KINDS.get(letter.kind)
    context = {"letter": letter, "asks_reply": bool(letter.reply_by and kind and kind.asks_reply), "leave": LeaveForm()}
    return render(request, "reporting/emailed_letter_read.html", context)


@login_not_required
@require_safe
def emailed_letter_file(request: HttpRequest) -> HttpResponse:
    """The very pages that were sealed."""
    letter = _opened(request)
    if letter is None:
        raise Http404
    try:
        pdf = read_sealed(letter)
    except LetterRefusedError:
        raise Http404 from None
    name = f'inline; filename="{letter.reference}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


def _was_emailed(letter: Letter) -> bool:
    is_out = letter.state == Letter.State.POSTED and letter.delivery == Letter.Delivery.EMAIL
    return is_out and hasattr(letter, "email")


def _opened(request: HttpRequest) -> Letter | None:
    pk, until = request.session.get(READ_LETTER, [None, 0])
    if pk is None or until < timezone.now().timestamp():
        return None
    letter = Letter.objects.posted().filter(school=school_of(request), pk=pk).select_related("email").first()
    return letter if letter is not None and _was_emailed(letter) else None
