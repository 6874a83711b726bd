"""Merging a case into another: everything that goes on moves, the merged case stays to be read, with links both ways.

What was done stays told: the story of the merged case is part of the other's from then on. Steps keep their letters,
which keep their references. Whoever may not know of one of the two may know of neither afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from incidents.casework.case_lock import Refused
from incidents.casework.tasks import both_locked
from incidents.models import Case, CaseLink, Event, Step
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_case

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from dkh_conduct.accounts.models import User

BEGUN = (Step.State.DRAFT, Step.State.PROPOSED)


@transaction.atomic
def merge_cases(*, case: Case, into: Case, by: User, reason: str, seen: str | None = None) -> Case:
    """`case` goes into `into`, and is closed. Raises Refused, also where what moves is not what `by` has `seen`."""
    held = {each.pk: each for each in both_locked(case, into, by=by)}
    case, into = held[case.pk], held[into.pk]
    if reasons := why_not_merged(case, into):
        raise Refused(" ".join(reasons))
    if not reason.strip():
        raise Refused("Write why they are one case.")
    what = what_moves(case, user=by)
    if seen is not None and seen != said_in(what):
        raise Refused("Something changed after you looked. Look again at what moves.")
    _share_conflicts(case, into, by=by)
    _move(case, into, by=by)
    case.status, case.closed_at, case.merged_into = Case.Status.CLOSED, timezone.now(), into
    case.closed_reason = f"Merged into {into.reference}. {reason}"
    case.next_action, case.next_on, case.cannot_wait_reason = "", None, ""
    case.save()
    summary = f"{said_in(what)}." if what else "Nothing was in it."
    record(
        Event.Kind.CASE_MERGED,
        school=into.school,
        by=by,
        case=into,
        why=reason,
        merged=case.reference,
        summary=summary,
    )
    record(Event.Kind.CASE_CLOSED, school=case.school, by=by, case=case, why=case.closed_reason)
    return into


def why_not_merged(case: Case, into: Case) -> list[str]:
    """What has to be done first, a sentence each."""
    reasons = [
        f"A step is drafted or waits for approval in {each.reference}. Take it, or discard the draft."
        for each in (case, into)
        if each.steps.filter(state__in=BEGUN).exists()
    ]
    reasons += [
        f"Safeguarding comes first in {each.reference}. Say that it is done."
        for each in (case, into)
        if each.status == Case.Status.PAUSED
    ]
    reasons += [
        f"{each.reference} is shown to the Trust’s legal team, who would then read both. End that first."
        for each in (case, into)
        if each.referrals.standing().exists()
    ]
    if case.lead_id != into.lead_id and case.steps.filter(kind="legal").exists():
        reasons.append("Legal advice is read by whoever leads the case. Give both cases the same lead first.")
    if case.conflicts.filter(user=into.lead_id).exists():
        reasons.append(f"{into.lead.full_name}, who leads {into.reference}, may not know of {case.reference}.")
    return reasons


def what_moves(case: Case, *, user: User) -> list[tuple[str, int]]:
    """Words for each kind of thing, and how many of it `user` may know of."""
    counts = (
        ("person", "people", case.people.count()),
        ("allegation", "allegations", case.allegations.count()),
        ("concern", "concerns", case.concerns.exclude(conflicts__user=user).count()),
        ("request for information", "requests for information", case.information.count()),
        ("note", "notes", case.notes.count()),
        ("task", "tasks", case.tasks.count()),
        ("step with its letter", "steps with their letters", case.steps.count()),
    )
    return [(one if number == 1 else many, number) for one, many, number in counts if number]


def said_in(what: Iterable[tuple[str, int]]) -> str:
    """`2 people, 1 allegation`: for the story, and to see whether it is still so."""
    return ", ".join(f"{number} {words}" for words, number in what)


def _share_conflicts(case: Case, into: Case, *, by: User) -> None:
    """Each of the two leads to the other from now on, and its content is the other's."""
    for one, other in ((case, into), (into, case)):
        for conflict in one.conflicts.select_related("user"):
            keep_out_of_case(conflict.user, case=other, kind=conflict.kind, reason=conflict.reason, by=by)


def _move(case: Case, into: Case, *, by: User) -> None:
    there = set(into.people.values_list("person", "role"))
    for link in case.people.all():
        if (link.person_id, link.role) in there:
            link.delete()
        else:
            put(link, into)
    case.flag_exceptions.filter(flag__in=into.flag_exceptions.values("flag")).delete()  # leave given in both
    for name in ("allegations", "concerns", "information", "notes", "tasks", "steps", "flag_exceptions"):
        rows: Any = getattr(case, name)
        for row in rows.all():
            put(row, into)
    if case.cannot_wait_reason and not into.cannot_wait_reason:
        into.cannot_wait_reason = case.cannot_wait_reason
        into.save(update_fields=["cannot_wait_reason"])
    Case.objects.filter(merged_into=case).update(merged_into=into)
    _move_links(case, into, by=by)
    # Letters that came along are kept from whoever may not know of the case they are in now.
    for conflict in into.conflicts.select_related("user"):
        keep_out_of_case(conflict.user, case=into, kind=conflict.kind, reason=conflict.reason, by=None)


def put(row: Any, into: Case) -> None:
    """One row of a case, from now on in another; what keeps its history keeps this too."""
    row.case = into
    row.save(update_fields=["case"])


def _move_links(case: Case, into: Case, *, by: User) -> None:
    """The merged case keeps one link: to the case that it went into."""
    for link in CaseLink.objects.filter(Q(case=case) | Q(other=case)):
        far = link.other_id if link.case_id == case.pk else link.case_id
        if far != into.pk:
            low, high = sorted((far, into.pk))
            about = {"reason": link.reason, "made_by_id": link.made_by_id, "made_at": link.made_at}
            CaseLink.objects.get_or_create(case_id=low, other_id=high, defaults=about)
        link.delete()
    low, high = sorted((case.pk, into.pk))
    reason = f"{case.reference} was merged into {into.reference}"
    CaseLink.objects.create(case_id=low, other_id=high, reason=reason, made_by=by)
