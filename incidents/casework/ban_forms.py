"""The form of a site ban: what is weighed before anybody is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Fixed
from django import forms

from incidents.casework.fields import LineField, StoryField
from incidents.casework.reply_day_field import PlanDayField, checked_reply_by
from incidents.casework.step_forms import part
from incidents.casework.warning_forms import finding_choice
from incidents.models import SiteBan
from incidents.policy.bans import Terms, wrong_with

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.casework.reply_days import ReplyDays
    from incidents.models import Allegation, Person, Step

STORY = 3_000


def _many(label: str, choices: Any, help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
    )


def _one(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)


class BanForm(forms.Form):
    """Whole or not: only the letter needs everything."""

    stage = forms.ChoiceField(
        label="Both kinds ask for their side",
        widget=forms.RadioSelect,
        error_messages={"required": "Select which kind of letter it is"},
        choices=(
            Choice(
                "notice",
                "Notice of intent",
                hint="They may still come on site. We tell them what we are thinking of, and ask for their side.",
            ),
            Choice(
                "interim",
                "Interim ban",
                hint="Starts at once. Only where safety cannot wait. We still ask for their side by a date.",
            ),
        ),
    )
    urgency = StoryField(label="Why it cannot wait (interim ban only)", max_length=2_000)
    allegations = _many("What was found", ())
    account = LineField(
        label="What they told us, in a sentence or two (optional)",
        max_length=600,
        widget=forms.Textarea,
        help_text="It goes into the letter, where their account was received.",
    )
    risk = StoryField(
        label="What is the risk on the school site?",
        max_length=STORY,
        help_text="A ban covers the site, so it needs a risk on the site. What was posted is not enough on its own.",
    )
    lesser = _many("Lesser steps considered", SiteBan.Lesser.choices, "Tick each one, then say why it is not enough")
    why_not_enough = StoryField(
        label="Why are they not enough?", max_length=STORY, help_text="A notice of intent says this to them."
    )
    premises = _many(
        "School premises it would cover",
        SiteBan.Premises.choices,
        "Never the street, the pavement, or a WhatsApp group",
    )
    starts_on = PlanDayField(label="Start date", help_text="After a decision on their side; an interim ban, at once")
    ends_on = PlanDayField(label="End date", help_text="A ban with no end cannot be proposed")
    review_on = PlanDayField(label="Review date", help_text="Before the end date. Not for an interim ban")
    reviewer = LineField(label="Who reviews it", max_length=120)
    drop_off = StoryField(
        label="Dropping off and collecting their child",
        max_length=1_000,
        help_text="Who will do it. If nobody can, where staff will meet them. Their child must not miss school. "
        "It goes into the letter, so write it to them: “You can choose another adult…”",
    )
    children = forms.IntegerField(
        label="How many children they have here",
        min_value=0,
        max_value=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many children they have here, or 0",
            "invalid": "Enter a number, such as 1",
        },
    )
    stays = _many("What stays open to them", SiteBan.Stays.choices)
    contact = forms.ChoiceField(label="Their contact at school", widget=forms.Select, required=False)
    adjustments = LineField(
        label="What was promised to make it easier (optional)",
        max_length=500,
        help_text="Such as “You asked for questions in writing first: we will send them.”",
    )
    equality = StoryField(
        label="Equality check",
        max_length=STORY,
        help_text="Disability, health, language or another reason that bears on this. What you changed because of it.",
    )
    court = _one("Court orders and parental responsibility", [*SiteBan.Court.choices, ("", "Not checked")])
    court_words = StoryField(label="The order, if there is one", max_length=1_000)
    needs = _one("Their child’s needs, medical plan or EHC plan", [*SiteBan.Needs.choices, ("", "Not checked")])
    address = forms.BooleanField(required=False)
    reply_by = PlanDayField(label="They can put their side by")
    decide_by = PlanDayField(label="It is decided by", help_text="Usually within five school days after that")
    complaints = LineField(
        label="How they can complain",
        max_length=300,
        help_text="The procedure, and who is free to hear it: nobody who proposes, approves or reviews this.",
    )
    reason = StoryField(label="Your reason", max_length=5_000, help_text="For the file. They can ask to see it.")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any,
        *,
        ban: SiteBan | None,
        subject: Person,
        found: Sequence[Allegation],
        taken: Sequence[Step],
        staff: Sequence[User],
        days: ReplyDays,
        barred_reviewers: Sequence[str],
        is_complete: bool = False,
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.helper = FormHelper()
        self.days, self.is_complete, self.barred_reviewers = days, is_complete, barred_reviewers
        self.found = {str(each.pk): each for each in found}
        self.staff = {str(each.pk): each for each in staff}
        fields: Any = self.fields
        fields["allegations"].choices = [finding_choice(each, taken) for each in found]
        fields["contact"].choices = [
            ("", "Choose a person"),
            *((pk, f"{each.full_name}{f', {each.phone}' if each.phone else ''}") for pk, each in self.staff.items()),
        ]
        fields["reply_by"].help_text = days.hint
        fields["reviewer"].help_text = f"Not you{''.join(f', and not {name}' for name in barred_reviewers[1:])}"
        where = ", ".join(subject.address_lines)
        fields["address"].label = f"{where} is theirs, and safe to write to" if where else "No address is known yet"

    def clean_allegations(self) -> list[Allegation]:
        return [self.found[key] for key in self.cleaned_data["allegations"]]

    def clean_contact(self) -> User | None:
        return self.staff.get(self.cleaned_data["contact"])

    def clean_reviewer(self) -> str:
        reviewer = str(self.cleaned_data["reviewer"])
        if reviewer.casefold() in {name.casefold() for name in self.barred_reviewers}:
            raise forms.ValidationError("Somebody who neither proposes nor approves it must review it")
        return reviewer

    def clean_reply_by(self) -> date | None:
        reply_by: date | None = self.cleaned_data["reply_by"]
        return checked_reply_by(reply_by, self.days) if reply_by and self.is_complete else reply_by

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        is_interim = cleaned.get("stage") == "interim"
        terms = Terms(
            cleaned.get("starts_on"),
            cleaned.get("ends_on"),
            None if is_interim else cleaned.get("review_on"),
            cleaned.get("decide_by"),
            is_interim,
        )
        for name, problem in wrong_with(terms).items():
            if name not in self.errors:
                self.add_error(name, problem)
        reply_by, decide_by = cleaned.get("reply_by"), cleaned.get("decide_by")
        if reply_by and decide_by and decide_by <= reply_by:
            self.add_error("decide_by", "It can only be decided after their time to reply")
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the ban keeps."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in NOT_OF_BAN}
        return {**kept, "is_address_confirmed": self.cleaned_data["address"]}

    @property
    def kind_part(self) -> FormHelper:
        return part(Field("version"), Field.radios("stage"), Field.textarea("urgency", rows=2))

    @property
    def why_part(self) -> FormHelper:
        return part(
            Field.checkboxes("allegations", small=True),
            Field.textarea("account", rows=2),
            Field.textarea("risk", rows=4),
            Field.checkboxes("lesser", small=True),
            Field.textarea("why_not_enough", rows=3),
        )

    @property
    def where_part(self) -> FormHelper:
        return part(
            Field.checkboxes("premises", small=True),
            Div("starts_on", "ends_on", "review_on", Field.text("reviewer"), css_class="dkh-field-row"),
        )

    @property
    def child_part(self) -> FormHelper:
        return part(
            Field.text("children", field_width=Fixed.TWO),
            Field.textarea("drop_off", rows=3),
            Field.checkboxes("stays", small=True),
            Field.select("contact"),
            Field.text("adjustments"),
        )

    @property
    def checks_part(self) -> FormHelper:
        return part(
            Field.textarea("equality", rows=3),
            Field.radios("court", small=True),
            Field.textarea("court_words", rows=2),
            Field.radios("needs", small=True),
            Field.checkbox("address", small=True),
        )

    @property
    def side_part(self) -> FormHelper:
        return part(Div("reply_by", "decide_by", css_class="dkh-field-row"), Field.text("complaints"))

    @property
    def end_part(self) -> FormHelper:
        return part(
            Field.textarea("reason", rows=4),
            Div(
                Button.primary("write", "Write the letter", data_prevent_double_click="true"),
                Button.secondary("save", "Save draft"),
                css_class="govuk-button-group",
            ),
        )


NOT_OF_BAN = {"stage", "allegations", "reason", "version", "address"}
