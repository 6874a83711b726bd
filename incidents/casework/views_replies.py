"""The page of one reply to a letter, and the button that says it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from incidents.casework.case_lock import Refused
from incidents.casework.door import find_case, on_open_case
from incidents.casework.replies import read_reply, replies_of
from incidents.models import Case

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


class ReplyReadForm(forms.Form):
    """One button."""

    def __init__(self, *, action: str) -> None:
        super().__init__()
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.attrs = {"novalidate": True}
        self.helper.layout = Layout(Button.primary("read", "I have read it", data_prevent_double_click="true"))


@require_GET
@permission_required("incidents.view_case", raise_exception=True)
def case_reply(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """What the addressee of a letter replied, in full."""
    case = find_case(request, reference)
    reply = get_object_or_404(replies_of(case, user=request.user), pk=pk)
    may_change = request.user.has_perm("incidents.run_case") and case.status != Case.Status.CLOSED
    action = reverse("case-reply-read", args=[case.reference, reply.pk])
    context = {
        "case": case,
        "reply": reply,
        "letter": reply.step.letter,
        "form": ReplyReadForm(action=action) if may_change and not reply.read_at else None,
        "back_url": case.get_absolute_url(),
    }
    return render(request, "casework/case_reply.html", context)


@require_POST
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_reply_read(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    reply = get_object_or_404(replies_of(case, user=request.user), pk=pk)
    try:
        read_reply(reply=reply, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("case-reply", reference=case.reference, pk=pk)
    messages.success(request, "Recorded: you read their reply.")
    return redirect(case)
