"""What staff fill in for the reporter of a concern: a message, and how an identity was checked."""

from __future__ import annotations

import re
import uuid
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from incidents.models.message import MAX_MESSAGE

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class WordsField(forms.CharField):
    """Many lines, counted as they are stored: a line break is one character, whatever the browser sends."""

    widget = forms.Textarea

    def __init__(self, *, missing: str, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages |= {
            "required": missing,
            "max_length": "Use %(limit_value)d characters or fewer. There are %(show_value)d here",
        }

    def bound_data(self, data: Any, initial: Any) -> Any:
        return UNKEEPABLE.sub("\ufffd", data) if isinstance(data, str) else data

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and UNKEEPABLE.search(value):
            raise forms.ValidationError("One of the symbols here cannot be saved. Remove it, and use words instead")
        typed = super().to_python(value)
        return typed.replace("\r\n", "\n").replace("\r", "\n") if isinstance(typed, str) else typed

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Without a maximum, so that nothing pasted is cut off silently: the answer is a sentence.
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class KeyedForm(forms.Form):
    """A form with a key of its own, so that the same form sent twice is known."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        self.errors.pop("key", None)  # whatever is wrong with it, there is a new one
        self.cleaned_data["key"] = self.cleaned_data.get("key") or uuid.uuid4()


class MessageForm(KeyedForm):
    text = WordsField(
        label="Your message",
        help_text="Ask one thing at a time, in plain words. The reporter may not read English easily.",
        missing="Write your message",
        max_length=MAX_MESSAGE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _laid_out(Field.textarea("text", rows=6), Button.primary("send", "Send message", **ONCE))


class NewCodeForm(KeyedForm):
    how_checked = WordsField(
        label="How did you check who they are?",
        help_text="For the record, with your name. For example: called back on the number in our records.",
        missing="Say how you checked who they are",
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        button = Button.primary("give", "Show a new access code", **ONCE)
        self.helper = _laid_out(Field.textarea("how_checked", rows=3), button)


ONCE = {"data_prevent_double_click": "true"}


def _laid_out(*parts: Any) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.layout = Layout("key", *parts)
    return helper
