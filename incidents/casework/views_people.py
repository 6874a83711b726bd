"""Pages that add somebody to a case, and change what we hold about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from incidents.casework.case_lock import Refused
from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.forms_people import PersonAddForm, PersonChangeForm, WriteAnywayForm
from incidents.casework.people import ChangedMeanwhile, add_person, change_person
from incidents.casework.recipients import write_in_spite

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def person_add(request: StaffRequest, case: Case) -> HttpResponse:
    form = PersonAddForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        with refusals_on(form):
            link = add_person(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, f"{link.person.full_name} is on this case now.")
            return redirect(case)
    return render(
        request, "casework/person_add.html", {"case": case, "form": form, "back_url": case.get_absolute_url()}
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def person_change(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    link = get_object_or_404(case.people.select_related("person"), pk=pk)
    form = PersonChangeForm(request.POST if request.method == "POST" else None, person=link.person)
    if form.is_valid():
        try:
            changed = change_person(case=case, by=request.user, person=link.person, **form.cleaned_data)
        except ChangedMeanwhile as other:
            # What was typed is kept; saving again is then a choice.
            form = PersonChangeForm({**request.POST.dict(), "version": other.version}, person=link.person)
            form.add_error(None, str(other))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Saved: {', '.join(changed)}." if changed else "Nothing was changed.")
            return redirect(case)
    return render(
        request,
        "casework/person_change.html",
        {"case": case, "link": link, "form": form, "back_url": case.get_absolute_url()},
    )


@require_http_methods(["GET", "POST"])
@permission_required("incidents.override_flag", raise_exception=True)
@on_open_case
def person_write_anyway(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """The head lets letters about a site ban go to somebody who is not to be contacted."""
    link = get_object_or_404(case.people.select_related("person"), pk=pk)
    form = WriteAnywayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            write_in_spite(case=case, by=request.user, person=link.person, reason=form.cleaned_data["reason"])
            messages.success(request, f"Letters about a site ban may go to {link.person.full_name} in this case.")
            return redirect(case)
    flags = link.person.flags.standing().as_read_by(request.user).select_related("set_by", "person")
    context = {"case": case, "link": link, "form": form, "flags": flags, "back_url": case.get_absolute_url()}
    return render(request, "casework/person_write_anyway.html", context)
