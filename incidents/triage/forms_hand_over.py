"""What is asked before the letter about a complaint can be written: to whom, where, and by when they hear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout
from django import forms

from dkh_conduct.school.day_field import AnyDayField
from dkh_conduct.school.models import today

if TYPE_CHECKING:
    from datetime import date

MOST_LINES = 7


class HandOverForm(forms.Form):
    addressee = forms.CharField(
        label="Name on the letter",
        max_length=120,
        error_messages={"required": "Enter the name of whoever told us", "max_length": "Use 120 characters or fewer"},
    )
    salutation = forms.CharField(
        label="After “Dear” (optional)",
        help_text="Such as “Ms Okafor”. Left empty, it is the name on the letter.",
        max_length=120,
        required=False,
        error_messages={"max_length": "Use 120 characters or fewer"},
    )
    address = forms.CharField(
        label="Address",
        help_text="One line of the address on each line, the postcode last. The portal holds no address of a reporter: "
        "take it from the school’s own records.",
        max_length=300,
        widget=forms.Textarea,
        error_messages={
            "required": "Enter the address, with the postcode on the last line",
            "max_length": "Use 300 characters or fewer",
        },
    )
    answer_by = AnyDayField(
        label="They hear how it goes on by",
        help_text="As the complaints procedure says. For example, 27 11 2026.",
        missing="Enter the day by which they hear how it goes on",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Field.text("addressee", field_width=Fluid.TWO_THIRDS),
            Field.text("salutation", field_width=Fluid.ONE_HALF),
            Field.textarea("address", rows=5),
            "answer_by",
            Button.primary("write", "Write the letter", data_prevent_double_click="true"),
        )

    def clean_address(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["address"].splitlines() if line.strip()]
        if len(lines) < 2:
            raise forms.ValidationError("Enter the address on two lines or more, with the postcode on the last")
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"Use {MOST_LINES} lines or fewer: more do not show in the window")
        return "\n".join(lines)

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if day <= today():
            raise forms.ValidationError("Enter a day after today")
        return day

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        answers["salutation"] = answers.get("salutation") or answers.get("addressee", "")
        return answers
