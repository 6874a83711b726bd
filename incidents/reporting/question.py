"""One question page: show it with the answers kept so far, keep the new ones, go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from incidents.reporting.drafts import DraftSentError, save_answers, with_draft
from incidents.reporting.questions import LATER, QUESTIONS, detour_url, page_context, question_of
from incidents.reporting.switching import open_form

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Draft
    from incidents.reporting.forms import QuestionForm


@login_not_required
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    return redirect(QUESTIONS[0].url_name)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def question(request: HttpRequest, draft: Draft, slug: str) -> HttpResponse:
    asked = question_of(slug)
    assert asked.form is not None  # noqa: S101  # the table gives this view only to questions with a form
    context = page_context(request, draft, slug)
    is_later = LATER in request.POST
    if is_later and not _is_typed(request, asked.form):
        return redirect("report-later")  # nothing is answered here, so there is nothing to put right first
    form = open_form(asked.form, request, initial=draft.answers.get(slug), school=draft.school)
    if form.is_valid():
        try:
            save_answers(draft=draft, slug=slug, answers=form.answers())
        except DraftSentError:
            return redirect("report-sent")
        if is_later:
            return redirect("report-later")
        return redirect(detour_url(draft, asked, is_change=context["is_change"]) or context["next_url"])
    return render(request, "reporting/question.html", {**context, "form": form})


def _is_typed(request: HttpRequest, form_class: type[QuestionForm]) -> bool:
    """Whether there is anything in the boxes of this question; a day has three."""
    fields = tuple(form_class.base_fields)
    return any(
        value.strip() for name in request.POST if name.startswith(fields) for value in request.POST.getlist(name)
    )
