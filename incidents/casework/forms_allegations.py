"""Adding an allegation, and deciding it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms

from incidents.casework.allegations import seen_finding
from incidents.casework.fields import DayField, LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.quoting import message_of
from incidents.models import Allegation
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.casework.concerns import CaseConcern
    from incidents.models import Case


def _clauses() -> list[Choice]:
    """Every clause in full, with the policy's own words over each group."""
    choices = []
    for group, lead in POLICY.group_leads.items():
        for number, clause in enumerate(POLICY.clauses_of(group)):
            choices.append(Choice(clause.key, clause.text, heading=lead if number == 0 else ""))
    return choices


class AllegationAddForm(forms.Form):
    subject = forms.ChoiceField(
        label="Whom it is about",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whom it is about"},
    )
    clause = forms.ChoiceField(
        label="What the policy says",
        choices=_clauses,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the part of the policy that it may be against"},
    )
    words = StoryField(
        label="The exact words",
        max_length=2_000,
        help_text="Copy them as they were posted, with the spelling as it was. Leave this empty if there are none.",
    )
    description = LineField(
        label="What was posted, if there are no words",
        max_length=200,
        help_text="Such as “A photograph of a member of staff, taken at the gate”.",
    )
    posted_on = DayField(label="Day it was posted (optional)", help_text="For example, 19 11 2026.")
    posted_where = LineField(
        label="Where it was posted (optional)", max_length=120, help_text="Such as “Class WhatsApp group”."
    )
    evidence = forms.ChoiceField(label="Picture that shows it (optional)", required=False)
    line = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, user: User, concerns: list[CaseConcern], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.user = case, user
        self.subjects = {str(person.pk): person for person in case.subjects}
        self.pictures = {str(each.file.pk): each for concern in concerns for each in concern.evidence}
        self.fields["subject"].choices = [(pk, person.full_name) for pk, person in self.subjects.items()]  # type: ignore[attr-defined]
        if len(self.subjects) == 1:
            self.fields["subject"].initial = next(iter(self.subjects))
        self.fields["evidence"].choices = [  # type: ignore[attr-defined]
            ("", "None of them"),
            *((pk, f"Evidence {each.number}: {each.file.name}") for pk, each in self.pictures.items()),
        ]
        self.helper = laid_out(
            "subject",
            Field.radios("clause", small=True),
            story("words"),
            line("description"),
            "posted_on",
            line("posted_where"),
            Field.select("evidence"),
            "line",
            button="Add the allegation",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and not cleaned["words"] and not cleaned["description"]:
            self.add_error("words", "Enter the exact words, or say below what was posted")
        cleaned["subject"] = self.subjects.get(cleaned.get("subject", ""))
        picture = self.pictures.get(cleaned.get("evidence", ""))
        cleaned["evidence"] = picture.file if picture else None
        line = message_of(self.case, cleaned.get("line", ""), user=self.user)
        cleaned["line"] = line if line and picture and line.evidence_id == picture.file.pk else None
        return cleaned


class FindingRecordForm(forms.Form):
    finding = forms.ChoiceField(
        label="Your finding",
        choices=(
            Choice(
                Allegation.Finding.FOUND,
                Allegation.Finding.FOUND.label,
                hint="It was more likely than not posted by this person, and it is what this part of the policy says",
            ),
            Choice(
                Allegation.Finding.NOT_FOUND,
                Allegation.Finding.NOT_FOUND.label,
                hint="It was not, or it cannot be shown, or it is criticism that anybody may make",
            ),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you found"},
    )
    reason = StoryField(
        label="Your reason",
        max_length=5_000,
        help_text="Facts, and how you weighed what they say. The person may ask to read this.",
        missing="Enter your reason, so that somebody who was not there can follow it",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, allegation: Allegation, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": seen_finding(allegation)}
        super().__init__(*args, **kwargs)
        self.helper = laid_out("finding", story("reason", rows=7), "seen", button="Record the finding")
