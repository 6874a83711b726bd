"""How a page finds its case, and how it tells somebody that a verb said no."""

from __future__ import annotations

from contextlib import contextmanager
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from incidents.casework.case_lock import ChangedMeanwhile, Refused, closed_sentence
from incidents.models import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django import forms
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest

P = ParamSpec("P")


def find_case(request: StaffRequest, reference: str) -> Case:
    case: Case | None = getattr(request, "case_read", None)
    if case is None or case.reference != reference:
        cases = Case.objects.visible_to(request.user).with_reference(reference)
        case = get_object_or_404(cases.select_related("school", "lead"))
    request.user.school = case.school  # the same row by `visible_to`: read once for the case and the letterhead
    return case


def on_open_case(
    view: Callable[Concatenate[StaffRequest, Case, P], HttpResponse],
) -> Callable[Concatenate[StaffRequest, P], HttpResponse]:
    """For pages that change a case: gives the view its case in place of `reference`.

    A closed case sends back to its own page, with the reason.
    """

    def found(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        case = find_case(request, str(kwargs.pop("reference")))
        if case.status == Case.Status.CLOSED:
            messages.error(request, closed_sentence(case))
            return redirect(case)
        return view(request, case, *args, **kwargs)

    update_wrapper(found, view)
    return found


@contextmanager
def refusals_on(form: forms.Form) -> Iterator[None]:
    """A refusal becomes the form's error, so that what was typed is shown again beside it."""
    try:
        yield
    except Refused as refusal:
        if isinstance(refusal, ChangedMeanwhile):
            # What was typed stays. The version is the other's now, so that saving again is possible, and deliberate.
            typed: Any = form.data
            typed = typed.copy()
            typed["version"] = str(refusal.version)
            form.data = typed
        form.add_error(None, str(refusal))
