"""Form fields for what staff type: a line, a longer text, a day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from dkh_conduct.school.day_field import AnyDayField
from dkh_conduct.school.models import today

if TYPE_CHECKING:
    from datetime import date

# PostgreSQL cannot store NUL, and nothing can encode half of a surrogate pair.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class TextField(forms.CharField):
    def __init__(self, *, missing: str = "", **kwargs: Any) -> None:
        super().__init__(required=bool(missing), **kwargs)
        self.error_messages |= {"required": missing}
        self.error_messages |= {"max_length": "Use %(limit_value)d characters or fewer. There are %(show_value)d here"}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and UNKEEPABLE.search(value):
            raise ValidationError("One of the symbols here cannot be saved. Remove it, and use words instead")
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Without a maximum, so that nothing pasted is cut off silently: the answer is a sentence.
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LineField(TextField):
    """One line: runs of spaces and pasted line breaks become one space. Required where `missing` says what to do."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return " ".join(typed.split()) if isinstance(typed, str) else typed


class StoryField(TextField):
    """Many lines, counted as they are stored: a line break is one character, whatever the browser sends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return typed.replace("\r\n", "\n").replace("\r", "\n") if isinstance(typed, str) else typed


class DayField(AnyDayField):
    """A day up to today."""

    def clean(self, value: Any) -> date | None:
        found = super().clean(value)
        if found and found > today():
            raise ValidationError("Enter today or a day before it")
        return found


class ComingDayField(AnyDayField):
    """A day from today on."""

    def clean(self, value: Any) -> date | None:
        found = super().clean(value)
        if found and found < today():
            raise ValidationError("Enter today or a day after it")
        return found
