"""Whom a letter to many reaches: one letter a household, and everybody who is left out with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from incidents.models import FamilyLink, Person, PersonFlag
from letters.envelopes import fits_window
from letters.mailing_again import missed_by
from letters.mailings import Addressee
from letters.models import Letter

if TYPE_CHECKING:
    from dkh_conduct.school.models import School
    from letters.models import Mailing

WHOLE, YEARS, CLASSES = "school", "years", "classes"
NO_ADDRESS = "No address held"
NO_RESPONSIBILITY = "No parental responsibility"
LEAST_LINES = 2  # a street, and a postcode or town
NO_FIT = "The address does not fit the envelope’s window"


@dataclass(frozen=True)
class Audience:
    """The whole school, or the year groups or classes that are named."""

    kind: str
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Audience:
        return cls(str(kept.get("kind", WHOLE)), tuple(str(name) for name in kept.get("names", ())))

    @property
    def kept(self) -> dict[str, object]:
        return {"kind": self.kind, "names": list(self.names)}

    @property
    def words(self) -> str:
        if self.kind == WHOLE:
            return "The whole school"
        return f"{'Class' if self.kind == CLASSES else 'Year'} {', '.join(self.names)}".replace("Year Year", "Year")


@dataclass(frozen=True)
class Reached:
    addressees: list[Addressee]
    excluded: list[tuple[str, str]]

    @property
    def reasons(self) -> list[tuple[str, int, list[str]]]:
        """Each reason with how many it leaves out, and who they are."""
        found: dict[str, list[str]] = {}
        for name, why in self.excluded:
            reason, _, more = why.partition(": ")
            found.setdefault(reason, []).append(f"{name}, {more}" if more else name)
        return [(why, len(names), names) for why, names in found.items()]


@dataclass(frozen=True)
class Missed:
    """A household whose letter is void or stopped; `to` is who it can go to now, if there is anybody."""

    number: int
    letter: Letter
    why: str
    to: Addressee | None
    why_nobody: str = ""

    @property
    def is_to_another(self) -> bool:
        return self.to is not None and self.to.recipient != self.letter.recipient


def missed_of(mailing: Mailing) -> list[Missed]:
    """A flag is on one person for a reason that is theirs: whoever else lives there may be written to, if they may."""
    rows = missed_by(mailing)
    if not rows:
        return []
    now = reached_by(Audience.of(mailing.audience), school=mailing.school)
    why_not = dict(now.excluded)
    written_to = set(mailing.recipients.values_list("recipient", flat=True))
    own = {each.recipient: each for each in now.addressees}
    living = {home_of(each.address): each for each in now.addressees if each.recipient not in written_to}
    found = []
    for row, why in rows:
        if row.letter is None:
            continue
        is_void = row.letter.state == Letter.State.VOID
        to = (own.get(row.recipient) if is_void else None) or living.get(home_of(row.address))
        nobody = why_not.get(row.addressee, "Not on the list any more") if is_void else "Nobody else of the household"
        found.append(Missed(row.number, row.letter, why, to, "" if to else nobody))
    return found


def home_of(address: str) -> str:
    """The same for an address however it is written."""
    return "".join(sign for sign in address.casefold() if sign.isalnum())


def reached_by(audience: Audience, *, school: School) -> Reached:
    """The adults of the children, whom the school calls first before the others of the same household."""
    children = Person.objects.filter(school=school).contacts().children()
    if audience.kind == YEARS:
        children = children.filter(year_group__in=audience.names)
    elif audience.kind == CLASSES:
        children = children.filter(class_name__in=audience.names)
    links = FamilyLink.objects.filter(relative__in=children).exclude(kind=FamilyLink.Kind.SIBLING)
    is_responsible = Exists(links.filter(person=OuterRef("pk")).exclude(has_responsibility=False))
    adults = (
        Person.objects.filter(school=school, pk__in=links.values("person"))
        .contacts()
        .adults()
        .annotate(is_responsible=is_responsible)
    )
    first = {link.person_id: link.priority or 99 for link in links.order_by("-priority")}
    flags: dict[int, list[str]] = {}
    for flag in PersonFlag.objects.standing().filter(person__in=adults):
        flags.setdefault(flag.person_id, []).append(flag.get_kind_display())
    addressees: list[Addressee] = []
    excluded: list[tuple[str, str]] = []
    homes: dict[str, str] = {}
    for adult in sorted(adults, key=lambda adult: (first.get(adult.pk, 99), adult.full_name.casefold(), adult.pk)):
        why = _why_not(adult, flags.get(adult.pk, []), school=school)
        home = home_of(adult.address)
        if not why and home in homes:
            why = f"Same household as another letter: with {homes[home]}"
        if why:
            excluded.append((adult.letter_name, why))
            continue
        homes[home] = adult.letter_name
        addressees.append(Addressee(adult.recipient, adult.letter_name, adult.salutation, adult.address))
    return Reached(addressees, excluded)


def _why_not(adult: Person, flags: list[str], *, school: School) -> str:
    if flags:
        return " and ".join(flags)
    if not adult.is_responsible:  # type: ignore[attr-defined]
        return NO_RESPONSIBILITY
    if len(adult.address_lines) < LEAST_LINES:
        return NO_ADDRESS
    return "" if fits_window([adult.letter_name, *adult.address_lines], school=school) else NO_FIT


def groups_of(school: School) -> tuple[list[str], list[str]]:
    """Year groups and classes of the list."""
    children = Person.objects.filter(school=school).contacts().children()
    years = children.exclude(year_group="").order_by("year_group").values_list("year_group", flat=True).distinct()
    classes = children.exclude(class_name="").order_by("class_name").values_list("class_name", flat=True).distinct()
    return list(years), list(classes)
