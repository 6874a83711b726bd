"""The form of each question, and how its answers read on "Check your answers"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Field, Layout, Size
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from dkh_conduct.school.templatetags.dates import weekday
from incidents.models import Concern, Reporter
from incidents.policy.wording import POLICY
from incidents.reporting.fields import DayField, LineField, PublicEmailField, StoryField
from incidents.reporting.policy_shown import policy_to_read, shown_clause, shown_policy
from incidents.reporting.switching import FORM_ID

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words

    from dkh_conduct.school.models import School

UNSURE = "unsure"
SELECT_WHAT = _lazy("Select what was posted, or select “None of these, or I am not sure”")
NOT_PROVIDED = _lazy("Not provided")
CLAUSES = {clause.key: clause for clause in POLICY.clauses}
KEPT = HTML('{% include "reporting/_kept.html" %}')
Answers = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line of "Check your answers". No `lines` means it was left out; a `tag` is what staff see first."""

    label: str
    change: str
    lines: tuple[str, ...] = ()
    tag: str = ""


def clause_choices() -> list[Choice]:
    """The policy's own words under two headings, then a way out that excludes them all."""
    policy = shown_policy()
    choices = [Choice(clause.key, clause.text) for clause in policy.clauses_of("inappropriate")]
    guidelines = [Choice(clause.key, clause.text) for clause in policy.clauses_of("guideline")]
    choices[0].heading = _("The policy says this online activity is inappropriate")
    guidelines[0].heading = _("Guidelines for class WhatsApp groups that were not followed")
    guidelines[-1].divider = _("or")
    return [*choices, *guidelines, Choice(UNSURE, _("None of these, or I am not sure"), is_exclusive=True)]


