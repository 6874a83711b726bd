"""Asking for information, writing down what came back, and why it cannot wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Fixed
from django import forms

from dkh_conduct.school.calendar import Unit
from dkh_conduct.school.models import today
from incidents.casework.fields import DayField, LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.information import ANSWER_WITHIN_SCHOOL_DAYS
from incidents.models import InformationRequest

if TYPE_CHECKING:
    from incidents.models import Case

SOMEONE_ELSE = "other"
MOST_DAYS = 60


def how_field(label: str, *, missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=InformationRequest.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing},
    )


class InformationAskForm(forms.Form):
    person = forms.ChoiceField(
        label="Who was asked",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who was asked, or “Someone else”"},
    )
    source = LineField(
        label="Name, if it was someone else", max_length=120, help_text="Such as a member of staff who was there."
    )
    topic = LineField(
        label="What about (optional)", max_length=200, help_text="Such as “What happened in the PE lesson”."
    )
    asked_how = how_field("How they were asked", missing="Select how they were asked")
    asked_on = DayField(
        label="Day they were asked",
        help_text="For example, 24 11 2026.",
        missing="Enter the day they were asked",
        initial=today,
    )
    due_in = forms.IntegerField(
        label="How many days they have to answer",
        initial=ANSWER_WITHIN_SCHOOL_DAYS,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many days they have",
            "invalid": "Enter a whole number of days",
            "min_value": "Give them at least 1 day",
            "max_value": f"Enter {MOST_DAYS} days or fewer",
        },
    )
    due_unit = forms.ChoiceField(
        label="Which days count",
        choices=(
            Choice(Unit.SCHOOL.value, "School days", hint="Not weekends, holidays, inset days and bank holidays"),
            Choice(Unit.WORKING.value, "Working days", hint="Monday to Friday, in the school holidays too"),
        ),
        widget=forms.RadioSelect,
        initial=Unit.SCHOOL.value,
        error_messages={"required": "Select which days count"},
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(link.person_id): link.person for link in case.people.all()}
        subjects = {str(person.pk) for person in case.subjects}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            *(
                Choice(pk, person.full_name, hint="This asks for their own account" if pk in subjects else "")
                for pk, person in self.people.items()
            ),
            Choice(SOMEONE_ELSE, "Someone else"),
        ]
        self.helper = laid_out(
            Field.radios("person", small=True),
            line("source"),
            line("topic"),
            Field.radios("asked_how", small=True),
            "asked_on",
            line("due_in", width=Fixed.THREE),
            Field.radios("due_unit", small=True),
            button="Record that they were asked",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        chosen, source = cleaned.get("person"), cleaned.get("source", "")
        if chosen == SOMEONE_ELSE and not source and "source" not in self.errors:
            self.add_error("source", "Enter the name of who was asked")
        if chosen and chosen != SOMEONE_ELSE and source:
            self.add_error("source", "Leave this empty, or select “Someone else” above")
        cleaned["person"] = self.people.get(chosen or "")
        return cleaned


class InformationReceiveForm(forms.Form):
    received_on = DayField(
        label="Day it was received",
        help_text="For example, 30 11 2026.",
        missing="Enter the day it was received",
        initial=today,
    )
    received_how = how_field("How it was received", missing="Select how it was received")
    statement = StoryField(
        label="What they said",
        max_length=10_000,
        help_text="In their own words where you can. Say so where it is your note of a conversation.",
        missing="Enter what they said. If they answered and said nothing, write that",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(
            "received_on",
            Field.radios("received_how", small=True),
            story("statement", rows=10),
            button="Record what they said",
        )


class CannotWaitForm(forms.Form):
    reason = StoryField(
        label="Why it cannot wait",
        max_length=2_000,
        help_text="Such as a risk to somebody’s safety. Whoever reviews the step will read this.",
        missing="Enter why a step cannot wait for the information asked for",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        reason = case.cannot_wait_reason
        kwargs["initial"] = {"reason": reason, "seen": reason}
        super().__init__(*args, **kwargs)
        self.helper = laid_out(story("reason"), Field("seen"), button="Record the reason")

    def clean_seen(self) -> str:
        return str(self.cleaned_data["seen"]).replace("\r\n", "\n")
