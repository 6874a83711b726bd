"""The questions in their order: a later question is one row more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from incidents.reporting.forms import QuestionForm, WhatForm, WhenForm, WhereForm, WhoForm, WordsForm, YouForm
from incidents.reporting.forms_routing import ComplaintForm, DangerForm, LeaderForm
from incidents.reporting.policy_shown import policy_to_read

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise as Words

    from incidents.models import Draft

SAFETY, HAPPENED, EVIDENCE = _lazy("Safety first"), _lazy("What happened"), _lazy("Evidence")
READERS, YOU = _lazy("Who reads it"), _lazy("About you")
CHANGE = "change"
LATER = "later"  # the button that keeps the answer and offers a link by e-mail


@dataclass(frozen=True)
class Question:
    """One page of the way from the start page to "Check your answers".

    A question without a `form` has a view of its own. `heading` is for a page of several fields;
    elsewhere the one field's own label is the heading. `section` is where "Check your answers" lists it.
    `detour` names a page that some answers lead to first; it is no question, and is not counted.
    """

    slug: str
    title: Words
    section: Words
    form: type[QuestionForm] | None = None
    heading: Words = ""
    detour: str = ""

    @property
    def url_name(self) -> str:
        return f"report-{self.slug}"

    @property
    def ask(self) -> Words:
        """What to say while the answer is missing."""
        return self.form.ask if self.form else ""

    @property
    def change_url(self) -> str:
        return f"{reverse(self.url_name)}?{CHANGE}=1"


QUESTIONS = (
    Question(
        "danger", _lazy("Is someone in danger, or a child at risk?"), SAFETY, DangerForm, detour="report-call-first"
    ),
    Question("what", _lazy("What was posted?"), HAPPENED, WhatForm),
    Question(
        "complaint",
        _lazy("Is it a complaint about the school?"),
        HAPPENED,
        ComplaintForm,
        detour="report-complaints-procedure",
    ),
    Question("where", _lazy("Where was it posted?"), HAPPENED, WhereForm),
    Question("when", _lazy("When did you see it?"), HAPPENED, WhenForm),
    Question("who", _lazy("Do you know who posted it?"), HAPPENED, WhoForm),
    Question("words", _lazy("What happened, in your words?"), HAPPENED, WordsForm),
    Question("evidence", _lazy("Add screenshots and files"), EVIDENCE),
    Question("leader", _lazy("Is it about a senior leader?"), READERS, LeaderForm),
    Question("you", _lazy("About you"), YOU, YouForm, heading=_lazy("About you")),
)
SLUGS = tuple(question.slug for question in QUESTIONS)


def question_of(slug: str) -> Question:
    return QUESTIONS[SLUGS.index(slug)]


def unanswered(draft: Draft) -> list[Question]:
    """The questions that must be answered before anything can be sent, and are not."""
    school = draft.school if draft.school_id else None
    return [
        question
        for question in QUESTIONS
        if question.form and not question.form.is_answered(draft.answers.get(question.slug, {}), school)
    ]


def detour_url(draft: Draft, question: Question, *, is_change: bool = False) -> str:
    """Where the kept answer leads before the next question; empty where it leads straight on."""
    if question.form and question.detour and question.form.leads_aside(draft.answers.get(question.slug, {})):
        return reverse(question.detour) + (f"?{CHANGE}=1" if is_change else "")
    return ""


def page_context(request: HttpRequest, draft: Draft, slug: str) -> dict[str, Any]:
    """What every question page shows around its form.

    `number` and `total` feed templates/reporting/_progress.html; a page opened by a Change link (`?change=1`)
    goes back and on to "Check your answers".
    """
    place = SLUGS.index(slug)
    check = reverse("report-check")
    is_change = CHANGE in request.GET
    before = reverse("start")
    if place:
        previous = QUESTIONS[place - 1]
        before = detour_url(draft, previous) or reverse(previous.url_name)
    after = reverse(QUESTIONS[place + 1].url_name) if place + 1 < len(QUESTIONS) else check
    return {
        "draft": draft,
        "question": QUESTIONS[place],
        "number": place + 1,
        "total": len(QUESTIONS),
        "back_url": check if is_change else before,
        "next_url": check if is_change else after,
        "is_change": is_change,
        "policy_title": policy_to_read().title,
    }
