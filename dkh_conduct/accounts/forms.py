"""Signing in, and setting a new password, drawn in the portal's own look."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Field, Layout
from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator

MINIMUM_LENGTH = 14
MAXIMUM_LENGTH = 1000


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_email_field(self.fields["login"])
        as_password_field(self.fields["password"], label="Password", missing="Enter your password")
        self.fields["password"].help_text = ""  # allauth's own link to a new password: ours stands beside the button
        self.helper = form_helper(
            Field("login"),
            password_field("password"),
            buttons(
                "Continue",
                '<a class="govuk-link" href="{% url "account_reset_password" %}">Reset your password</a>',
            ),
        )

    def clean(self) -> dict[str, Any]:
        """A wrong address and a wrong password read the same, and are said beside the field to type again."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError as refusal:
            self.add_error("password", refusal)
            cleaned = self.cleaned_data
        return cleaned


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_password_field(self.fields["password"], label="Password", missing="Enter your password")
        self.fields["password"].help_text = ""
        self.helper = form_helper(password_field("password"), buttons("Continue"))


class PasswordResetForm(ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_email_field(self.fields["email"])
        self.helper = form_helper(
            Field("email"),
            buttons("Send the link", '<a class="govuk-link" href="{% url "account_login" %}">Sign in instead</a>'),
        )


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_password_field(self.fields["password1"], label="New password", missing="Enter a new password")
        self.fields[
            "password1"
        ].help_text = (
            f"At least {MINIMUM_LENGTH} characters. A few words that do not belong together are easy to remember."
        )
        as_password_field(self.fields["password2"], label="New password again", missing="Enter the new password again")
        self.helper = form_helper(
            password_field("password1"), password_field("password2"), buttons("Save the new password")
        )


def form_helper(*parts: Any) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*parts)
    return helper


def buttons(label: str, link: str = "") -> Div:
    button = Button("continue", label, data_prevent_double_click="true")
    return Div(button, *([HTML(link)] if link else []), css_class="govuk-button-group")


def password_field(name: str) -> Field:
    return Field(name, template="account/_password_field.html")


def as_email_field(field: forms.Field) -> None:
    field.label = "School email address"
    field.error_messages["required"] = "Enter your school email address"
    wrong = "Enter an email address in the right form, like name@school.example"
    field.error_messages["invalid"] = wrong
    field.validators = [
        EmailValidator(wrong) if isinstance(check, EmailValidator) else check for check in field.validators
    ]
    field.validators.append(MaxLengthValidator(254, wrong))
    field.widget.attrs = {"type": "email", "autocomplete": "username", "spellcheck": "false", "maxlength": "254"}


def as_password_field(field: forms.Field, *, label: str, missing: str) -> None:
    field.label = label
    field.error_messages["required"] = missing
    field.validators.append(_not_endless)
    field.widget.attrs = {
        "class": "govuk-password-input__input govuk-js-password-input-input",
        "autocomplete": field.widget.attrs.get("autocomplete", "current-password"),
        "autocapitalize": "none",
        "spellcheck": "false",
    }


def _not_endless(value: str) -> None:
    """Hashing is slow on purpose: a book in this field would keep a worker busy."""
    if len(value) > MAXIMUM_LENGTH:
        raise forms.ValidationError(f"Enter a password of {MAXIMUM_LENGTH} characters or fewer")
