"""Writing a note, handing a case on, stepping aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms

from incidents.casework.conflicts import staff_who_may_know
from incidents.casework.fields import LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.leads import possible_leads
from incidents.models import Conflict, Note

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case


class NoteAddForm(forms.Form):
    kind = forms.ChoiceField(
        label="What kind of note is it?",
        choices=(
            Choice(Note.Kind.FACT, Note.Kind.FACT.label, hint="Something that can be checked"),
            Choice(Note.Kind.OBSERVATION, Note.Kind.OBSERVATION.label, hint="What you saw or heard yourself"),
            Choice(Note.Kind.OPINION, Note.Kind.OPINION.label, hint="What you think about it"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Select what kind of note it is"},
    )
    text = StoryField(
        label="Note",
        max_length=10_000,
        help_text="It cannot be changed later. The people it is about may ask to read it.",
        missing="Enter your note",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("kind", story("text", rows=8), button="Add the note")


class LeadField(forms.ChoiceField):
    """One of those who could lead the case; `leads` finds the person again."""

    widget = forms.RadioSelect
    leads: dict[str, User]

    def offer(self, case: Case) -> None:
        self.leads = {str(user.pk): user for user in possible_leads(case)}
        self.choices = [Choice(pk, user.full_name, hint=user.job_title) for pk, user in self.leads.items()]

    def clean(self, value: Any) -> User | None:
        return self.leads.get(super().clean(value) or "")


class LeadChangeForm(forms.Form):
    lead = LeadField(
        label="Who leads this case from now on?",
        error_messages={"required": "Select who leads this case from now on"},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": str(case.lead_id)}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["lead"]
        field.offer(case)
        self.has_choice = bool(field.leads)
        self.helper = laid_out("lead", "seen", button="Change the lead")


class ConflictRecordForm(forms.Form):
    """Stepping aside, or keeping the case from a colleague who is named in it or close to somebody in it."""

    who = forms.ChoiceField(
        label="Who should not know of this case?",
        required=False,
        error_messages={"invalid_choice": "Choose somebody from the list. The list has changed"},
    )
    kind = forms.ChoiceField(
        label="What is the conflict of interest?",
        choices=Conflict.Kind.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Select one of the three"},
    )
    reason = LineField(
        label="Why they should not be part of this case",
        max_length=200,
        help_text="Such as “I am related to somebody in it”. Those who run the case will read this.",
        missing="Enter why they should not be part of this case",
    )
    new_lead = LeadField(label="Who leads this case from now on?", required=False)

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.user = case, user
        self._staff = {str(each.pk): each for each in staff_who_may_know(case).exclude(pk=user.pk)}
        who: Any = self.fields["who"]
        who.choices = [
            ("", f"You, {user.full_name}"),
            *((pk, f"{each.full_name}, {each.job_title}") for pk, each in self._staff.items()),
        ]
        field: Any = self.fields["new_lead"]
        field.offer(case)
        field.help_text = (
            f"Only where it is {'you' if case.lead_id == user.pk else case.lead.full_name}, who leads it now."
        )
        self.has_choice = bool(field.leads)
        asked = ["new_lead"] if self.has_choice else []
        self.helper = laid_out(Field.select("who"), "kind", line("reason"), *asked, button="Keep the case from them")

    def clean_who(self) -> User:
        return self._staff.get(self.cleaned_data["who"], self.user)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Conflict.Kind.ASIDE

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        leads_it = cleaned.get("who") and cleaned["who"].pk == self.case.lead_id
        if leads_it and not cleaned.get("new_lead") and "new_lead" not in self.errors:
            self.add_error(
                "new_lead" if self.has_choice else None,
                "Select who leads this case from now on"
                if self.has_choice
                else "They lead this case, and nobody else can. An administrator can add the chair of governors "
                "or the Trust to the portal, so that they decide",
            )
        return cleaned
