"""The forms of the second step: a code from an app, a backup code, a passkey."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from crispy_forms_gds.layout import Field
from django import forms

from dkh_conduct.accounts.forms import buttons, form_helper

LONGEST_CODE = 40


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code_field(self.fields["code"])
        self.helper = form_helper(Field("code"), buttons("Sign in"))


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code_field(self.fields["code"])
        self.helper = form_helper(Field("code"), buttons("Continue"))


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code_field(self.fields["code"])
        self.helper = form_helper(Field("code"), buttons("Use this app"))

    @property
    def typed_secret(self) -> str:
        """For somebody who cannot scan: in groups of four."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


# What a browser never sends: parts missing, or of another type.
NOT_AN_ANSWER = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class _CarefulForm:
    """Somebody may post anything in place of a passkey's answer."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NOT_AN_ANSWER as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyStepForm(_CarefulForm, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeySignInForm(_CarefulForm, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgainForm(_CarefulForm, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that asks its owner for a finger, a face or a PIN: it is both steps in one."""

    passwordless = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = "Name of this passkey"
        name.help_text = "Such as “My phone”, so that you know it again"
        name.validators.append(_short_enough)
        name.widget.attrs = {"maxlength": "60", "autocomplete": "off"}
        self.fields["credential"].error_messages["required"] = "Your browser did not make a passkey. Try again."
        self.helper = form_helper(Field("name"), Field("credential"), buttons("Set up a passkey"))

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except NOT_AN_ANSWER as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


def _short_enough(value: str) -> None:
    if len(value) > 60:
        raise forms.ValidationError("Use 60 characters or fewer")


def _as_code_field(field: forms.Field) -> None:
    field.label = "6-digit code"
    field.help_text = "It changes every 30 seconds"
    field.error_messages["required"] = "Enter the code"
    field.validators.append(_not_endless)
    field.widget.attrs = {
        "class": "dkh-otp",
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "spellcheck": "false",
        "maxlength": str(LONGEST_CODE),
    }


def _not_endless(value: str) -> None:
    if len(value) > LONGEST_CODE:
        raise forms.ValidationError("Enter the code")
