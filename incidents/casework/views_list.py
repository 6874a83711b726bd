"""The list of cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dkh_conduct.school.context import school_of
from dkh_conduct.school.models import today
from incidents.casework.deadlines import Due, due_words, near_day
from incidents.casework.forms_filter import CaseFilterForm
from incidents.models import Case
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.school.calendar import SchoolCalendar

PAGE_SIZE = 25


@dataclass(frozen=True)
class Row:
    case: Case
    last_step: str
    due: Due | None

    @property
    def is_closed(self) -> bool:
        return self.case.status == Case.Status.CLOSED

    @property
    def is_paused(self) -> bool:
        return self.case.status == Case.Status.PAUSED


@require_GET
@permission_required("incidents.view_case", raise_exception=True)
def case_list(request: StaffRequest) -> HttpResponse:
    form = CaseFilterForm(request.GET, user=request.user)
    cases = form.found(Case.objects.visible_to(request.user).all())
    listed = cases.select_related("lead").prefetch_related("people__person")
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    day, calendar = today(), school_of(request).calendar()
    rows = [_row(case, day=day, calendar=calendar) for case in page]
    return render(request, "casework/case_list.html", {"form": form, "page": page, "rows": rows, "today": day})


def _row(case: Case, *, day: date, calendar: SchoolCalendar) -> Row:
    last_step = "None yet"
    if case.last_step_kind:  # type: ignore[attr-defined]
        on = timezone.localtime(case.last_step_at).date()  # type: ignore[attr-defined]
        last_step = f"{POLICY.step(case.last_step_kind).short}, {near_day(on, today=day)}"  # type: ignore[attr-defined]
    due = None if case.status == Case.Status.CLOSED else due_words(case.next_on, today=day, calendar=calendar)
    return Row(case, last_step, due)
