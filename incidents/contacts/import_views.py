"""Three pages that bring the school's own list in: the file, what its columns hold, and what it would change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field
from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.context import school_of
from incidents.contacts.columns import BY_KEY, COLUMNS, IGNORED, guess_columns, letter_of
from incidents.contacts.fields import laid_out
from incidents.contacts.importing import import_contacts, keep_upload, plan_of
from incidents.contacts.refusal import ContactRefusedError
from incidents.contacts.table_files import TableRefusedError, read_table
from incidents.contacts.views import may_change
from incidents.models import ContactImport

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.contacts.importing import Plan
    from incidents.contacts.table_files import Table

SHOWN = 50
NAMED = 20  # in the sentence after it is done
SAMPLES = 3


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File from your system",
        help_text="CSV, or an Excel workbook (.xlsx), up to 4MB: one row for each parent of each child.",
        error_messages={"required": "Select the file", "empty": "The selected file is empty"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx,text/csv"
        self.helper = laid_out(Field("file"), button="Read the file")

    def clean_file(self) -> Table:
        try:
            return read_table(self.cleaned_data["file"])
        except TableRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ColumnsForm(forms.Form):
    """One choice for each column of the file."""

    def __init__(self, *args: Any, upload: ContactImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upload = upload
        self.helper = FormHelper()  # the error summary asks it whether errors are shown
        groups: dict[str, list[tuple[str, str]]] = {}
        for column in COLUMNS:
            groups.setdefault(column.about, []).append((column.key, column.label))
        choices = [(IGNORED, "Leave out"), *groups.items()]
        for place, heading in enumerate(upload.heading):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or letter_of(place),
                choices=choices,
                required=False,
                initial=upload.columns.get(str(place), IGNORED),
                error_messages={"invalid_choice": "Select what this column holds"},
            )

    @property
    def lines(self) -> list[tuple[str, str, list[str], forms.BoundField]]:
        """Letter, heading and the first few values of each column, with its choice."""
        rows = self.upload.rows[:SAMPLES]
        return [
            (
                letter_of(place),
                heading,
                [cells[place] for _, cells in rows if cells[place].isprintable()],
                self[f"column_{place}"],
            )
            for place, heading in enumerate(self.upload.heading)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if key and key in seen:
                self.add_error(name, f"Another column holds “{BY_KEY[key].label}” already. Leave one of them out")
            seen[key] = name
        keys = set(cleaned.values())
        if not self.errors and not keys & {
            "child_name",
            "child_first",
            "child_last",
            "adult_name",
            "adult_first",
            "adult_last",
        }:
            self.add_error(None, "Say which column holds the names")
        return cleaned

    def columns(self) -> dict[str, str]:
        return {name.removeprefix("column_"): key for name, key in self.cleaned_data.items() if key}


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def contact_import(request: StaffRequest) -> HttpResponse:
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        table: Table = form.cleaned_data["file"]
        upload = keep_upload(
            school=school_of(request),
            by=request.user,
            file_name=request.FILES["file"].name or "File",  # type: ignore[union-attr]
            table=json.dumps([table.heading, table.rows]),
            columns=guess_columns(table.heading),
        )
        return redirect("contact-import-columns", upload.pk)
    return render(request, "contacts/contact_import.html", {"form": form, "back_url": reverse("contact-list")})


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def contact_import_columns(request: StaffRequest, pk: int) -> HttpResponse:
    upload = _begun(request, pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, upload=upload)
    if form.is_valid():
        upload.columns = form.columns()
        upload.save(update_fields=["columns"])
        return redirect("contact-import-preview", upload.pk)
    context = {"form": form, "upload": upload, "back_url": reverse("contact-import")}
    return render(request, "contacts/contact_import_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def contact_import_preview(request: StaffRequest, pk: int) -> HttpResponse:
    upload = _begun(request, pk)
    problem = ""
    if request.method == "POST":
        try:
            plan = import_contacts(upload=upload, by=request.user)
        except ContactRefusedError as refusal:
            problem = str(refusal)
        else:
            same = f"{plan.unchanged:,} the same as before"
            messages.success(request, f"Imported: {len(plan.new):,} new, {len(plan.changed):,} changed, {same}.")
            if plan.unclear:
                messages.warning(request, _left_to_you(plan))
            return redirect("contact-list")
    plan = plan_of(upload)
    context = {
        "upload": upload,
        "plan": plan,
        "problem": problem,
        "errors": plan.errors[:SHOWN],
        "unclear": plan.unclear[:SHOWN],
        "new": plan.new[:SHOWN],
        "changed": plan.changed[:SHOWN],
        "shown": SHOWN,
        "back_url": reverse("contact-import-columns", args=[upload.pk]),
    }
    return render(request, "contacts/contact_import_preview.html", context, status=409 if problem else 200)


def _left_to_you(plan: Plan) -> str:
    """The file is gone by then, and this is what is left of those rows."""
    rows = [f"{each.name} (row {each.row})" for each in plan.unclear[:NAMED]]
    more = f", and {len(plan.unclear) - NAMED:,} more" if len(plan.unclear) > NAMED else ""
    return f"Not imported, because it is unclear who they are: {', '.join(rows)}{more}. Add them to a family by hand."


def _begun(request: StaffRequest, pk: int) -> ContactImport:
    """Only whoever uploaded it: it is a list of families."""
    own = ContactImport.objects.waiting().filter(school=request.user.school_id, by=request.user)
    return get_object_or_404(own.select_related("school"), pk=pk)