class QuestionForm(forms.Form):
    """One question page. Its `answers` are kept in the draft as they are; `rows` puts them in words again."""

    layout: tuple[Any, ...] = ()
    required: str = ""  # the answer without which nothing can be sent
    ask: Words = ""  # what to say while it is missing

    def __init__(self, *args: Any, school: School | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        go_on = Button.primary("continue", _("Continue"), data_prevent_double_click="true")
        self.helper.layout = Layout(*self.layout, Div(go_on, KEPT, css_class="govuk-button-group"))

    def answers(self) -> Answers:
        return {
            name: value.isoformat() if isinstance(value, date) else (value if value is not None else "")
            for name, value in self.cleaned_data.items()
        }

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        raise NotImplementedError

    @classmethod
    def is_answered(cls, answers: Answers, school: School | None) -> bool:
        return not cls.required or bool(answers.get(cls.required))

    @classmethod
    def leads_aside(cls, answers: Answers) -> bool:
        """Whether the question's detour comes before the next question."""
        return False


class WhatForm(QuestionForm):
    clauses = forms.MultipleChoiceField(
        label=_lazy("What was posted?"),
        help_text=_lazy(
            "Select all that apply. These are the words of our policy. If you are not sure, choose the nearest."
        ),
        choices=clause_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": SELECT_WHAT, "invalid_choice": SELECT_WHAT, "invalid_list": SELECT_WHAT},
    )

    layout = (Field.checkboxes("clauses", legend_size=Size.LARGE, legend_tag="h1"),)
    required = "clauses"
    ask = _lazy("Select what was posted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clauses = self.fields["clauses"]
        clauses.list_class = "dkh-clauses"  # type: ignore[attr-defined]
        if notice := policy_to_read().notice:
            clauses.help_text = format_html("{}<br>{}", clauses.help_text, notice)

    def clean_clauses(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["clauses"]
        if UNSURE in chosen and len(chosen) > 1:
            raise forms.ValidationError(
                _("Select what was posted, or “None of these, or I am not sure”. You cannot select both")
            )
        return chosen

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        chosen = answers.get("clauses", [])
        lines = [shown_clause(key) for key in chosen if key in CLAUSES]
        if UNSURE in chosen:
            lines.append(_("None of these, or not sure"))
        return [Row(_("What was posted"), _("what was posted"), tuple(lines))]


class WhereForm(QuestionForm):
    places = forms.MultipleChoiceField(
        label=_lazy("Where was it posted?"),
        help_text=_lazy("Select all that apply. If you do not know, leave this empty."),
        choices=Concern.Place.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _lazy("Select one or more of the places in the list")},
    )
    place_name = LineField(
        label=_lazy("Name of the group or page (optional)"),
        help_text=_lazy("For example, Year 4 Willow parents"),
        max_length=200,
        required=False,
    )

    layout = (Field.checkboxes("places", legend_size=Size.LARGE, legend_tag="h1"), Field.text("place_name"))

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        places = [
            str(Concern.Place(place).label) for place in answers.get("places", []) if place in Concern.Place.values
        ]
        named = [answers["place_name"]] if answers.get("place_name") else []
        return [Row(_("Where it was posted"), _("where it was posted"), (*places, *named))]


class WhenForm(QuestionForm):
    seen_on = DayField(
        label=_lazy("When did you see it?"),
        help_text=_lazy("The day you first saw it. For example, 19 11 2026. If you do not know, leave this empty."),
    )
    when_words = LineField(
        label=_lazy("If you do not know the exact day, roughly when? (optional)"),
        help_text=_lazy("For example, in the week before half-term"),
        max_length=200,
        required=False,
    )

    layout = (
        Field("seen_on", context={"legend_size": Size.for_legend(Size.LARGE), "legend_tag": "h1"}),
        Field.text("when_words"),
    )

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        seen_on, words = answers.get("seen_on"), answers.get("when_words")
        lines = [weekday(date.fromisoformat(seen_on))] if seen_on else []
        return [Row(_("When you saw it"), _("when you saw it"), (*lines, *([words] if words else [])))]


class WhoForm(QuestionForm):
    known = forms.ChoiceField(
        label=_lazy("Do you know who posted it?"),
        choices=[("yes", _lazy("Yes")), ("no", _lazy("No, or I am not sure"))],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _lazy("Select yes or no, or leave both empty")},
    )
    poster = LineField(
        label=_lazy("If you know, who was it?"),
        help_text=_lazy(
            "Their name, or the name they use in the group. For example, D Marsh, a parent in Year 4 Willow"
        ),
        max_length=200,
        required=False,
    )

    layout = (Field.radios("known", legend_size=Size.LARGE, legend_tag="h1"), Field.text("poster"))

    def clean(self) -> Answers:
        cleaned = super().clean() or {}
        if cleaned.get("known") == "yes" and not cleaned.get("poster") and "poster" not in self.errors:
            self.add_error("poster", _("Enter who posted it, or select “No, or I am not sure”"))
        return cleaned

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        lines = [answers["poster"]] if answers.get("poster") else []
        if answers.get("known") == "no":
            lines.append(_("Not sure") if lines else _("Not known"))
        return [Row(_("Who posted it"), _("who posted it"), tuple(lines))]


class WordsForm(QuestionForm):
    account = StoryField(
        label=_lazy("What happened, in your words?"),
        help_text=_lazy(
            "Say what was posted and how it has affected you or others. Up to 10,000 characters. "
            "Spelling does not matter. You can write in any language."
        ),
        max_length=10_000,
        error_messages={
            "required": _lazy("Tell us what happened, in your own words"),
            "max_length": _lazy(
                "Use 10,000 characters or fewer. There are %(show_value)d here. "
                "You can add a longer text as a screenshot"
            ),
        },
    )

    layout = (Field.textarea("account", label_size=Size.LARGE, label_tag="h1", rows=10),)
    required = "account"
    ask = _lazy("Tell us what happened, in your own words")

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        account = answers.get("account", "")
        return [Row(_("In your words"), _("your description"), (account,) if account else ())]


class YouForm(QuestionForm):
    role = forms.ChoiceField(
        label=_lazy("Who are you?"),
        choices=Reporter.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _lazy("Select who you are"), "invalid_choice": _lazy("Select who you are")},
    )
    name = LineField(
        label=_lazy("Your name (optional)"),
        help_text=_lazy("You can leave your name out."),
        max_length=120,
        required=False,
    )
    email = PublicEmailField(
        label=_lazy("Email address (optional)"),
        help_text=_lazy("Only to send you the reference, and where to see how it is going."),
        required=False,
        widget=forms.TextInput(attrs={"input_type": "email"}),
    )
    phone = LineField(
        label=_lazy("Phone number (optional)"),
        help_text=_lazy("If you would like a senior leader to be able to call you."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"input_type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )
    may_name = forms.ChoiceField(
        label=_lazy("May we say it was you?"),
        help_text=_lazy("We do not tell the other person who you are unless you say yes, or the law says we must."),
        choices=Reporter.MayName.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=Reporter.MayName.NO,
        error_messages={"invalid_choice": _lazy("Select no, ask me first, or yes")},
    )

    layout = (
        Field.radios("role", legend_size=Size.MEDIUM, legend_tag="h2"),
        Field.text("name", autocomplete="name"),
        Field.text("email"),
        Field.text("phone", field_width=20),
        Field.radios("may_name", legend_size=Size.MEDIUM, legend_tag="h2"),
    )
    required = "role"
    ask = _lazy("Select who you are")

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        role, may_name = answers.get("role"), answers.get("may_name") or Reporter.MayName.NO
        who = (str(Reporter.Role(role).label), answers.get("name") or _("Name not given")) if role else ()
        reach = tuple(value for value in (answers.get("email"), answers.get("phone")) if value)
        may = (str(Reporter.MayName(may_name).label),) if role else ()
        return [
            Row(_("Who you are"), _("who you are"), who),
            Row(_("How to reach you"), _("how to reach you"), reach),
            Row(_("May we say it was you"), _("may we say it was you"), may),
        ]
