"""What the timeline of a case is narrowed to, in its address: what kind of thing, by or about whom, and when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.day_field import AnyDayField
from incidents.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.http import QueryDict

    from dkh_conduct.accounts.models import User
    from incidents.models import Case

Kind = Event.Kind
LETTERS, CASE = "letters", "case"
# What is in no other row is about the case itself.
GROUPS: dict[str, tuple[str, frozenset[Event.Kind]]] = {
    "concerns": (
        "Concerns and their reporters",
        frozenset(
            {
                *(Kind.CONCERN_RECEIVED, Kind.CONCERN_ASSIGNED, Kind.CONCERN_WITHDRAWN, Kind.CONCERN_ADDED),
                *(Kind.CONCERN_CLOSED, Kind.CONCERN_HANDED_OVER, Kind.CONCERN_DUPLICATE, Kind.CONCERN_PAUSED),
                *(Kind.CONCERN_RESUMED, Kind.OUTCOME_UNDONE, Kind.MESSAGE_SENT, Kind.MESSAGE_RECEIVED),
                *(Kind.CONTACT_CHANGED, Kind.CODE_REISSUED, Kind.HAND_OVER_WRITTEN),
            }
        ),
    ),
    "evidence": (
        "Evidence",
        frozenset({Kind.EVIDENCE_ADDED, Kind.EVIDENCE_REDACTED, Kind.CHAT_REST_DESTROYED, Kind.ORIGINAL_OPENED}),
    ),
    "people": (
        "People and their flags",
        frozenset(
            {*(Kind.PERSON_ADDED, Kind.PERSON_CHANGED), *(Kind.FLAG_SET, Kind.FLAG_LIFTED, Kind.FLAG_OVERRIDDEN)}
        ),
    ),
    "findings": (
        "Allegations and findings",
        frozenset({Kind.ALLEGATION_ADDED, Kind.FINDING_RECORDED, Kind.SIGNAL_RECORDED, Kind.SIGNAL_WITHDRAWN}),
    ),
    "information": (
        "Information and replies",
        frozenset(
            {
                *(
                    Kind.INFORMATION_ASKED,
                    Kind.INFORMATION_RECOUNTED,
                    Kind.INFORMATION_RECEIVED,
                    Kind.REPLY_RECEIVED,
                    Kind.REPLY_READ,
                ),
                *(Kind.CANNOT_WAIT, Kind.REPRESENTATION_RECEIVED),
            }
        ),
    ),
    "steps": (
        "Steps and what follows from them",
        frozenset(
            {
                *(Kind.STEP_DRAFTED, Kind.STEP_DRAFT_DISCARDED, Kind.STEP_PROPOSED, Kind.STEP_SENT_BACK),
                *(Kind.STEP_DECLINED, Kind.STEP_TAKEN, Kind.STEP_RESCINDED, Kind.BREACH_RECORDED),
                *(Kind.MEETING_ARRANGED, Kind.MEETING_HELD, Kind.MEETING_MISSED, Kind.NOTES_AGREED),
                *(Kind.AUTHORITY_TOLD, Kind.AUTHORITY_ANSWERED, Kind.LEGAL_ADVISED),
            }
        ),
    ),
    LETTERS: ("Making and posting letters", frozenset()),
    "notes": ("Notes and tasks", frozenset({Kind.NOTE_ADDED, Kind.TASK_ADDED, Kind.TASK_DONE})),
    CASE: ("The case itself", frozenset()),
}
IN_A_GROUP = frozenset().union(*(kinds for _, kinds in GROUPS.values()))


def kinds_of(group: str) -> list[Event.Kind]:
    return [kind for kind in Kind if kind not in IN_A_GROUP] if group == CASE else sorted(GROUPS[group][1])


class TimelineFilterForm(forms.Form):
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "Everything"), *((key, label) for key, (label, _) in GROUPS.items())],
    )
    who = forms.ChoiceField(label="Person", required=False)
    since = AnyDayField(label="From")
    until = AnyDayField(label="To")

    def __init__(self, asked: QueryDict, *, case: Case, actors: Iterable[User]) -> None:
        super().__init__(asked)
        self._about = {f"on-{link.person_id}": link.person.full_name for link in case.people.all()}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", "Anybody"),
            ("Did it", [(f"by-{each.pk}", each.full_name) for each in actors]),
            ("It is about", list(self._about.items())),
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div(Field.select("kind"), Field.select("who"), "since", "until", css_class="dkh-pair")
        )
        self.full_clean()
        self.is_asked = any(self.cleaned_data.values()) or bool(self.errors)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError("Enter the same day as “From”, or a later one"))
        return cleaned

    @property
    def events(self) -> Q | None:
        """Which events; None for none of them."""
        group = self.cleaned_data.get("kind")
        if group == LETTERS:
            return None
        chosen = self._when()
        if group:
            chosen &= Q(kind__in=kinds_of(group))
        if name := self._about.get(self._who):
            chosen &= Q(facts__person=name) | Q(facts__account=name)
        return chosen & self._by()

    @property
    def letters(self) -> Q | None:
        """Which lines of letters; None for none. Those about a person are found by the step they belong to."""
        return self._when() & self._by() if self.cleaned_data.get("kind") in {None, "", LETTERS} else None

    @property
    def subject(self) -> int | None:
        """The key of the person whom it is to be about."""
        return int(self._who.removeprefix("on-")) if self._who.startswith("on-") else None

    @property
    def _who(self) -> str:
        return str(self.cleaned_data.get("who") or "")

    def _by(self) -> Q:
        return Q(by=int(self._who.removeprefix("by-"))) if self._who.startswith("by-") else Q()

    def _when(self) -> Q:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        chosen = Q(at__gte=_start_of(since)) if since else Q()
        return chosen & Q(at__lt=_start_of(until + timedelta(days=1))) if until else chosen


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
