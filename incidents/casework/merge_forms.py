"""Which case goes into which, and what goes to a case of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms
from django.utils.text import Truncator

from dkh_conduct.school.templatetags.dates import day
from incidents.casework.fields import LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.forms_closing import CaseLinkForm

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case, Task

MANY = forms.CheckboxSelectMultiple
GOES = ("concerns", "allegations", "people", "notes", "tasks")


class CaseMergeForm(CaseLinkForm):
    other = LineField(
        label="Which case does this one go into?",
        max_length=12,
        help_text="Its number, such as C014. That case goes on; this one is closed.",
        missing="Enter the number of the case it goes into, such as C014",
    )
    reason = StoryField(  # type: ignore[assignment]  # longer than why two cases are linked
        label="Why are they one case?",
        max_length=2_000,
        help_text="It stands in the story of both.",
        missing="Write why they are one case",
    )

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, user=user, **kwargs)
        self.helper = laid_out(line("other"), story("reason"), button="Look at what moves")


class CaseSplitForm(forms.Form):
    summary = LineField(
        label="What is the new case about?",
        max_length=120,
        help_text="In a few neutral words, without names.",
        missing="Write what the new case is about",
    )
    concerns = forms.TypedMultipleChoiceField(label="Concerns that go", required=False, widget=MANY, coerce=int)
    allegations = forms.TypedMultipleChoiceField(label="Allegations that go", required=False, widget=MANY, coerce=int)
    people = forms.TypedMultipleChoiceField(
        label="Other people who go",
        required=False,
        widget=MANY,
        coerce=int,
        help_text="Whom an allegation is about goes with it. Who is a subject here as well stays on both.",
    )
    notes = forms.TypedMultipleChoiceField(
        label="Notes that go", required=False, widget=MANY, coerce=int, help_text="Those you do not tick stay here."
    )
    tasks = forms.TypedMultipleChoiceField(
        label="Tasks that go",
        required=False,
        widget=MANY,
        coerce=int,
        help_text="With who does them and by when. Those you do not tick stay here.",
    )
    reason = StoryField(
        label="Why is it a case of its own?",
        max_length=2_000,
        help_text="It stands in the story of both.",
        missing="Write why it is a case of its own",
    )

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        concerns = case.concerns.exclude(conflicts__user=user).order_by("received_at", "pk")
        self._offer(
            concerns=[Choice(each.pk, each.reference, hint=f"Received {day(each.received_at)}") for each in concerns],
            allegations=[
                Choice(each.pk, f"{each.subject.full_name}: {each.short}", hint=(each.words or each.description)[:160])
                for each in case.allegations.select_related("subject")
            ],
            people=[
                Choice(link.pk, f"{link.person.full_name}, {link.get_role_display().lower()}")
                for link in case.people.select_related("person")
            ],
            notes=[
                Choice(
                    note.pk,
                    Truncator(note.text).chars(100),
                    hint=f"{note.get_kind_display()}, {note.written_by.full_name}, {day(note.written_at)}",
                )
                for note in case.notes.select_related("written_by")
            ],
            tasks=[
                Choice(task.pk, task.what, hint=f"{task.owner.full_name}, {_when(task)}")
                for task in case.tasks.select_related("owner")
            ],
        )
        shown = [name for name in GOES if self.fields[name].choices]  # type: ignore[attr-defined]
        self.helper = laid_out(
            line("summary"),
            *(Field.checkboxes(name, small=True) for name in shown),
            story("reason"),
            button="Look at what moves",
        )

    def _offer(self, **choices: list[Choice]) -> None:
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


def _when(task: Task) -> str:
    return f"done {day(task.done_at)}" if task.done_at else f"by {day(task.due_on)}"
