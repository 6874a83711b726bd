"""The filter beside the list of cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout
from django import forms
from django.db.models import Q

from incidents.casework.fields import LineField
from incidents.casework.leads import case_runners
from incidents.models import Case
from incidents.models.case import CaseQuerySet
from incidents.policy.clause_choices import CLAUSES, keys_of
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import QueryDict

    from dkh_conduct.accounts.models import User

NO_STEP = "none"
ME = "me"
BOXES = ("status", "last", "lead", "clause")
BY_DEADLINE = "deadline"
LAST_STEPS = [(NO_STEP, "None yet"), *((step.key, step.short) for step in POLICY.steps)]


@dataclass(frozen=True)
class Order:
    name: str
    says: str
    of: Callable[[CaseQuerySet], CaseQuerySet]


ORDERS = {
    BY_DEADLINE: Order("deadline", "Late first, then the nearest deadline.", CaseQuerySet.by_deadline),
    "newest": Order("newest", "The newest first.", CaseQuerySet.newest_first),
    "changed": Order("last change", "What changed last comes first.", CaseQuerySet.changed_first),
}


@dataclass(frozen=True)
class Tag:
    """One filter that is on; `url` shows the list without it."""

    label: str
    url: str


class CaseFilterForm(forms.Form):
    """Shows open cases until the form was sent: then exactly what is ticked, and all where nothing is."""

    q = LineField(label="Search", max_length=100, help_text="Case number, name or words", widget=forms.SearchInput)
    status = forms.MultipleChoiceField(
        label="Status", choices=Case.Status.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    last = forms.MultipleChoiceField(
        label="Last step taken", choices=LAST_STEPS, required=False, widget=forms.CheckboxSelectMultiple
    )
    lead = forms.MultipleChoiceField(label="Lead", required=False, widget=forms.CheckboxSelectMultiple)
    clause = forms.MultipleChoiceField(
        label="Clause", choices=list(CLAUSES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, asked: QueryDict, *, user: User) -> None:
        self.asked, typed = asked, asked.copy()
        if self.is_untouched:
            typed["status"] = Case.Status.OPEN
        super().__init__(typed)
        self.typed = typed
        self.user = user
        others = case_runners(user.school).exclude(pk=user.pk).values_list("pk", "full_name")
        self.fields["lead"].choices = [(ME, "You"), *((str(pk), name) for pk, name in others)]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field("q", css_class="govuk-input"),
            *(Field.checkboxes(name, small=True) for name in BOXES),
        )

    def found(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The cases that match what was filled in; a field with an error is left out."""
        self.full_clean()
        wanted = self.cleaned_data
        cases = cases.with_last_step()
        if wanted.get("status"):
            cases = cases.filter(status__in=wanted["status"])
        if wanted.get("last"):
            none = Q(last_step_kind=None) if NO_STEP in wanted["last"] else Q()
            cases = cases.filter(none | Q(last_step_kind__in=[key for key in wanted["last"] if key != NO_STEP]))
        if wanted.get("lead"):
            cases = cases.filter(lead__in=[self.user.pk if key == ME else int(key) for key in wanted["lead"]])
        if wanted.get("clause"):
            cases = cases.with_clause(keys_of(wanted["clause"]))
        return self.order.of(cases.matching(wanted.get("q", "")))

    @property
    def sort(self) -> str:
        asked = self.asked.get("sort", "")
        return asked if asked in ORDERS else BY_DEADLINE

    @property
    def order(self) -> Order:
        return ORDERS[self.sort]

    @property
    def sorts(self) -> dict[str, str]:
        """What each order is called; the first is the one that an address need not name."""
        return {key: order.name for key, order in ORDERS.items()}

    @property
    def groups(self) -> Iterator[tuple[str, list[Tag]]]:
        """What is on, by heading, for the box "Selected"."""
        if self.cleaned_data.get("q"):
            yield "Search", [Tag(f"“{self.cleaned_data['q']}”", self._without("q", self.cleaned_data["q"]))]
        for name in BOXES:
            chosen = self.cleaned_data.get(name, [])
            if chosen:
                labels: Any = dict(self.fields[name].choices)  # type: ignore[attr-defined]
                yield str(self.fields[name].label), [Tag(labels[key], self._without(name, key)) for key in chosen]

    @property
    def is_untouched(self) -> bool:
        return "q" not in self.asked and "status" not in self.asked

    @property
    def leaves_out_closed(self) -> bool:
        chosen = self.cleaned_data.get("status", [])
        return bool(chosen) and Case.Status.CLOSED not in chosen

    @property
    def one_tag(self) -> str:
        """A filter that could be taken away, for the empty list."""
        return next((tags[-1].label for heading, tags in reversed(list(self.groups)) if heading != "Search"), "")

    @property
    def summary(self) -> str:
        """`open`, `paused and closed`: the word before "cases"."""
        words = {"open": "open", "paused": "paused", "closed": "closed"}
        return " and ".join(words[key] for key in self.cleaned_data.get("status", []))

    def _without(self, name: str, value: str) -> str:
        left = self.typed.copy()
        left.pop("page", None)
        left.setlist(name, [each for each in left.getlist(name) if each != value and name != "q"])
        left["q"] = left.get("q", "")  # says that the form was sent: an empty status is a choice then
        return f"?{left.urlencode()}"
