"""The pages on which a reporter changes how to be reached, and confirms an address from an e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.context import school_of
from incidents.models import Reporter
from incidents.reporting.contact import change_contact, confirm_email, contact_of, read_claim
from incidents.reporting.fields import LineField, PublicEmailField
from incidents.reporting.guessing import counted_too_often
from incidents.reporting.opened import with_opened_concern
from incidents.reporting.switching import FORM_ID, is_sent, open_form

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Concern

CHANGES_AN_HOUR = 6
TOO_MANY = _lazy("You changed this several times just now. Wait an hour, then try again")
SENT_TO = "sent_link_to"  # session key


class ContactForm(forms.Form):
    email = PublicEmailField(
        label=_lazy("Email address (optional)"),
        help_text=_lazy(
            "We send a link to it, to check that it is yours. We write only that there is something to see here."
        ),
        required=False,
        widget=forms.TextInput(attrs={"input_type": "email"}),
    )
    phone = LineField(
        label=_lazy("Phone number (optional)"),
        help_text=_lazy("If you would like a senior leader to be able to call you."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"input_type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        self.helper.layout = Layout(
            Field.text("email"),
            Field.text("phone", field_width=20),
            Div(Button.primary("save", _("Save"), data_prevent_double_click="true"), css_class="govuk-button-group"),
        )


class ConfirmForm(forms.Form):
    """The button of a page that only acts when it is pressed: programs that read mail open links too."""

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.layout = Layout(Button.primary("confirm", button, data_prevent_double_click="true"))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_opened_concern
def status_contact(request: HttpRequest, concern: Concern) -> HttpResponse:
    form = open_form(ContactForm, request, initial=contact_of(concern))
    if form.is_valid():
        if counted_too_often(f"contact {concern.pk}", most=CHANGES_AN_HOUR):
            form.add_error("email", TOO_MANY)
        else:
            change_contact(concern=concern, **form.cleaned_data)
            return redirect("status-concern")
    context = {"concern": concern, "form": form, "back_url": reverse("status-concern")}
    return render(request, "reporting/status_contact.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def status_contact_confirm(request: HttpRequest, token: str) -> HttpResponse:
    is_pressed = is_sent(request)
    claim = read_claim(token)
    known = claim and Reporter.objects.filter(pk=claim.reporter, concern__school=school_of(request)).exists()
    is_done = is_pressed and claim is not None and bool(known) and confirm_email(claim) is not None
    is_over = not known or (is_pressed and not is_done)
    context = {
        "form": ConfirmForm(button=_("Confirm this address")),
        "email": claim.email if claim else "",
        "is_done": is_done,
        "is_over": is_over,
    }
    return render(request, "reporting/contact_confirm.html", context, status=410 if is_over else 200)
