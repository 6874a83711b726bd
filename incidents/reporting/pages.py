"""The pages that ask nothing: the start, and the policy in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents.reporting.policy_shown import policy_to_read, shown_policy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/start.html")


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    shown = shown_policy()
    context: dict[str, object] = {"policy": shown, "title": policy_to_read().title}
    for group, lead in shown.group_leads.items():
        context |= {f"{group}_lead": lead, f"{group}_clauses": shown.clauses_of(group)}
    return render(request, "reporting/policy.html", context)
