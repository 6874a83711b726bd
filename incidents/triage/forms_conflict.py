"""What somebody fills in to step aside from a concern, or to keep it from a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from incidents.models import Conflict
from incidents.triage.conflicts import staff_who_may_know

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Concern


class ConcernConflictForm(forms.Form):
    who = forms.ChoiceField(
        label="Who should not know of this concern?",
        required=False,
        error_messages={"invalid_choice": "Choose somebody from the list. The list has changed"},
    )
    kind = forms.ChoiceField(
        label="What is the conflict of interest?",
        choices=Conflict.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the conflict of interest is"},
    )
    reason = forms.CharField(
        label="Why they should not know of it",
        help_text="Such as “The messages are about me”. Those who read the concern will read this.",
        max_length=200,
        error_messages={
            "required": "Enter why they should not know of it",
            "max_length": "The reason must be 200 characters or fewer",
        },
    )

    def __init__(self, *args: Any, concern: Concern, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self._staff = {str(each.pk): each for each in staff_who_may_know(concern).exclude(pk=user.pk)}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", f"You, {user.full_name}"),
            *((pk, f"{each.full_name}, {each.job_title}") for pk, each in self._staff.items()),
        ]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Field.select("who"),
            Field.radios("kind", legend_size="s", small=True),
            Field.text("reason"),
            Button.primary("save", "Keep the concern from them", data_prevent_double_click="true"),
        )

    def clean_who(self) -> User:
        return self._staff.get(self.cleaned_data["who"], self._user)
