"""Inviting somebody, changing an account, choosing a password for a new one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Size
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from dkh_conduct.accounts.forms import MINIMUM_LENGTH, as_email_field, as_password_field, buttons, form_helper
from dkh_conduct.accounts.forms import password_field as drawn_password
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.email_addresses import OneAddressField

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
TOO_LONG = "Use %(limit_value)d characters or fewer. There are %(show_value)d here"
HINTS = {
    Role.OFFICE: "Prints and posts letters. Reads no concern and no case",
    Role.SLT: "Reads concerns, runs cases, takes steps",
    Role.HEAD: "The same, and approves what others propose",
    Role.CHAIR: "Decides in place of an Executive Head who has a conflict of interest",
    Role.DSL: "Reads the concerns where somebody may be in danger",
    Role.LEGAL: "Reads a case that is referred to them, and no other",
    Role.DPO: "Reads who looked at what. Changes no case",
    Role.ADMIN: "Looks after accounts and pages. Reads no concern and no case",
}


class LineField(forms.CharField):
    def __init__(self, *, missing: str = "", **kwargs: Any) -> None:
        super().__init__(required=bool(missing), **kwargs)
        self.error_messages |= {"required": missing, "max_length": TOO_LONG}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and UNKEEPABLE.search(value):
            raise ValidationError("One of the symbols here cannot be saved. Remove it, and use words instead")
        typed = super().to_python(value)
        return " ".join(typed.split()) if isinstance(typed, str) else typed

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Role",
        choices=[Choice(role.value, str(role.label), hint=HINTS.get(role, "")) for role in Role],
        widget=forms.RadioSelect,
        error_messages={"required": "Select a role", "invalid_choice": "Select a role"},
    )


class InviteForm(forms.Form):
    full_name = LineField(label="Full name", max_length=120, missing="Enter their full name")
    job_title = LineField(
        label="Job title", max_length=120, missing="Enter their job title", help_text="Printed in letters they sign"
    )
    email = OneAddressField()
    role = _role_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_email_field(self.fields["email"])
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].error_messages["required"] = "Enter their school email address"
        self.helper = form_helper(*_lines("full_name", "job_title", "email"), Field("role"), buttons("Invite them"))
        _small(self.helper)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class StaffForm(forms.Form):
    full_name = LineField(label="Full name", max_length=120, missing="Enter their full name")
    job_title = LineField(label="Job title", max_length=120, missing="Enter their job title")
    phone = LineField(label="Telephone (optional)", max_length=30, help_text="Printed in letters they sign")
    role = _role_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(*_lines("full_name", "job_title", "phone"), Field("role"), buttons("Save"))
        _small(self.helper)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class AcceptForm(forms.Form):
    """A password of their own; nobody else ever knows one."""

    password1 = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)
    password2 = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        self.owner = owner
        super().__init__(*args, **kwargs)
        as_password_field(self.fields["password1"], label="Password", missing="Enter a password")
        self.fields[
            "password1"
        ].help_text = (
            f"At least {MINIMUM_LENGTH} characters. A few words that do not belong together are easy to remember."
        )
        as_password_field(self.fields["password2"], label="Password again", missing="Enter the password again")
        self.helper = form_helper(drawn_password("password1"), drawn_password("password2"), buttons("Continue"))

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.owner)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Type the same password twice")
        return cleaned


def _lines(*names: str) -> list[Field]:
    return [Field.text(name) for name in names]


def _small(helper: Any) -> None:
    helper.label_size = Size.SMALL
    helper.legend_size = Size.SMALL
