"""How every form of this slice is laid out: small bold labels, one button that says what happens."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size


def laid_out(*fields: Any, button: str) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.label_size = Size.SMALL
    helper.legend_size = Size.SMALL
    helper.layout = Layout(*fields, Button.primary("save", button, data_prevent_double_click="true"))
    return helper


def line(name: str, *, width: Any = None) -> Field:
    return Field.text(name, field_width=width)


def story(name: str, *, rows: int = 5) -> Field:
    return Field.textarea(name, rows=rows)
