"""What every page of a step shows, and the page that asks whom it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.urls import reverse

from incidents.casework.recipients import why_no_letter, why_no_letters
from incidents.casework.step_forms import RecipientForm
from incidents.models import CasePerson, Step
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case, Person


MAY_DRAFT = ("incidents.take_step", "letters.draft_letter")


def frame(case: Case, subject: Person | None = None, *, kind: str) -> dict[str, Any]:
    """What every page of a step shows: the case, the policy's words, and who it is about."""
    prefetch_related_objects([case], CasePerson.with_their_names())  # where the page has not read them itself
    links = [link for link in case.people.all() if subject and link.person_id == subject.pk]
    return {
        "case": case,
        "subject": subject,
        "link": links[0] if links else None,
        "problem": why_no_letter(case, subject, kind=kind) if subject else "",
        "has_others": len(case.subjects) > 1,
        "kind": kind,
        "start_url": reverse(f"step-{kind}", args=[case.reference]),
        "step_text": POLICY.step(kind).text,
        "back_url": case.get_absolute_url(),
    }


def choose_recipient(
    request: StaffRequest, case: Case, drafts: dict[int, Step], *, kind: str, is_written_to: bool = True
) -> HttpResponse:
    """Which of several subjects: a page of its own, because one step is about one person."""
    subjects = case.subjects

    why_not = why_no_letters(case, subjects, kind=kind) if is_written_to else {each.pk: "" for each in subjects}
    may_receive = [each for each in subjects if each.pk not in drafts and not why_not[each.pk]]
    form = RecipientForm(request.GET if "choose" in request.GET else None, subjects=may_receive)
    context = {
        **frame(case, kind=kind),
        "form": form,
        "title": POLICY.step(kind).short.lower(),
        "may_receive": may_receive,
        "drafts": [(each, drafts[each.pk]) for each in subjects if each.pk in drafts],
        "why_not": [(each, why_not[each.pk]) for each in subjects if each.pk not in drafts and why_not[each.pk]],
    }
    return render(request, "casework/step_recipient.html", context)
