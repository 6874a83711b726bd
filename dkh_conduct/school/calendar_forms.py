"""What somebody fills in to change the school's calendar, and to count days by it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms
from django.core.exceptions import ValidationError

from dkh_conduct.school.calendar import Unit
from dkh_conduct.school.day_field import AnyDayField
from dkh_conduct.school.ical import LEAVE_OUT, MOST_BYTES, MOST_ENTRIES, Found, UnreadableError, read_calendar
from dkh_conduct.school.models import ClosedDay

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
MEANINGS = [("term", "A term, or half of one"), *ClosedDay.Kind.choices, (LEAVE_OUT, "Leave it out")]


class NameField(forms.CharField):
    """One line that can be stored."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if typed and UNKEEPABLE.search(typed):
            raise ValidationError("One of the symbols here cannot be saved. Remove it, and use words instead")
        return " ".join(typed.split()) if typed else typed


def _helper(*fields: Any, button: str, is_get: bool = False) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": ""}
    helper.label_size = helper.legend_size = Size.SMALL
    if is_get:
        helper.form_method, helper.disable_csrf = "get", True
    helper.layout = Layout(*fields, Button.primary("", button, data_prevent_double_click="true"))
    return helper


class TermForm(forms.Form):
    name = NameField(
        label="What is it called?",
        help_text="Such as “Autumn, first half”. Enter the two halves of a term apart.",
        max_length=60,
        error_messages={"required": "Enter what it is called", "max_length": "The name must be 60 characters or fewer"},
    )
    starts_on = AnyDayField(label="First day of school", missing="Enter the first day of school")
    ends_on = AnyDayField(label="Last day of school", missing="Enter the last day of school")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field.text("name"), "starts_on", "ends_on", button="Save the term")


class ClosedDayForm(forms.Form):
    day = AnyDayField(label="Which day?", missing="Enter the day")
    kind = forms.ChoiceField(
        label="Why is it no day of school?",
        choices=ClosedDay.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why it is no day of school"},
    )
    reason = NameField(
        label="What do you call it?",
        help_text="Such as “Inset day: safeguarding” or “Snow”.",
        max_length=80,
        error_messages={"required": "Enter what you call it", "max_length": "It must be 80 characters or fewer"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("day", "kind", Field.text("reason"), button="Add the day")


class CalendarFileForm(forms.Form):
    file = forms.FileField(
        label="Calendar file",
        help_text="A file that ends in .ics, from the council or from your own calendar. Nothing is saved yet.",
        error_messages={"required": "Choose a calendar file", "empty": "The file is empty. Choose another one"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: list[Found] = []
        self.helper = _helper("file", button="Look at what is in it")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.found = read_calendar(file.read(MOST_BYTES + 1))
        except UnreadableError as problem:
            raise ValidationError(str(problem)) from None
        return file


class FoundForm(forms.Form):
    """What each entry of the file means; the file itself is not kept between the two pages."""

    def __init__(self, *args: Any, found: Iterable[Found] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(found) or self._posted()
        self.rows = rows
        for number, each in enumerate(rows):
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"{each.name}, {each.first:%-d %B %Y}",
                choices=MEANINGS,
                initial=each.kind,
                error_messages={"invalid_choice": "Choose what it is", "required": "Choose what it is"},
            )

    @property
    def lines(self) -> list[tuple[Found, forms.BoundField]]:
        return [(each, self[f"kind_{number}"]) for number, each in enumerate(self.rows)]

    @property
    def chosen(self) -> list[Found]:
        kinds = [self.cleaned_data[f"kind_{number}"] for number in range(len(self.rows))]
        rows = zip(self.rows, kinds, strict=True)
        return [Found(each.name, each.first, each.last, kind) for each, kind in rows if kind != LEAVE_OUT]

    def _posted(self) -> list[Found]:
        rows = []
        for number in range(MOST_ENTRIES):
            name, first, last = (self.data.get(f"{part}_{number}") for part in ("name", "first", "last"))
            if not (name and first and last):
                break
            try:
                rows.append(
                    Found(UNKEEPABLE.sub("", name)[:80], date.fromisoformat(first), date.fromisoformat(last), "")
                )
            except ValueError:
                break
        return [each for each in rows if each.first <= each.last and (each.last - each.first).days <= 400]


class CountForm(forms.Form):
    """Counts days as every deadline of the portal does."""

    day = AnyDayField(label="From which day?", missing="Enter the day to count from")
    posted = forms.ChoiceField(
        label="Is a letter posted on that day?",
        choices=[
            ("", "No, count from that day"),
            ("first", "First class: it counts as arrived on the second working day after"),
            ("second", "Second class: it counts as arrived on the fourth working day after"),
        ],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Select one of the three"},
    )
    days = forms.IntegerField(
        label="How many days?",
        min_value=1,
        max_value=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many days, such as 10",
            "invalid": "Enter the days as a number, such as 10",
            "min_value": "Enter 1 or more",
            "max_value": "Enter 200 or fewer",
        },
    )
    unit = forms.ChoiceField(
        label="Which days?",
        choices=[
            (Unit.SCHOOL, "School days: days with school, without inset days"),
            (Unit.WORKING, "Working days: Monday to Friday, without bank holidays"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select which days to count"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(
            "day", "posted", Field.text("days", field_width=Fluid.ONE_QUARTER), "unit", button="Count", is_get=True
        )
