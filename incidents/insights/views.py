"""The dashboard: what needs attention, and how the term goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dkh_conduct.school.context import school_of
from dkh_conduct.school.models import today
from incidents.insights.counts import case_counts, clause_counts, concern_counts, letter_counts
from incidents.insights.lists import lists_of
from incidents.insights.term import latest_term_start, monday_of, term_day, weeks_without_school
from incidents.models import Concern

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest

NOON, EVENING = 12, 18
# Where somebody lands who has no dashboard.
INSTEAD = (
    ("incidents.view_concern", "concern-list"),
    ("incidents.view_case", "case-list"),
    ("letters.view_letter", "print-room"),
    ("accounts.manage_staff", "staff-list"),
    ("school.change_page", "page-list"),
    ("accounts.read_access_log", "access-log"),
    ("accounts.view_rights", "rights"),
)


@require_safe
def dashboard(request: StaffRequest) -> HttpResponse:
    user, day = request.user, today()
    if not user.has_perm("incidents.view_every_case"):
        for permission, first in INSTEAD:
            if user.has_perm(permission):
                return redirect(first)
        raise PermissionDenied("No role on this portal.")
    calendar = school_of(request).calendar()
    start = latest_term_start(day, calendar)
    since = start or monday_of(day)
    concerns = concern_counts(user, today=day, since=since)
    request.waiting = {"concern-list": concerns.unread}
    context = {
        "greeting": _greeting(timezone.localtime().hour),
        "today": day,
        "term": term_day(day, calendar),
        "since": start,
        "concerns": concerns,
        "new_messages": Concern.objects.visible_to(user).with_new_message().count(),
        "cases": case_counts(user, today=day, since=since),
        "letters": letter_counts(user),
        "lists": lists_of(user, today=day, calendar=calendar),
        "clauses": clause_counts(user, since=since),
        "closed_weeks": weeks_without_school([week.monday for week in concerns.weeks], calendar),
    }
    return render(request, "insights/dashboard.html", context)


def _greeting(hour: int) -> str:
    if hour < NOON:
        return "Good morning"
    return "Good afternoon" if hour < EVENING else "Good evening"
