"""A form field that asks for a day in three boxes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from crispy_forms_gds.widgets import DateInputWidget
from django import forms
from django.core.exceptions import ValidationError

FIRST_YEAR = 2009  # WhatsApp began that year


class DayWidget(DateInputWidget):  # type: ignore[misc]
    """Day, month and year. The first box carries the field's own id, so that the error summary can focus it."""

    template_name = "school/_day.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        boxes[0]["attrs"]["id"] = context["widget"]["attrs"].get("id", "")
        for box in boxes:
            box["attrs"] |= {"inputmode": "numeric", "autocomplete": "off"}
        return context


class AnyDayField(forms.MultiValueField):
    """A day, past or coming. Required where `missing` says what to do; else three empty boxes are no day."""

    widget = DayWidget

    def __init__(self, *, missing: str = "", **kwargs: Any) -> None:
        super().__init__(fields=[forms.CharField(required=False) for _ in range(3)], required=bool(missing), **kwargs)
        self.missing = missing

    def clean(self, value: Any) -> date | None:
        parts = [str(part if part is not None else "").strip() for part in (value or ["", "", ""])]
        if not any(parts):
            if self.missing:
                raise ValidationError(self.missing)
            return None
        if not all(parts):
            raise ValidationError("Enter the day, the month and the year")
        if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
            raise ValidationError("Enter the day in numbers, like 19 11 2026")
        try:
            found = date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            raise ValidationError("There is no such day. Check the day and the month") from None
        if found.year < FIRST_YEAR:
            raise ValidationError(f"Enter all four numbers of the year, from {FIRST_YEAR} on")
        return found
