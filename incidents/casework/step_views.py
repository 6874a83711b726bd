"""The pages of a draft of any step: beside a picture of its letter, given up, and what is left of it."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.models import today
from incidents.casework.case_facts import facts_of
from incidents.casework.case_lock import Refused, who_and_when
from incidents.casework.door import find_case, on_open_case, refusals_on
from incidents.casework.letter_checks import still_asked
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import discard_step, save_draft
from incidents.casework.step_forms import StepDraftForm
from incidents.casework.step_frame import MAY_DRAFT, frame
from incidents.casework.step_reading import read_for_steps, taken_of
from incidents.casework.step_taking import explanations_of, propose_step, take_step
from incidents.casework.warning_words import with_reply_date
from incidents.models import CasePerson, Event, Step
from incidents.models.story import title_of
from incidents.policy.ladder import needs_of, standing_of
from letters.checks.answers import asked, reasons_in
from letters.previews import page_picture
from letters.refusals import LetterRefusedError, StaleDraftError, UnansweredError

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case
    from letters.checks.answers import Asked
    from letters.models import Letter

# What may change the letter's words, or whether it can be sent, after it was drafted.
TOLD_OF = (
    Event.Kind.ALLEGATION_ADDED,
    Event.Kind.FINDING_RECORDED,
    Event.Kind.INFORMATION_RECEIVED,
    Event.Kind.PERSON_CHANGED,
)
GONE = (
    Event.Kind.STEP_TAKEN,
    Event.Kind.STEP_PROPOSED,
    Event.Kind.STEP_DECLINED,
    Event.Kind.STEP_DRAFT_DISCARDED,
)
DONE = {
    Event.Kind.STEP_TAKEN: "took this step",
    Event.Kind.STEP_PROPOSED: "sent this for approval",
    Event.Kind.STEP_DECLINED: "decided not to take this step",
    Event.Kind.STEP_DRAFT_DISCARDED: "discarded this draft",
}


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
def step_draft(request: StaffRequest, reference: str, draft: int) -> HttpResponse:
    """The draft beside its picture: save it, sign it, or take the step."""
    case = find_case(request, reference)
    read_for_steps(case, "subject", "letter", "drafted_by", "part_of")
    step = next((each for each in case.steps.all() if each.pk == draft and each.state == Step.State.DRAFT), None)
    if step is None:
        return _gone(request, case, draft)
    if step.letter is None:
        return redirect(f"step-{step.kind}", case.reference)
    letter = step.letter
    days = reply_days(case.school, posted_on=today())
    typed = request.POST if request.method == "POST" else None
    # Whoever finds the case has no conflict with it; the verb asks again, under the lock.
    facts = facts_of(
        case,
        decider=request.user,
        subject=step.subject,
        has_no_conflict=True,
        has_approver=True,
        steps=taken_of(case),
        calendar=days.calendar,
    )
    explanations = explanations_of(step, facts)
    form = StepDraftForm(
        typed, step=step, letter=letter, days=days, is_deciding="take" in request.POST, explanations=explanations
    )
    theirs: Letter | None = None
    checks: list[Asked] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                return _act(request, case, step, form)
        except StaleDraftError as stale:
            theirs = stale.letter
            form.add_error(None, f"{who_saved(theirs)} Their version is below, and yours is kept here.")
            form.takes_over(theirs)
        except UnansweredError as waiting:
            form.add_error(None, str(waiting))
            checks = asked(waiting.objections, reasons_in(request.POST))
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    if checks is None:
        checks = still_asked(case, letter, calendar=days.calendar)
    page = _page_number(request)
    context = {
        **frame(case, step.subject, kind=step.kind),
        "form": form,
        "step": step,
        "letter": letter,
        "checks": checks,
        "theirs": theirs,
        "theirs_saved": who_saved(theirs) if theirs else "",
        "their_reason": step.reason,
        "needs": needs_of(step.kind, facts),
        "standing": standing_of(step.kind, facts),
        "is_signed_by_me": (letter.signatory_name, letter.signatory_role)
        == (request.user.full_name, request.user.job_title),
        "sent_back": step.approvals.select_related("decided_by").last() if step.proposals else None,
        "terms_url": _terms_url(case, step),
        "since": [title_of(event) for event in case.events.filter(kind__in=TOLD_OF, at__gt=step.drafted_at)[:5]],
        "page": page,
        "other_page": 1 if page == 2 else 2,
        "page_url": request.path,
        "preview_url": f"{reverse('step-preview', args=[case.reference, step.pk])}?page={page}",
    }
    return render(request, "casework/step_draft.html", context)


def _terms_url(case: Case, step: Step) -> str:
    """Where the facts of a step are changed, when its letter was composed from a page of its own."""
    if step.kind in ("ban", "authorities") and step.part_of_id is None:
        return f"{reverse(f'step-{step.kind}', args=[case.reference])}?to={step.subject_id}"
    return ""


def _act(request: StaffRequest, case: Case, step: Step, form: StepDraftForm) -> HttpResponse:
    """Call the verb that the pressed button stands for."""
    typed: dict[str, Any] = {
        "step": step,
        "by": request.user,
        "version": form.cleaned_data["version"],
        "reason": form.cleaned_data["reason"],
        "explained": form.explained(),
        **form.words(),
    }
    if "take" in request.POST and step.row.needs_second_person:
        propose_step(has_no_conflict=form.cleaned_data["has_no_conflict"], answers=reasons_in(request.POST), **typed)
        messages.success(request, "Sent for approval. Nothing goes out until another person has decided.")
        return redirect(case)
    if "take" in request.POST:
        take_step(has_no_conflict=form.cleaned_data["has_no_conflict"], answers=reasons_in(request.POST), **typed)
        messages.success(request, f"{step.title} taken. The letter is being made.")
        return redirect(case)
    save_draft(is_signed_by_me="sign" in request.POST, **typed)
    if "save" in request.POST:
        messages.success(request, "Draft saved.")
    elif "sign" in request.POST:
        messages.success(request, "You sign this letter now. Read it again before you decide.")
    page = request.POST.get("show", "")
    url = reverse("step-draft", args=[case.reference, step.pk])
    return redirect(f"{url}?page={page}#preview" if page in ("1", "2") else url)


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
def step_preview(request: StaffRequest, reference: str, draft: int) -> HttpResponse:
    """A picture of one page: as it is saved, or as it is being typed. Nothing is written."""
    case = find_case(request, reference)
    step = draft_of(case, draft)
    if step is None or step.letter is None:
        raise Http404
    letter = copy(step.letter)
    letter.school = case.school
    person = step.subject
    if not step.row.is_to_body:
        letter.addressee, letter.salutation, letter.address = person.letter_name, person.salutation, person.address
    if request.method == "POST":
        _as_typed(request, step, letter)
    try:
        picture = page_picture(letter, page=_page_number(request))
    except LetterRefusedError as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(picture, content_type="image/png")


def _as_typed(request: StaffRequest, step: Step, letter: Letter) -> None:
    days = reply_days(step.case.school, posted_on=today())
    form = StepDraftForm(request.POST, step=step, letter=letter, days=days)
    form.is_valid()  # what cannot be kept yet is shown as it was saved
    letter.heading = form.cleaned_data.get("heading", letter.heading)
    letter.body = str(form.cleaned_data.get("body", request.POST.get("body", letter.body)))
    letter.enclosures = form.words().get("enclosures", letter.enclosures)
    letter.copies_to = form.words().get("copies_to", letter.copies_to)
    if reply_by := form.cleaned_data.get("reply_by"):
        letter.body = with_reply_date(letter.body, old=letter.reply_by, new=reply_by)
        letter.reply_by = reply_by


@require_http_methods(["GET", "POST"])
@permission_required(MAY_DRAFT, raise_exception=True)
@on_open_case
def step_discard(request: StaffRequest, case: Case, draft: int) -> HttpResponse:
    prefetch_related_objects([case], CasePerson.with_their_names())
    step = draft_of(case, draft)
    if step is None:
        return _gone(request, case, draft)
    problem = ""
    if request.method == "POST":
        try:
            discard_step(step=step, by=request.user)
        except (Refused, LetterRefusedError) as refusal:
            problem = str(refusal)
        else:
            messages.success(request, "Draft discarded.")
            return redirect(case)
    context = {
        **frame(case, step.subject, kind=step.kind),
        "step": step,
        "problem": problem,
        "back_url": reverse("step-draft", args=[case.reference, step.pk]),
    }
    return render(request, "casework/step_discard.html", context)


def draft_of(case: Case, draft: int) -> Step | None:
    steps = case.steps.drafts().filter(pk=draft)
    step = steps.select_related("subject", "letter", "drafted_by", "part_of").first()
    if step is not None:
        step.case = case
    return step


def _gone(request: StaffRequest, case: Case, draft: int) -> HttpResponse:
    """Somebody else took or discarded the draft. What was typed is shown, so that it can be copied."""
    event = case.events.filter(kind__in=GONE, facts__draft=draft).select_related("by").first()
    if event is None:
        raise Http404
    if request.method == "GET":
        return redirect(case)
    who, when = who_and_when(event.by, event.at)
    done = DONE[Event.Kind(event.kind)]
    typed = [
        (label, request.POST[name].strip())
        for name, label in (("heading", "Heading"), ("body", "What the letter says"), ("reason", "Your reason"))
        if request.POST.get(name, "").strip()
    ]
    context = {**frame(case, kind="warning"), "sentence": f"{who} {done} {when}.", "typed": typed}
    return render(request, "casework/step_gone.html", context, status=409)


def who_saved(letter: Letter) -> str:
    last = letter.history.select_related("history_user").first()
    if last is None:
        return "Somebody else saved this letter since you opened it."
    who, when = who_and_when(last.history_user, last.history_date)
    return f"{who} saved this letter {when}, after you opened it."


def _page_number(request: StaffRequest) -> int:
    return 2 if request.GET.get("page") == "2" else 1
