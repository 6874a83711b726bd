"""The open cases a concern may belong to: listed by name, found by number, pointed out where a name is the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

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
    """Two queries, however many cases there are and whatever is asked of them; no person's row is read whole."""

    def __init__(self, cases: CaseQuerySet) -> None:
        self._cases = cases

    @cached_property
    def _subjects(self) -> list[Subject]:
        links = CasePerson.objects.filter(role=CasePerson.Role.SUBJECT, case__in=self._cases.order_by())
        rows = links.order_by("pk").values_list("case_id", "case__number", "person__full_name")
        return [Subject(*row) for row in rows]

    @cached_property
    def listed(self) -> list[tuple[str, str]] | None:
        """Reference and title, the newest first; None where they are too many to choose from a list."""
        cases = list(self._cases.order_by("-number")[: MOST_LISTED + 1])
        if len(cases) > MOST_LISTED:
            return None
        names: dict[int, list[str]] = {}
        for subject in self._subjects:
            names.setdefault(subject.case_id, []).append(subject.name)
        return [(case.reference, case.titled(names.get(case.pk, []))) for case in cases]

    def numbered(self, typed: str) -> Case | None:
        return self._cases.with_reference(typed.strip().upper()).first()

    def matching(self, poster: str) -> list[Subject]:
        """Subjects whose last name stands as a word in what was said about the poster: a hint to look, no more.

        Names are compared here and not in the database, which does not know every alphabet's capitals.
        """
        said = set(_words(poster))
        if not said:
            return []
        return [subject for subject in self._subjects if said & set(_words(subject.name)[-1:])][-MOST_MATCHES:]


def _words(text: str) -> list[str]:
    """`D Marsh’s` is the two words d and marsh; a double-barrelled name is one word."""
    plain = text.casefold().replace("’", "'")
    return [re.sub(r"'s?$", "", word) for word in re.findall(r"[^\W\d_][\w'-]*", plain)]
