"""What goes into a warning letter: the form that begins one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size
from django import forms
from django.core.exceptions import ValidationError

from dkh_conduct.school.templatetags.dates import day
from incidents.casework.fields import LineField, StoryField
from incidents.casework.reply_day_field import ReplyDayField, checked_reply_by
from incidents.casework.warning_words import place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incidents.casework.reply_days import ReplyDays
    from incidents.models import Allegation, Step

MOST_ASKS = 8


class WarningStartForm(forms.Form):
    """What goes into the letter. Everything else is composed, and can be changed in the draft."""

    allegations = forms.MultipleChoiceField(
        label="Findings to put in the letter",
        help_text="Only what was found. Screenshots are never attached: they can show who took them.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select at least one finding to put in the letter",
            "invalid_choice": "One of these findings has changed. Select what was found",
        },
    )
    impact = LineField(
        label="What it did, in one sentence (optional)",
        max_length=300,
        widget=forms.Textarea,
        help_text="Such as “The member of staff found this distressing.” Say nothing that points to who told us.",
    )
    account = LineField(
        label="What they told us, in a sentence or two (optional)",
        max_length=600,
        widget=forms.Textarea,
        help_text="Such as “you were worried because your son came home hurt”. It shows that what they said was read.",
    )
    asks = StoryField(
        label="What we ask them to do",
        max_length=2_000,
        help_text="One request on each line. Ask, do not order: the school cannot make anyone leave a group.",
        missing="Enter what you ask them to do, one request on each line",
    )
    reply_by = ReplyDayField(label="They can put their side by")

    def __init__(
        self,
        *args: Any,
        found: Sequence[Allegation],
        taken: Sequence[Step],
        days: ReplyDays,
        has_account: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = {str(allegation.pk): allegation for allegation in found}
        self.days = days
        self.fields["allegations"].choices = [finding_choice(allegation, taken) for allegation in found]  # type: ignore[attr-defined]
        self.fields["reply_by"].help_text = days.hint
        if not has_account:
            del self.fields["account"]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.label_size = Size.SMALL
        self.helper.legend_size = Size.SMALL
        self.helper.layout = Layout(
            Field.checkboxes("allegations", small=True),
            Field.textarea("impact", rows=2),
            *([Field.textarea("account", rows=3)] if has_account else []),
            Field.textarea("asks", rows=7),
            "reply_by",
            Button.primary("draft", "Draft the letter", data_prevent_double_click="true"),
        )

    def clean_allegations(self) -> list[Allegation]:
        return [self.found[key] for key in self.cleaned_data["allegations"]]

    def clean_asks(self) -> list[str]:
        asks = [" ".join(line.split()) for line in self.cleaned_data["asks"].splitlines() if line.strip()]
        if len(asks) > MOST_ASKS:
            raise ValidationError(f"Ask for {MOST_ASKS} things or fewer. There are {len(asks)} here")
        return asks

    def clean_reply_by(self) -> date:
        return checked_reply_by(self.cleaned_data["reply_by"], self.days)


def finding_choice(allegation: Allegation, taken: Sequence[Step]) -> Choice:
    """With the last of the steps taken in its case that was about it."""
    where = place(allegation.posted_where)
    when = f"{day(allegation.posted_on)}, {where}" if allegation.posted_on else where[:1].upper() + where[1:]
    said = f"“{allegation.words}”" if allegation.words else allegation.description
    last = next((step for step in reversed(taken) if allegation in step.allegations.all()), None)
    used = f" Already in the {last.get_kind_display().lower()} of {day(last.taken_at)}." if last else ""
    return Choice(str(allegation.pk), f"{when}: “{allegation.short}”", hint=f"{said}{used}")
