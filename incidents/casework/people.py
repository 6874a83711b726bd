"""Who is on a case: adding somebody, and changing what we hold about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.models import CasePerson, Event, Person
from incidents.models.event import record
from letters.voiding import void_words, withdraw_from_old_addresses

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dkh_conduct.accounts.models import User
    from incidents.models import Case

CHANGEABLE = {
    "full_name": "name",
    "title": "title",
    "address": "address",
}


class ChangedMeanwhile(Refused):
    """Somebody else changed the same person; `version` is what a second try must name."""

    def __init__(self, sentence: str, version: str) -> None:
        super().__init__(sentence)
        self.version = version


def tidy_name(name: str) -> str:
    return " ".join(name.split())


def people_called(full_name: str, *, user: User) -> QuerySet[Person]:
    """People of the school with exactly this name, without those only known from cases `user` may not know of."""
    return Person.objects.visible_to(user).filter(full_name__iexact=tidy_name(full_name))


def version_of(person: Person) -> str:
    """Changes with every saved change of the person."""
    last = person.history.first()
    return str(last.pk) if last else ""


@transaction.atomic
def add_person(
    *,
    case: Case,
    by: User,
    role: str,
    full_name: str = "",
    title: str = "",
    description: str = "",
    is_child: bool = False,
    address: str = "",
    person: Person | None = None,
) -> CasePerson:
    """Put somebody on the case: `person` where we know them already, else somebody new from the other fields."""
    case = lock_case(case, by=by)
    is_child = person.is_child if person else is_child or role == CasePerson.Role.CHILD
    if is_child and role == CasePerson.Role.SUBJECT:
        raise Refused("A child cannot be the subject: the policy is for parents, carers and visitors.")
    if person is None:
        person = Person.objects.create(
            school=case.school, full_name=tidy_name(full_name), title=title, is_child=is_child, address=address
        )
    label = CasePerson.Role(role).label
    link, is_new = CasePerson.objects.get_or_create(
        case=case, person=person, role=role, defaults={"description": description}
    )
    if not is_new:
        raise Refused(f"{person.full_name} is on this case already, as: {label.lower()}.")
    record(Event.Kind.PERSON_ADDED, school=case.school, by=by, case=case, person=person.full_name, role=label)
    return link


@transaction.atomic
def change_person(
    *,
    case: Case,
    by: User,
    person: Person,
    version: str,
    full_name: str,
    title: str,
    address: str,
) -> list[str]:
    """Change what we hold about somebody, on every case they are on. Returns what was changed, in words.

    Raises ChangedMeanwhile where `version` is not what is stored now.
    """
    case = lock_case(case, by=by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if version != version_of(person):
        last = person.history.first()
        who, when = who_and_when(last.history_user, last.history_date)
        raise ChangedMeanwhile(
            f"{who} changed these details {when}. Look at the case in another tab, "
            "then save again if what you typed is right.",
            version_of(person),
        )
    wanted = {
        "full_name": tidy_name(full_name),
        "title": title,
        "address": address,
    }
    changed = [name for name, value in wanted.items() if getattr(person, name) != value]
    if not changed:
        return []
    old_name = person.full_name
    for name in changed:
        setattr(person, name, wanted[name])
    person.save(update_fields=changed)
    words = [CHANGEABLE[name] for name in changed]
    record(
        Event.Kind.PERSON_CHANGED,
        school=case.school,
        by=by,
        case=case,
        person=old_name,
        summary=f"Changed: {', '.join(words)}.",
    )
    if "address" not in changed:
        return words
    moved = {person.recipient: person.address}
    return words + void_words(withdraw_from_old_addresses(school=case.school, addresses=moved, by=by), user=by)
