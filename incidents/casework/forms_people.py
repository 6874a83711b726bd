"""Adding somebody to a case, and changing what we hold about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Fluid
from django import forms

from incidents.casework.fields import UNKEEPABLE, LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.people import people_called, tidy_name, version_of
from incidents.models import CasePerson, Person

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

Role = CasePerson.Role
ROLES = (
    Choice(Role.SUBJECT, Role.SUBJECT.label, hint="Is said to have posted it or done it"),
    Choice(Role.AFFECTED, Role.AFFECTED.label, hint="It was about them, or it hurt them"),
    Choice(Role.WITNESS, Role.WITNESS.label, hint="Saw it, or knows something about it"),
    Choice(Role.CHILD, Role.CHILD.label, hint="A child who is named or touched by it"),
)
NEW = "new"
MOST_NAMESAKES = 20


def name_field() -> LineField:
    return LineField(label="Full name", max_length=120, missing="Enter their full name, or what they are known as")


def title_field() -> LineField:
    return LineField(label="Title (optional)", max_length=20, help_text="Only if they gave one, such as Ms or Dr.")


def address_field() -> StoryField:
    return StoryField(
        label="Address (optional)", max_length=300, help_text="One line of the address on each line, with the postcode."
    )


def clean_lines(address: str) -> str:
    return "\n".join(line.strip() for line in address.splitlines() if line.strip())


class PersonAddForm(forms.Form):
    """Asks "Is this the same person?" where the school knows somebody of exactly this name."""

    full_name = name_field()
    role = forms.ChoiceField(
        label="Role on this case",
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select their role on this case"},
    )
    title = title_field()
    description = LineField(
        label="Who they are (optional)", max_length=120, help_text="Such as “Parent” or “Teaching assistant”."
    )
    is_child = forms.BooleanField(label="They are under 18", required=False)
    address = address_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.namesakes = self._namesakes(user)
        if self.namesakes:
            self.fields["same_person"] = forms.ChoiceField(
                label="Is this the same person?",
                help_text="The school has written to or about somebody of this name before.",
                choices=[*map(_as_choice, self.namesakes.values()), Choice(NEW, "Someone new")],
                widget=forms.RadioSelect,
                error_messages={"required": "Somebody has this name already. Say whether this is the same person"},
            )
        asked = ["same_person"] if self.namesakes else []
        self.helper = laid_out(
            line("full_name"),
            *asked,
            "role",
            line("title", width=Fluid.ONE_QUARTER),
            line("description"),
            Field.checkbox("is_child"),
            story("address"),
            button="Add to the case",
        )

    def _namesakes(self, user: User) -> dict[str, Person]:
        typed = tidy_name(str(self.data.get("full_name", ""))) if self.is_bound else ""
        if not typed or UNKEEPABLE.search(typed):
            return {}
        return {str(person.pk): person for person in people_called(typed, user=user)[:MOST_NAMESAKES]}

    def clean_address(self) -> str:
        return clean_lines(self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        cleaned["person"] = person = self.namesakes.get(cleaned.pop("same_person", NEW))
        for name, label in (("title", "title"), ("address", "address")):
            typed, held = cleaned.get(name, ""), getattr(person, name, "")
            if person and typed and typed != held:
                self.add_error(
                    name,
                    f"We hold another {label} for them, or none. Leave this empty, and change it "
                    "on their own page once they are on the case",
                )
        return cleaned


def _as_choice(person: Person) -> Choice:
    return Choice(str(person.pk), f"{person.letter_name}, {', '.join(person.address_lines) or 'no address held'}")


class WriteAnywayForm(forms.Form):
    """The head's reason, and nothing else: whom and what about is settled."""

    reason = StoryField(
        label="Why must they be written to?",
        max_length=300,
        help_text="Such as “They must know in writing that they may not come on site.” It is kept with the letter.",
        missing="Enter why they must be written to",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(story("reason", rows=3), button="Let letters about a site ban go")


class PersonChangeForm(forms.Form):
    full_name = name_field()
    title = title_field()
    address = address_field()
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        held = {name: getattr(person, name) for name in ("full_name", "title", "address")}
        kwargs["initial"] = {**held, "version": version_of(person)}
        super().__init__(*args, **kwargs)
        self.helper = laid_out(
            line("full_name"),
            line("title", width=Fluid.ONE_QUARTER),
            story("address"),
            "version",
            button="Save changes",
        )

    def clean_address(self) -> str:
        return clean_lines(self.cleaned_data["address"])
