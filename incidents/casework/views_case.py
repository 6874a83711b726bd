"""The page of one case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dkh_conduct.school.models import today
from incidents.casework.case_lists import lists_of
from incidents.casework.case_page import (
    account_blocks,
    allegation_rows,
    allegations_for_page,
    last_step_of,
    request_rows,
    staff_of,
    staff_on,
    task_rows,
    where_merged,
)
from incidents.casework.concerns import concerns_of
from incidents.casework.deadlines import due_words
from incidents.casework.door import find_case
from incidents.casework.ladder import ladder_rows
from incidents.casework.people_of import read_people
from incidents.casework.steps_of import steps_of
from incidents.casework.timeline import timeline_of
from incidents.casework.timeline_filter import TimelineFilterForm
from incidents.models import Case, CasePerson, InformationRequest

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


@require_GET
@permission_required("incidents.view_case", raise_exception=True)
def case(request: StaffRequest, reference: str) -> HttpResponse:
    case = find_case(request, reference)
    prefetch_related_objects(
        [case],
        CasePerson.with_their_names(),
        Prefetch("allegations", allegations_for_page()),
        Prefetch("information", InformationRequest.objects.select_related("person", "received_by")),
    )
    user = request.user
    known = read_people(case, user=user)
    concerns = concerns_of(case, user=user)
    told = steps_of(case, user=user)
    ladder = ladder_rows(case=case, user=user, steps=told.steps, known=known)
    lists = lists_of(case, user=user)
    calendar, day = case.school.calendar(), today()
    requests = request_rows(case, today=day, calendar=calendar)
    staff = staff_of(case, user=user)
    chosen = TimelineFilterForm(request.GET, case=case, actors=[each for each in staff if each.has_acted])  # type: ignore[attr-defined]
    may_change = user.has_perm("incidents.run_case") and case.status != Case.Status.CLOSED
    return render(
        request,
        "casework/case.html",
        {
            "case": case,
            "back_url": reverse("case-list"),
            "may_change": may_change,
            "may_flag": user.has_perm("incidents.flag_person"),
            "may_override": may_change and user.has_perm("incidents.override_flag"),
            "staff_on_case": staff_on(case, staff) if may_change else [],
            "last_step": last_step_of(ladder),
            "next_due": due_words(case.next_on, today=day, calendar=calendar),
            "tasks": task_rows(lists.tasks, today=day, calendar=calendar),
            "links": lists.links,
            "merged_into": where_merged(case, lists.links),
            "allegations": allegation_rows(case, concerns),
            "accounts": account_blocks(case, requests, told.replies),
            "requests": [row for row in requests if not row.request.is_subject_account],
            "ladder": ladder,
            "timeline": timeline_of(case, user=user, chosen=chosen, page=_page(request.GET.get("events", ""))),
            "chosen": chosen,
            "letters": told.letters,
            "notes": lists.notes,
            "concerns": concerns,
            "has_evidence": any(concern.evidence for concern in concerns),
        },
    )


def _page(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 1
