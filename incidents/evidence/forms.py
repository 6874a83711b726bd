"""Forms about one file."""

from __future__ import annotations

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size
from django import forms

LONGEST_REASON = 1000


class OpenOriginalForm(forms.Form):
    """Why the sealed original is opened."""

    why = forms.CharField(
        label="Why it is opened",
        help_text="Such as: the police asked for the file itself. Your reason is kept with your name.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        error_messages={"required": "Say why the original is opened"},
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.label_size = Size.SMALL
        self.helper.layout = Layout(Field.textarea("why", rows=3), Button.primary("open", "Open and save the original"))


class DestroyRestForm(forms.Form):
    """Why the messages that are not marked are destroyed."""

    why = forms.CharField(
        label="Why",
        help_text="Such as: the rest of the chat has nothing to do with this case.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        error_messages={"required": "Say why the rest is destroyed"},
    )
    sure = forms.BooleanField(
        label="I have read the marked messages, and what is needed to understand them is marked too",
        error_messages={"required": "Tick that what is needed is marked"},
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.label_size = Size.SMALL
        self.helper.layout = Layout(
            Field.textarea("why", rows=3),
            Field.checkbox("sure"),
            Button.warning("destroy", "Destroy the rest for good", data_prevent_double_click="true"),
        )
