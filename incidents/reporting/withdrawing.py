"""A reporter takes their concern back, and says why; the school keeps it and may still look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Field, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from incidents.models import Concern, Event
from incidents.models.event import record
from incidents.reporting.fields import StoryField
from incidents.reporting.opened import with_opened_concern
from incidents.reporting.switching import FORM_ID, open_form

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class WithdrawForm(forms.Form):
    reason = StoryField(
        label=_lazy("Why do you want to withdraw it?"),
        help_text=_lazy("A sentence is enough. The school reads it."),
        max_length=2_000,
        error_messages={
            "required": _lazy("Say why you want to withdraw it, in a few words"),
            "max_length": _lazy("Use %(limit_value)d characters or fewer. There are %(show_value)d here"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        keep = format_html('<a class="govuk-link" href="{}">{}</a>', reverse("status-concern"), _("Keep my concern"))
        self.helper.layout = Layout(
            Field.textarea("reason", rows=4),
            Div(
                Button.warning("withdraw", "Withdraw this concern", data_prevent_double_click="true"),
                HTML(keep),
                css_class="govuk-button-group",
            ),
        )


def withdraw_concern(*, concern: Concern, reason: str) -> None:
    """Once: what is withdrawn already keeps its first reason."""
    with transaction.atomic():
        locked = Concern.objects.select_for_update(of=("self",)).select_related("school").get(pk=concern.pk)
        if locked.is_withdrawn:
            return
        locked.withdrawn_at = timezone.now()
        locked.withdrawn_reason = reason
        locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record(Event.Kind.CONCERN_WITHDRAWN, school=locked.school, by=None, concern=locked)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_opened_concern
def status_withdraw(request: HttpRequest, concern: Concern) -> HttpResponse:
    form = open_form(WithdrawForm, request)
    if concern.is_withdrawn:
        return redirect("status-concern")
    if form.is_valid():
        withdraw_concern(concern=concern, reason=form.cleaned_data["reason"])
        return redirect("status-concern")
    context = {"concern": concern, "form": form, "back_url": reverse("status-concern")}
    return render(request, "reporting/status_withdraw.html", context)
