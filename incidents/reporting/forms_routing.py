"""The questions that decide who reads a concern first, who never reads it, and who is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Size
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from incidents.models import Concern
from incidents.reporting.fields import LineField
from incidents.reporting.forms import Answers, QuestionForm, Row
from incidents.reporting.routing import NOBODY, OTHER, heads_in, readers_of, route_of

if TYPE_CHECKING:
    from dkh_conduct.school.models import School

Danger, Complaint = Concern.Danger, Concern.Complaint
# Kept as it is, in English: staff read it.
SOMEONE = gettext_noop("Another senior leader, or not sure who")


class DangerForm(QuestionForm):
    danger = forms.ChoiceField(
        label=_lazy("Is someone in danger, or is a child at risk?"),
        help_text=_lazy("If you are not sure, you can go on without an answer."),
        choices=[
            Choice(Danger.NOW, Danger.NOW.label),
            Choice(Danger.CHILD, Danger.CHILD.label, divider=_lazy("or")),
            Choice(Danger.NONE, Danger.NONE.label),
        ],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _lazy("Select one of the three answers, or leave all of them empty")},
    )

    layout = (Field.radios("danger", legend_size=Size.LARGE, legend_tag="h1"),)

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        danger = answers.get("danger")
        lines = (str(Danger(danger).label),) if danger in Danger.values else ()
        flags = Concern(danger=danger or "").flags
        return [
            Row(_("Danger, or a child at risk"), _("whether somebody is in danger"), lines, flags[0] if flags else "")
        ]

    @classmethod
    def leads_aside(cls, answers: Answers) -> bool:
        return answers.get("danger") in Concern.FLAGGED


class ComplaintForm(QuestionForm):
    complaint = forms.ChoiceField(
        label=_lazy("Is it a complaint about the school or its staff?"),
        help_text=_lazy("For example, about a decision, about teaching or about how you were treated."),
        choices=Complaint.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _lazy("Select one of the three answers, or leave all of them empty")},
    )

    layout = (Field.radios("complaint", legend_size=Size.LARGE, legend_tag="h1"),)

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        complaint = answers.get("complaint")
        lines = (str(Complaint(complaint).label),) if complaint in Complaint.values else ()
        return [Row(_("A complaint about the school"), _("whether it is a complaint about the school"), lines)]

    @classmethod
    def leads_aside(cls, answers: Answers) -> bool:
        return answers.get("complaint") == Complaint.ONLY


class LeaderForm(QuestionForm):
    """Kept with the labels that were chosen, so that they read the same when somebody's job changes."""

    leaders = forms.MultipleChoiceField(
        label=_lazy("Is it about a senior leader?"),
        help_text=_lazy(
            "Anybody you select cannot see it. The others can. If you leave this empty, all senior leaders can see it."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _lazy("Select the person in the list again. The list has changed")},
    )
    leader_name = LineField(
        label=_lazy("If they are not in the list, who is it? (optional)"),
        help_text=_lazy("Their name or their job."),
        max_length=200,
        required=False,
    )

    layout = (Field.checkboxes("leaders", legend_size=Size.LARGE, legend_tag="h1"), Field.text("leader_name"))
    ask = _lazy("Say again whether it is about a senior leader")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = readers_of(self.school) if self.school else []
        choices = [Choice(str(user.pk), f"{user.full_name}, {user.job_title}") for user in readers]
        if heads := heads_in(readers):
            only = _(" and ").join(user.full_name for user in heads)
            hint = _("Then only %(names)s can see it") % {"names": only}
            choices.append(Choice(OTHER, _("Another senior leader, or I am not sure who"), hint=hint))
        if choices:
            choices[-1].divider = _("or")
        self.fields["leaders"].choices = [*choices, Choice(NOBODY, _("No"), is_exclusive=True)]  # type: ignore[attr-defined]

    def clean(self) -> Answers:
        cleaned = super().clean() or {}
        chosen, name = cleaned.get("leaders", []), cleaned.get("leader_name", "")
        if NOBODY in chosen and len(chosen) > 1:
            self.add_error("leaders", _("Select who it is about, or select “No”. You cannot select both"))
        elif NOBODY in chosen and name:
            self.add_error("leader_name", _("Remove the name, or take away “No” above. You cannot have both"))
        elif self.school and not self.errors and not self._leaves_a_reader(cleaned, self.school):
            self.add_error(
                "leaders",
                _(
                    "Select only the people it is about: nobody here would be left to read it. "
                    "If it is about them all, call %(phone)s and ask how to reach the chair of governors"
                )
                % {"phone": self.school.phone},
            )
        return cleaned

    def answers(self) -> Answers:
        kept = super().answers()
        if kept["leader_name"] and OTHER not in kept["leaders"]:
            kept["leaders"] = [*kept["leaders"], OTHER]
        labels = dict(self.fields["leaders"].choices)  # type: ignore[attr-defined]
        named = [str(labels[key]) for key in kept["leaders"] if key not in {NOBODY, OTHER}]
        other = [kept["leader_name"] or SOMEONE] if OTHER in kept["leaders"] else []
        kept["labels"] = [*named, *other]
        return kept

    @classmethod
    def rows(cls, answers: Answers) -> list[Row]:
        labels = tuple(_(SOMEONE) if label == SOMEONE else label for label in answers.get("labels", ()))
        lines = (_("No"),) if answers.get("leaders") == [NOBODY] else labels
        return [Row(_("About a senior leader"), _("whether it is about a senior leader"), lines)]

    @classmethod
    def is_answered(cls, answers: Answers, school: School | None) -> bool:
        """An answer counts as missing when, since it was given, everybody else who could read it has left."""
        return school is None or cls._leaves_a_reader(answers, school)

    @classmethod
    def _leaves_a_reader(cls, answers: Answers, school: School) -> bool:
        route = route_of(answers, school)
        return not route.kept_out or bool(route.readers)
