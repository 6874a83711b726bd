"""The forms of a request for legal advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms_gds.layout import Field
from django import forms

from incidents.casework.fields import LineField, StoryField
from incidents.casework.form_layout import laid_out, line, story
from incidents.casework.stays_fields import AsksWhyItStays
from incidents.casework.warning_forms import finding_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dkh_conduct.accounts.models import User
    from incidents.casework.step_letter import Explained
    from incidents.models import Allegation, Step
    from incidents.policy.explanations import Explanation
    from letters.checks import Objection


class LegalForm(AsksWhyItStays):
    allegations = forms.MultipleChoiceField(
        label="The exact words",
        help_text="Only those that are found and quote exact words. Nothing is paraphrased.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select the words to ask about"},
    )
    referred_to_whom = LineField(
        label="Whom the words are about, and how readers know",
        max_length=200,
        help_text="A person. A school or a trust may not be able to bring a claim at all.",
        missing="Enter whom the words are about",
    )
    wishes = StoryField(
        label="What that person wishes", max_length=1_000, missing="Enter what the person wishes, or that you asked"
    )
    author = LineField(
        label="Who wrote it, as it was shown", max_length=200, missing="Enter who wrote it, as it was shown"
    )
    handle = LineField(
        label="The number or account it came from (optional)",
        max_length=200,
        help_text="As it was shown, such as “+44 7700 900123” or “@sinead.nb”.",
    )
    basis = StoryField(
        label="How you know who it was, and how sure you are", max_length=1_000, missing="Enter how you know who it was"
    )
    translation = StoryField(
        label="The words in English, if they are not (optional)",
        max_length=3_000,
        help_text="Word for word. The words as they were written go with it.",
    )
    translator = LineField(label="Who translated them, and how well they know the language", max_length=200)
    seen_by = LineField(
        label="How many saw it, and who as far as you know", max_length=200, missing="Enter how many saw it"
    )
    is_live = forms.BooleanField(label="It is still there", required=False)
    meaning = StoryField(
        label="What readers will have taken it to mean", max_length=2_000, missing="Enter what readers took it to mean"
    )
    untrue = StoryField(label="What is untrue, and how you know", max_length=2_000, missing="Enter what is untrue")
    accepted = StoryField(
        label="What is true, or partly true",
        max_length=2_000,
        help_text="Advice on half the facts is worth nothing.",
        missing="Enter what is true or partly true. Write “Nothing” if it is so",
    )
    harm = StoryField(
        label="What harm is known",
        max_length=2_000,
        help_text="Serious harm to somebody’s reputation has to be shown by facts.",
        missing="Enter what harm is known",
    )
    context = StoryField(
        label="A complaint, a dispute or a need that belongs to it (optional)",
        max_length=2_000,
        help_text="A complaint to the school is protected, and no part of this.",
    )
    account = StoryField(label="What the author says (optional)", max_length=2_000)
    questions = StoryField(
        label="What you want to know",
        max_length=2_000,
        help_text="One on each line.",
        missing="Enter what you want to know",
    )
    custody = StoryField(
        label="Who holds the phone or the account, and how the evidence was taken (optional)",
        max_length=1_000,
        help_text="The portal adds what it knows itself: when each file came, its hash, and who has opened it.",
    )
    urgency = LineField(label="Why it is urgent, if it is (optional)", max_length=300)
    do_not_contact = LineField(label="Whom they must not contact (optional)", max_length=300)
    lawyer = forms.ChoiceField(
        label="Who of the Trust’s legal team may read this case",
        help_text="They see this case and no other.",
        widget=forms.RadioSelect,
        required=False,
    )
    reason = StoryField(
        label="Why this step, for this person?",
        max_length=5_000,
        help_text="For the file, which other leaders read. Keep what is privileged out of it.",
        missing="Enter why you take this step",
    )
    has_no_conflict = forms.BooleanField(
        label="I am not named in this case or related to anyone in it, and I have decided it fairly", required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        found: Sequence[Allegation],
        taken: Sequence[Step],
        lawyers: Sequence[User],
        explanations: Sequence[Explanation],
        look: Callable[..., list[Objection]],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.found = {str(each.pk): each for each in found}
        self.lawyers = {str(each.pk): each for each in lawyers}
        self.explanations, self.look = explanations, look
        fields: Any = self.fields
        fields["allegations"].choices = [finding_choice(each, taken) for each in found]
        fields["lawyer"].choices = [
            *((pk, each.full_name) for pk, each in self.lawyers.items()),
            ("", "Nobody here: I send the pack myself"),
        ]
        for need in explanations:
            fields[f"{need.key}_reason"] = StoryField(
                label=need.question,
                help_text=f"{need.about} It prints in the file.",
                max_length=2_000,
                missing=need.question,
            )
        texts = ("meaning", "untrue", "accepted", "harm", "context", "account", "questions")
        self.helper = laid_out(
            Field.checkboxes("allegations", small=True),
            line("referred_to_whom"),
            story("wishes", rows=3),
            line("author"),
            line("handle"),
            story("basis", rows=3),
            story("translation", rows=3),
            line("translator"),
            line("seen_by"),
            Field.checkbox("is_live", small=True),
            *(story(name, rows=3) for name in texts),
            story("custody", rows=3),
            line("urgency"),
            line("do_not_contact"),
            Field.radios("lawyer", small=True),
            story("reason", rows=4),
            *(story(f"{need.key}_reason", rows=3) for need in explanations),
            Field.checkbox("has_no_conflict", small=True),
            button="Ask for legal advice",
        )

    def clean_allegations(self) -> list[Allegation]:
        return [self.found[key] for key in self.cleaned_data["allegations"]]

    def clean_lawyer(self) -> User | None:
        return self.lawyers.get(self.cleaned_data["lawyer"])

    def clean(self) -> dict[str, Any]:
        said = {name.removesuffix("_reason"): value for name, value in self.cleaned_data.items() if name != "lawyer"}
        texts = {name: value for name, value in said.items() if isinstance(value, str)}
        self.ask_why(self.look(allegations=self.cleaned_data.get("allegations", ()), texts=texts))
        if self.cleaned_data.get("translation") and not self.cleaned_data.get("translator"):
            self.add_error("translator", "Enter who translated the words")
        if not self.cleaned_data.get("has_no_conflict"):
            self.add_error("has_no_conflict", "Tick this if it is so. If it is not, someone else must decide")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.cleaned_data.items() if not name.endswith("_reason")}
        explained: Explained = {  # type: ignore[assignment]
            need.key: self.cleaned_data[f"{need.key}_reason"] for need in self.explanations
        }
        return {**kept, "explained": explained, "stays": self.stays}


class AdviceForm(forms.Form):
    text = StoryField(
        label="The advice",
        max_length=20_000,
        help_text="Privileged: the lead and the Trust’s legal team read it, and nobody else. It cannot be changed.",
        missing="Enter the advice",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(story("text", rows=12), button="File the advice")
