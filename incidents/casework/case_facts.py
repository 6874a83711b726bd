"""What the policy’s rules may know of a case, as plain facts: of all of it, and of one subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.utils import timezone

from dkh_conduct.accounts.models import User
from dkh_conduct.school.models import today
from incidents.models import Case, Signal, SiteBan, Step
from incidents.models.case import is_passed_on
from incidents.policy.facts import AllegationFact, CaseFacts, InformationFact, TakenFact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.models import Person


def facts_of(
    case: Case,
    *,
    decider: User,
    subject: Person | None = None,
    reason: str = "",
    has_no_conflict: bool | None = None,
    steps: Iterable[Step] | None = None,
    has_approver: bool | None = None,
    calendar: SchoolCalendar | None = None,
    has_current_ban: bool | None = None,
    signals: dict[int, frozenset[str]] | None = None,
) -> CaseFacts:
    """What the rules may know of the case, and of one subject of it where `subject` is given.

    Reads `allegations`, `information`, `people` and the steps taken; those that were prefetched cost no query.
    With a `calendar` it also counts the school days since each step, and reads which findings it was about.
    """
    is_alone = len(case.subjects) < 2
    if has_no_conflict is None:
        has_no_conflict = not case.conflicts.filter(user=decider).exists()
    if subject is None:
        has_current_ban = False
    if has_approver is None or has_current_ban is None:
        known = known_of(
            case,
            besides=decider if has_approver is None else None,
            people=[subject] if subject is not None and has_current_ban is None else [],
        )
        signals = known.signals if signals is None else signals
        has_approver = known.has_approver if has_approver is None else has_approver
        has_current_ban = bool(known.banned) if has_current_ban is None else has_current_ban
    elif signals is None:
        signals = signals_of(case)
    taken = case.steps.taken().rungs().prefetch_related("allegations") if steps is None else steps
    return CaseFacts(
        status=case.status,
        allegations=tuple(
            AllegationFact(
                row.clause,
                row.finding,
                timezone.localtime(row.found_at).date() if row.found_at else None,
                has_words=bool(row.words),
                signals=signals.get(row.pk, frozenset()),
            )
            for row in case.allegations.all()
            if subject is None or row.subject_id == subject.pk
        ),
        information=tuple(
            InformationFact(
                due_on=row.due_on,
                received_on=row.received_on,
                asked_on=row.asked_on,
                is_account=row.is_subject_account
                and (subject is None or row.person_id == subject.pk or (row.person_id is None and is_alone)),
            )
            for row in case.information.all()
        ),
        cannot_wait_reason=case.cannot_wait_reason,
        is_decider_conflicted=not has_no_conflict,
        has_reason=bool(reason.strip()),
        taken=tuple(
            _taken_fact(row, calendar)
            for row in taken
            if row.taken_at and (subject is None or row.subject_id == subject.pk)
        ),
        subject_name=subject.salutation if subject else "",
        has_approver=has_approver,
        has_current_ban=has_current_ban,
    )


def _taken_fact(step: Step, calendar: SchoolCalendar | None) -> TakenFact:
    on = timezone.localdate(step.taken_at)
    if calendar is None:
        return TakenFact(step.kind, on)
    about = frozenset(each.pk for each in step.allegations.all())
    # Past the end of the calendar nothing is counted, so a step is never called recent by mistake.
    ago = calendar.school_days_between(on, today()) if calendar.terms and today() <= calendar.last_day else None
    return TakenFact(step.kind, on, about, ago)


@dataclass(frozen=True)
class Known:
    """What the rules ask besides the case's own rows: signals by allegation, who is banned, whether one may approve."""

    signals: dict[int, frozenset[str]]
    banned: frozenset[int]
    has_approver: bool


def known_of(case: Case, *, people: Sequence[Person], besides: User | None) -> Known:
    """All of it in one query: which of the people are banned now and, with `besides`, whether anybody could approve."""
    first, *others = known_rows(case, people=people, besides=besides)
    return known_from(first.union(*others, all=True))


def known_rows(
    case: Case, *, people: Sequence[Person], besides: User | None, more: Mapping[str, Any] | None = None
) -> list[QuerySet[Any, Any]]:
    """What `known_from` reads: a key, a kind and what the row says, with `more` columns for a union with other rows."""
    said = [("signal", rows) for rows in _seen_in(case)]
    if people:
        bans = SiteBan.objects.current().filter(person__in=people).order_by()
        said.append(("ban", bans.values_list("person_id", word(""))))
    if besides is not None:
        said.append(("approver", approvers_of(case, besides=besides).order_by().values_list("pk", word(""))))
    return [rows.annotate(what=word(what), **(more or {})) for what, rows in said]


def known_from(rows: Iterable[Sequence[Any]]) -> Known:
    signals: dict[int, set[str]] = {}
    found: dict[str, set[int]] = {"ban": set(), "approver": set()}
    for pk, kind, what, *_ in rows:
        if what == "signal":
            signals.setdefault(pk, set()).add(kind)
        else:
            found[what].add(pk)
    seen = {allegation: frozenset(kinds) for allegation, kinds in signals.items()}
    return Known(seen, frozenset(found["ban"]), bool(found["approver"]))


def word(what: str) -> Value:
    return Value(what, output_field=CharField())


def signals_of(case: Case) -> dict[int, frozenset[str]]:
    """What was seen in each message, by the allegation that quotes it."""
    return known_of(case, people=(), besides=None).signals


def _seen_in(case: Case) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """Of allegations, and of the chat's messages they quote: each the allegation's key, and the kind of signal."""
    standing = Signal.objects.standing().order_by()
    recorded = standing.filter(allegation__case=case).values_list("allegation", "kind")
    return recorded, standing.filter(line__allegations__case=case).values_list("line__allegations", "kind")


def approvers_of(case: Case, *, besides: User) -> QuerySet[User]:
    """Who may approve what `besides` proposes: allowed to, active, at this school, and without a conflict."""
    allowed = User.objects.filter(school_id=case.school_id, is_active=True).exclude(pk=besides.pk)
    allowed = allowed.filter(groups__permissions__codename="approve_step").exclude(conflicts__case=case)
    # The chair sees a case only where every Executive Head has a conflict with it, or where they lead it.
    sees_all = Exists(Permission.objects.filter(codename="view_every_case", group__user=OuterRef("pk")))
    is_passed_on_to = Exists(Case.objects.filter(Q(lead=OuterRef("pk")) | is_passed_on("case"), pk=case.pk))
    return allowed.filter(sees_all | is_passed_on_to).distinct().order_by("full_name")
