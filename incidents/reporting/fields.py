"""Form fields for what a parent types: everything can be shown again, and only what can be kept is accepted."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from crispy_forms_gds.widgets import DateInputWidget
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from dkh_conduct.school.email_addresses import validate_public_address

# PostgreSQL cannot store NUL, and nothing can encode half of a surrogate pair.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
UNKEEPABLE_MESSAGE = _lazy("One of the symbols here cannot be saved. Remove it, and use words instead")
# The form pack’s words for the three boxes, which it has in no catalogue of its own; and a school’s usual hours.
SAID_BY_OTHERS = (
    gettext_noop("Day"),
    gettext_noop("Month"),
    gettext_noop("Year"),
    gettext_noop("School days, 8am to 5pm"),
    gettext_noop("Monday to Friday, 9am to 5pm"),
)
FIRST_YEAR = 2009  # WhatsApp began that year
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def showable(value: Any) -> Any:
    """What was typed, with a mark in place of every symbol that cannot be sent back."""
    if isinstance(value, str):
        return UNKEEPABLE.sub("\ufffd", value)
    return [showable(part) for part in value] if isinstance(value, list) else value


class TypedMixin(forms.Field):
    """For fields of text. A limit cuts nothing off in the browser: the answer comes back with a sentence instead."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return showable(super().bound_data(data, initial))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and UNKEEPABLE.search(value):
            raise ValidationError(UNKEEPABLE_MESSAGE, code="unkeepable")
        return super().to_python(value)


class LineField(TypedMixin, forms.CharField):
    """One line: runs of spaces and pasted line breaks become one space."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages["max_length"] = _("Use %(limit_value)d characters or fewer. There are %(show_value)d here")

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return " ".join(typed.split()) if isinstance(typed, str) else typed

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "maxlength": "1000", "dir": widget.attrs.get("dir", "auto")}


class StoryField(TypedMixin, forms.CharField):
    """Many lines, counted as they are stored: a line break is one character, whatever the browser sends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return typed.replace("\r\n", "\n").replace("\r", "\n") if isinstance(typed, str) else typed

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Far above what is accepted, and small enough that the whole request still is.
        return {**super().widget_attrs(widget), "maxlength": "150000", "dir": "auto"}


class PublicEmailField(TypedMixin, forms.EmailField):
    """An address that mail from outside can reach, and that no mail program takes for an option."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)
        self.validators = [validate_public_address]  # one sentence, not one for each thing that is wrong

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "maxlength": "1000",
            "dir": "ltr",
            "autocomplete": "email",
            "spellcheck": "false",
        }


class DayWidget(DateInputWidget):  # type: ignore[misc]
    """Day, month and year. The first box carries the field's own id, so that the error summary can focus it."""

    template_name = "reporting/_day.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        boxes[0]["attrs"]["id"] = context["widget"]["attrs"].get("id", "")
        for box in boxes:
            box["attrs"] |= {"inputmode": "numeric", "autocomplete": "off"}
        return context

    def decompress(self, value: date | str | None) -> tuple[Any, Any, Any]:
        """Answers kept in a draft come as `2026-11-19`."""
        day = date.fromisoformat(value) if isinstance(value, str) and value else value
        return (day.day, day.month, day.year) if isinstance(day, date) else (None, None, None)


class DayField(forms.MultiValueField):
    """A day in the past. Nothing in all three boxes is no day; anything else is a day or a sentence."""

    widget = DayWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=[forms.CharField(required=False) for _ in range(3)], required=False, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return showable(data)

    def clean(self, value: Any) -> date | None:
        parts = [str(part or "").strip().rstrip(".,") for part in (value or ["", "", ""])]
        if not any(parts):
            return None
        if not all(parts):
            raise ValidationError(_("Enter the day, the month and the year, or leave all three empty"))
        found = day_of(*parts)
        if found > timezone.localdate():
            raise ValidationError(_("The day you saw it must be today or earlier"))
        if found.year < FIRST_YEAR:
            raise ValidationError(_("The year must be %(year)d or later") % {"year": FIRST_YEAR})
        return found


def day_of(day: str, month: str, year: str) -> date:
    """Raises ValidationError with a sentence. A month may be a name: people type `Nov`."""
    number = str(MONTHS.index(month[:3].lower()) + 1) if month[:3].lower() in MONTHS else month
    if not all(part.isdecimal() and len(part) <= 4 for part in (day, number, year)):
        raise ValidationError(_("Enter the day in numbers, like 19 11 2026"))
    if len(year) != 4:
        raise ValidationError(_("Enter all four numbers of the year, like 2026"))
    try:
        return date(int(year), int(number), int(day))
    except ValueError:
        raise ValidationError(_("There is no such day. Check the day and the month")) from None
