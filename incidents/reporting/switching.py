"""The language bar of a page with a form: pressed, it shows the page again with everything that was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms

from dkh_conduct.language import NAME, choose_language
from incidents.reporting.fields import showable

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

FORM_ID = "answers"  # the bar stands outside the form, so its buttons name it
AnyForm = TypeVar("AnyForm", bound=forms.Form)


def is_sent(request: HttpRequest) -> bool:
    """Whether a form was sent, and not only a language chosen. From now on the page is in that language."""
    if request.method != "POST":
        return False
    if NAME in request.POST and not hasattr(request, "_chosen_language"):
        choose_language(request, request.POST[NAME])
    return NAME not in request.POST


def open_form(form_class: type[AnyForm], request: HttpRequest, **more: Any) -> AnyForm:
    """What was sent, to be checked; or the form as it is first shown, with what is typed into it so far."""
    if is_sent(request):
        return form_class(request.POST, **more)
    form = form_class(**more)
    return refill(form, request.POST) if request.method == "POST" else form


def refill(form: AnyForm, typed: QueryDict) -> AnyForm:
    """Nothing is checked yet, so nothing is said to be wrong. A browser gives files only once: they are not typed."""
    for name, field in form.fields.items():
        if not isinstance(field.widget, forms.FileInput):
            value = field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
            form.initial[name] = showable(value)
    return form
