"""Somebody’s account is changed; where their new role may no longer do what they were doing, somebody else takes over.

Part of the wiring, because accounts know nothing of cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from crispy_forms_gds.layout import Field
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dkh_conduct.accounts.proof import proof_required
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.second_step import SECOND_STEPS
from dkh_conduct.accounts.staff import RefusedError, change_staff, staff_of
from dkh_conduct.accounts.staff_forms import StaffForm
from dkh_conduct.accounts.staff_views import may_manage
from dkh_conduct.leaving import HeirField
from incidents.casework.case_lock import Refused
from incidents.casework.handing_over import Work, hand_over_work, work_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User


class StaffMemberForm(StaffForm):
    """Asks who takes over as soon as the role that is chosen does not allow what they are doing."""

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        was = {"full_name": member.full_name, "job_title": member.job_title, "phone": member.phone}
        super().__init__(*args, initial={**was, "role": member.role}, **kwargs)
        self.work: Work | None = None
        chosen = self.data.get("role", "")
        if member.is_active and chosen in Role.values and chosen != member.role:
            self.work = work_of(member, role=Role(chosen))
        if self.work:
            self.fields["heir"] = HeirField(user=member)
            self.helper.layout.insert(-1, Field("heir"))


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
@proof_required
def staff_member(request: StaffRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(staff_of(request.user).select_related("school"), pk=pk)
    form = StaffMemberForm(request.POST if request.method == "POST" else None, member=user)
    if request.method == "POST" and form.is_valid():
        try:
            is_new = change_member(user=user, by=request.user, **form.cleaned_data)
        except (Refused, RefusedError) as refusal:
            form.add_error("role", str(refusal))
        else:
            if is_new and user.pk == request.user.pk:
                logout(request)  # every session of theirs has ended, this one too
            messages.success(request, _done(form.cleaned_data["full_name"], is_new=is_new))
            return redirect("staff-list")
    context = {
        "member": user,
        "form": form,
        "steps": Authenticator.objects.filter(user=user, type__in=SECOND_STEPS),
        "back_url": reverse("staff-list"),
    }
    return render(request, "accounts/staff_member.html", context)


def _done(name: str, *, is_new: bool) -> str:
    return f"{name} was saved." + (
        " They are signed out everywhere, and sign in with their new role." if is_new else ""
    )


@transaction.atomic
def change_member(*, user: User, by: User, role: Role, heir: User | None = None, **details: str) -> bool:
    """All of it or nothing; whether the role is another one. Work goes first, while they may still be seen to have it.

    Raises RefusedError, or Refused, with the sentence why not.
    """
    before = user.role
    if role == before:
        change_staff(user=user, by=by, role=role, **details)
        return False
    if waiting := work_of(user, role=role).decisions:
        steps = "1 step waits" if waiting == 1 else f"{waiting} steps wait"
        raise RefusedError(
            f"{steps} for their decision, and nobody else could decide. Ask them to decide first, or make somebody "
            f"else {Role.HEAD.label}."
        )
    hand_over_work(user=user, by=by, heir=heir, role=role)
    change_staff(user=user, by=by, role=role, **details)
    return True
