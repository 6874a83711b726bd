"""Shows who may do what: the table of roles.py, for those who answer for it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dkh_conduct.accounts.roles import RIGHTS, Role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


@require_safe
@permission_required("accounts.view_rights", raise_exception=True)
def rights(request: StaffRequest) -> HttpResponse:
    tables = [
        (thing, [(right, [(role, role in right.roles) for role in Role]) for right in rows])
        for thing, rows in groupby(RIGHTS, key=lambda right: right.thing)
    ]
    return render(request, "accounts/rights.html", {"roles": list(Role), "tables": tables})
