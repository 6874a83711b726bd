"""A common password does not become a good one by being stretched to fourteen characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

SWAPPED = str.maketrans("013457@$!", "oleastasi")
SENTENCE = "This is a common password made longer. Choose a few words that do not belong together."


class StretchedPasswordValidator:
    """Refuses the bundled list's 20,000 with digits and marks around them, swapped letters, or said several times."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        typed = password.lower()
        letters = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", typed)
        spellings = {each for part in (typed, letters) for each in (part, part.translate(SWAPPED))}
        if len(set(typed)) < 6 or any(self._once(each) in self.common for each in spellings if each):
            raise ValidationError(SENTENCE, code="password_stretched")

    def get_help_text(self) -> str:
        return SENTENCE

    def _once(self, password: str) -> str:
        """`letmein` for `letmeinletmein`."""
        found = re.fullmatch(r"(.+?)\1+", password)
        return found[1] if found else password
