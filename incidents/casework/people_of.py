"""What a case's page says of the people on it, and what the rules ask of them, read together in one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, DateTimeField, Exists, F, IntegerField, OuterRef, Value
from django.db.models.functions import Cast

from dkh_conduct.accounts.models import User
from incidents.casework.case_facts import known_from, known_rows, word
from incidents.models import FamilyLink, Person, PersonFlag

if TYPE_CHECKING:
    from incidents.casework.case_facts import Known
    from incidents.models import Case

# What only a flag or a member of a family has.
EMPTY = {
    "own": Value(0, output_field=IntegerField()),
    "whose": word(""),
    "since": Cast(Value(None), DateTimeField()),  # a bare NULL that is DISTINCT would be text
    "why": word(""),
    "is_told": Value(value=False, output_field=BooleanField()),
    "turn": Value(0, output_field=IntegerField()),
}


def read_people(case: Case, *, user: User) -> Known:
    """Gives each person of the case `standing` flags, and `kin`; says what `known_of` says. Needs `people__person`.

    As far as `user` may know: a reason, and a relative, may be of a case that is kept from them.
    """
    on_case = case.people.values("person")
    flags = PersonFlag.objects.standing().as_read_by(user).filter(person__in=on_case).order_by()
    # Asked of each relative in turn: they are few where the school's contacts may be many.
    seen = Person.objects.visible_to(user).filter(pk=OuterRef("relative"))
    families = FamilyLink.objects.filter(Exists(seen), person__in=on_case).order_by()
    # The flags are named first: a database takes the kinds of the columns from them.
    rows = (
        flags.values_list("person", "kind")
        .annotate(
            what=word("flag"),
            own=F("pk"),
            whose=F("set_by__full_name"),
            since=F("set_at"),
            why=F("reason"),
            is_told=F("shows_reason"),
            turn=EMPTY["turn"],
        )
        .union(
            families.values_list("person", "kind").annotate(
                what=word("family"),
                **EMPTY | {"own": F("pk"), "whose": F("relative__full_name"), "turn": F("priority")},
            ),
            *known_rows(case, people=case.subjects, besides=user, more=EMPTY),
            all=True,
        )
    )
    standing: dict[int, list[PersonFlag]] = {}
    kin: dict[int, list[FamilyLink]] = {}
    others = []
    for row in rows:
        person, kind, what, own, whose, since, why, is_told, turn = row
        if what == "flag":
            by = User(full_name=whose)
            flag = PersonFlag(pk=own, kind=kind, set_by=by, set_at=since, reason=why if is_told else "")
            standing.setdefault(person, []).append(flag)
        elif what == "family":
            link = FamilyLink(pk=own, kind=kind, relative=Person(full_name=whose), priority=turn)
            kin.setdefault(person, []).append(link)
        else:
            others.append(row)
    for person in [link.person for link in case.people.all()]:
        person.standing = sorted(standing.get(person.pk, []), key=lambda flag: (flag.set_at, flag.pk))  # type: ignore[attr-defined]
        person.kin = sorted(kin.get(person.pk, []), key=lambda link: (link.priority, link.pk))  # type: ignore[attr-defined]
    return known_from(others)
