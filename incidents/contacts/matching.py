"""Who of an export is whom on the list: by number, by name and address, and never by a name alone.

Two adults of one name are kept apart by their addresses. Where one of the two has none, the file may speak of either:
that is left to the office, whatever is likely.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from incidents.models import FamilyLink, Person, PersonFlag

if TYPE_CHECKING:
    from dkh_conduct.school.models import School
    from incidents.contacts.reading_rows import Given, Row

FIELDS = ("full_name", "mis_id", "title", "address", "email", "language", "born_on", "year_group", "class_name")
LABELS = {
    "full_name": "name",
    "mis_id": "number",
    "title": "title",
    "address": "address",
    "email": "email address",
    "language": "language",
    "born_on": "date of birth",
    "year_group": "year",
    "class_name": "class",
}


@dataclass(eq=False)
class Planned:
    """One person of the file, and what becomes of them. `changes` are the names of fields."""

    person: Person
    is_new: bool = False
    was_listed: bool = False
    changes: dict[str, Any] = field(default_factory=dict)
    old_name: str = ""

    @property
    def is_changed(self) -> bool:
        return self.was_listed and bool(self.changes)

    @property
    def words(self) -> str:
        return ", ".join(LABELS[name] for name in self.changes)


@dataclass(frozen=True)
class Unclear:
    """An adult of one row who may be somebody of the same name, or somebody else. Nothing of them is imported."""

    row: int
    name: str
    flags: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Row, adult: Given) -> Unclear:
        return cls(row.number, adult.full_name, tuple(str(PersonFlag.Kind(kind).label) for kind in row.flags))


class Known:
    """Everybody the school knows. Who is only known from a case is found by name and address, and not by less."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.planned: list[Planned] = []
        self._by_number: dict[tuple[bool, str], Planned] = {}
        self._by_name: dict[tuple[Any, ...], Planned] = {}
        self._adults: dict[str, list[Planned]] = {}
        self._told_by_child: set[tuple[Planned, Planned]] = set()
        for person in Person.objects.filter(school=school).order_by("-is_contact", "pk"):
            self._keep(Planned(person, was_listed=person.is_contact, old_name=person.full_name))
        families = FamilyLink.objects.filter(person__school=school).exclude(kind=FamilyLink.Kind.SIBLING)
        self._families = set(families.values_list("person", "relative"))

    def child(self, given: Given) -> Planned:
        return self._taken(
            self._numbered(given) or self._free_of_clash(given, self._by_name.get(_by_name(given))), given
        )

    def adult(self, given: Given, child: Planned | None) -> Planned | None:
        """None where it is unclear who that is."""
        found = self._numbered(given)
        if found is None and given.address:
            found = self._free_of_clash(given, self._by_name.get(_by_name(given)))
        if found is None:
            namesakes = self._namesakes(given)
            found = self._told_apart(namesakes, given, child)
            if namesakes and found is None:
                return None
        return self._taken(found, given)

    def _numbered(self, given: Given) -> Planned | None:
        return self._by_number.get((given.is_child, given.mis_id)) if given.mis_id else None

    def _free_of_clash(self, given: Given, found: Planned | None) -> Planned | None:
        """The same name and address under another number: a son called like his father."""
        return None if found and given.mis_id and found.person.mis_id else found

    def _namesakes(self, given: Given) -> list[Planned]:
        """On the list or in a row before, and one of the two without an address."""
        same = self._adults.get(_name(given), [])
        return [
            each
            for each in same
            if self._free_of_clash(given, each) and not (_bare(given.address) and _bare(each.person.address))
        ]

    def _told_apart(self, namesakes: list[Planned], given: Given, child: Planned | None) -> Planned | None:
        """The one of them who has the same email address, or was linked to the same child before."""
        by_email = [each for each in namesakes if given.email and each.person.email == given.email]
        if len(by_email) == 1:
            return by_email[0]
        if child is None:
            return None
        linked = [each for each in namesakes if (each.person.pk, child.person.pk) in self._families]
        # A second row about the same child is about somebody else of that name, or a mistake.
        if len(linked) != 1 or (linked[0], child) in self._told_by_child:
            return None
        self._told_by_child.add((linked[0], child))
        return linked[0]

    def _taken(self, planned: Planned | None, given: Given) -> Planned:
        if planned is None:
            planned = Planned(Person(school=self.school, is_child=given.is_child, is_contact=True), is_new=True)
            for name in FIELDS:
                setattr(planned.person, name, getattr(given, name))
        for name in FIELDS:
            value = getattr(given, name)
            if value and value != getattr(planned.person, name):
                setattr(planned.person, name, value)
                if not planned.is_new:
                    planned.changes[name] = value
        self._keep(planned)
        if planned not in self.planned:
            self.planned.append(planned)
        return planned

    def _keep(self, planned: Planned) -> None:
        person = planned.person
        if person.mis_id:
            self._by_number.setdefault((person.is_child, person.mis_id), planned)
        self._by_name.setdefault(_by_name(person), planned)
        same = self._adults.setdefault(_name(person), [])
        if not person.is_child and (planned.is_new or planned.was_listed) and planned not in same:
            same.append(planned)


def _by_name(one: Person | Given) -> tuple[Any, ...]:
    if one.is_child:
        return (True, _name(one), one.born_on or one.class_name.casefold())
    return (False, _name(one), _bare(one.address))


def _name(one: Person | Given) -> str:
    return " ".join(one.full_name.casefold().split())


def _bare(address: str) -> str:
    return "".join(sign for sign in address.casefold() if sign.isalnum())
