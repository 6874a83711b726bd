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


class HeirField(forms.ChoiceField):
    """Who takes over what somebody was doing; gives the person."""

    def __init__(self, *, user: User) -> None:
        self.heirs = {str(each.pk): each for each in possible_heirs(user)}
        super().__init__(
            label="Who takes over what they were doing?",
            help_text="What that person may not know of goes to the Executive Head, or to somebody else who may.",
            choices=[Choice(pk, each.full_name, hint=each.job_title) for pk, each in self.heirs.items()],
            widget=forms.RadioSelect,
            required=bool(self.heirs),  # where nobody can take over, the verb says so
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Select who takes over"),
        )

    def clean(self, value: Any) -> User | None:
        return self.heirs.get(super().clean(value) or "")


class LeaveForm(forms.Form):
    def __init__(self, *args: Any, user: User, is_work: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_work:
            self.fields["heir"] = HeirField(user=user)
        end = Button.warning("continue", "End this account", data_prevent_double_click="true")
        self.helper = form_helper(*map(Field, self.fields), Div(end, HTML(KEEP), css_class="govuk-button-group"))
        self.helper.legend_size = Size.SMALL


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
@proof_required
def staff_leave(request: StaffRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(staff_of(request.user).filter(is_active=True).select_related("school"), pk=pk)
    work = work_of(user)
    form = LeaveForm(request.POST if request.method == "POST" else None, user=user, is_work=bool(work))
    if request.method == "POST" and form.is_valid():
        try:
            leave(user=user, by=request.user, heir=form.cleaned_data.get("heir"))
        except (Refused, RefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{user.full_name} can no longer sign in. Their name stays on what they signed.")
            return redirect("staff-list")
    context = {"member": user, "form": form, "work": work, "back_url": reverse("staff-member", args=[pk])}
    return render(request, "accounts/staff_leave.html", context)


@transaction.atomic
def leave(*, user: User, by: User, heir: User | None) -> None:
    """All of it or nothing."""
    hand_over_work(user=user, by=by, heir=heir)
    end_account(user=user, by=by)
