"""Forms about one contact: what is held about them, a flag, a relative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Fluid
from django import forms
from django.conf import settings

from dkh_conduct.school.email_addresses import OneAddressField
from incidents.contacts.changing import version_of
from incidents.contacts.fields import LineField, LinesField, laid_out
from incidents.models import FamilyLink, Person, PersonFlag

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

HINTS = {
    PersonFlag.Kind.COURT_ORDER: "An order of a court limits contact with them. Nobody here can override it.",
    PersonFlag.Kind.DO_NOT_CONTACT: "They asked not to be written to, or somebody would be at risk.",
    PersonFlag.Kind.CONFIDENTIAL: "Nobody may learn where they live. It is not shown in the family.",
}
MOST_NAMESAKES = 20


class ContactForm(forms.Form):
    full_name = LineField(label="Full name", max_length=120, missing="Enter their full name")
    title = LineField(label="Title (optional)", max_length=20, help_text="Only if they gave one, such as Ms or Dr.")
    address = LinesField(label="Address (optional)", max_length=300, help_text="One line of the address on each line.")
    language = forms.ChoiceField(
        label="Language they asked for",
        required=False,
        choices=[("", "Not known"), *settings.LANGUAGES],
        help_text="Emails and pages are in this language. Letters are in English.",
    )
    email = OneAddressField(
        label="Email address (optional)",
        required=False,
        max_length=254,
        error_messages={"invalid": "Enter one email address in the right form, like name@example.com"},
    )
    email_agreed_how = LineField(
        label="How they agreed to letters by email (optional)",
        max_length=200,
        help_text="Such as “on the contact form, 3 September 2026”. Leave it empty if they did not.",
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        names = ("full_name", "title", "address", "language", "email", "email_agreed_how")
        kwargs["initial"] = {**{name: getattr(person, name) for name in names}, "version": version_of(person)}
        super().__init__(*args, **kwargs)
        asked = ["full_name", "version"] if person.is_child else None
        if person.is_child:
            for name in names[1:]:
                del self.fields[name]
        self.helper = laid_out(
            *(
                asked
                or (
                    "full_name",
                    Field.text("title", field_width=Fluid.ONE_QUARTER),
                    Field.textarea("address", rows=5),
                    Field.select("language"),
                    Field.text("email"),
                    Field.text("email_agreed_how"),
                    "version",
                )
            ),
            button="Save changes",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("email_agreed_how") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter the email address that they agreed to")
        return cleaned


class FlagForm(forms.Form):
    kind = forms.ChoiceField(
        label="What stops letters to them?",
        choices=[Choice(kind.value, str(kind.label), hint=HINTS[kind]) for kind in PersonFlag.Kind],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what stops letters to them"},
    )
    reason = LineField(
        label="Why, and where is it written down?",
        max_length=300,
        widget=forms.Textarea,
        help_text="Such as “Family Court order of 4 May 2026, copy in the safe.” Only those who run cases read it.",
        missing="Enter why, and where it is written down",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(Field.radios("kind"), Field.textarea("reason", rows=3), button="Stop letters to them")


class FlagLiftForm(forms.Form):
    reason = LineField(
        label="Why does it no longer stand?",
        max_length=300,
        widget=forms.Textarea,
        help_text="Such as “The order ended on 30 October 2026.”",
        missing="Enter why it no longer stands",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(Field.textarea("reason", rows=3), button="Lift this flag")


class FamilyForm(forms.Form):
    """Asks which of them where the school knows several people of exactly this name."""

    full_name = LineField(label="Full name of the relative", max_length=120, missing="Enter their full name")
    kind = forms.ChoiceField(
        label="Who are they?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who they are", "invalid_choice": "Select who they are"},
    )

    def __init__(self, *args: Any, person: Person, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = FamilyLink.Kind
        self.fields["kind"].choices = (  # type: ignore[attr-defined]
            [
                (kinds.PARENT, f"A parent of {person.full_name}"),
                (kinds.CARER, f"A carer of {person.full_name}"),
                (kinds.SIBLING, f"A brother or sister of {person.full_name}"),
            ]
            if person.is_child
            else [(kinds.PARENT, f"A child of {person.full_name}"), (kinds.CARER, "A child in their care")]
        )
        name = " ".join(str(self.data.get("full_name", "")).split()).replace("\0", "") if self.is_bound else ""
        found = Person.objects.visible_to(user).filter(full_name__iexact=name).exclude(pk=person.pk)
        self.namesakes = {str(each.pk): each for each in found[:MOST_NAMESAKES]} if name else {}
        asked = []
        if len(self.namesakes) > 1:
            self.fields["which"] = forms.ChoiceField(
                label="Which of them?",
                choices=[Choice(key, _about(each)) for key, each in self.namesakes.items()],
                widget=forms.RadioSelect,
                error_messages={"required": "Several people have this name. Select which of them"},
            )
            asked = ["which"]
        self.helper = laid_out("full_name", *asked, Field.radios("kind"), button="Add to the family")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("full_name") and not self.namesakes:
            self.add_error(
                "full_name", "Nobody of exactly this name is known. Look them up in the list, or import it again"
            )
        elif self.namesakes and "which" not in self.errors:
            key = cleaned.get("which") or next(iter(self.namesakes))
            cleaned["relative"] = self.namesakes[key]
        return cleaned


def _about(person: Person) -> str:
    if person.is_child:
        return f"{person.full_name}, {person.class_name or 'class not known'}"
    return f"{person.letter_name}, {', '.join(person.address_lines) or 'no address held'}"


class ContactFilterForm(forms.Form):
    """What is looked for. An unknown value is ignored: somebody kept an old address."""

    q = forms.CharField(required=False, max_length=100)
    class_name = forms.CharField(required=False, max_length=40)
    only = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Everybody"),
            ("adults", "Adults"),
            ("children", "Children"),
            ("flagged", "With a flag"),
            ("email", "Agreed to email"),
        ],
    )
