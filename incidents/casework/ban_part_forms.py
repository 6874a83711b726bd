"""The forms of what comes after a ban’s first letter: what is decided, what they said, and what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.layout import Field
from django import forms

from incidents.casework.ban_forms import STORY
from incidents.casework.fields import DayField, LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.reply_day_field import PlanDayField, checked_reply_by
from incidents.models import Representation, SiteBan
from incidents.policy.bans import Terms, wrong_with

if TYPE_CHECKING:
    from datetime import date

    from incidents.casework.reply_days import ReplyDays


class BanPartForm(forms.Form):
    """One later decision about a ban. Which questions it asks depends on what is decided."""

    weighed = StoryField(
        label="What they said, and how you weighed it",
        max_length=5_000,
        help_text="One point on each line, then a colon and how it was weighed. It goes into the letter.",
    )
    found = StoryField(
        label="What you find", max_length=STORY, help_text="One sentence of fact on each line. It goes into the letter."
    )
    not_found = StoryField(label="What you do not find (optional)", max_length=STORY)
    changes = StoryField(label="What changes", max_length=2_000, help_text="In a sentence or two, to them.")
    starts_on = PlanDayField(label="Start date")
    ends_on = PlanDayField(label="End date")
    review_on = PlanDayField(label="Review date", help_text="Before the end date")
    reviewer = LineField(label="Who reviews it", max_length=120)
    conditions = LineField(label="What would end it early (optional)", max_length=500)
    expectations = StoryField(
        label="What we ask or have agreed from now on (optional)", max_length=1_000, help_text="One on each line."
    )
    reply_by = PlanDayField(label="They can put their side by")
    reason = StoryField(
        label="Why?",
        max_length=5_000,
        help_text="For the file and, where the letter gives reasons, for the letter: write it to them.",
        missing="Enter why",
    )

    def __init__(self, data: Any, *, ban: SiteBan, stage: str, days: ReplyDays, was_heard: bool) -> None:
        initial = {name: getattr(ban, name) for name in ("starts_on", "ends_on", "review_on", "reviewer")}
        super().__init__(data, initial={**initial, "reply_by": days.usual})
        self.stage, self.days, self.was_heard = stage, days, was_heard
        asked = ASKS[stage]
        for name in list(self.fields):
            if name not in asked:
                del self.fields[name]
        if "reply_by" in self.fields:
            self.fields["reply_by"].help_text = days.hint
        if stage in ("review", "breach", "expire"):
            self.fields["reason"].help_text = "For the file. It does not go into the letter."
        layout = [_field(name) for name in asked]
        self.helper = laid_out(*layout, button="Write the letter")

    def clean_reply_by(self) -> date | None:
        reply_by: date | None = self.cleaned_data["reply_by"]
        if reply_by is None:
            raise forms.ValidationError("Enter the day by which they can put their side")
        return checked_reply_by(reply_by, self.days)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for name, sentence in MUST.items():
            if name in self.fields and name not in self.errors and not cleaned.get(name):
                if name == "weighed" and not self.was_heard:
                    continue
                self.add_error(name, sentence)
        terms = Terms(cleaned.get("starts_on"), cleaned.get("ends_on"), cleaned.get("review_on"))
        for name, problem in wrong_with(terms).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, problem)
        return cleaned


TERMS = ("starts_on", "ends_on", "review_on", "reviewer")


ASKS: dict[str, tuple[str, ...]] = {
    "confirm": ("weighed", "found", "not_found", *TERMS, "conditions", "reason"),
    "vary": ("weighed", "found", "not_found", "changes", *TERMS, "conditions", "reason"),
    "extend": ("weighed", "found", "not_found", "changes", *TERMS, "conditions", "reason"),
    "no_ban": ("weighed", "expectations", "reason"),
    "lift": ("weighed", "expectations", "reason"),
    "review": ("reply_by", "reason"),
    "breach": ("reply_by", "reason"),
    "expire": ("expectations", "reason"),
}


MUST = {
    "weighed": "Enter how you weighed what they said, one point on each line",
    "found": "Enter what you find, one sentence on each line",
    "changes": "Enter what changes",
    "starts_on": "Enter the start date",
    "ends_on": "Enter the end date. A ban without an end cannot be decided",
    "review_on": "Enter the review date",
    "reviewer": "Enter who reviews it",
}


def _field(name: str) -> Any:
    if name in TERMS[:3] or name == "reply_by":
        return name
    return line(name) if name in ("reviewer", "conditions") else story(name, rows=4)


class RepresentationForm(forms.Form):
    received_on = DayField(label="Day it was received", missing="Enter the day it was received")
    how = forms.ChoiceField(
        label="How it was received",
        choices=Representation.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it was received"},
    )
    text = StoryField(
        label="What they said",
        max_length=10_000,
        help_text="In their own words where you can. Say so where it is your note of a conversation.",
        missing="Enter what they said",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(
            "received_on", Field.radios("how", small=True), story("text", rows=10), button="Record what they said"
        )


class BreachForm(forms.Form):
    seen_on = DayField(label="Day they were seen on site", missing="Enter the day they were seen on site")
    seen = StoryField(
        label="What was seen",
        max_length=2_000,
        help_text="Only what somebody saw: where, when, what they did. It can go into a letter to them.",
        missing="Enter what was seen",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("seen_on", story("seen"), button="Record it")
