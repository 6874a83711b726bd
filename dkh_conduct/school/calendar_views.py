"""The school's calendar in the browser: terms, days off, bank holidays, an import, and a counter of days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dkh_conduct.school.calendar import PastCalendarError, Unit, bank_holidays_of
from dkh_conduct.school.calendar_editing import (
    CalendarRefusedError,
    close_day,
    import_days,
    open_day,
    remove_term,
    save_term,
)
from dkh_conduct.school.calendar_forms import CalendarFileForm, ClosedDayForm, CountForm, FoundForm, TermForm
from dkh_conduct.school.context import school_of
from dkh_conduct.school.models import today

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.school.http import StaffRequest
    from dkh_conduct.school.models import School

may_change = permission_required("school.change_calendar", raise_exception=True)
SHORT_BEFORE_END = 60  # days: the longest deadlines reach as far


@require_safe
def calendar(request: StaffRequest) -> HttpResponse:
    school, day = school_of(request), today()
    since = date(day.year - (day.month < 9), 9, 1)
    terms = [term for term in school.terms.all() if term.ends_on >= since]
    last = max((term.ends_on for term in terms), default=None)
    context = {
        "terms": terms,
        "closed_days": school.closed_days.filter(day__gte=since),
        "bank_holidays": [
            each for year in (day.year, day.year + 1) for each in bank_holidays_of(year) if each[0] >= day
        ],
        "last_day": last,
        "is_short": last is None or (last - day).days < SHORT_BEFORE_END,
        "may_change": request.user.has_perm("school.change_calendar"),  # type: ignore[attr-defined]
    }
    return render(request, "school/calendar.html", context)


@require_safe
def calendar_count(request: StaffRequest) -> HttpResponse:
    form = CountForm(request.GET if "days" in request.GET else None)
    context: dict[str, Any] = {"form": form, "back_url": reverse("calendar")}
    if form.is_valid():
        context["counted"] = _counted(school_of(request), form.cleaned_data, form)
    return render(request, "school/calendar_count.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def term_add(request: StaffRequest) -> HttpResponse:
    form = TermForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            term = save_term(school=school_of(request), by=request.user, **form.cleaned_data)
        except CalendarRefusedError as refusal:
            form.add_error("starts_on", str(refusal))
        else:
            messages.success(request, f"{term.name} is in the calendar.")
            return redirect("calendar")
    return _form_page(request, form, "Add a term, or half of one")


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def term_change(request: StaffRequest, pk: int) -> HttpResponse:
    school = school_of(request)
    term = get_object_or_404(school.terms, pk=pk)
    held = {name: getattr(term, name) for name in ("name", "starts_on", "ends_on")}
    if request.method == "POST" and "remove" in request.POST:
        remove_term(school=school, by=request.user, term=term)
        messages.success(request, f"{term.name} is not in the calendar any more.")
        return redirect("calendar")
    form = TermForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_valid():
        try:
            save_term(school=school, by=request.user, term=term, **form.cleaned_data)
        except CalendarRefusedError as refusal:
            form.add_error("starts_on", str(refusal))
        else:
            messages.success(request, f"{form.cleaned_data['name']} is saved.")
            return redirect("calendar")
    return _form_page(request, form, f"Change {term.name}", term=term)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def closed_day_add(request: StaffRequest) -> HttpResponse:
    form = ClosedDayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            close_day(school=school_of(request), by=request.user, **form.cleaned_data)
        except CalendarRefusedError as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, f"{form.cleaned_data['reason']} is in the calendar.")
            return redirect("calendar")
    return _form_page(request, form, "Add a day without school")


@require_POST
@may_change
def closed_day_remove(request: StaffRequest, pk: int) -> HttpResponse:
    school = school_of(request)
    closed = get_object_or_404(school.closed_days, pk=pk)
    open_day(school=school, by=request.user, closed=closed)
    messages.success(request, f"{closed.reason} is not in the calendar any more.")
    return redirect("calendar")


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def calendar_import(request: StaffRequest) -> HttpResponse:
    """First the file, then what is in it, which is saved only when somebody has looked at it."""
    page = {"back_url": reverse("calendar")}
    if request.method == "POST" and "first_0" in request.POST:
        found = FoundForm(request.POST)
        if found.is_valid():
            try:
                terms, days = import_days(school=school_of(request), by=request.user, found=found.chosen)
            except CalendarRefusedError as refusal:
                found.add_error(None, f"Nothing was saved. {refusal}")
            else:
                messages.success(request, f"New in the calendar: terms {terms}, days without school {days}.")
                return redirect("calendar")
        return render(request, "school/calendar_found.html", {**page, "form": found})
    form = CalendarFileForm(request.POST, request.FILES) if request.method == "POST" else CalendarFileForm()
    if form.is_bound and form.is_valid():
        return render(request, "school/calendar_found.html", {**page, "form": FoundForm(found=form.found)})
    return _form_page(request, form, "Import term dates")


def _form_page(request: StaffRequest, form: Any, heading: str, **more: Any) -> HttpResponse:
    context = {"form": form, "heading": heading, "back_url": reverse("calendar"), **more}
    return render(request, "school/calendar_form.html", context)


def _counted(school: School, asked: dict[str, Any], form: CountForm) -> dict[str, Any] | None:
    known, unit = school.calendar(), Unit(asked["unit"])
    start = asked["day"]
    arrives = known.deemed_receipt(start, first_class=asked["posted"] == "first") if asked["posted"] else None
    try:
        end = known.add(arrives or start, asked["days"], unit)
    except PastCalendarError as problem:
        form.add_error("days", str(problem))
        return None
    return {"start": start, "arrives": arrives, "end": end, "words": unit.words(asked["days"])}
