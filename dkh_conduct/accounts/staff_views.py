"""The administrator's pages: who has an account, inviting, resetting, signing somebody out everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dkh_conduct.accounts.invitations import LIFE, CannotInviteError, invite, withdraw
from dkh_conduct.accounts.proof import proof_required
from dkh_conduct.accounts.second_step import SECOND_STEPS
from dkh_conduct.accounts.staff import (
    RefusedError,
    invitations_of,
    reset_second_step,
    sign_out_everywhere,
    staff_of,
)
from dkh_conduct.accounts.staff_forms import InviteForm
from dkh_conduct.school.context import school_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User

may_manage = permission_required("accounts.manage_staff", raise_exception=True)


@require_safe
@may_manage
def staff_list(request: StaffRequest) -> HttpResponse:
    has_step = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS))
    staff = list(staff_of(request.user).annotate(has_step=has_step))
    return render(
        request,
        "accounts/staff_list.html",
        {
            "here": [user for user in staff if user.is_active],
            "left": [user for user in staff if not user.is_active],
            "invitations": invitations_of(request.user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
@proof_required
def staff_invite(request: StaffRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite(school=school_of(request), by=request.user, **form.cleaned_data)
        except CannotInviteError as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(
                request, f"{form.cleaned_data['full_name']} was sent a link. It works once, for {LIFE.days} days."
            )
            return redirect("staff-list")
    return render(request, "accounts/staff_invite.html", {"form": form, "back_url": reverse("staff-list")})


@require_POST
@may_manage
@proof_required
def staff_second_step_reset(request: StaffRequest, pk: int) -> HttpResponse:
    user = _found(request, pk)
    try:
        reset_second_step(user=user, by=request.user)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{user.full_name} sets up a new second step when they next sign in.")
    return redirect("staff-member", user.pk)


@require_POST
@may_manage
@proof_required
def staff_sessions_end(request: StaffRequest, pk: int) -> HttpResponse:
    user = _found(request, pk)
    try:
        sign_out_everywhere(user=user, by=request.user)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{user.full_name} is signed out everywhere.")
    return redirect("staff-member", user.pk)


@require_POST
@may_manage
def invitation_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(invitations_of(request.user).select_related("school"), pk=pk)
    withdraw(invitation=invitation, by=request.user)
    messages.success(request, f"The invitation of {invitation.full_name} is withdrawn. Its link opens nothing.")
    return redirect("staff-list")


def _found(request: StaffRequest, pk: int) -> User:
    return get_object_or_404(staff_of(request.user), pk=pk)
