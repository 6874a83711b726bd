"""The forms of a signal in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms
from django.utils.text import Truncator

from incidents.casework.fields import StoryField
from incidents.casework.form_layout import laid_out, story
from incidents.casework.warning_forms import finding_choice
from incidents.evidence.chat_view import visible
from incidents.evidence.passages import NO_DATE
from incidents.models import ChatLine
from incidents.policy.signals import GROUPS, LIBEL_SIGNALS, SIGNALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models import Allegation, Step


class SignalForm(forms.Form):
    message = forms.ChoiceField(
        label="Which message",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the message in which you see it"},
    )
    kind = forms.ChoiceField(
        label="What you see in it",
        help_text="Criticism, rudeness, sarcasm and many emails are not here: alone they are not for the police.",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you see in the message"},
    )
    shows = StoryField(
        label="What in the message shows it",
        max_length=1_000,
        help_text="Quote the words, or say what the picture shows. Dates, where there were several.",
        missing="Enter what in the message shows it",
    )
    is_complaint_to_us = forms.BooleanField(
        label="It is a complaint that they made to the school", required=False, help_text="Only asked about libel."
    )

    def __init__(
        self,
        *args: Any,
        allegations: Sequence[Allegation],
        taken: Sequence[Step],
        lines: Sequence[ChatLine] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.messages: dict[str, Allegation | ChatLine] = {
            **{f"allegation-{each.pk}": each for each in allegations},
            **{f"line-{each.pk}": each for each in lines},
        }
        fields: Any = self.fields
        fields["message"].choices = [_choice(key, each, taken) for key, each in self.messages.items()]
        fields["kind"].choices = [
            Choice(row.key, row.text, hint=". ".join(filter(None, (GROUPS[row.group], row.hint)))) for row in SIGNALS
        ]
        self.helper = laid_out(
            Field.radios("message", small=True),
            Field.radios("kind", small=True),
            story("shows", rows=3),
            Field.checkbox("is_complaint_to_us", small=True),
            button="Record what is seen",
        )

    def clean(self) -> dict[str, Any]:
        """What the verb asks for."""
        cleaned = self.cleaned_data
        if cleaned.get("kind") not in LIBEL_SIGNALS:
            cleaned["is_complaint_to_us"] = False
        chosen = self.messages.get(cleaned.pop("message", ""))
        return {**cleaned, "line" if isinstance(chosen, ChatLine) else "allegation": chosen}


def _choice(key: str, message: Allegation | ChatLine, taken: Sequence[Step]) -> Choice:
    if isinstance(message, ChatLine):
        who = f"{message.stamp or NO_DATE}, {visible(message.sender)}"
        return Choice(key, f"{who}: marked in an exported chat", hint=Truncator(message.body).chars(300))
    choice = finding_choice(message, taken)
    choice.value = key
    return choice


class SignalWithdrawForm(forms.Form):
    reason = StoryField(
        label="Why it is no longer seen so",
        max_length=1_000,
        help_text="It stays in the file with your reason.",
        missing="Enter why it is no longer seen so",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(story("reason"), button="Withdraw it")
