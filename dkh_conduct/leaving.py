"""Somebody leaves the school: one action ends their account and hands over what they were doing.

Part of the wiring, because accounts know nothing of cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import HTML, Button, Div, Field, Size
from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dkh_conduct.accounts.forms import form_helper
from dkh_conduct.accounts.proof import proof_required
from dkh_conduct.accounts.staff import RefusedError, end_account, staff_of
from dkh_conduct.accounts.staff_views import may_manage
from incidents.casework.case_lock import Refused
from incidents.casework.handing_over import hand_over_work, possible_heirs, work_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User


KEEP = '<a class="govuk-link" href="{{ back_url }}">Keep it</a>'


class LeaveForm(forms.Form):
    heir = forms.ChoiceField(
        label="Who takes over what they were doing?",
        help_text="What that person may not know of goes to the Executive Head, or to somebody else who may.",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who takes over", "invalid_choice": "Select who takes over"},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heirs = {str(each.pk): each for each in possible_heirs(user)}
        field: Any = self.fields["heir"]
        field.choices = [Choice(pk, each.full_name, hint=each.job_title) for pk, each in self.heirs.items()]
        if not work_of(user):
            del self.fields["heir"]
        parts = [Field("heir")] if "heir" in self.fields else []
        end = Button.warning("continue", "End this account", data_prevent_double_click="true")
        self.helper = form_helper(*parts, Div(end, HTML(KEEP), css_class="govuk-button-group"))
        self.helper.legend_size = Size.SMALL

    @property
    def heir_chosen(self) -> User | None:
        return self.heirs.get(self.cleaned_data.get("heir", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
@proof_required
def staff_leave(request: StaffRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(staff_of(request.user).filter(is_active=True).select_related("school"), pk=pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            leave(user=user, by=request.user, heir=form.heir_chosen)
        except (Refused, RefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{user.full_name} can no longer sign in. Their name stays on what they signed.")
            return redirect("staff-list")
    context = {"member": user, "form": form, "work": work_of(user), "back_url": reverse("staff-member", args=[pk])}
    return render(request, "accounts/staff_leave.html", context)


@transaction.atomic
def leave(*, user: User, by: User, heir: User | None) -> None:
    """All of it or nothing."""
    hand_over_work(user=user, by=by, heir=heir)
    end_account(user=user, by=by)
