"""What an invitation's link opens: a page to choose a password, and then the second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dkh_conduct.accounts.invitations import accept, invitation_of
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.staff_forms import AcceptForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TOKEN = "invitation"  # noqa: S105  where it lies in the session


@login_not_required
@require_safe
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address, where a log, a history or a neighbour could read it."""
    request.session[TOKEN] = token
    return redirect("invitation")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    token = str(request.session.get(TOKEN, ""))
    found = invitation_of(token) if token else None
    if found is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    owner = User(email=found.email, full_name=found.full_name, job_title=found.job_title)
    form = AcceptForm(request.POST if request.method == "POST" else None, owner=owner)
    if request.method == "POST" and form.is_valid():
        user = accept(token=token, password=form.cleaned_data["password1"])
        if user is None:
            return render(request, "accounts/invitation_gone.html", status=410)
        request.session.flush()
        record_authentication(request, user, "password")
        get_adapter(request).login(request, user)
        return redirect("mfa_index")
    return render(
        request,
        "accounts/invitation.html",
        {"form": form, "invitation": found, "school_accounts": settings.SCHOOL_ACCOUNTS},
    )
