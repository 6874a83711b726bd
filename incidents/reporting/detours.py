"""The two pages that an answer leads to before the next question: whom to call first, and how to complain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.models import Concern
from incidents.policy.councils import FIND_ANY, others_than
from incidents.reporting.drafts import DraftSentError, save_answers, with_draft
from incidents.reporting.questions import detour_url, page_context, question_of
from incidents.reporting.switching import FORM_ID, is_sent

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Draft


class GoOnForm(forms.Form):
    """One button to go on, and a link back to the answer that led here (`change_url` in the page's context)."""

    def __init__(self, go_on: str, change: str) -> None:
        super().__init__()
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        button = Button.primary("on", go_on, data_prevent_double_click="true")
        link = HTML(f'<a class="govuk-link" href="{{{{ change_url }}}}">{change}</a>')
        self.helper.layout = Layout(Div(button, link, css_class="govuk-button-group"))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def call_first(request: HttpRequest, draft: Draft) -> HttpResponse:
    is_going_on = is_sent(request)
    form = GoOnForm(_("Carry on and tell the school"), _("Nobody is in danger: change my answer"))
    if is_going_on and detour_url(draft, question_of("danger")):
        return redirect(page_context(request, draft, "danger")["next_url"])
    councils = {"councils": others_than(draft.school.council_name), "find_any_council": FIND_ANY}
    return _page(request, draft, "danger", form, **councils)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def complaints_procedure(request: HttpRequest, draft: Draft) -> HttpResponse:
    is_going_on = is_sent(request)
    form = GoOnForm(_("There is something else as well: carry on"), _("It is not only a complaint: change my answer"))
    if is_going_on and detour_url(draft, question_of("complaint")):
        try:
            save_answers(draft=draft, slug="complaint", answers={"complaint": Concern.Complaint.ALSO.value})
        except DraftSentError:
            return redirect("report-sent")
        return redirect(page_context(request, draft, "complaint")["next_url"])
    return _page(request, draft, "complaint", form)


def _page(request: HttpRequest, draft: Draft, slug: str, form: GoOnForm, **more: Any) -> HttpResponse:
    """The page of that question's detour; for whom no answer leads there, the question itself."""
    context = page_context(request, draft, slug)
    asked = question_of(slug)
    change_url = asked.change_url if context["is_change"] else reverse(asked.url_name)
    if not detour_url(draft, asked):
        return redirect(change_url)
    template = f"reporting/{asked.detour.removeprefix('report-').replace('-', '_')}.html"
    context |= {**more, "form": form, "back_url": change_url, "change_url": change_url}
    return render(request, template, context)
