"""The queue of new concerns, one concern's page, and what is decided there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dkh_conduct.school.calendar import PastCalendarError
from dkh_conduct.school.context import school_of
from dkh_conduct.school.models import today
from incidents.evidence.quality import words_of
from incidents.evidence.similar import matches_of
from incidents.models import Case, Concern, Evidence, SavedFilter
from incidents.models.kept_out import staff_named_in
from incidents.triage.filters import SORTS, Filters
from incidents.triage.forms import FilterForm, OutcomeForm
from incidents.triage.handing_over import may_write
from incidents.triage.messages import thread_of
from incidents.triage.open_cases import OpenCases
from incidents.triage.outcome import (
    AlreadyDecidedError,
    OutcomeRefusedError,
    add_to_case,
    assign_concern,
    close_concern,
    hand_to_complaints,
    mark_duplicate,
    open_case,
    pass_to_school,
)
from incidents.triage.pages import Row, Stage, story_of
from incidents.triage.safeguarding import pause_for_safeguarding
from incidents.triage.saved import saving
from incidents.triage.undoing import why_not_undone

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User

PAGE_SIZE = 25
MOST_LIKE = 10


@require_safe
@permission_required("incidents.view_concern", raise_exception=True)
def concern_list(request: StaffRequest) -> HttpResponse:
    filters = Filters.read(request.GET)
    mine = Concern.objects.visible_to(request.user)
    found = filters.narrow(mine, user=request.user, today=today())
    found = found.select_related("assigned_to").prefetch_related(
        "clauses", Prefetch("evidence", Evidence.objects.good().only("concern_id"))
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    calendar = school_of(request).calendar()
    waiting = page.paginator.count if filters.is_default else mine.unread().count()
    request.waiting = {"concern-list": waiting}
    context = {
        "page": page,
        "rows": [Row.of(concern, today=today(), calendar=calendar) for concern in page],
        "filters": filters,
        "form": FilterForm(initial=filters.initial()),
        "waiting": waiting,
        "sorts": SORTS,
        "save": saving(request),
        "saved": SavedFilter.objects.visible_to(request.user).select_related("owner"),
    }
    return render(request, "triage/concern_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.view_concern", raise_exception=True)
def concern(request: StaffRequest, reference: str) -> HttpResponse:
    concern = _concern(request, reference)
    can_decide = request.user.has_perm("incidents.triage_concern")
    if request.method == "POST" and not can_decide:
        raise PermissionDenied("Only senior leaders decide what happens to a concern.")
    is_open = can_decide and not concern.is_read
    cases = OpenCases(Case.objects.visible_to(request.user).open() if is_open else Case.objects.none())
    others = Concern.objects.visible_to(request.user).exclude(pk=concern.pk)
    form = OutcomeForm(request.POST or None, cases=cases, concerns=others)
    if request.method == "POST":
        if not concern.is_read and form.is_valid() and _decided(request, concern, form):
            return redirect(concern)
        concern = _concern(request, reference)
        if concern.is_read and _was_decided_alike(request, concern):
            return redirect(concern)
    is_beaten = request.method == "POST" and concern.is_read
    stage = Stage.of(list(concern.evidence.good()), request.GET.get("picture", ""))
    context = {
        "concern": concern,
        "reporter": getattr(concern, "reporter", None),
        "row": Row.of(concern, today=today(), calendar=school_of(request).calendar()),
        "clauses": list(concern.clauses.all()),
        "stage": stage,
        "hints": words_of(stage.shown.hints) if stage.shown else [],
        "elsewhere": matches_of(stage.pictures, user=request.user),
        "form": form if is_open else None,
        "staff_named": _staff_named(concern) if is_open else [],
        "name_matches": cases.matching(concern.poster) if is_open else [],
        "like": list(others.like(concern).only("reference", "account").order_by("received_at")[:MOST_LIKE]),
        "may_undo": can_decide and concern.is_read and not why_not_undone(concern),
        "may_write": concern.outcome == Concern.Outcome.COMPLAINT and may_write(request.user),
        "may_pause": request.user.has_perm("incidents.pause_concern"),
        "beaten": AlreadyDecidedError(concern) if is_beaten else None,
        "unsaved_reason": request.POST.get("reason", "") if is_beaten else "",
        "story": story_of(concern, user=request.user),
        **thread_of(concern, files=stage.pictures),
        "back_url": reverse("concern-list"),
    }
    return render(request, "triage/concern.html", context, status=409 if is_beaten else 200)


@require_POST
@permission_required("incidents.triage_concern", raise_exception=True)
def concern_assign(request: StaffRequest, reference: str) -> HttpResponse:
    concern = get_object_or_404(
        Concern.objects.visible_to(request.user).select_related("assigned_to"), reference=reference
    )
    seen = request.POST.get("instead_of", "")
    shown = concern.assigned_to if concern.assigned_to and seen == str(concern.assigned_to_id) else None
    try:
        assign_concern(concern=concern, by=request.user, instead_of=shown)
    except OutcomeRefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{concern.reference} is assigned to you.")
    return redirect(concern)


def _concern(request: StaffRequest, reference: str) -> Concern:
    seen = Concern.objects.visible_to(request.user).select_related(
        "reporter", "assigned_to", "outcome_by", "case", "duplicate_of", "recording__recorded_by", "hand_over__letter"
    )
    seen = seen.annotate(
        shows_case=Exists(Case.objects.visible_to(request.user).filter(pk=OuterRef("case"))),
        shows_original=Exists(Concern.objects.visible_to(request.user).filter(pk=OuterRef("duplicate_of"))),
    )
    found = get_object_or_404(seen.select_related("school"), reference=reference)
    request.user.school = found.school  # the same row by `visible_to`: read once for the concern and the letterhead
    return found


def _staff_named(concern: Concern) -> list[User]:
    said = (concern.account, concern.poster, concern.about_leader)
    return staff_named_in(said, school_id=concern.school_id, not_kept_out_of=concern)


def _was_decided_alike(request: StaffRequest, concern: Concern) -> bool:
    """The same person sent the same form twice."""
    return concern.outcome_by_id == request.user.pk and concern.outcome == request.POST.get("outcome")


def _decided(request: StaffRequest, concern: Concern, form: OutcomeForm) -> bool:
    """Do what was chosen; False, with the sentence on the form, where it cannot be done."""
    answers: dict[str, Any] = form.cleaned_data
    about = {"concern": concern, "by": request.user, "kind": answers["kind"], "reason": answers["reason"]}
    try:
        match answers["outcome"]:
            case Concern.Outcome.OPEN_CASE:
                opened = open_case(**about, summary=answers["summary"])
                done = f"Case {opened.reference} is open, and you lead it."
            case Concern.Outcome.ADD_TO_CASE:
                add_to_case(**about, case=answers["case"])
                done = f"{concern.reference} is added to case {answers['case'].reference}."
            case Concern.Outcome.COMPLAINT:
                hand_to_complaints(**about, handed_to=answers["handed_to"], tell=answers["handed_to_email"])
                done = f"{concern.reference} goes to the complaints procedure. The reporter can read where."
            case Concern.Outcome.SAFEGUARDING:
                pause_for_safeguarding(**about)
                done = f"Safeguarding comes first with {concern.reference}. The safeguarding lead is told."
            case Concern.Outcome.OTHER_SCHOOL:
                pass_to_school(**about, handed_to=answers["handed_to"])
                done = f"{concern.reference} is for {answers['handed_to']}. The reporter can read that it is not ours."
            case Concern.Outcome.DUPLICATE:
                mark_duplicate(**about, original=answers["duplicate_of"])
                done = f"{concern.reference} is a duplicate of {answers['duplicate_of'].reference}."
            case _:
                close_concern(**about)
                done = f"Nothing further happens with {concern.reference}. Your reason is kept."
    except (OutcomeRefusedError, PastCalendarError) as refusal:
        form.add_error("outcome", str(refusal))
        return False
    messages.success(request, done)
    return True
