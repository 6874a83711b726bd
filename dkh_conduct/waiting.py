"""How much waits in each list of the menu: one query, which also looks up what a page is about in the log of looks.

Every staff page of every role asks it. A leader's took a fifth of the time of a page, nearly all of it to put together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.models import User
from dkh_conduct.prepared import row_of
from dkh_conduct.reading import Asked, Subject, notices_about, one_look_ago, same_look, subject_of
from dkh_conduct.school.models import School
from incidents.models import Concern, Notice, Step
from incidents.models.case import number_in
from incidents.models.counted import number_of
from letters.models import Letter, Mailing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from dkh_conduct.accounts.http import StaffRequest

Thing = AuditEntry.Thing
# Who is told of each list, and what waits there for them.
LISTS: dict[str, tuple[tuple[str, ...], Callable[[User], QuerySet[Any]]]] = {
    "notice-list": (
        ("incidents.view_concern", "incidents.view_case"),
        lambda user: Notice.objects.visible_to(user).unread(),
    ),
    "concern-list": (("incidents.view_concern",), lambda user: Concern.objects.visible_to(user).unread()),
    "approval-list": (("incidents.approve_step",), lambda user: Step.objects.waiting_for(user)),
    "print-room": (("letters.print_letter",), lambda user: Letter.objects.visible_to(user).to_print()),
    "contact-list": (("letters.approve_mailing",), lambda user: Mailing.objects.waiting_for(user)),
}


class Values(NamedTuple):
    """What differs between two who have the same role and look at the same kind of page."""

    user: int
    school: int
    reference: str
    number: int  # of a case
    since: datetime


STAND_INS = (
    Values(918_273_641, 937_465_018, "C902384756", 902_384_756, datetime(1901, 2, 3, 4, 5, 6, tzinfo=UTC)),
    Values(961_428_357, 940_172_839, "C985301746", 985_301_746, datetime(1902, 4, 8, 7, 9, 1, tzinfo=UTC)),
)


def waiting(request: StaffRequest, counted: dict[str, int]) -> dict[str, int]:
    """How much waits in each list, by its name; what the page has counted already is not counted again.

    The same query says whether this look at what the page is about is in the log already, and whether a notice of it
    is unread.
    """
    user, subject = request.user, subject_of(request)
    asked = tuple(
        name for name, (rights, _) in LISTS.items() if name not in counted and any(map(user.has_perm, rights))
    )
    if not asked:
        return counted
    *numbers, is_noted, is_told = _row(user, subject, asked)
    if subject:
        request.look_asked = Asked(subject, is_noted=bool(is_noted), is_told=bool(is_told))
    return {**counted, **dict(zip(asked, numbers, strict=True))}


def _row(user: User, subject: Subject | None, asked: tuple[str, ...]) -> tuple[Any, ...]:
    thing, reference = (subject.thing, subject.reference) if subject else (None, "")
    number = number_in(reference) if thing == Thing.CASE else 0
    values = Values(user.pk, user.school_id, reference, number, one_look_ago())
    role = getattr(user, "role_name", None)
    if not role or user.is_superuser:
        return tuple(_query(user, values, thing, asked).get())

    def of_stand_in(standing_in: Values) -> QuerySet[Any]:
        return _query(_stand_in(role, standing_in), standing_in, thing, asked)

    return row_of(("waiting", role, thing, asked), of_stand_in, values, STAND_INS)


def _query(user: User, values: Values, thing: AuditEntry.Thing | None, asked: tuple[str, ...]) -> QuerySet[Any]:
    numbers = [number_of(LISTS[name][1](user)) for name in asked]
    about = Subject(thing, values.reference) if thing else None
    noted = same_look(user, about, since=values.since) if about else AuditEntry.objects.none()
    told = notices_about(user, about) if about else Notice.objects.none()
    return School.objects.filter(pk=values.school).values_list(*numbers, Exists(noted), Exists(told))


def _stand_in(role: str, values: Values) -> User:
    """Has the rights of a role, and nothing else that a query could go by: asked for more, it is looked for in vain."""
    known = {"id": values.user, "school_id": values.school, "is_active": True, "is_superuser": False}
    read = [field.attname for field in User._meta.concrete_fields if field.attname in known]
    user = User.from_db(DEFAULT_DB_ALIAS, read, [known[name] for name in read])
    user.role_name = role  # type: ignore[attr-defined]  # as StaffBackend reads it
    return user
