"""Closing a case, opening it again, pausing it; its tasks and its links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms
from django.core.exceptions import ValidationError

from incidents.casework.closing import WITHOUT_FINDING
from incidents.casework.fields import ComingDayField, LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.tasks import possible_owners
from incidents.models import Allegation, Case

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dkh_conduct.accounts.models import User
    from letters.models import Letter

Outcome = Allegation.Outcome


class CaseCloseForm(forms.Form):
    """One question for each allegation, then how it ended as a whole."""

    reason = StoryField(
        label="How did it end, and why can it be closed?",
        max_length=5_000,
        help_text="It stands on the case and in its file.",
        missing="Write how it ended, and why it can be closed",
    )
    tell_reporters = forms.BooleanField(
        label="Tell whoever reported it that we have finished",
        help_text="They read it with their two codes. It never says what was decided.",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names: dict[str, int] = {}
        for allegation in case.allegations.select_related("subject"):
            name = f"outcome_{allegation.pk}"
            self._names[name] = allegation.pk
            self.fields[name] = _outcome_field(allegation)
        self.helper = laid_out(*self._names, story("reason"), Field.checkbox("tell_reporters"), button="Close the case")

    @property
    def outcomes(self) -> dict[int, str]:
        return {pk: self.cleaned_data[name] for name, pk in self._names.items()}


def _outcome_field(allegation: Allegation) -> forms.ChoiceField:
    is_decided = allegation.finding != Allegation.Finding.UNDECIDED
    said = allegation.words or allegation.description
    return forms.ChoiceField(
        label=f"How does “{allegation.short}” about {allegation.subject.full_name} end?",
        help_text=f"“{said[:160]}” {allegation.get_finding_display()}.",
        choices=[
            Choice(outcome.value, outcome.label) for outcome in Outcome if is_decided or outcome in WITHOUT_FINDING
        ],
        widget=forms.RadioSelect,
        error_messages={"required": f"Select how “{allegation.short}” ends"},
    )


class CaseReasonForm(forms.Form):
    reason = StoryField(
        label="Why? Your reason for the record", max_length=5_000, missing="Write your reason, in a sentence or more"
    )

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(story("reason"), button=button)


class CasePauseForm(CaseReasonForm):
    """Why, and which of its letters go on their way all the same: none, unless somebody says so."""

    goes = forms.MultipleChoiceField(
        label="Letters that go all the same",
        help_text="Every other letter here is stopped until the case goes on. Tick one only where it cannot wait: "
        "somebody who was not told of a ban must not be treated as if they had been.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, letters: Iterable[Letter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            Choice(letter.reference, f"{letter.title} {letter.reference}, to {letter.addressee}") for letter in letters
        ]
        self.fields["goes"].choices = choices  # type: ignore[attr-defined]
        if choices:
            self.helper.layout.insert(1, Field.checkboxes("goes", small=True))
        else:
            del self.fields["goes"]


class TaskAddForm(forms.Form):
    what = LineField(
        label="What is to be done?",
        max_length=120,
        help_text="Such as “Ring her about a companion”.",
        missing="Enter what is to be done",
    )
    owner = forms.ChoiceField(label="Who does it?", error_messages={"required": "Choose who does it"})
    due_on = ComingDayField(label="By which day?", missing="Enter by which day it is to be done")

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {str(user.pk): user, **{str(each.pk): each for each in possible_owners(case)}}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (pk, f"You, {each.full_name}" if each == user else each.full_name) for pk, each in self._owners.items()
        ]
        self.helper = laid_out(line("what"), Field.select("owner"), "due_on", button="Add the task")

    def clean_owner(self) -> User:
        return self._owners[self.cleaned_data["owner"]]


class CaseLinkForm(forms.Form):
    other = LineField(
        label="Which case belongs to this one?",
        max_length=12,
        help_text="Its number, such as C014.",
        missing="Enter the number of the other case, such as C014",
    )
    reason = LineField(
        label="Why do they belong together?",
        max_length=200,
        help_text="Such as “The same evening, in another group”. Without names: not everybody sees both.",
        missing="Enter why they belong together",
    )

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cases = Case.objects.visible_to(user).exclude(pk=case.pk)
        self.helper = laid_out(line("other"), line("reason"), button="Link the cases")

    def clean_other(self) -> Case:
        typed = self.cleaned_data["other"].upper()
        number = typed.removeprefix("C")
        reference = f"C{int(number):03d}" if number.isascii() and number.isdigit() and len(number) < 10 else typed
        found = self._cases.with_reference(reference).first()
        if found is None:
            raise ValidationError("There is no other case with this number. Look it up in the list of cases")
        return found
