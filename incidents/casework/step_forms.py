"""The forms every step shares: whom it is about, its letter and its decision, the second person’s answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout, Size
from django import forms
from django.utils.datastructures import MultiValueDict

from incidents.casework.fields import LineField, StoryField
from incidents.casework.form_layout import laid_out, story
from incidents.casework.reply_day_field import ReplyDayField, checked_reply_by
from letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.http import QueryDict

    from incidents.casework.reply_days import ReplyDays
    from incidents.casework.step_letter import Explained
    from incidents.models import Person, Step
    from incidents.policy.explanations import Explanation


class RecipientForm(forms.Form):
    """Which of several subjects the letter is to. It changes nothing, so it is sent with GET."""

    to = forms.ChoiceField(
        label="Recipient",
        help_text="One letter for each person, to their own address.",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select who the letter is to",
            "invalid_choice": "Select one of the people who can be written to",
        },
    )

    def __init__(self, *args: Any, subjects: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = {str(subject.pk): subject for subject in subjects}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            Choice(key, subject.letter_name, hint=", ".join(subject.address_lines))
            for key, subject in self.subjects.items()
        ]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.attrs = {"novalidate": True}
        self.helper.layout = Layout(Field.radios("to", legend_size=Size.SMALL), Button.primary("choose", "Continue"))


class StepDraftForm(forms.Form):
    """The letter, and the decision. Only who decides must give the reason and tick the two boxes."""

    heading = LineField(label="Heading", max_length=120, missing="Enter the letter’s heading")
    body = StoryField(
        label="What the letter says",
        max_length=10_000,
        help_text="Start a heading with ##, a list with - or 1., and put ** on both sides of bold words. "
        "Write a link as [our policy](https://www.example.org). "
        "Where it says [reply online] the letter prints how to reply, with a code of its own.",
        missing="Enter what the letter should say",
    )
    reply_by = ReplyDayField(label="They can put their side by")
    reason = StoryField(
        label="Why this step, for this person?",
        max_length=5_000,
        help_text="For the file. Say what you weighed, their account too. They can ask to see it.",
    )
    enclosures = LineField(
        label="What is enclosed (optional)",
        max_length=200,
        help_text="Printed below the signature. Never a screenshot: it can show who took it.",
    )
    copies_to = LineField(
        label="Copies to (optional)",
        max_length=200,
        help_text="Names, with commas between them. They read all of it, and the addressee sees their names.",
    )
    delivery = forms.ChoiceField(
        label="How it goes",
        choices=Letter.Delivery.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how the letter goes"},
    )
    has_no_conflict = forms.BooleanField(
        label="I am not named in this case or related to anyone in it, and I have decided it fairly", required=False
    )
    has_read = forms.BooleanField(label="I have read the whole letter", required=False)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        step: Step,
        letter: Letter,
        days: ReplyDays,
        is_deciding: bool = False,
        explanations: Sequence[Explanation] = (),
    ) -> None:
        initial = {
            **{name: getattr(step, name) for name in ("left_out_reason", "soon_reason", "again_reason")},
            "heading": letter.heading,
            "body": letter.body,
            "reply_by": letter.reply_by,
            "delivery": letter.delivery,
            "enclosures": letter.enclosures,
            "copies_to": letter.copies_to,
            "reason": step.reason,
            "version": letter.version,
        }
        super().__init__(data, initial=initial)
        self.helper = FormHelper()  # the error summary asks it whether errors are shown
        self.days = days
        self.is_deciding = is_deciding
        self.explanations = explanations
        self.row = step.row
        for need in explanations:
            self.fields[f"{need.key}_reason"] = StoryField(
                label=need.question, help_text=f"{need.about} It prints in the file.", max_length=2_000
            )
        if step.row.is_to_body or not step.subject.may_be_emailed:
            ways = [(value, label) for value, label in Letter.Delivery.choices if value != Letter.Delivery.EMAIL]
            self.fields["delivery"].choices = ways  # type: ignore[attr-defined]
        if step.row.asks_reply:
            self.fields["reply_by"].help_text = days.hint
        else:
            del self.fields["reply_by"]

    def clean_reply_by(self) -> date:
        reply_by: date = self.cleaned_data["reply_by"]
        return checked_reply_by(reply_by, self.days) if self.is_deciding else reply_by

    def clean(self) -> dict[str, Any]:
        if self.is_deciding:
            if not self.cleaned_data.get("reason", "").strip() and "reason" not in self.errors:
                self.add_error("reason", "Enter why you take this step, and what you weighed")
            if not self.cleaned_data.get("has_no_conflict"):
                self.add_error("has_no_conflict", "Tick this if it is so. If it is not, someone else must decide")
            if not self.cleaned_data.get("has_read"):
                self.add_error("has_read", "Tick this when you have read the whole letter")
            for need in self.explanations:
                name = f"{need.key}_reason"
                if name not in self.errors and not self.cleaned_data.get(name, "").strip():
                    self.add_error(name, f"Answer this: {need.question[:1].lower()}{need.question[1:]}")
        return self.cleaned_data

    def explained(self) -> Explained:
        return {need.key: self.cleaned_data.get(f"{need.key}_reason", "") for need in self.explanations}  # type: ignore[return-value]

    def words(self) -> dict[str, Any]:
        """What the verbs write into the letter."""
        words = {name: self.cleaned_data.get(name) for name in ("heading", "body", "reply_by", "delivery")}
        return words | {name: self.cleaned_data[name] for name in ("enclosures", "copies_to") if name in self.sent}

    @property
    def sent(self) -> set[str]:
        """What a browser sent and can be kept; a field that a page did not have says nothing."""
        return {name for name in self.cleaned_data if name in self.data}

    def takes_over(self, newer: Letter) -> None:
        """What was typed stays; saving it once more, after reading what somebody else saved, is a decision."""
        self.data = MultiValueDict({**dict(self.data.lists()), "version": [str(newer.version)]})  # type: ignore[attr-defined]

    @property
    def letter_part(self) -> FormHelper:
        reply_by = ["reply_by"] if "reply_by" in self.fields else []
        return part(Field("version"), "heading", Field.textarea("body", rows=22), *reply_by, "enclosures", "copies_to")

    @property
    def decision_part(self) -> FormHelper:
        asked = [Field.textarea(f"{need.key}_reason", rows=3) for need in self.explanations]
        decide = (
            Button.primary("take", "Send for approval", data_prevent_double_click="true")
            if self.row.needs_second_person
            else Button.primary("take", "Take this step and queue the letter", data_prevent_double_click="true")
        )
        return part(
            Field.textarea("reason", rows=5),
            *asked,
            Field.radios("delivery", small=True),
            Field.checkbox("has_no_conflict", small=True),
            Field.checkbox("has_read", small=True),
            Div(
                decide,
                Button.secondary("save", "Save draft"),
                css_class="govuk-button-group",
            ),
        )


class ProposalDecideForm(forms.Form):
    """What the second person decides about a proposal."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="Your decision",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you decide"},
    )
    reason = StoryField(
        label="Why?",
        max_length=5_000,
        help_text="For the file, whatever you decide. If you send it back, say what needs to change.",
        missing="Enter why. If you send it back, say what needs to change",
    )
    has_read = forms.BooleanField(label="I have read the letter, their account and the evidence", required=False)

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposer = step.proposed_by.full_name if step.proposed_by else "whoever proposed it"
        sealed = "It is sealed, and goes to the print room." if step.letter_id else "It counts as taken from then on."
        self.fields["seen"].initial = step.proposals
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            Choice("approve", "Approve, and queue the letter" if step.letter_id else "Approve", hint=sealed),
            Choice("back", f"Send back to {proposer}", hint="Nothing goes out. It can be proposed again."),
            Choice("decline", "Do not take this step", hint="The case stays open. Other steps are not affected."),
        ]
        if not step.letter_id:
            self.fields["has_read"].label = "I have read what is proposed, their account and the evidence"
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.label_size = Size.SMALL
        self.helper.legend_size = Size.SMALL
        self.helper.layout = Layout(
            "seen",
            Field.radios("decision"),
            Field.textarea("reason", rows=4),
            Field.checkbox("has_read", small=True),
            Button.primary("save", "Save my decision", data_prevent_double_click="true"),
        )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("decision") == "approve" and not self.cleaned_data.get("has_read"):
            self.add_error("has_read", "Tick this when you have read it, before you approve it")
        return self.cleaned_data


class StepRescindForm(forms.Form):
    reason = StoryField(
        label="Why is this step rescinded?",
        max_length=5_000,
        help_text="For the file. The step and its letter stay in it.",
        missing="Enter why the step is rescinded",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(story("reason"), button="Rescind this step")


def part(*fields: Any) -> FormHelper:
    """One card's share of a form that goes over several cards; the page writes the form's own tag."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.label_size = Size.SMALL
    helper.legend_size = Size.SMALL
    helper.layout = Layout(*fields)
    return helper
