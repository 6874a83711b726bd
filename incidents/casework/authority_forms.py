"""The forms of a contact with the authorities: what goes to whom, what was sent, what they decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Button, Div, Field
from django import forms

from incidents.casework.fields import DayField, LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.step_forms import part
from incidents.casework.warning_forms import finding_choice
from incidents.models import AuthorityReferral
from incidents.policy.bodies import BODIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dkh_conduct.accounts.models import User
    from incidents.models import Allegation, Step


class AuthoritiesForm(forms.Form):
    """Whole or not: only the letter needs everything."""

    allegations = forms.MultipleChoiceField(
        label="What it is about",
        help_text="Facts only: what was found, in the words that were used.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    body = forms.ChoiceField(
        label="Which body",
        help_text="For a child at risk, the council of the borough in which the child lives.",
        widget=forms.RadioSelect,
        required=False,
    )
    address = StoryField(
        label="Where to send it", max_length=300, help_text="One line of the address on each line, at most four."
    )
    why = StoryField(label="Why it is for them, in a sentence or two", max_length=2_000)
    about = LineField(label="Who it is about, as far as you know", max_length=200)
    basis = LineField(label="How you know who it was", max_length=500)
    account = StoryField(
        label="What the person says about it",
        max_length=2_000,
        help_text="Their own side goes with it. Leave it empty only where asking them would put somebody in danger.",
    )
    no_account_because = LineField(label="Why they were not asked, if they were not", max_length=500)
    complaint_open = LineField(
        label="A complaint of theirs that is open (optional)",
        max_length=500,
        help_text="A complaint is never part of what you refer.",
    )
    known = StoryField(
        label="What else they should know (optional)", max_length=1_000, help_text="An illness, or a child’s needs."
    )
    asked = LineField(label="What you ask of them", max_length=500)
    contact = forms.ChoiceField(label="Whom they can ask", widget=forms.Select, required=False)
    reason = StoryField(label="Your reason", max_length=5_000, help_text="For the file.")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any,
        *,
        found: Sequence[Allegation],
        taken: Sequence[Step],
        staff: Sequence[User],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.helper = laid_out(button="")  # the error summary asks it whether errors are shown
        self.found = {str(each.pk): each for each in found}
        self.staff = {str(each.pk): each for each in staff}
        fields: Any = self.fields
        fields["allegations"].choices = [finding_choice(each, taken) for each in found]
        fields["body"].choices = [Choice(row.key, row.name, hint=f"{row.what}. {row.contact}") for row in BODIES]
        fields["contact"].choices = [("", "Choose a person"), *((pk, u.full_name) for pk, u in self.staff.items())]

    def clean_allegations(self) -> list[Allegation]:
        return [self.found[key] for key in self.cleaned_data["allegations"]]

    def clean_contact(self) -> User | None:
        return self.staff.get(self.cleaned_data["contact"])

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "version": self.cleaned_data["version"] or 0}

    @property
    def what_part(self) -> Any:
        return part(Field("version"), Field.checkboxes("allegations", small=True), Field.textarea("why", rows=3))

    @property
    def body_part(self) -> Any:
        return part(Field.radios("body", small=True), Field.textarea("address", rows=4), Field.text("asked"))

    @property
    def person_part(self) -> Any:
        return part(
            Field.text("about"),
            Field.text("basis"),
            Field.textarea("account", rows=4),
            Field.text("no_account_because"),
            Field.text("complaint_open"),
            Field.textarea("known", rows=2),
        )

    @property
    def end_part(self) -> Any:
        return part(
            Field.select("contact"),
            Field.textarea("reason", rows=4),
            Div(
                Button.primary("write", "Write the letter", data_prevent_double_click="true"),
                Button.secondary("save", "Save draft"),
                css_class="govuk-button-group",
            ),
        )


class AuthoritySentForm(forms.Form):
    sent_on = DayField(label="Day it was sent or said", missing="Enter the day it was sent or said")
    sent_how = forms.ChoiceField(
        label="How",
        choices=AuthorityReferral.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it was sent"},
    )
    sent_to = LineField(label="Who took it there (optional)", max_length=120, help_text="A name, or a number.")
    what_was_sent = StoryField(
        label="What was sent or said",
        max_length=1_000,
        help_text="Such as “The letter, and four redacted pages”. Never an original, unless they asked by law.",
        missing="Enter what was sent or said",
    )
    their_reference = LineField(label="Their reference (optional)", max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(
            "sent_on",
            Field.radios("sent_how", small=True),
            line("sent_to"),
            story("what_was_sent", rows=3),
            line("their_reference"),
            button="Record what was sent",
        )


class AuthorityOutcomeForm(forms.Form):
    outcome_on = DayField(label="Day they answered", missing="Enter the day they answered")
    outcome = StoryField(
        label="What they decided",
        max_length=3_000,
        help_text="In their words where you can. The school decides nothing because of it.",
        missing="Enter what they decided",
    )
    their_reference = LineField(label="Their reference, if it is new (optional)", max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("outcome_on", story("outcome"), line("their_reference"), button="Record their answer")
