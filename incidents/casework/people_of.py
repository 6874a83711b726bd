"""What a case's page says of the people on it: what stops letters to them, and whose parents they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, CharField, DateTimeField, IntegerField, Value

from dkh_conduct.accounts.models import User
from incidents.models import FamilyLink, Person, PersonFlag

if TYPE_CHECKING:
    from incidents.models import Case


def add_flags_and_families(case: Case, *, user: User) -> None:
    """In one query: gives each person of the case `standing` flags, and `kin`. Needs `people` with their persons.

    As far as `user` may know: a reason, and a relative, may be of a case that is kept from them.
    """
    persons = [link.person for link in case.people.all()]
    if not persons:
        return
    standing: dict[int, list[PersonFlag]] = {}
    kin: dict[int, list[FamilyLink]] = {}
    on_case = case.people.values("person")
    flags = PersonFlag.objects.standing().as_read_by(user).filter(person__in=on_case).order_by()
    families = FamilyLink.objects.filter(
        person__in=on_case, relative__in=Person.objects.visible_to(user).values("pk")
    ).order_by()
    rows = flags.values_list(
        Value("flag", output_field=CharField()),
        "person",
        "pk",
        "kind",
        "set_by__full_name",
        "set_at",
        "reason",
        "shows_reason",
        Value(0, output_field=IntegerField()),
    ).union(
        families.values_list(
            Value("family", output_field=CharField()),
            "person",
            "pk",
            "kind",
            "relative__full_name",
            Value(None, output_field=DateTimeField()),
            Value("", output_field=CharField()),
            Value(value=False, output_field=BooleanField()),
            "priority",
        ),
        all=True,
    )
    for what, person, pk, kind, name, at, reason, shows_reason, priority in rows:
        if what == "flag":
            flag = PersonFlag(
                pk=pk, kind=kind, set_by=User(full_name=name), set_at=at, reason=reason if shows_reason else ""
            )
            standing.setdefault(person, []).append(flag)
        else:
            link = FamilyLink(pk=pk, kind=kind, relative=Person(full_name=name), priority=priority)
            kin.setdefault(person, []).append(link)
    for each in persons:
        each.standing = sorted(standing.get(each.pk, []), key=lambda flag: (flag.set_at, flag.pk))  # type: ignore[attr-defined]
        each.kin = sorted(kin.get(each.pk, []), key=lambda link: (link.priority, link.pk))  # type: ignore[attr-defined]
