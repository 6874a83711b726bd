"""What may leave of a chat or an e-mail as a form: passages of an e-mail, and the words that are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from incidents.evidence.covering import LONGEST, MOST_MASKS, Mask, not_found
from incidents.evidence.redacting import Why

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from incidents.evidence.passages import Passage
    from incidents.models import Evidence, WordsRedaction

HOW_MUCH = {"all": "All of it", "some": "The passages ticked below", "none": "None of its words"}
NOT_THERE = "This stands in none of the passages that may leave. Correct it or remove it"


class MaskForm(forms.Form):
    """Words, and why they are covered."""

    words = forms.CharField(label="Words to cover", max_length=LONGEST)
    why = forms.ChoiceField(label="Why", choices=Why.choices, error_messages={"required": "Choose why it is covered"})

    def __init__(self, data: QueryDict | None = None, *, number: int, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"mask{number}", initial=initial)
        self.number = number
        self.fields["words"].error_messages |= {
            "required": f"Enter what number {number} covers, or remove it",
            "max_length": f"Use {LONGEST} characters or fewer",
        }
        self.fields["words"].widget.attrs |= {"class": "govuk-input", "autocomplete": "off", "spellcheck": "false"}
        self.fields["why"].widget.attrs["class"] = "govuk-select"

    def mark(self) -> None:
        """Show beside it what is wrong with it."""
        for name, field in self.fields.items():
            if name in self.errors:
                described = f"{self[name].auto_id}_error"
                classes = f"{field.widget.attrs['class']} govuk-input--error"
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": described, "class": classes}

    @property
    def mask(self) -> Mask:
        return Mask(self.cleaned_data["words"], self.cleaned_data["why"])


class CoverForm:
    """`how_much` and `ticked` are of an e-mail. `masks` can be added and removed; nothing is saved by that."""

    def __init__(self, masks: list[MaskForm], *, how_much: str = "", ticked: frozenset[int] = frozenset()) -> None:
        self.masks = masks
        self.how_much = how_much
        self.ticked = ticked
        self.problems: list[tuple[str, str]] = []

    @classmethod
    def saved(cls, evidence: Evidence, made: WordsRedaction | None, masks: list[Mask]) -> CoverForm:
        forms_of = [MaskForm(number=number, initial=vars(mask)) for number, mask in enumerate(masks, start=1)]
        if made is None or evidence.kind != "email":
            return cls(forms_of)
        return cls(forms_of, how_much="some" if made.passages else "none", ticked=frozenset(made.passages))

    @classmethod
    def posted(cls, data: QueryDict) -> CoverForm:
        number = min(next(iter(numbers_in([data.get("count", "")])), 0), MOST_MASKS)
        return cls(
            [MaskForm(data, number=each) for each in range(1, number + 1)],
            how_much=data.get("how_much", ""),
            ticked=frozenset(numbers_in(data.getlist("passage"))),
        )

    def chosen(self, passages: Iterable[Passage], *, is_email: bool) -> list[Passage]:
        """Those that leave, as it is filled in now."""
        if not is_email or self.how_much == "all":
            return list(passages)
        return [each for each in passages if self.how_much == "some" and each.number in self.ticked]

    @property
    def typed(self) -> list[Mask]:
        """Those that could be saved, for showing what they do."""
        words = [(str(form["words"].value() or "")[:LONGEST], str(form["why"].value() or "")) for form in self.masks]
        return [Mask(said, why) for said, why in words if said.strip()]

    def check(self, chosen: list[Passage], *, is_email: bool, is_nothing_to_cover: bool) -> list[Mask] | None:
        if is_email and self.how_much not in HOW_MUCH:
            self.problems.append(("how_much", "Choose what of the email may leave"))
        elif is_email and self.how_much == "some" and not chosen:
            self.problems.append(("how_much", "Tick the passages that may leave, or choose “None of its words”"))
        for form in self.masks:
            if form.is_valid() and chosen and not_found([form.mask], chosen):
                form.add_error("words", NOT_THERE)
            self.problems += [(form[name].auto_id or "", str(errors[0])) for name, errors in form.errors.items()]
            form.mark()
        if chosen and not self.masks and not is_nothing_to_cover:
            self.problems.append(("nothing", "Enter what to cover, or tick that nothing needs covering"))
        return None if self.problems else [form.mask for form in self.masks] if chosen else []

    def without(self, number: str) -> CoverForm:
        """The same but one, numbered again."""
        left = [form for form in self.masks if str(form.number) != number]
        return self._again([{name: form[name].value() for name in form.fields} for form in left])

    def with_more(self, more: Iterable[Mask]) -> CoverForm:
        kept = [{name: form[name].value() for name in form.fields} for form in self.masks]
        return self._again([*kept, *(vars(mask) for mask in more)][:MOST_MASKS])

    def _again(self, told: list[dict[str, Any]]) -> CoverForm:
        masks = [MaskForm(number=number, initial=each) for number, each in enumerate(told, start=1)]
        return CoverForm(masks, how_much=self.how_much, ticked=self.ticked)


def numbers_in(typed: Iterable[str]) -> list[int]:
    return [int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 9]
