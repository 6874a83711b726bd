"""The pages of a site ban: weigh it, write its letter, hear them, decide again; and who may not come on site today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.casework.ban_forms import BanForm
from incidents.casework.ban_part_forms import BanPartForm, BreachForm, RepresentationForm
from incidents.casework.bans import (
    KIND,
    begin_ban_part,
    has_of,
    missing_of,
    record_breach,
    record_representation,
    save_ban,
    write_ban_letter,
)
from incidents.casework.case_facts import approvers_of, facts_of
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.next_action import in_school_days
from incidents.casework.reply_days import reply_days
from incidents.casework.step_frame import MAY_DRAFT, choose_recipient, frame
from incidents.casework.step_reading import begun_of, chosen_of, found_about, read_for_steps, taken_of
from incidents.models import SiteBan, Step
from incidents.policy.bans import MOVES, REQUIRED, why_not
from incidents.policy.ladder import needs_of, standing_of
from incidents.policy.needs import capital
from incidents.policy.stages import stage_of
from letters.refusals import LetterRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case, Person

COPIED = (
    *("urgency", "account", "risk", "lesser", "why_not_enough", "premises", "starts_on", "ends_on", "review_on"),
    *("reviewer", "drop_off", "children", "stays", "adjustments", "equality", "court", "court_words", "needs"),
    *("reply_by", "decide_by", "complaints", "version"),
)


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
@on_open_case
def step_ban(request: StaffRequest, case: Case) -> HttpResponse:
    """Weigh a ban: every question that must be answered before anybody is written to, and what is still missing."""
    read_for_steps(case, "ban__contact")
    begun = begun_of(case, KIND)
    chosen = chosen_of(case, request)
    if chosen is None:
        return choose_recipient(request, case, begun, kind=KIND)
    step = begun.get(chosen.pk)
    if step is not None and (step.state == Step.State.PROPOSED or step.part_of_id):
        return redirect(step.root if step.part_of_id else step)
    ban: SiteBan | None = getattr(step, "ban", None)
    approvers = list(approvers_of(case, besides=request.user))
    facts = facts_of(
        case,
        decider=request.user,
        subject=chosen,
        has_no_conflict=True,
        steps=taken_of(case),
        has_approver=bool(approvers),
    )
    standing = standing_of(KIND, facts)
    form = _ban_form(request, case, chosen, ban, approvers)
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                return _save(request, case, chosen, step, form)
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    missing = missing_of(ban) if ban else []
    has = has_of(ban) if ban else {}
    context = {
        **frame(case, chosen, kind=KIND),
        "form": form,
        "ban": ban,
        "step": step,
        "standing": standing,
        "needs": needs_of(KIND, facts),
        "approvers": approvers,
        "missing": [(f"id_{field}", ask) for field, ask in missing],
        "done": [label for field, _, label in REQUIRED if has.get(field)],
    }
    return render(request, "casework/step_ban.html", context)


def _save(request: StaffRequest, case: Case, subject: Person, step: Step | None, form: BanForm) -> HttpResponse:
    cleaned = form.cleaned_data
    ban = save_ban(
        case=case,
        by=request.user,
        subject=subject,
        stage=cleaned["stage"],
        allegations=cleaned["allegations"],
        reason=cleaned["reason"],
        step=step,
        version=cleaned["version"] or 0,
        **form.values(),
    )
    url = f"{reverse('step-ban', args=[case.reference])}?to={subject.pk}"
    if "write" not in request.POST:
        messages.success(request, "Draft saved.")
        return redirect(url)
    if missing := missing_of(ban):
        messages.error(request, f"Saved. The letter cannot be written yet: {len(missing)} thing(s) are missing.")
        return redirect(url)
    written = write_ban_letter(ban=ban, by=request.user)
    return redirect("step-draft", case.reference, written.pk)


def _ban_form(
    request: StaffRequest, case: Case, subject: Person, ban: SiteBan | None, approvers: Sequence[User]
) -> BanForm:
    days, found = reply_days(case.school, posted_on=today()), found_about(case, subject)
    staff = User.objects.filter(school=case.school, is_active=True, groups__name__in=[Role.SLT, Role.HEAD])
    initial: dict[str, Any] = {
        "stage": "notice",
        "children": 1,
        "premises": list(SiteBan.Premises.values),
        "stays": list(SiteBan.Stays.values),
        "reply_by": days.usual,
        "complaints": "The school’s complaints procedure, heard by people who had no part in this",
        "allegations": [str(each.pk) for each in found],
        "version": 0,
    }
    if ban is not None:
        initial = {name: getattr(ban, name) for name in COPIED}
        initial |= {
            "stage": ban.step.stage,
            "reason": ban.step.reason,
            "contact": str(ban.contact_id or ""),
            "address": ban.is_address_confirmed,
            "allegations": [str(each.pk) for each in ban.step.allegations.all()],
        }
    elif days.usual:
        initial["decide_by"] = in_school_days(case, case.school.reply_school_days + 7, calendar=days.calendar)
    return BanForm(
        request.POST if request.method == "POST" else None,
        ban=ban,
        subject=subject,
        found=found,
        taken=taken_of(case),
        staff=list(staff.exclude(conflicts__case=case).distinct().order_by("full_name")),
        days=days,
        barred_reviewers=[request.user.full_name, *(each.full_name for each in approvers)],
        is_complete="write" in request.POST,
        initial=initial,
    )


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
@on_open_case
def ban_part(request: StaffRequest, case: Case, pk: int, stage: str) -> HttpResponse:
    """Begin one later decision: confirm, change, extend, lift, review, breach, end."""
    ban = ban_of(case, pk)
    if stage not in {each for stages in MOVES.values() for each in stages} or stage in ("notice", "interim"):
        raise Http404
    facts = ban.facts
    sentence = why_not(stage, facts, today())
    days = reply_days(case.school, posted_on=today())
    form = BanPartForm(
        request.POST if request.method == "POST" else None, ban=ban, stage=stage, days=days, was_heard=facts.heard > 0
    )
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                step = begin_ban_part(ban=ban, stage=stage, by=request.user, **form.cleaned_data)
                return redirect("step-draft", case.reference, step.pk)
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    context = {
        **frame(case, ban.person, kind=KIND),
        "form": form,
        "ban": ban,
        "title": stage_of(KIND, stage).title,
        "row": stage_of(KIND, stage),
        "why_not": capital(sentence),
        "back_url": ban.step.get_absolute_url(),
    }
    return render(request, "casework/ban_part.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def representation_add(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    ban = ban_of(case, pk)
    form = RepresentationForm(request.POST if request.method == "POST" else None, initial={"received_on": today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_representation(ban=ban, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded: what they said about the ban.")
            return redirect(ban.step)
    return _small_page(request, case, ban, form, "Record what they said about the ban")


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def breach_add(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    ban = ban_of(case, pk)
    form = BreachForm(request.POST if request.method == "POST" else None, initial={"seen_on": today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_breach(ban=ban, by=request.user, **form.cleaned_data)
            messages.success(request, "Recorded. Nothing follows from it by itself.")
            return redirect(ban.step)
    return _small_page(request, case, ban, form, "Record that they came on site")


def _small_page(request: StaffRequest, case: Case, ban: SiteBan, form: Any, title: str) -> HttpResponse:
    context = {
        **frame(case, ban.person, kind=KIND),
        "form": form,
        "title": title,
        "back_url": ban.step.get_absolute_url(),
    }
    return render(request, "casework/step_small.html", context)


@require_GET
@permission_required("incidents.view_register", raise_exception=True)
def ban_register(request: StaffRequest) -> HttpResponse:
    """For reception: who may not come on site today, and until when. Nothing else of the case is read."""
    day = today()
    rows = SiteBan.objects.on_register(request.user, day).order_by("person__full_name", "pk")
    context = {"rows": rows.values_list("person__full_name", "ends_on"), "today": day}
    return render(request, "casework/ban_register.html", context)


def ban_of(case: Case, pk: int) -> SiteBan:
    """By the key of its step."""
    bans = SiteBan.objects.select_related("person", "contact", "school", "step__letter")
    ban = get_object_or_404(bans, step=pk, step__case=case)
    ban.step.case = case
    return ban
