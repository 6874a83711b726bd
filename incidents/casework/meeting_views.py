"""The pages of a meeting: invite, arrange, write down, agree, and write afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.casework.case_facts import facts_of
from incidents.casework.case_lock import Refused
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.meeting_forms import (
    MeetingArrangeForm,
    MeetingPartForm,
    MeetingRecordForm,
    MeetingStartForm,
    NoShowForm,
    NotesAgreeForm,
)
from incidents.casework.meetings import (
    KIND,
    agree_notes,
    arrange_meeting,
    begin_meeting_part,
    calendar_file,
    draft_meeting,
    record_meeting,
    record_no_show,
    why_not_part,
)
from incidents.casework.reply_days import reply_days
from incidents.casework.step_frame import MAY_DRAFT, choose_recipient, frame
from incidents.casework.step_reading import begun_of, chosen_of, found_about, read_for_steps, taken_of
from incidents.models import Meeting
from incidents.policy.ladder import needs_of, standing_of
from incidents.policy.stages import stage_of
from letters.refusals import LetterRefusedError

if TYPE_CHECKING:
    from django import forms

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
@on_open_case
def step_meeting(request: StaffRequest, case: Case) -> HttpResponse:
    """Invite somebody: what about, who comes, and two or three times."""
    read_for_steps(case)
    begun = begun_of(case, KIND)
    chosen = chosen_of(case, request)
    if chosen is None:
        return choose_recipient(request, case, begun, kind=KIND)
    draft = begun.get(chosen.pk)
    if draft is not None and request.method == "GET":
        return redirect("step-draft", case.reference, draft.pk)
    days = reply_days(case.school, posted_on=today())
    found, taken = found_about(case, chosen), taken_of(case)
    staff = User.objects.filter(school=case.school, is_active=True, groups__name__in=[Role.SLT, Role.HEAD])
    form = MeetingStartForm(
        request.POST if request.method == "POST" else None,
        found=found,
        taken=taken,
        staff=list(staff.exclude(conflicts__case=case).distinct().order_by("full_name")),
        days=days,
        initial={
            "allegations": [str(each.pk) for each in found],
            "attending": [str(request.user.pk)],
            "reply_by": days.usual,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                step = draft_meeting(case=case, by=request.user, subject=chosen, **form.cleaned_data)
                return redirect("step-draft", case.reference, step.pk)
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    facts = facts_of(
        case, decider=request.user, subject=chosen, has_no_conflict=True, has_current_ban=False, steps=taken
    )
    context = {
        **frame(case, chosen, kind=KIND),
        "form": form,
        "title": "Invite them to a meeting",
        "standing": standing_of(KIND, facts),
        "needs": needs_of(KIND, facts),
        "draft": draft,
    }
    return render(request, "casework/step_start.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def meeting_arrange(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    meeting = meeting_of(case, pk)
    initial = {"companion": meeting.companion, "interpreter": meeting.interpreter}
    if meeting.chosen_id:
        initial["slot"] = str(meeting.chosen_id)
    form = MeetingArrangeForm(_posted(request), meeting=meeting, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            arrange_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded: the time of the meeting.")
            return redirect(meeting.step)
    return _page(request, case, meeting, form, "Which time they chose")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def meeting_record(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    meeting = meeting_of(case, pk)
    form = MeetingRecordForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded: what was said and agreed.")
            return redirect(meeting.step)
    return _page(request, case, meeting, form, "What was said at the meeting")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def meeting_no_show(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    meeting = meeting_of(case, pk)
    form = NoShowForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_no_show(meeting=meeting, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded. Nothing is concluded from it.")
            return redirect(meeting.step)
    return _page(request, case, meeting, form, "They did not come")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def notes_agree(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    meeting = meeting_of(case, pk)
    form = NotesAgreeForm(_posted(request), initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            agree_notes(meeting=meeting, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded: what they say about the notes.")
            return redirect(meeting.step)
    return _page(request, case, meeting, form, "What they say about the notes")


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
@on_open_case
def meeting_part(request: StaffRequest, case: Case, pk: int, stage: str) -> HttpResponse:
    """The letter after the meeting, or about one that was missed."""
    if stage not in ("follow_up", "no_show"):
        raise Http404
    meeting = meeting_of(case, pk)
    row = stage_of(KIND, stage)
    form = MeetingPartForm(_posted(request), stage=stage, days=reply_days(case.school, posted_on=today()))
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                step = begin_meeting_part(meeting=meeting, stage=stage, by=request.user, **form.cleaned_data)
                return redirect("step-draft", case.reference, step.pk)
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    context = {
        **frame(case, meeting.step.subject, kind=KIND),
        "form": form,
        "title": row.title,
        "row": row,
        "why_not": why_not_part(meeting, stage),
        "back_url": meeting.step.get_absolute_url(),
    }
    return render(request, "casework/ban_part.html", context)


@require_GET
@permission_required("incidents.run_case", raise_exception=True)
def meeting_calendar(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """The chosen time for somebody's own calendar."""
    case = find_case(request, reference)
    try:
        file = calendar_file(meeting_of(case, pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("step", case.reference, pk)
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{case.reference}-meeting.ics"'
    return response


def meeting_of(case: Case, pk: int) -> Meeting:
    """By the key of its step."""
    meetings = Meeting.objects.select_related("step__subject", "chosen", "recorded_by", "note_taker")
    meeting = get_object_or_404(meetings, step=pk, step__case=case)
    meeting.step.case = case
    return meeting


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: StaffRequest, case: Case, meeting: Meeting, form: forms.Form, title: str) -> HttpResponse:
    context = {
        **frame(case, meeting.step.subject, kind=KIND),
        "form": form,
        "title": title,
        "back_url": meeting.step.get_absolute_url(),
    }
    return render(request, "casework/step_small.html", context)
