"""Families: whose parent or carer somebody is, whose sibling; and the households a child has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incidents.contacts.refusal import ContactRefusedError
from incidents.models import FamilyLink, Person, PersonFlag

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

SIBLING = FamilyLink.Kind.SIBLING
HIDDEN = "Address confidential"


@dataclass(frozen=True)
class Relative:
    """One line of a family: who, as what, under which address, and what stops letters to them."""

    person: Person
    words: str
    link: FamilyLink | None = None
    details: str = ""


@dataclass(frozen=True)
class Household:
    """One address, and the adults of a child's family there. Each adult gets a letter of their own."""

    address: str
    adults: list[Relative]


@transaction.atomic
def link_family(*, person: Person, relative: Person, kind: str, by: User) -> FamilyLink:
    """“`person` is the parent of `relative`.” Raises ContactRefusedError."""
    _may(by, person, relative)
    if person.pk == relative.pk:
        raise ContactRefusedError("Choose somebody else: nobody is their own family.")
    if kind == SIBLING:
        if person.is_child != relative.is_child:
            raise ContactRefusedError("Siblings are two children. Link an adult as a parent or carer.")
        if FamilyLink.objects.filter(person=relative, relative=person).exists():
            raise ContactRefusedError(f"{person.full_name} and {relative.full_name} are linked already.")
    elif person.is_child or not relative.is_child:
        raise ContactRefusedError("A parent or carer is an adult, and the other is their child.")
    link, is_new = FamilyLink.objects.get_or_create(person=person, relative=relative, defaults={"kind": kind})
    if not is_new:
        raise ContactRefusedError(f"{person.full_name} and {relative.full_name} are linked already.")
    return link


@transaction.atomic
def unlink_family(*, link: FamilyLink, by: User) -> None:
    _may(by, link.person, link.relative)
    link.delete()


def family_of(person: Person, *, user: User) -> list[Relative]:
    """Parents and carers, children, and siblings: those linked, and those who share a parent or carer."""
    visible = Person.objects.visible_to(user)
    links = FamilyLink.objects.filter(person=person, relative__in=visible) | FamilyLink.objects.filter(
        relative=person, person__in=visible
    )
    found = []
    for link in links.select_related("person", "relative"):
        is_from = link.person_id == person.pk
        other = link.relative if is_from else link.person
        found.append(Relative(other, _words(link, is_from=is_from), link, _details(link)))
    if person.is_child:
        known = {relative.person.pk for relative in found} | {person.pk}
        shared = FamilyLink.objects.filter(person__relatives__relative=person).exclude(kind=SIBLING)
        siblings = visible.children().filter(pk__in=shared.values("relative")).exclude(pk__in=known)
        found += [Relative(sibling, "Sibling") for sibling in siblings.order_by("full_name")]
    return found


def households_of(child: Person, family: list[Relative]) -> list[Household]:
    """The addresses of a child's adults, each once; those nobody may be told of are not named."""
    adults = [relative for relative in family if not relative.person.is_child]
    hidden = set(
        PersonFlag.objects.standing()
        .filter(person__in=[adult.person.pk for adult in adults], kind=PersonFlag.Kind.CONFIDENTIAL)
        .values_list("person", flat=True)
    )
    homes: dict[str, list[Relative]] = {}
    for adult in adults:
        address = HIDDEN if adult.person.pk in hidden else ", ".join(adult.person.address_lines) or "No address held"
        key = f"{address} {adult.person.pk}" if address == HIDDEN else address.casefold()
        homes.setdefault(key, []).append(adult)
    return [
        Household(
            HIDDEN if key.startswith(HIDDEN) else ", ".join(people[0].person.address_lines) or "No address held", people
        )
        for key, people in homes.items()
    ]


def _words(link: FamilyLink, *, is_from: bool) -> str:
    """What the other one is to the person whose page it is."""
    if link.kind == SIBLING:
        return "Sibling"
    return "Child" if is_from else link.get_kind_display()


def _details(link: FamilyLink) -> str:
    said = []
    if link.has_responsibility is not None:
        said.append("has parental responsibility" if link.has_responsibility else "no parental responsibility")
    if link.lives_together is not None:
        said.append("lives with the child" if link.lives_together else "lives elsewhere")
    return ", ".join(said)


def _may(by: User, *people: Person) -> None:
    if not by.has_perm("incidents.change_contacts"):
        raise PermissionDenied
    keys = {person.pk for person in people}
    if Person.objects.visible_to(by).filter(pk__in=keys).count() != len(keys):
        raise ContactRefusedError("One of them cannot be found any more. Nothing was changed.")
