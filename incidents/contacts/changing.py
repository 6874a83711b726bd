"""Changing what the school holds about a contact: name, address, language, and whether letters may go by email."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import clock, day
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import Case, Event, Person
from incidents.models.event import record
from letters.emailing import stop_emails
from letters.voiding import void_words, withdraw_from_old_addresses

if TYPE_CHECKING:
    from typing import Any

    from dkh_conduct.accounts.models import User

WORDS = {
    "full_name": "name",
    "title": "title",
    "address": "address",
    "language": "language",
    "email": "email address",
    "email_agreed_how": "whether letters may go by email",
}


class ChangedMeanwhileError(ContactRefusedError):
    """Somebody else changed the same person; `version` is what a second try must name."""

    def __init__(self, sentence: str, version: str) -> None:
        super().__init__(sentence)
        self.version = version


def version_of(person: Person) -> str:
    last = person.history.first()
    return str(last.pk) if last else ""


@transaction.atomic
def change_contact(*, person: Person, by: User, version: str, **wanted: Any) -> list[str]:
    """Returns what was changed, in words. Consent to email ends with the address it was given for.

    Raises ChangedMeanwhileError where `version` is not what is stored now.
    """
    if not by.has_perm("incidents.change_contacts"):
        raise PermissionDenied
    visible = Person.objects.visible_to(by).filter(pk=person.pk).values("pk")
    held = Person.objects.select_related("school").select_for_update(of=("self",)).filter(pk__in=visible).first()
    if held is None:
        raise ContactRefusedError("This person cannot be found any more. Nothing was changed.")
    if version != version_of(held):
        last = held.history.first()
        who = last.history_user.full_name if last and last.history_user else "Somebody else"
        when = f" on {day(last.history_date)} at {clock(last.history_date)}" if last else ""
        raise ChangedMeanwhileError(
            f"{who} changed these details{when}. Look at them in another tab, then save again.", version_of(held)
        )
    changed = [name for name in WORDS if name in wanted and getattr(held, name) != wanted[name]]
    if not changed:
        return []
    old_name = held.full_name
    for name in changed:
        setattr(held, name, wanted[name])
    if not held.email:
        held.email_agreed_how = ""
    if not held.email_agreed_how:
        held.email_agreed_on, held.email_agreed_to = None, None
    elif {"email", "email_agreed_how"} & set(changed):
        held.email_agreed_on, held.email_agreed_to = today(), by
    held.save()
    if {"email", "email_agreed_how"} & set(changed):
        stop_emails(school=held.school, recipient=held.recipient, by=by, why="They no longer agree to this by email.")
    words = [WORDS[name] for name in changed]
    for case in Case.objects.open().filter(people__person=held).distinct():
        record(
            Event.Kind.PERSON_CHANGED,
            school=held.school,
            by=by,
            case=case,
            person=old_name,
            summary=f"Changed: {', '.join(words)}.",
        )
    if "address" not in changed:
        return words
    moved = {held.recipient: held.address}
    return words + void_words(withdraw_from_old_addresses(school=held.school, addresses=moved, by=by), user=by)


@transaction.atomic
def unlist_contact(*, person: Person, by: User) -> None:
    """Off the list: no letter to many goes to them any more. Whoever is on a case stays there."""
    if not by.has_perm("incidents.change_contacts"):
        raise PermissionDenied
    held = Person.objects.select_for_update().filter(school=by.school_id, pk=person.pk, is_contact=True).first()
    if held is None:
        raise ContactRefusedError("This person is not on the list any more.")
    held.is_contact = False
    held.save(update_fields=["is_contact"])
