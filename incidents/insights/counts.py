"""The dashboard's numbers: one query for each kind of thing, always through `visible_to`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from incidents.insights.term import monday_of
from incidents.models import Case, Concern, ConcernClause, InformationRequest, Step
from incidents.policy.wording import POLICY
from letters.models import Letter

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

WEEKS = 8


@dataclass(frozen=True)
class Week:
    """Concerns sent in the week of a Monday; `rest` is how many more the busiest of the weeks had."""

    monday: date
    number: int
    rest: int
    is_now: bool


@dataclass(frozen=True)
class ClauseBar:
    """How many concerns chose a clause, by its short words."""

    short: str
    number: int


@dataclass(frozen=True)
class ConcernCounts:
    unread: int
    late: int
    today: int
    weeks: list[Week]
    received: int
    read: int
    read_in_time: int
    overdue: int
    nothing_further: int

    @property
    def busiest(self) -> int:
        """The height of the chart: never less than one, so that empty weeks are drawn too."""
        return self.weeks[0].number + self.weeks[0].rest

    @property
    def were_due(self) -> int:
        """Of this term: those read, and those that should have been by now."""
        return self.read + self.overdue

    @property
    def in_time_percent(self) -> int:
        return self.read_in_time * 100 // self.were_due if self.were_due else 0


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def concern_counts(user: User, *, today: date, since: date) -> ConcernCounts:
    """What waits now, the last weeks, and how this term's reading has gone since `since`."""
    mondays = [monday_of(today) - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    bounds = [_midnight(monday) for monday in [*mondays, mondays[-1] + timedelta(weeks=1)]]
    of_term = Q(received_at__gte=_midnight(since))
    is_read = of_term & ~Q(outcome="")
    weekly = {
        f"week_{number}": Count("pk", filter=Q(received_at__gte=bounds[number], received_at__lt=bounds[number + 1]))
        for number in range(WEEKS)
    }
    counted = (
        Concern.objects.visible_to(user)
        .filter(Q(outcome="") | Q(received_at__gte=min(bounds[0], _midnight(since))))
        .aggregate(
            unread=Count("pk", filter=Q(outcome="")),
            late=Count("pk", filter=Q(outcome="", due_on__lt=today)),
            today=Count("pk", filter=Q(outcome="", due_on=today)),
            received=Count("pk", filter=of_term),
            read=Count("pk", filter=is_read),
            read_in_time=Count("pk", filter=is_read & Q(outcome_at__date__lte=F("due_on"))),
            overdue=Count("pk", filter=of_term & Q(outcome="", due_on__lt=today)),
            nothing_further=Count("pk", filter=of_term & Q(outcome=Concern.Outcome.NOTHING_FURTHER)),
            **weekly,
        )
    )
    numbers = [counted.pop(name) for name in weekly]
    busiest = max(1, *numbers)
    weeks = [
        Week(monday, number, busiest - number, monday == mondays[-1])
        for monday, number in zip(mondays, numbers, strict=True)
    ]
    return ConcernCounts(**counted, weeks=weeks)


def clause_counts(user: User, *, since: date) -> list[ClauseBar]:
    """What reporters chose since then: every clause, most chosen first, then as the policy prints them."""
    seen = Concern.objects.visible_to(user).filter(received_at__gte=_midnight(since))
    rows = ConcernClause.objects.filter(concern__in=seen).values_list("clause").annotate(number=Count("pk"))
    chosen = dict(rows.order_by())
    bars = [ClauseBar(clause.short, chosen.get(clause.key, 0)) for clause in POLICY.clauses]
    return sorted(bars, key=lambda bar: -bar.number)


@dataclass(frozen=True)
class CaseCounts:
    """`mine_due` are open cases the reader leads with something to do by the end of the week, late ones included."""

    open: int
    mine_open: int
    mine_due: int
    mine_late: int
    mine_today: int
    stepped: int
    stepped_with_account: int
    closed: int
    closed_without_step: int


def case_counts(user: User, *, today: date, since: date) -> CaseCounts:
    taken = Step.objects.taken().filter(case=OuterRef("pk"), taken_at__gte=_midnight(since)).order_by("taken_at")
    asked = InformationRequest.objects.filter(
        case=OuterRef("pk"), is_subject_account=True, asked_on__lte=OuterRef("first_step_on")
    )
    is_open = ~Q(status=Case.Status.CLOSED)
    mine = is_open & Q(lead=user)
    closed = Q(status=Case.Status.CLOSED, closed_at__gte=_midnight(since))
    counted = (
        Case.objects.visible_to(user)
        .annotate(
            first_step_on=Subquery(taken.values(on=TruncDate("taken_at"))[:1]),
            is_stepped=Exists(Step.objects.taken().filter(case=OuterRef("pk"))),
        )
        .annotate(is_account_asked=Exists(asked))
        .aggregate(
            open=Count("pk", filter=is_open),
            mine_open=Count("pk", filter=mine),
            mine_due=Count("pk", filter=mine & Q(next_on__lte=week_end(today))),
            mine_late=Count("pk", filter=mine & Q(next_on__lt=today)),
            mine_today=Count("pk", filter=mine & Q(next_on=today)),
            stepped=Count("pk", filter=Q(first_step_on__isnull=False)),
            stepped_with_account=Count("pk", filter=Q(first_step_on__isnull=False, is_account_asked=True)),
            closed=Count("pk", filter=closed),
            closed_without_step=Count("pk", filter=closed & Q(is_stepped=False)),
        )
    )
    return CaseCounts(**counted)


@dataclass(frozen=True)
class LetterCounts:
    to_print: int
    to_post: int
    failed: int
    unopened: int

    @property
    def waiting(self) -> int:
        return self.to_print + self.to_post


def letter_counts(user: User) -> LetterCounts:
    counted = Letter.objects.visible_to(user).aggregate(
        to_print=Count("pk", filter=Q(state=Letter.State.READY)),
        to_post=Count("pk", filter=Q(state=Letter.State.PRINTED)),
        failed=Count("pk", filter=Q(state=Letter.State.FAILED)),
        unopened=Count("pk", filter=Q(pk__in=Letter.objects.unopened().values("pk"))),
    )
    return LetterCounts(**counted)


def week_end(today: date) -> date:
    return monday_of(today) + timedelta(days=6)
