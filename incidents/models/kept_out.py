"""Keeping somebody out: the rows that take a concern or a case, and all that belongs to it, from one person at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q

from incidents.models.case import Conflict
from incidents.models.concern import Concern
from incidents.models.hand_over import HandOver
from incidents.models.step import Step
from letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from dkh_conduct.accounts.models import User
    from incidents.models.case import Case


def keep_out_of_case(user: User, *, case: Case, kind: str, reason: str, by: User | None) -> Conflict:
    """The case, its concerns and its letters; nothing of it stays with them to be done. `case` is locked."""
    conflict, _ = Conflict.objects.get_or_create(
        user=user, case=case, defaults={"kind": kind, "reason": reason, "recorded_by": by}
    )
    _withhold(Letter.objects.filter(pk__in=Step.objects.filter(case=case).values("letter")), user)
    for concern in case.concerns.all():
        _withhold(_letters_about(concern), user)
    Concern.objects.filter(case=case, assigned_to=user).update(assigned_to=None)
    # Cases that went into it are told as part of it, and lead to it.
    for merged in case.merged_from.all():
        Conflict.objects.get_or_create(
            user=user, case=merged, defaults={"kind": kind, "reason": reason, "recorded_by": by}
        )
    return conflict


def keep_out_of_concern(user: User, *, concern: Concern, kind: str, reason: str, by: User | None) -> Conflict:
    """A concern, those that tell the same, and their letters. They wait for the next reader. `concern` is locked."""
    original = concern.duplicate_of_id or concern.pk
    for each in Concern.objects.filter(Q(pk__in=[concern.pk, original]) | Q(duplicate_of=original)):
        Conflict.objects.get_or_create(
            user=user, concern=each, defaults={"kind": kind, "reason": reason, "recorded_by": by}
        )
        Concern.objects.filter(pk=each.pk, assigned_to=user).update(assigned_to=None)
        _withhold(_letters_about(each), user)
    return Conflict.objects.get(user=user, concern=concern)


def _letters_about(concern: Concern) -> QuerySet[Letter]:
    """To its reporter, whose name they bear: the one that counts, and those that were made void before it."""
    now = HandOver.objects.filter(concern=concern).values("letter")
    before = Q(school=concern.school_id, reference__startswith=f"{concern.reference}-L")
    return Letter.objects.filter(Q(pk__in=now) | before)


def _withhold(letters: QuerySet[Letter], user: User) -> None:
    """These, and each void one that they were issued in place of."""
    while found := list(letters):
        for letter in found:
            letter.withheld_from.add(user)
        letters = Letter.objects.filter(reissued_as__in=[letter.pk for letter in found])


def staff_named_in(texts: Iterable[str], *, school_id: int, not_kept_out_of: Concern | None = None) -> list[User]:
    """Staff at work whose whole name stands in what was said: a hint to look whether they may know of it, no more."""
    staff = get_user_model().objects.filter(school=school_id, is_active=True)
    return named_in(texts, staff.exclude(conflicts__concern=not_kept_out_of) if not_kept_out_of else staff)


def named_in(texts: Iterable[str], staff: Iterable[User]) -> list[User]:
    """Of these people those whose whole name stands there. Nothing said asks for nobody."""
    said = " ".join(" ".join(texts).casefold().split())
    return [user for user in staff if user.full_name.casefold() in said] if said else []
