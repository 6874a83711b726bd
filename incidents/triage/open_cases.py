"""The open cases a concern may belong to: listed by name, found by number, pointed out where a name is the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import FilteredRelation, Q
from django.urls import reverse

from incidents.models import Case, CasePerson

if TYPE_CHECKING:
    from incidents.models.case import CaseQuerySet

MOST_LISTED = 50
MOST_MATCHES = 10


@dataclass(frozen=True)
class Subject:
    """One person one open case is about."""

    case_id: int
    number: int
    name: str

    @property
    def reference(self) -> str:
        return Case(number=self.number).reference

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.reference])


class OpenCases:
    """One query, however many cases there are and whatever is asked of them; no row is read whole."""

    def __init__(self, cases: CaseQuerySet) -> None:
        self._cases = cases

    @cached_property
    def _rows(self) -> list[tuple[Case, str | None]]:
        """Each case with one of its subjects' names: as many rows as it has subjects, or one without a name."""
        subject = FilteredRelation("people", condition=Q(people__role=CasePerson.Role.SUBJECT))
        rows = self._cases.annotate(subject=subject).order_by("subject__pk")
        named = rows.values_list("pk", "number", "summary", "subject__person__full_name")
        return [(Case(pk=pk, number=number, summary=summary), name) for pk, number, summary, name in named]

    @cached_property
    def listed(self) -> list[tuple[str, str]] | None:
        """Reference and title, the newest first; None where they are too many to choose from a list."""
        names: dict[Case, list[str]] = {}
        for case, name in self._rows:
            names.setdefault(case, []).extend([name] if name else [])
        if len(names) > MOST_LISTED:
            return None
        newest_first = sorted(names, key=lambda case: -case.number)
        return [(case.reference, case.titled(names[case])) for case in newest_first]

    def numbered(self, typed: str) -> Case | None:
        return self._cases.with_reference(typed.strip().upper()).first()

    def matching(self, poster: str) -> list[Subject]:
        """Subjects whose last name stands as a word in what was said about the poster: a hint to look, no more.

        Names are compared here and not in the database, which does not know every alphabet's capitals.
        """
        said = set(_words(poster))
        if not said:
            return []
        subjects = [Subject(case.pk, case.number, name) for case, name in self._rows if name]
        return [subject for subject in subjects if said & set(_words(subject.name)[-1:])][-MOST_MATCHES:]


def _words(text: str) -> list[str]:
    """`D Marsh’s` is the two words d and marsh; a double-barrelled name is one word."""
    plain = text.casefold().replace("’", "'")
    return [re.sub(r"'s?$", "", word) for word in re.findall(r"[^\W\d_][\w'-]*", plain)]
