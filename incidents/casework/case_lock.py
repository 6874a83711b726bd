"""Take hold of a case before it is changed; refuse, in a sentence, what may not be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from dkh_conduct.school.templatetags.dates import clock, day
from incidents.models import Case, Event

if TYPE_CHECKING:
    from datetime import datetime

    from dkh_conduct.accounts.models import User


class Refused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """A verb says no. The message is the sentence that is shown beside the form."""


class ChangedMeanwhile(Refused):
    """Somebody else saved the same draft. `version` is theirs: saving again with it is a decision, not a mistake."""

    def __init__(self, *, who: User | None, at: datetime, version: int) -> None:
        self.version = version
        name, when = who_and_when(who, at)
        super().__init__(
            f"{name} saved this {when}, after you opened it. Nothing of yours was saved. Look at theirs in another "
            "tab, then save again if yours is to take its place."
        )


def lock_case(case: Case, *, by: User) -> Case:
    """The case, held until the transaction ends, as it is now. Everything on a case is changed under this one lock.

    Raises Refused where it is closed, or where `by` has meanwhile stepped aside.
    """
    if not by.has_perm("incidents.run_case"):
        raise PermissionDenied
    held = (
        Case.objects.visible_to(by).select_related("school").select_for_update(of=("self",)).filter(pk=case.pk).first()
    )
    # Asked again once the lock is held: whoever held it before may have been `by`, stepping aside in another window.
    if held is None or held.conflicts.filter(user=by).exists():
        raise Refused("You can no longer see this case, so nothing was changed.")
    if held.status == Case.Status.CLOSED:
        raise Refused(closed_sentence(held))
    return held


def closed_sentence(case: Case) -> str:
    last = last_of(case, Event.Kind.CASE_CLOSED)
    if last:
        return f"{last[0]} closed case {case.reference} {last[1]}. A closed case cannot be changed."
    when = f" on {day(case.closed_at)}" if case.closed_at else ""
    return f"Case {case.reference} was closed{when}. A closed case cannot be changed."


def last_of(case: Case, kind: Event.Kind) -> tuple[str, str] | None:
    """Who did this last, and when: for the sentence the slower of two people reads."""
    last = case.events.filter(kind=kind).select_related("by").newest_first().first()
    return who_and_when(last.by, last.at) if last else None


def who_and_when(who: User | None, at: datetime) -> tuple[str, str]:
    """`("Ruth Adeyemi", "on 3 December 2026 at 8:51am")`, for the sentence the slower of two people reads."""
    return (who.full_name if who else "Somebody else"), f"on {day(at)} at {clock(at)}"
