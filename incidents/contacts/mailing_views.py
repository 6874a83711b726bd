"""Pages of a letter to many: begun, written beside its picture, decided by a second person, then made with progress."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dkh_conduct.school.context import school_of
from incidents.contacts.audience import Audience, Reached, groups_of, missed_of, reached_by
from incidents.contacts.mailing_forms import REMINDER, MailingDecideForm, MailingForm, MailingStartForm
from incidents.policy.wording import POLICY
from letters.checks import check
from letters.checks.answers import answer_objections, asked, reasons_in, unanswered
from letters.kinds import GeneralFacts, PolicyReminderFacts, compose
from letters.mailing_again import write_again
from letters.mailings import (
    approve_mailing,
    change_mailing,
    discard_mailing,
    draft_mailing,
    fingerprint,
    progress_of,
    propose_mailing,
    send_mailing_back,
)
from letters.models import Mailing
from letters.previews import page_picture
from letters.refusals import LetterRefusedError, StaleDraftError, UnansweredError
from letters.studio import source_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.school.models import School
    from letters.kinds import Composed
    from letters.models import Letter

ROWS = 25
SHOWN = 60
may_draft = permission_required("letters.draft_mailing", raise_exception=True)
PEOPLE = ("letter", "school", "drafted_by", "proposed_by", "decided_by")


def find_mailing(request: StaffRequest, number: int) -> Mailing:
    if not any(
        request.user.has_perm(f"letters.{name}") for name in ("draft_mailing", "approve_mailing", "print_letter")
    ):
        raise PermissionDenied
    return get_object_or_404(Mailing.objects.visible_to(request.user).select_related(*PEOPLE), number=number)


@require_safe
@permission_required("incidents.view_contacts", raise_exception=True)
def mailing_list(request: StaffRequest) -> HttpResponse:
    mailings = Mailing.objects.visible_to(request.user).select_related("letter", "drafted_by", "decided_by")
    context = {
        "page": Paginator(mailings, ROWS).get_page(request.GET.get("page")),
        "may_draft": request.user.has_perm("letters.draft_mailing"),
        "back_url": reverse("contact-list"),
    }
    return render(request, "contacts/mailing_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_draft
def mailing_start(request: StaffRequest) -> HttpResponse:
    school = school_of(request)
    years, classes = groups_of(school)
    form = MailingStartForm(request.POST if request.method == "POST" else None, years=years, classes=classes)
    if form.is_valid():
        begun = draft_mailing(
            school=school,
            by=request.user,
            kind=form.cleaned_data["kind"],
            composed=_composed(form.cleaned_data, school=school, request=request),
            signatory=(request.user.full_name, request.user.job_title),
            audience=form.chosen.kept,
            audience_words=form.chosen.words,
        )
        return redirect(begun)
    context = {"form": form, "has_contacts": bool(years or classes), "back_url": reverse("mailing-list")}
    return render(request, "contacts/mailing_start.html", context)


def _composed(typed: dict[str, Any], *, school: School, request: StaffRequest) -> Composed:
    common = {
        "policy_title": POLICY.title,
        "school_phone": school.phone,
        "school_email": school.email,
        "signatory_phone": request.user.phone or school.phone,
    }
    source = source_of(school, typed["kind"])
    if typed["kind"] == REMINDER:
        facts = PolicyReminderFacts(
            **common, expect_lead=POLICY.expect_lead, expect=tuple(POLICY.expect), website=school.website
        )
        return compose(typed["kind"], facts, source=source)
    return compose(
        typed["kind"],
        GeneralFacts(**common, subject=typed["subject"], paragraphs=("Write what you want to say here.",)),
        source=source,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mailing(request: StaffRequest, number: int) -> HttpResponse:
    """What the reader can do with it depends on how far it is."""
    found = find_mailing(request, number)
    if found.state == Mailing.State.DRAFT and request.user.has_perm("letters.draft_mailing"):
        return _draft(request, found)
    reached = None if found.state in (Mailing.State.APPROVED, Mailing.State.DONE) else _reached(found)
    if found.state == Mailing.State.PROPOSED and request.user.has_perm("letters.approve_mailing"):
        return _decide(request, found, reached)
    return _page(request, found, reached)


def _draft(request: StaffRequest, found: Mailing) -> HttpResponse:
    letter = found.letter
    form = MailingForm(request.POST if request.method == "POST" else None, letter=letter)
    checks = None
    theirs: Letter | None = None
    if form.is_valid():
        try:
            return _save(request, found, form)
        except StaleDraftError as stale:
            theirs = stale.letter
            form.add_error(None, f"{stale} If you save now, your text replaces theirs.")
            form.data = {**request.POST.dict(), "version": str(theirs.version)}
        except UnansweredError as waiting:
            form.add_error(None, str(waiting))
            checks = asked(waiting.objections, reasons_in(request.POST))
        except LetterRefusedError as refusal:
            form.add_error(None, str(refusal))
    if checks is None:
        checks = asked(unanswered(letter, check(letter, calendar=found.school.calendar())))
    return _page(request, found, _reached(found), form=form, checks=checks, theirs=theirs)


def _save(request: StaffRequest, found: Mailing, form: MailingForm) -> HttpResponse:
    if "discard" in request.POST:
        discard_mailing(mailing=found, by=request.user)
        messages.success(request, f"{found.reference} is given up.")
        return redirect("mailing-list")
    letter = change_mailing(mailing=found, by=request.user, **form.cleaned_data)
    if "propose" not in request.POST:
        messages.success(request, "Draft saved.")
        return redirect(found)
    letter.school = found.school
    objections = check(letter, calendar=found.school.calendar())
    answer_objections(letter=letter, objections=objections, reasons=reasons_in(request.POST), by=request.user)
    propose_mailing(mailing=found, by=request.user)
    messages.success(request, "Sent for approval. Nothing goes out until another person has decided.")
    return redirect(found)


def _decide(request: StaffRequest, found: Mailing, reached: Reached | None) -> HttpResponse:
    if reached is None or found.proposed_by_id == request.user.pk:
        return _page(request, found, reached)
    now = fingerprint(found.letter, reached.addressees, reached.excluded)
    form = MailingDecideForm(request.POST if request.method == "POST" else None, seen=now)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            if typed["decision"] == "back":
                send_mailing_back(mailing=found, by=request.user, why=typed["why"])
                messages.success(request, "Sent back, with your reason.")
            else:
                approve_mailing(
                    mailing=found,
                    by=request.user,
                    signatory=(request.user.full_name, request.user.job_title),
                    addressees=reached.addressees,
                    excluded=reached.excluded,
                    seen=typed["seen"],
                )
                messages.success(request, "Approved. The letters are being made.")
        except LetterRefusedError as refusal:
            form = MailingDecideForm({**request.POST.dict(), "seen": now}, seen=now)
            form.add_error(None, str(refusal))
        else:
            return redirect(found)
    return _page(request, found, reached, decide=form)


def _page(request: StaffRequest, found: Mailing, reached: Reached | None, **more: Any) -> HttpResponse:
    first = found.recipients.select_related("letter").first()
    made = first.letter if first and first.letter and first.letter.is_sealed else None
    is_approved = found.state in (Mailing.State.APPROVED, Mailing.State.DONE)
    progress = progress_of(found) if is_approved else {}
    sealed = sum(progress.get(state, 0) for state in ("ready", "printed", "posted", "void"))
    is_busy = is_approved and sealed + progress.get("failed", 0) < progress["all"]
    context = {
        "mailing": found,
        "letter": found.letter,
        "reached": reached,
        "missed": missed_of(found) if is_approved else [],
        "may_write_again": request.user.has_perm("letters.approve_mailing"),
        "reasons": reached.reasons if reached else _reasons(found),
        "sample": reached.addressees[:3] if reached else [],
        "shown": SHOWN,
        "progress": progress,
        "sealed": sealed,
        "is_busy": is_busy,
        "is_mine": found.proposed_by_id == request.user.pk,
        "may_print": request.user.has_perm("letters.view_letter"),
        "has_preview": made is not None or not is_approved,
        "preview_url": reverse("letter-picture", args=[made.reference])
        if made
        else reverse("mailing-preview", args=[found.number]),
        "back_url": reverse("mailing-list"),
        **more,
    }
    response = render(request, "contacts/mailing.html", context)
    if is_busy and request.method == "GET":
        response["Refresh"] = "4"
    return response


def _reached(found: Mailing) -> Reached:
    return reached_by(Audience.of(found.audience), school=found.school)


def _reasons(found: Mailing) -> list[tuple[str, int, list[str]]]:
    return Reached([], [(str(name), str(why)) for name, why in found.excluded]).reasons


@require_POST
@permission_required("letters.approve_mailing", raise_exception=True)
def mailing_again(request: StaffRequest, number: int, row: int) -> HttpResponse:
    """One household’s letter once more, to whom the page named."""
    found = find_mailing(request, number)
    missed = next((each for each in missed_of(found) if each.number == row), None)
    if missed is None or missed.to is None or missed.to.recipient != request.POST.get("to"):
        messages.error(request, "Something changed after you looked. Look again at who can be written to.")
        return redirect(found)
    try:
        new = write_again(mailing=found, by=request.user, number=row, to=missed.to)
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Issued again as {new.reference}, to {new.addressee}. It waits in the print room.")
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def mailing_preview(request: StaffRequest, number: int) -> HttpResponse:
    """A picture of the first family's letter: as it is saved, or as it is being typed. Nothing is written."""
    found = find_mailing(request, number)
    letter = copy(found.letter)
    letter.school = found.school
    first = found.recipients.first() or next(iter(_reached(found).addressees), None)
    if first is not None:
        letter.addressee, letter.salutation, letter.address = first.addressee, first.salutation, first.address
    if request.method == "POST":
        form = MailingForm(request.POST, letter=found.letter)
        form.is_valid()  # what cannot be kept yet is shown as it was saved
        letter.heading = form.cleaned_data.get("heading", letter.heading)
        letter.body = form.cleaned_data.get("body", letter.body)
    try:
        picture = page_picture(letter, page=2 if request.GET.get("page") == "2" else 1)
    except LetterRefusedError as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(picture, content_type="image/png")
