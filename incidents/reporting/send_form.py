"""The last page’s form: what a parent sends, with a trap for programs that fill in every field."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Field, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from incidents.reporting.switching import FORM_ID


class UnshownField(forms.CharField):
    """What was put in is not shown again."""

    def bound_data(self, data: Any, initial: Any) -> str:
        return ""


class SendForm(forms.Form):
    """The button under "Check your answers", and a box that only a program fills in.

    Nobody who looks at or listens to the page meets the box. A person's browser may still fill it in: then it is
    shown, empty, with a sentence.
    """

    subject = UnshownField(label=_lazy("Leave this empty"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        send = Button.primary("send", _("Send to the school"), data_prevent_double_click="true")
        proof = HTML('{% include "reporting/_proof.html" %}')
        self.helper.layout = Layout(self._trap(), proof, Div(send, css_class="govuk-button-group"))

    def _trap(self) -> Div:
        if self.is_bound and self.data.get("subject"):
            return Div(Field("subject", autocomplete="off", css_class="govuk-input--width-10"))
        box = Field("subject", autocomplete="off", tabindex="-1")
        return Div(box, css_class="govuk-visually-hidden", aria_hidden="true")

    def clean_subject(self) -> str:
        if self.cleaned_data["subject"]:
            raise forms.ValidationError(
                _(
                    "Nothing is sent yet. A box that should stay empty was filled in, perhaps by a program in your "
                    "browser. Leave it empty and send again"
                )
            )
        return ""
