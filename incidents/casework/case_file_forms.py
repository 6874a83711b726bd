"""What goes into the file of a case, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms

from dkh_conduct.school.templatetags.dates import day
from incidents.casework.case_file_told import PARTS
from incidents.casework.fields import LineField
from incidents.casework.form_layout import laid_out, line
from incidents.casework.stays_fields import AsksWhyItStays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from incidents.evidence.redacted import RedactedCopy
    from letters.checks import Objection
    from letters.models import Letter

HINTS = {
    "summary": "What it is about, how it stands, and the people. Children by their initials, reporters never",
    "chronology": "Everything that was done, oldest first, with the reasons",
    "allegations": "Each clause in the policy’s words, what was posted, and the finding with its reason",
    "accounts": "What was asked and answered, the person’s own account among it",
    "decisions": "Each step with its reason, what had to be explained, and who approved it",
    "letters": "A list with their fingerprints. Which of them are enclosed is chosen below",
    "evidence": "A list with the fingerprints of the originals. Redacted copies are chosen below",
    "notes": "Marked as fact, observation or opinion",
    "advice": "Only for people who may know it: a file with legal advice can only be opened by those who read it here",
}
NOT_AT_FIRST = {"notes", "advice"}


class CaseFileAskForm(AsksWhyItStays):
    purpose = LineField(
        label="Whom is it for?",
        max_length=120,
        help_text="Such as “The governors’ panel on 12 January 2027”. It stands on the first page.",
        missing="Enter whom it is for",
    )
    parts = forms.MultipleChoiceField(
        label="Sections",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one section"},
    )
    letters = forms.MultipleChoiceField(
        label="Letters to enclose",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="As they were sealed. A code for replying online is left out.",
    )
    evidence = forms.MultipleChoiceField(
        label="Redacted evidence to enclose",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only files of which every page is redacted are here.",
    )

    def __init__(
        self,
        *args: Any,
        letters: Sequence[Letter],
        copies: Sequence[RedactedCopy],
        may_read_advice: bool,
        look: Callable[..., list[Objection]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.look = look
        parts = [key for key in PARTS if key != "advice" or may_read_advice]
        self._offer("parts", [Choice(key, PARTS[key], hint=HINTS[key]) for key in parts])
        self._offer("letters", [Choice(each.reference, each.reference, hint=_about(each)) for each in letters])
        files = {copy.evidence.pk: copy for copy in copies}
        self._offer("evidence", [Choice(str(pk), f"Evidence {copy.number}") for pk, copy in files.items()])
        self.fields["parts"].initial = [key for key in parts if key not in NOT_AT_FIRST]
        self.fields["letters"].initial = [each.reference for each in letters]
        self.fields["evidence"].initial = [str(pk) for pk in files]
        shown = [name for name, there in (("letters", letters), ("evidence", files)) if there]
        self.helper = laid_out(
            line("purpose"),
            Field.checkboxes("parts"),
            *(Field.checkboxes(name, small=True) for name in shown),
            button="Make the file",
        )

    def clean(self) -> dict[str, Any]:
        if {"purpose", "parts"} <= self.cleaned_data.keys():
            self.ask_why(self.look(purpose=self.cleaned_data["purpose"], parts=self.cleaned_data["parts"]))
            self.cleaned_data["stays"] = self.stays
        return self.cleaned_data

    def _offer(self, name: str, choices: list[Choice]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _about(letter: Letter) -> str:
    return f"{letter.title}, {day(letter.written_on)}, to {letter.addressee}"
