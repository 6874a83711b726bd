"""The forms of a meeting: invite, arrange, write down, agree."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import HTML, Div, Field, Fixed
from django import forms

from incidents.casework.fields import DayField, LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.meetings import Offer
from incidents.casework.reply_day_field import PlanDayField, ReplyDayField, checked_reply_by
from incidents.casework.warning_forms import finding_choice
from incidents.models import MeetingSlot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dkh_conduct.accounts.models import User
    from incidents.casework.reply_days import ReplyDays
    from incidents.models import Allegation, Meeting, Step

OFFERS = (1, 2, 3)
CLOCKS = ["%I:%M%p", "%I%p", "%I.%M%p", "%H:%M", "%H.%M"]


class ClockField(forms.TimeField):
    """`3:45pm`, `3.45 PM`, `15:45`."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=CLOCKS, required=False, **kwargs)
        self.error_messages["invalid"] = "Enter the time like 3:45pm or 15:45"

    def to_python(self, value: Any) -> time | None:
        return super().to_python(value.upper().replace(" ", "") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%-I:%M%p}".lower() if isinstance(value, time) else value


def _how() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="How", choices=MeetingSlot.How.choices, widget=forms.Select, initial=MeetingSlot.How.PERSON
    )


class MeetingStartForm(forms.Form):
    allegations = forms.MultipleChoiceField(
        label="Findings that the meeting is about",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one finding that the meeting is about"},
    )
    purpose = LineField(
        label="What the meeting is for",
        max_length=200,
        help_text="It follows “I would like to meet you to talk about…”, such as “messages in the Year 3 group”.",
        missing="Enter what the meeting is for",
    )
    topics = StoryField(
        label="What you would like to talk about",
        max_length=1_000,
        help_text="One on each line. They can bring up anything else.",
        missing="Enter what you would like to talk about, one on each line",
    )
    attending = forms.MultipleChoiceField(
        label="Who will be there for the school",
        help_text="As few as possible. Somebody who is named in the case should not be one of them.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select who will be there"},
    )
    note_taker = forms.ChoiceField(
        label="Who takes notes", widget=forms.Select, error_messages={"required": "Select who takes notes"}
    )
    adjustments = LineField(
        label="What was promised to make it easier (optional)",
        max_length=500,
        help_text="Such as “We have booked a Somali interpreter.”",
    )
    reply_by = ReplyDayField(label="They answer by")

    def __init__(
        self,
        *args: Any,
        found: Sequence[Allegation],
        taken: Sequence[Step],
        staff: Sequence[User],
        days: ReplyDays,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.days = days
        self.found = {str(each.pk): each for each in found}
        self.staff = {str(each.pk): each for each in staff}
        fields["allegations"].choices = [finding_choice(each, taken) for each in found]
        people = [Choice(pk, each.full_name, hint=each.job_title) for pk, each in self.staff.items()]
        fields["attending"].choices = people
        fields["note_taker"].choices = [("", "Choose a person"), *((pk, u.full_name) for pk, u in self.staff.items())]
        fields["reply_by"].help_text = days.hint
        offers: list[Any] = [HTML('<h2 class="govuk-heading-m">Times to choose from: two or three</h2>')]
        for n in OFFERS:
            fields[f"on_{n}"] = PlanDayField(label=f"Day {n}" if n < 3 else "Day 3 (optional)")
            fields[f"at_{n}"] = ClockField(label=f"Time {n}")
            fields[f"how_{n}"] = _how()
            fields[f"how_{n}"].label = f"How, {n}"
            offers.append(
                Div(
                    f"on_{n}",
                    Div(Field.text(f"at_{n}", field_width=Fixed.FIVE), Field.select(f"how_{n}")),
                    css_class="dkh-field-row",
                )
            )
        self.helper = laid_out(
            Field.checkboxes("allegations", small=True),
            line("purpose"),
            story("topics", rows=4),
            Field.checkboxes("attending", small=True),
            Field.select("note_taker"),
            line("adjustments"),
            "reply_by",
            *offers,
            button="Draft the invitation",
        )

    def clean_allegations(self) -> list[Allegation]:
        return [self.found[key] for key in self.cleaned_data["allegations"]]

    def clean_attending(self) -> list[User]:
        return [self.staff[key] for key in self.cleaned_data["attending"]]

    def clean_note_taker(self) -> User:
        return self.staff[self.cleaned_data["note_taker"]]

    def clean_reply_by(self) -> date:
        return checked_reply_by(self.cleaned_data["reply_by"], self.days)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        offers: list[Offer] = []
        for n in OFFERS:
            on, at = cleaned.pop(f"on_{n}", None), cleaned.pop(f"at_{n}", None)
            how = cleaned.pop(f"how_{n}", "person")
            if {f"on_{n}", f"at_{n}"} & set(self.errors):
                continue
            if on is None and at is None:
                if n < 3:
                    self.add_error(f"on_{n}", "Enter a day and a time. Offer two at least")
                continue
            if on is None:
                self.add_error(f"on_{n}", "Enter the day of this time")
            elif at is None:
                self.add_error(f"at_{n}", "Enter the time, like 3:45pm")
            elif cleaned.get("reply_by") and on <= cleaned["reply_by"]:
                self.add_error(f"on_{n}", "Choose a day after the one by which they answer")
            elif (on, at) in {(each.on, each.at) for each in offers}:
                self.add_error(f"on_{n}", "This time is offered already. Choose another one")
            else:
                offers.append(Offer(on, at, how))
        cleaned["offers"] = offers
        return cleaned


class MeetingArrangeForm(forms.Form):
    slot = forms.ChoiceField(
        label="Which time they chose",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the time they chose, or “Another time”"},
    )
    on = PlanDayField(label="The other day")
    at = ClockField(label="The other time")
    how = _how()
    companion = LineField(label="Who comes with them (optional)", max_length=120)
    interpreter = LineField(label="Interpreter (optional)", max_length=120, help_text="Which language, and who.")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = {str(each.pk): each for each in meeting.slots.all()}
        fields: Any = self.fields
        fields["slot"].choices = [*((pk, str(each)) for pk, each in self.slots.items()), ("other", "Another time")]
        self.helper = laid_out(
            Field.radios("slot", small=True),
            Div(
                "on",
                Div(Field.text("at", field_width=Fixed.FIVE), Field.select("how")),
                css_class="dkh-field-row",
            ),
            line("companion"),
            line("interpreter"),
            button="Record the time",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        chosen = self.slots.get(cleaned.pop("slot", ""))
        if chosen:
            cleaned |= {"on": chosen.on, "at": chosen.at, "how": chosen.how}
        elif "slot" not in self.errors:
            if not cleaned.get("on") and "on" not in self.errors:
                self.add_error("on", "Enter the day that was agreed on")
            if not cleaned.get("at") and "at" not in self.errors:
                self.add_error("at", "Enter the time that was agreed on, like 3:45pm")
        return cleaned


class MeetingRecordForm(forms.Form):
    they_said = StoryField(
        label="What they said",
        max_length=5_000,
        help_text="One point on each line. It goes into the letter after the meeting, and they can correct it.",
        missing="Enter what they said, one point on each line",
    )
    we_said = StoryField(label="What we said (optional)", max_length=5_000, help_text="One point on each line.")
    agreed = StoryField(label="What was agreed (optional)", max_length=5_000, help_text="One point on each line.")
    not_agreed = StoryField(label="Where you did not agree (optional)", max_length=2_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(
            story("they_said", rows=6),
            story("we_said", rows=4),
            story("agreed", rows=4),
            story("not_agreed", rows=3),
            button="Record the meeting",
        )


class NoShowForm(forms.Form):
    reason = StoryField(
        label="What you know about it (optional)",
        max_length=1_000,
        help_text="Such as a call that they are ill. Nothing is concluded from their not coming.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(story("reason"), button="Record that they did not come")


class NotesAgreeForm(forms.Form):
    on = DayField(label="Day they answered", missing="Enter the day they answered")
    corrections = StoryField(
        label="What they corrected (optional)",
        max_length=5_000,
        help_text="In their own words. Our notes stay as they are, and theirs stand beside them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("on", story("corrections"), button="Record it")


class MeetingPartForm(forms.Form):
    reply_by = ReplyDayField(label="They can correct it by")
    next_step = LineField(
        label="What happens next (optional)", max_length=300, help_text="In a sentence, to them. It goes in the letter."
    )
    reason = StoryField(label="Your reason", max_length=5_000, help_text="For the file.", missing="Enter your reason")

    def __init__(self, data: Any, *, stage: str, days: ReplyDays) -> None:
        super().__init__(data, initial={"reply_by": days.usual})
        self.days = days
        self.fields["reply_by"].help_text = days.hint
        if stage == "no_show":
            del self.fields["next_step"]
            self.fields["reply_by"].label = "They can answer by"
        asked = [line("next_step")] if "next_step" in self.fields else []
        self.helper = laid_out("reply_by", *asked, story("reason"), button="Draft the letter")

    def clean_reply_by(self) -> date:
        return checked_reply_by(self.cleaned_data["reply_by"], self.days)
