"""The pages for an access code that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.context import school_of
from incidents.reporting.contact_page import ConfirmForm
from incidents.reporting.fields import LineField
from incidents.reporting.guessing import count_wrong_try, has_guessed_too_often
from incidents.reporting.lost_code import is_open_link, open_link, send_code_link
from incidents.reporting.sending import Receipt
from incidents.reporting.status import too_many_tries
from incidents.reporting.switching import FORM_ID, is_sent, open_form

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class LostCodeForm(forms.Form):
    reference = LineField(
        label=_lazy("Reference"),
        help_text=_lazy("For example, DKH-7R4K-2Q"),
        max_length=60,
        error_messages={"required": _lazy("Enter your reference")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        typed = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "dir": "ltr"}
        self.helper.layout = Layout(
            Field("reference", css_class="govuk-input--width-10 govuk-input--extra-letter-spacing", **typed),
            Div(
                Button.primary("continue", _("Send me a link"), data_prevent_double_click="true"),
                css_class="govuk-button-group",
            ),
        )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def status_lost_code(request: HttpRequest) -> HttpResponse:
    form = open_form(LostCodeForm, request)
    if form.is_bound and has_guessed_too_often(request):
        return too_many_tries(request)
    is_asked = form.is_valid()
    if is_asked:
        count_wrong_try(request)  # a right reference counts too: the answer must not tell them apart
        send_code_link(school=school_of(request), reference=form.cleaned_data["reference"])
    context = {"form": form, "is_asked": is_asked, "back_url": reverse("status")}
    return render(request, "reporting/lost_code.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def status_new_code(request: HttpRequest, token: str) -> HttpResponse:
    school = school_of(request)
    is_pressed = is_sent(request)
    opened = open_link(token, school=school) if is_pressed else None
    is_over = opened is None if is_pressed else not is_open_link(token, school=school)
    context = {
        "form": ConfirmForm(button=_("Show my new access code")),
        "receipt": Receipt(opened[0].reference, opened[1]) if opened else None,
        "is_over": is_over,
    }
    return render(request, "reporting/new_code.html", context, status=410 if is_over else 200)
