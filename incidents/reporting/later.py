"""Finishing a report on another day or another device: a link by e-mail to answers that are not sent yet."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.limits import DAY, Rate, count_one, network_of
from incidents.reporting.contact_page import ConfirmForm
from incidents.reporting.drafts import (
    DraftSentError,
    draft_for,
    hash_of,
    hold_draft,
    lock_draft,
    open_drafts,
    remember_draft,
    with_draft,
)
from incidents.reporting.emails import draft_link
from incidents.reporting.fields import PublicEmailField
from incidents.reporting.switching import FORM_ID, is_sent, open_form
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Draft

# A link goes wherever somebody says, so neither one mailbox nor one network can be used to flood another.
TO_ONE_ADDRESS = Rate("draft link to", 3, DAY)
FROM_ONE_NETWORK = Rate("draft link from", 10)
TOO_MANY = _lazy("We sent several links just now. Look in your email, or wait an hour")


class LaterForm(forms.Form):
    email = PublicEmailField(
        label=_lazy("Email address"),
        help_text=_lazy("We use it for this link only. It is not added to your answers."),
        widget=forms.TextInput(attrs={"input_type": "email"}),
        error_messages={"required": _lazy("Enter an email address")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        send = Button.primary("send", _("Send me a link"), data_prevent_double_click="true")
        self.helper.layout = Layout(Field.text("email"), Div(send, css_class="govuk-button-group"))


def send_draft_link(*, draft: Draft, to: str) -> None:
    """The link is a second secret beside the browser's, and a later link ends it. Raises DraftSentError."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        locked = lock_draft(draft)
        locked.link_hash = hash_of(secret)
        locked.save(update_fields=["link_hash"])
        email = draft_link(school=locked.school, to=to, link=reverse("report-resume", args=[secret]))
        email.save()
        transaction.on_commit(partial(hurry_email, email.pk), robust=True)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def report_later(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = open_form(LaterForm, request)
    is_done = False
    if form.is_valid():
        to = form.cleaned_data["email"]
        if count_one(TO_ONE_ADDRESS, to.lower()) and count_one(FROM_ONE_NETWORK, network_of(request)):
            try:
                send_draft_link(draft=draft, to=to)
            except DraftSentError:
                return redirect("report-sent")
            is_done = True
        else:
            form.add_error("email", TOO_MANY)
    context = {"form": form, "is_done": is_done, "back_url": reverse("report-check")}
    return render(request, "reporting/later.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_resume(request: HttpRequest, token: str) -> HttpResponse:
    """Acts only when its button is pressed: programs that read mail open links too."""
    is_pressed = is_sent(request)
    found = open_drafts(request).filter(link_hash=hash_of(token)).exists()
    if found and is_pressed:
        hold_draft(request, token)
        draft_for(request)
        response = redirect("report-check")
        remember_draft(response, request)
        return response
    context = {"form": ConfirmForm(button=_("Open my answers")), "is_over": not found}
    return render(request, "reporting/resume.html", context, status=200 if found else 410)
