"""Checking a concern: in with the two codes, a page that says how far it has got, and out again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import check_password, make_password
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from dkh_conduct.school.context import school_of
from incidents.models import Concern
from incidents.models.reference import tidy_access_code, tidy_reference
from incidents.reporting.fields import LineField
from incidents.reporting.guessing import HOUR, count_wrong_try, has_guessed_too_often
from incidents.reporting.opened import close_concern, open_concern
from incidents.reporting.reply_door import OPENED_LETTER, READ_LETTER
from incidents.reporting.switching import FORM_ID, open_form

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dkh_conduct.school.models import School

NO_MATCH = _lazy("The reference and the access code do not match. Check both and try again")


class StatusForm(forms.Form):
    reference = LineField(
        label=_lazy("Reference"),
        help_text=_lazy("For example, DKH-7R4K-2Q"),
        max_length=60,
        error_messages={"required": _lazy("Enter your reference")},
    )
    code = LineField(
        label=_lazy("Access code"),
        help_text=_lazy("16 letters and numbers. Spaces and dashes do not matter."),
        max_length=60,
        error_messages={"required": _lazy("Enter your access code")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        typed = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "dir": "ltr"}
        spaced = "govuk-input--extra-letter-spacing"
        self.helper.layout = Layout(
            Field("reference", css_class=f"govuk-input--width-10 {spaced}", **typed),
            Field("code", css_class=f"govuk-input--width-20 {spaced}", **typed),
            Div(Button.primary("continue", _("Continue")), css_class="govuk-button-group"),
        )


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return make_password("a code that nobody has")


def find_concern(school: School, *, reference: str, code: str) -> Concern | None:
    """Checks one hash whether or not the reference exists, so that the time taken says nothing."""
    found = Concern.objects.filter(school=school, reference=tidy_reference(reference)).first()
    is_right = check_password(tidy_access_code(code), found.access_code_hash if found else _nobodys_hash())
    return found if is_right else None


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    form = open_form(StatusForm, request)
    if form.is_bound and has_guessed_too_often(request):
        return too_many_tries(request)
    if form.is_valid():
        concern = find_concern(school_of(request), **form.cleaned_data)
        if concern:
            request.session.cycle_key()
            open_concern(request, concern)
            return redirect("status-concern")
        count_wrong_try(request)
        form.add_error("reference", NO_MATCH)
    return render(request, "reporting/status.html", {"form": form, "back_url": reverse("start")})


def too_many_tries(request: HttpRequest) -> HttpResponse:
    response = render(request, "reporting/too_many.html", status=429)
    response.headers["Retry-After"] = str(HOUR)
    return response


class LeaveForm(forms.Form):
    """The button for a shared device."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.form_action = "status-leave"
        self.helper.layout = Layout(Button.secondary("leave", _("Close and leave")))


@login_not_required
@require_POST
def status_leave(request: HttpRequest) -> HttpResponse:
    cleared = '"cache", "storage"'
    if request.user.is_authenticated:  # staff who looked at it stay signed in
        close_concern(request)
        request.session.pop(OPENED_LETTER, None)
        request.session.pop(READ_LETTER, None)
    else:
        request.session.flush()
        cleared += ', "cookies"'
    response = redirect("start")
    response.headers["Clear-Site-Data"] = cleared
    return response
