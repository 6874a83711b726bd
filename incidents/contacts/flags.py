"""Setting and lifting what stops letters to somebody. Every case they are on tells of it, and every letter stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.templatetags.dates import day
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import Case, Event, Person, PersonFlag
from incidents.models.event import record
from letters.holding import hold_recipient, release_recipient
from letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dkh_conduct.accounts.models import User


@transaction.atomic
def set_flag(*, person: Person, by: User, kind: str, reason: str) -> list[Letter]:
    """Returns the letters to them that it stopped, approved or printed and not posted, of which `by` may know.

    Raises ContactRefusedError.
    """
    person = _held(person, by=by, permission="incidents.flag_person")
    if person.is_child and kind != PersonFlag.Kind.CONFIDENTIAL:
        raise ContactRefusedError("Letters go to adults. Set this flag on the parent or carer.")
    if not reason.strip():
        raise ContactRefusedError("Enter why, and where it is written down.")
    same = person.flags.standing().filter(kind=kind).select_related("set_by").first()
    if same:
        raise ContactRefusedError(f"{same.set_by.full_name} set this flag on {day(same.set_at)}. It still stands.")
    flag = PersonFlag.objects.create(person=person, kind=kind, reason=reason, set_by=by)
    stopped = hold_recipient(
        school=person.school,
        recipient=person.recipient,
        key=flag.key,
        why=flag.sentence,
        is_absolute=not flag.may_be_overridden,
        by=by,
    )
    _tell(Event.Kind.FLAG_SET, flag, by=by, stopped=stopped)
    return _known_to(by, stopped)


@transaction.atomic
def lift_flag(*, flag: PersonFlag, by: User, reason: str) -> list[Letter]:
    """Returns the letters that may go out again, those `by` may know. Raises ContactRefusedError with who was first."""
    person = _held(flag.person, by=by, permission="incidents.lift_flag")
    current = PersonFlag.objects.select_related("lifted_by").get(pk=flag.pk)
    if current.lifted_at and current.lifted_by:
        raise ContactRefusedError(f"{current.lifted_by.full_name} lifted this flag on {day(current.lifted_at)}.")
    if not reason.strip():
        raise ContactRefusedError("Enter why it no longer stands.")
    current.person = person
    current.lifted_by, current.lifted_at, current.lifted_reason = by, timezone.now(), reason
    current.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    free = release_recipient(
        school=person.school, recipient=person.recipient, key=current.key, why="The flag was lifted.", by=by
    )
    _tell(Event.Kind.FLAG_LIFTED, current, by=by)
    return _known_to(by, free)


def _held(person: Person, *, by: User, permission: str) -> Person:
    if not by.has_perm(permission):
        raise PermissionDenied
    visible = Person.objects.visible_to(by).filter(pk=person.pk).values("pk")
    held = Person.objects.select_related("school").select_for_update(of=("self",)).filter(pk__in=visible).first()
    if held is None:
        raise ContactRefusedError("This person cannot be found any more. Nothing was changed.")
    return held


def _known_to(user: User, letters: list[Letter]) -> list[Letter]:
    """A letter is stopped whoever sets the flag; that there is one is no news for who may not know of its case."""
    seen = Letter.objects.visible_to(user).filter(pk__in=[letter.pk for letter in letters]).values_list("pk", flat=True)
    return [letter for letter in letters if letter.pk in set(seen)]


def _tell(kind: Event.Kind, flag: PersonFlag, *, by: User, stopped: Iterable[Letter] = ()) -> None:
    """In the story of every case they are on, also of those that `by` may not know of; with its own letters alone.

    Why stays with the flag: a reason may speak of one case, and these stories have other readers.
    """
    person = flag.person
    for case in Case.objects.filter(people__person=person).exclude(status=Case.Status.CLOSED).distinct():
        own = set(case.steps.values_list("letter", flat=True))
        letters = ", ".join(letter.reference for letter in stopped if letter.pk in own)
        record(
            kind,
            school=person.school,
            by=by,
            case=case,
            person=person.full_name,
            flag=flag.get_kind_display(),
            summary=f"Stopped: {letters}." if letters else "",
        )
