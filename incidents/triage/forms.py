"""What a senior leader fills in: the queue's filter, and the outcome of one concern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fixed, Layout
from django import forms

from dkh_conduct.school.email_addresses import OneAddressField
from incidents.models import Concern
from incidents.models.reference import tidy_reference
from incidents.policy.clause_choices import CLAUSES
from incidents.triage.filters import ASSIGNEES, DUES, SEARCH_LENGTH, STATUSES
from incidents.triage.rules import (
    CASE_NEEDED,
    DUPLICATE_NEEDED,
    HANDED_TO_NEEDED,
    REASON_NEEDED,
    SCHOOL_NEEDED,
    SUMMARY_NEEDED,
    why_not,
)

if TYPE_CHECKING:
    from incidents.models import Case
    from incidents.models.concern import ConcernQuerySet
    from incidents.triage.open_cases import OpenCases

HAND_OVERS = {Concern.Outcome.COMPLAINT: HANDED_TO_NEEDED, Concern.Outcome.OTHER_SCHOOL: SCHOOL_NEEDED}


def _boxes(label: str, choices: dict[str, str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices.items()), widget=forms.CheckboxSelectMultiple, required=False
    )


class FilterForm(forms.Form):
    """Drawn with what `Filters` read from the address, which forgives what it does not know."""

    q = forms.CharField(
        label="Search",
        help_text="Reference, name or words",
        required=False,
        max_length=SEARCH_LENGTH,
        widget=forms.SearchInput,
    )
    status = _boxes("Status", STATUSES)
    due = _boxes("Due", DUES)
    clause = _boxes("Clause", CLAUSES)
    assigned = _boxes("Assigned to", ASSIGNEES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        boxes = [Field.checkboxes(name, small=True) for name in ("status", "due", "assigned", "clause")]
        self.helper.layout = Layout(Field("q", css_class="govuk-input"), *boxes)


class OutcomeForm(forms.Form):
    """One outcome, with what it needs. Every field is always shown: nothing appears or hides as others are chosen."""

    kind = forms.ChoiceField(
        label="Is this criticism or misconduct?",
        help_text="Criticism of the school is a complaint, however blunt. It is not misconduct, "
        "and it never opens a case or joins one.",
        choices=Concern.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether this is criticism or misconduct"},
    )
    outcome = forms.ChoiceField(
        label="One outcome",
        choices=[
            Choice("open_case", "Open a case", hint="You lead it. Say below what it is about"),
            Choice("add_to_case", "Add to a case", hint="Choose the case below"),
            Choice("complaint", "Complaints procedure", hint="Say below who deals with it. We tell the reporter"),
            Choice(
                "safeguarding", "Safeguarding first", hint="Pauses everything else, and tells the safeguarding lead"
            ),
            Choice("other_school", "Another school’s matter", hint="Say below which school. We tell the reporter"),
            Choice("duplicate", "Duplicate", hint="Say below which concern it repeats"),
            Choice("nothing_further", "Nothing further"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select one outcome"},
    )
    summary = forms.CharField(
        label="What is it about, in a few words?",
        help_text="Only to open a case. Neutral words, and no names.",
        max_length=120,
        required=False,
        error_messages={"max_length": "What it is about must be 120 characters or less"},
    )
    case = forms.CharField(
        label="Which case?",
        help_text="Only to add to a case. Open cases are listed.",
        max_length=40,
        required=False,
        error_messages={"max_length": "Enter one case’s number, such as C014"},
    )
    handed_to = forms.CharField(
        label="Who deals with it now?",
        help_text="Only for the complaints procedure or another school, such as “the Head of School”.",
        max_length=120,
        required=False,
        error_messages={"max_length": "Who deals with it must be 120 characters or less"},
    )
    handed_to_email = OneAddressField(
        label="Their email address (optional)",
        help_text="Only for the complaints procedure. They hear that it is there: a reference and a link.",
        required=False,
        error_messages={"invalid": "Enter an email address in the right form, like name@example.com"},
    )
    duplicate_of = forms.CharField(
        label="Which concern does it repeat?",
        help_text="Only for a duplicate. Its reference, such as DKH-7R4K-2Q.",
        max_length=40,
        required=False,
        error_messages={"max_length": "Enter one reference, such as DKH-7R4K-2Q"},
    )
    reason = forms.CharField(
        label="Why? Your reason for the record",
        help_text="Kept with this concern, and shown on the case.",
        max_length=5_000,
        widget=forms.Textarea,
        error_messages={"required": REASON_NEEDED, "max_length": "Your reason must be 5,000 characters or less"},
    )

    def __init__(self, *args: Any, cases: OpenCases, concerns: ConcernQuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._concerns = Concern.objects.none() if concerns is None else concerns
        self._cases = cases
        are_listed = self._list_cases()
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Field.radios("kind", legend_size="s", small=True),
            Field.radios("outcome", legend_size="s", small=True),
            Field.text("summary"),
            Field.select("case") if are_listed else Field.text("case", field_width=Fixed.FIVE),
            Field.text("handed_to"),
            Field.text("handed_to_email"),
            Field.text("duplicate_of"),
            Field.textarea("reason", rows=4),
            Button.primary("save", "Save the outcome", data_prevent_double_click="true"),
        )

    def _list_cases(self) -> bool:
        """Offer the open cases by name; where they are too many for a list, ask for the number and say so."""
        if self._cases.listed is None:
            self.fields["case"].help_text = "Only to add to a case. The number of an open case, such as C014."
            return False
        first = ("", "Choose a case" if self._cases.listed else "There is no open case")
        named = [(reference, f"{reference}, {title}") for reference, title in self._cases.listed]
        self.fields["case"].widget = forms.Select(choices=[first, *named])
        return True

    def clean_case(self) -> Case | None:
        typed = self.cleaned_data["case"]
        found = self._cases.numbered(typed) if typed else None
        if typed and found is None:
            raise forms.ValidationError("There is no open case with this number. Choose or enter an open case")
        return found

    def clean_duplicate_of(self) -> Concern | None:
        typed = self.cleaned_data["duplicate_of"]
        found = self._concerns.filter(reference=tidy_reference(typed)).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError("There is no other concern with this reference. Check it, letter by letter")
        return found

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        outcome, kind = answers.get("outcome", ""), answers.get("kind", "")
        if kind and outcome and (sentence := why_not(outcome, kind)):
            self.add_error("kind", sentence)
        if outcome == Concern.Outcome.OPEN_CASE and not answers.get("summary") and "summary" not in self.errors:
            self.add_error("summary", SUMMARY_NEEDED)
        if outcome == Concern.Outcome.ADD_TO_CASE and not answers.get("case") and "case" not in self.errors:
            self.add_error("case", CASE_NEEDED)
        if outcome in HAND_OVERS and not answers.get("handed_to") and "handed_to" not in self.errors:
            self.add_error("handed_to", HAND_OVERS[outcome])
        is_unknown = not answers.get("duplicate_of") and "duplicate_of" not in self.errors
        if outcome == Concern.Outcome.DUPLICATE and is_unknown:
            self.add_error("duplicate_of", DUPLICATE_NEEDED)
        return answers


class ReasonForm(forms.Form):
    """One reason and one button."""

    reason = forms.CharField(
        label="Why? Your reason for the record",
        max_length=5_000,
        widget=forms.Textarea,
        error_messages={"required": REASON_NEEDED, "max_length": "Your reason must be 5,000 characters or less"},
    )

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        save = Button.primary("save", button, data_prevent_double_click="true")
        self.helper.layout = Layout(Field.textarea("reason", rows=4), save)
