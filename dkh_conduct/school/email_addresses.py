"""Which addresses the portal writes to: one at a time, of a mailbox that mail from here can reach.

Django takes `x@localhost`, an address of numbers and one that begins like an option of a mail program: none of them is
a parent's, and each is a way to another machine's mail.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

NOT_PUBLIC = {"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "invalid", "arpa"}
MAX_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1


def validate_public_address(value: str) -> None:
    """Raises ValidationError unless the domain is one that exists on the public internet."""
    local, __, domain = value.rpartition("@")
    labels = domain.lower().split(".")
    if len(local) > MAX_LOCAL_PART:
        raise ValidationError(_("The part before the @ is too long for an email address. Check it"))
    if local.startswith("-"):
        raise ValidationError(_("An email address cannot begin with a dash. Check it"))
    try:
        validate_email(value)
    except ValidationError:
        wrong = _("Enter an email address in the correct format, like name@example.com")
        raise ValidationError(wrong, code="invalid") from None
    if len(labels) < 2 or labels[-1] in NOT_PUBLIC or domain.startswith("["):
        raise ValidationError(_("Enter an address that email from outside can reach, like name@example.com"))


class OneAddressField(forms.EmailField):
    """What staff type. One sentence says what is wrong; `invalid` may be another one than ours."""

    default_validators = [validate_public_address]
