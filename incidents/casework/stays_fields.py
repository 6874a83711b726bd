"""The questions a form asks where its words may show who told the school: take it out, or say why it may stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from incidents.casework.fields import LineField
from incidents.casework.form_layout import line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from letters.checks import Objection


class AsksWhyItStays(forms.Form):
    """`stays` is what was answered, by the objection's key, once `ask_why` was called from `clean`."""

    helper: Any
    stays: dict[str, str]

    def ask_why(self, objections: Iterable[Objection]) -> None:
        """A field for each, above the button; it stays empty where the words are changed instead."""
        self.stays = {}
        for objection in objections:
            name = f"stays_{objection.key}"
            self.fields[name] = LineField(
                label=objection.title,
                help_text=f"“{objection.sentence}” {objection.why}",
                max_length=300,
            )
            self.helper.layout.insert(-1, line(name))
            reason = " ".join(str(self.data.get(name, "")).split())
            if reason and len(reason) <= 300:
                self.stays[objection.key] = reason
            else:
                self.add_error(name, "Take it out, or write in 300 characters or fewer why it may stay")
