"""Form fields and layout of this slice: a line, lines of an address, one button that says what happens."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout, Size
from django import forms

from dkh_conduct.accounts.staff_forms import LineField

__all__ = ["LineField", "LinesField", "laid_out"]


class LinesField(LineField):
    """Several lines, such as an address: each without spaces around it, empty ones left out."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        lines = [super(LinesField, self).to_python(line) for line in str(value or "").splitlines()]
        return "\n".join(line for line in lines if line)


def laid_out(*fields: Any, button: str, is_get: bool = False) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.label_size = Size.SMALL
    helper.legend_size = Size.SMALL
    if is_get:
        helper.form_method = "get"
    helper.layout = Layout(*fields, Button.primary("save", button, data_prevent_double_click="true"))
    return helper
