"""The register of letters: every one that was made, found by words, kind, state and day; on a page or as a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from dkh_conduct.school.templatetags.dates import day
from letters.kinds import ALL
from letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from letters.models import LetterQuerySet

# A cell that begins like this is worked out by a spreadsheet instead of shown. Full-width forms count too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
COLUMNS = (
    "Reference", "Letter", "To", "Address", "Dated", "Approved by", "State", "How it went", "Posted on", "Posted by",
    "Counts as arrived", "Opened", "Reply by", "Pages", "Why void", "Seal (SHA-256)",
)  # fmt: skip
STATES = (
    Letter.State.READY, Letter.State.PRINTED, Letter.State.POSTED, Letter.State.VOID,
)  # fmt: skip


class RegisterForm(forms.Form):
    """What is looked for. An unknown value is ignored rather than refused: somebody kept an old address."""

    q = forms.CharField(required=False, max_length=100)
    kind = forms.ChoiceField(required=False, choices=[("", "Any letter"), *((kind.key, kind.title) for kind in ALL)])
    state = forms.ChoiceField(
        required=False, choices=[("", "Any state"), *((state.value, state.label) for state in STATES)]
    )
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    @property
    def is_asked(self) -> bool:
        self.is_valid()
        return any(self.cleaned_data.values())

    def found(self, letters: LetterQuerySet) -> LetterQuerySet:
        self.is_valid()
        asked: dict[str, Any] = self.cleaned_data
        if words := asked.get("q", "").replace("\0", "").split():
            for word in words:
                letters = letters.filter(
                    Q(reference__icontains=word) | Q(addressee__icontains=word) | Q(address__icontains=word)
                )
        if asked.get("kind"):
            letters = letters.filter(kind=asked["kind"])
        if asked.get("state"):
            letters = letters.filter(state=asked["state"])
        if asked.get("since"):
            letters = letters.filter(written_on__gte=asked["since"])
        if asked.get("until"):
            letters = letters.filter(written_on__lte=asked["until"])
        return letters


def as_csv(letters: LetterQuerySet) -> Iterator[str]:
    """Line by line, so that a long register costs no memory."""
    yield "\ufeff" + _line(COLUMNS)
    for letter in letters.select_related("approved_by", "posted_by", "email").iterator(chunk_size=200):
        yield _line([safe_cell(value) for value in _row(letter)])


def safe_cell(value: str) -> str:
    """Text that a spreadsheet shows as it stands (OWASP, “CSV injection”)."""
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA) else value


def _row(letter: Letter) -> list[str]:
    return [
        letter.reference,
        letter.title,
        letter.addressee,
        ", ".join(letter.address_lines),
        day(letter.written_on),
        letter.approved_by.full_name if letter.approved_by else "",
        letter.get_state_display().strip(),
        letter.get_delivery_display(),
        day(letter.posted_on),
        letter.posted_by.full_name if letter.posted_by else "",
        day(letter.arrives_on),
        day(letter.email.opened_at) if hasattr(letter, "email") else "",
        day(letter.fair_reply_by or letter.reply_by),
        str(letter.pages),
        letter.get_void_reason_display(),
        letter.sha256,
    ]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()
