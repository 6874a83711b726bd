"""Choosing letters to print, and saying which were posted and when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms_gds.choices import Choice
from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.layout import HTML, Button, Div, Field, Layout, Size
from django import forms
from django.urls import reverse
from django.utils.html import format_html

from dkh_conduct.school.models import today
from letters.models import Letter, PrintBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from letters.models import LetterQuerySet


class ChosenLettersForm(forms.Form):
    """Letters ticked in a table. Which of them may still be printed is for the verb to say, with a better sentence."""

    letters = forms.ModelMultipleChoiceField(
        queryset=Letter.objects.none(),
        to_field_name="reference",
        error_messages={
            "required": "Select the letters to print",
            "invalid_choice": "One of the letters cannot be found any more. Choose the letters again",
            "invalid_list": "Select the letters to print",
        },
    )

    def __init__(self, *args: Any, visible: LetterQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.fields["letters"].queryset = visible  # type: ignore[attr-defined]


class HowToPrintForm(forms.Form):
    """In which order the letters of a batch are, and what lies between them."""

    order = forms.ChoiceField(label="Order", choices=PrintBatch.Order.choices, required=False)
    sheets = forms.ChoiceField(
        label="Before each letter",
        choices=PrintBatch.Sheets.choices,
        required=False,
        help_text="A sheet with the address is for envelopes without a window, or to wrap what is enclosed.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field.select("order"), Field.select("sheets"))

    def chosen(self) -> dict[str, str]:
        """What the verb takes; an unknown value is as good as none."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in ("order", "sheets") if self.cleaned_data.get(name)}


