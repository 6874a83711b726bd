"""Forms of a letter to many: which letter and to whom, its words, and the second person's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size
from django import forms

from dkh_conduct.accounts.staff_forms import UNKEEPABLE
from incidents.contacts.audience import CLASSES, WHOLE, YEARS, Audience
from incidents.contacts.fields import LineField, laid_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from letters.models import Letter

REMINDER, GENERAL = "policy_reminder", "general"


class TextField(forms.CharField):
    """A letter's text: line breaks as one character, whatever the browser sends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and UNKEEPABLE.search(value):
            raise forms.ValidationError("One of the symbols here cannot be saved. Remove it, and use words instead")
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class MailingStartForm(forms.Form):
    kind = forms.ChoiceField(
        label="Which letter?",
        choices=[
            Choice(
                REMINDER, "A reminder of the policy", hint="It is about nobody in particular, and encloses the policy."
            ),
            Choice(GENERAL, "A letter of your own words"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select which letter"},
    )
    subject = LineField(label="What is it about?", max_length=100, help_text="Only for a letter of your own words.")
    audience = forms.ChoiceField(
        label="To whom?",
        choices=[(WHOLE, "The whole school"), (YEARS, "Year groups"), (CLASSES, "Classes")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whom it is for"},
    )
    years = forms.MultipleChoiceField(label="Year groups", required=False, widget=forms.CheckboxSelectMultiple)
    classes = forms.MultipleChoiceField(label="Classes", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, years: Sequence[str], classes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("years", years), ("classes", classes)):
            self.fields[name].choices = [(each, each) for each in found]  # type: ignore[attr-defined]
        self.helper = laid_out(
            Field.radios("kind"),
            Field.text("subject"),
            Field.radios("audience", small=True),
            *([Field.checkboxes("years", small=True)] if years else []),
            *([Field.checkboxes("classes", small=True)] if classes else []),
            button="Write the letter",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == GENERAL and not cleaned.get("subject") and "subject" not in self.errors:
            self.add_error("subject", "Enter what the letter is about")
        for kind, sentence in ((YEARS, "Select at least one year group"), (CLASSES, "Select at least one class")):
            if cleaned.get("audience") == kind and not cleaned.get(kind):
                self.add_error(kind, sentence)
        return cleaned

    @property
    def chosen(self) -> Audience:
        kind = self.cleaned_data["audience"]
        return Audience(kind, tuple(self.cleaned_data[kind]) if kind in (YEARS, CLASSES) else ())


class MailingForm(forms.Form):
    heading = LineField(label="Heading", max_length=120, missing="Enter the letter’s heading")
    body = TextField(
        label="What the letter says",
        max_length=10_000,
        help_text="Start a heading with ##, a list with - or 1., and put ** on both sides of bold words. "
        "Write a link as [our policy](https://www.example.org).",
        error_messages={"required": "Enter what the letter should say"},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        kwargs["initial"] = {"heading": letter.heading, "body": letter.body, "version": letter.version}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.label_size = Size.SMALL
        self.helper.layout = Layout("heading", Field.textarea("body", rows=20), Field("version"))


class MailingDecideForm(forms.Form):
    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            Choice("approve", "Approve, and make the letters", hint="You sign them. They go to the print room."),
            Choice("back", "Send it back", hint="Nothing goes out."),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you decide"},
    )
    why = LineField(label="If you send it back: why?", max_length=500, widget=forms.Textarea)
    has_read = forms.BooleanField(label="I have read the letter, and who is left out", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, seen: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": seen}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.label_size = Size.SMALL
        self.helper.legend_size = Size.SMALL
        self.helper.layout = Layout(
            Field.radios("decision"),
            Field.textarea("why", rows=3),
            Field.checkbox("has_read", small=True),
            Field("seen"),
            Button.primary("decide", "Save my decision", data_prevent_double_click="true"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "approve" and not cleaned.get("has_read"):
            self.add_error("has_read", "Tick this when you have read it, before you approve it")
        if cleaned.get("decision") == "back" and not cleaned.get("why") and "why" not in self.errors:
            self.add_error("why", "Enter what needs to change")
        return cleaned