class VoidForm(forms.Form):
    """Why a letter is taken out of use."""

    reason = forms.ChoiceField(
        label="What is wrong?",
        choices=Letter.VoidReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is wrong with the letter"},
    )
    words = forms.CharField(
        label="Say more (optional)",
        max_length=300,
        required=False,
        widget=forms.Textarea,
        help_text="For whoever leads the case. Such as: “the post office sent it back on 4 December”.",
        error_messages={"max_length": "Say it in 300 characters or fewer"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.layout = Layout(
            Field.radios("reason", legend_size=Size.SMALL),
            Field.textarea("words", rows=3, label_size=Size.SMALL),
            Button.warning("void", "Make this letter void", data_prevent_double_click="true"),
        )

    def clean_words(self) -> str:
        return " ".join(self.cleaned_data["words"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Letter.VoidReason.OTHER and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", "Say what is wrong with the letter")
        return cleaned


class CopyForm(forms.Form):
    """Why a letter that was printed before is printed again."""

    why = forms.CharField(
        label="Why do you need a copy?",
        max_length=200,
        help_text="Such as: “the printer jammed” or “Mr Marsh asked for another one”. It is kept with the letter.",
        error_messages={
            "required": "Enter why you need a copy",
            "max_length": "Say it in 200 characters or fewer",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.layout = Layout(Field.text("why", label_size=Size.SMALL), Button.primary("copy", "Print a copy"))

    def clean_why(self) -> str:
        return " ".join(self.cleaned_data["why"].split())


class DayField(DateInputField):  # type: ignore[misc]
    """Day, month and year in three boxes; a day that is in no calendar gets a sentence, and a year of 30 digits too."""

    def compress(self, data_list: Sequence[str | None]) -> date | None:
        day, month, year = data_list
        if not (day and month and year):
            return None
        try:
            return date(int(year), int(month), int(day))
        except (ValueError, OverflowError) as fault:
            raise self.refusal("Enter a day that is in the calendar, such as 3 12 2026") from fault

    def refusal(self, sentence: str) -> forms.ValidationError:
        """The error, put down to the first box, which the summary of errors then leads to."""
        self.fields[0].widget.errors = [sentence]
        return forms.ValidationError(sentence)


HOW = (
    (Letter.Delivery.POST.value, "First class post"),
    (Letter.Delivery.SECOND.value, "Second class post"),
    (Letter.Delivery.HAND.value, "Handed over, or collected"),
)


class BatchPostForm(forms.Form):
    """The letters of one batch that went in the post, today or on another day."""

    letters = forms.MultipleChoiceField(
        label="In the post",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select the letters that were posted",
            "invalid_choice": "One of the letters is not in this batch any more. Choose the letters again",
        },
    )
    how = forms.ChoiceField(
        label="How they went",
        required=False,
        choices=[("", "As each letter says"), *HOW],
        widget=forms.Select,
        help_text="Second class counts as arriving two working days later than first class.",
    )
    posted_on = DayField(
        label="Day they were posted", required=False, require_all_fields=False, help_text="For example, 3 12 2026."
    )

    def __init__(self, *args: Any, batch: PrintBatch, letters: Sequence[Letter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"batch-{batch.number}-%s"  # several of these forms share a page
        self.batch = batch
        self.by_reference = {letter.reference: letter for letter in letters}
        self.fields["letters"].choices = [_choice(letter) for letter in letters]  # type: ignore[attr-defined]
        self.fields["letters"].initial = list(self.by_reference)
        self.helper = FormHelper()
        self.helper.form_action = reverse("letters-post")
        self.helper.form_class = "dkh-card"
        self.helper.attrs = {"novalidate": True}
        self.helper.layout = self._layout()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "posted_on" in self.errors:
            return cleaned
        chosen = cleaned.get("posted_on")
        if "another_day" in self.data:
            if not chosen:
                self.refuse_day("Enter the day the letters were posted")
        elif chosen and chosen != today():
            self.refuse_day("Clear the day to mark them as posted today, or use the button below it")
        else:
            cleaned["posted_on"] = today()
        return cleaned

    def refuse_day(self, sentence: str) -> None:
        self.add_error("posted_on", self.fields["posted_on"].refusal(sentence))  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Letter]:
        return [self.by_reference[reference] for reference in self.cleaned_data["letters"]]

    def _layout(self) -> Layout:
        # What HTML() is given is read as a template: nothing that anybody typed may be part of it.
        return Layout(
            Div(
                HTML("{% include 'letters/_batch_bar.html' with batch=batch_form.batch only %}"),
                self._button(Button.primary, "today", "Mark as posted today"),
                css_class="dkh-batch",
            ),
            Field.checkboxes("letters", legend_size=Size.SMALL, small=True),
            Field.select("how"),
            HTML("{% include 'letters/_another_day.html' %}"),
            Field("posted_on"),
            self._button(Button.secondary, "another_day", "Mark as posted on that day"),
            HTML("</div></details>"),
        )

    def _button(self, kind: Any, name: str, text: str) -> Any:
        return kind(name, text, css_id=f"batch-{self.batch.number}-{name}", data_prevent_double_click="true")


HOW_IT_GOES: dict[str, str] = {
    Letter.Delivery.POST: "first class, window envelope",
    Letter.Delivery.SECOND: "second class, window envelope",
    Letter.Delivery.HAND: "to hand over",
    Letter.Delivery.EMAIL: "by email",
}


def _choice(letter: Letter) -> Choice:
    pages = "1 page" if letter.pages == 1 else f"{letter.pages} pages"
    how = HOW_IT_GOES[letter.delivery]
    enclose = f" Enclose: {letter.enclosures}." if letter.enclosures else ""
    enclose += f" Copy to: {letter.copies_to}." if letter.copies_to else ""
    hint = format_html(
        '{}, {}, {}.{} <a class="govuk-link" href="{}">Print a copy<span class="govuk-visually-hidden"> {}</span></a>',
        letter.addressee,
        pages,
        how,
        enclose,
        reverse("letter-copy", args=[letter.reference]),
        letter.reference,
    )
    return Choice(letter.reference, f"{letter.title}, {letter.reference}", hint=hint)
