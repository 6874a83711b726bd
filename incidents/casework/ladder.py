"""The ladder of one case: its rows as plain facts for the policy's rules, and what the card on its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.models import User
from dkh_conduct.school.models import today
from incidents.models import Case, Signal, SiteBan, Step
from incidents.models.case import is_passed_on
from incidents.policy.facts import AllegationFact, CaseFacts, InformationFact, TakenFact
from incidents.policy.ladder import RUNGS, Standing, State, standing_of
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.models import Person

# Several subjects may stand differently: the row shows the state that lets somebody do the most.
BEST_FIRST = (State.TAKEN, State.OPEN, State.BLOCKED, State.SHUT)
# The steps that only what somebody saw in a message can open.
MARKED = ("authorities", "legal")
TAKEN = Step.State.TAKEN
BEGUN = (Step.State.DRAFT, Step.State.PROPOSED)
TAGS = {State.OPEN: "Open", State.BLOCKED: "Not yet", State.SHUT: "Not open"}


@dataclass(frozen=True)
class Line:
    """One sentence of a row; `name` says whom it is about where a case has several subjects."""

    lead: str
    sentence: str
    name: str = ""


@dataclass(frozen=True)
class LadderRow:
    """One rung as the card shows it."""

    key: str
    text: str
    short: str
    state: State
    lines: tuple[Line, ...]
    taken: tuple[Step, ...] = ()
    draft: Step | None = None
    rescinded: tuple[Step, ...] = ()
    marks_url: str = ""
    action: str = ""
    url: str = ""

    @property
    def tag(self) -> str:
        """`Taken 17 Dec`: the row says the whole date, and the tag stays on one line."""
        if self.state == State.TAKEN:
            return f"Taken {timezone.localtime(self.taken[-1].taken_at):%-d %b}"
        return TAGS[self.state]

    @property
    def tone(self) -> str:
        """The modifier of a GOV.UK tag; the words say the same."""
        return {State.TAKEN: "govuk-tag--green", State.OPEN: ""}.get(self.state, "govuk-tag--grey")

    @property
    def lead(self) -> str:
        """The policy's words before its five steps."""
        return POLICY.ladder_lead


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
        known = _known_of(
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


def _known_of(case: Case, *, people: Sequence[Person], besides: User | None) -> Known:
    """All of it in one query: which of the people are banned now and, with `besides`, whether anybody could approve."""

    def said(what: str) -> Value:
        return Value(what, output_field=CharField())

    others: list[QuerySet[Any, Any]] = []
    if people:
        bans = SiteBan.objects.current().filter(person__in=people).order_by()
        others.append(bans.values_list("person_id", said(""), said("ban")))
    if besides is not None:
        others.append(approvers_of(case, besides=besides).order_by().values_list("pk", said(""), said("approver")))
    seen, quoted = (rows.annotate(what=said("signal")) for rows in _seen_in(case))
    signals: dict[int, set[str]] = {}
    found: dict[str, set[int]] = {"ban": set(), "approver": set()}
    for pk, kind, what in seen.union(quoted, *others, all=True):
        if what == "signal":
            signals.setdefault(pk, set()).add(kind)
        else:
            found[what].add(pk)
    return Known(_frozen(signals), frozenset(found["ban"]), bool(found["approver"]))


def signals_of(case: Case) -> dict[int, frozenset[str]]:
    """What was seen in each message, by the allegation that quotes it."""
    signals: dict[int, set[str]] = {}
    recorded, quoted = _seen_in(case)
    for allegation, kind in recorded.union(quoted, all=True):
        signals.setdefault(allegation, set()).add(kind)
    return _frozen(signals)


def _seen_in(case: Case) -> tuple[QuerySet[Signal, Any], QuerySet[Signal, Any]]:
    """Of allegations, and of the chat's messages they quote: each the allegation's key, and the kind of signal."""
    standing = Signal.objects.standing().order_by()
    recorded = standing.filter(allegation__case=case).values_list("allegation", "kind")
    return recorded, standing.filter(line__allegations__case=case).values_list("line__allegations", "kind")


def _frozen(signals: dict[int, set[str]]) -> dict[int, frozenset[str]]:
    return {allegation: frozenset(kinds) for allegation, kinds in signals.items()}


def approvers_of(case: Case, *, besides: User) -> QuerySet[User]:
    """Who may approve what `besides` proposes: allowed to, active, at this school, and without a conflict."""
    allowed = User.objects.filter(school_id=case.school_id, is_active=True).exclude(pk=besides.pk)
    allowed = allowed.filter(groups__permissions__codename="approve_step").exclude(conflicts__case=case)
    # The chair sees a case only where every Executive Head has a conflict with it, or where they lead it.
    sees_all = Exists(Permission.objects.filter(codename="view_every_case", group__user=OuterRef("pk")))
    is_passed_on_to = Exists(Case.objects.filter(Q(lead=OuterRef("pk")) | is_passed_on("case"), pk=case.pk))
    return allowed.filter(sees_all | is_passed_on_to).distinct().order_by("full_name")


def ladder_rows(*, case: Case, user: User) -> list[LadderRow]:
    """The five steps as they stand, for a case that was read through `visible_to(user)`.

    One query for the steps, and one for what else the rules ask; `allegations`, `information` and `people__person`
    cost one each where not prefetched.
    """
    steps = list(case.steps.select_related("subject", "letter", "taken_by", "drafted_by", "proposed_by", "ban"))
    rungs = [step for step in steps if step.part_of_id is None]
    for step in steps:
        step.case = case
    taken = sorted((step for step in rungs if step.state == TAKEN), key=lambda step: (step.taken_at, step.pk))
    known = _known_of(case, besides=user, people=case.subjects)
    subjects: list[Person | None] = [*case.subjects] or [None]
    # Whoever sees the case has no conflict with it; the verb asks again, under the lock.
    facts = [
        (
            subject,
            facts_of(
                case,
                decider=user,
                subject=subject,
                has_no_conflict=True,
                steps=taken,
                has_approver=known.has_approver,
                has_current_ban=subject is not None and subject.pk in known.banned,
                signals=known.signals,
            ),
        )
        for subject in subjects
    ]
    may_take = user.has_perm("incidents.take_step")
    return [
        _row(
            rung.key,
            [(subject, standing_of(rung.key, each)) for subject, each in facts],
            case=case,
            taken=tuple(step for step in taken if step.kind == rung.key),
            draft=next((step for step in rungs if step.kind == rung.key and step.state in BEGUN), None),
            rescinded=tuple(step for step in rungs if step.kind == rung.key and step.state == Step.State.RESCINDED),
            may_take=may_take,
        )
        for rung in RUNGS
    ]


def _row(
    key: str,
    standings: list[tuple[Person | None, Standing]],
    *,
    case: Case,
    taken: tuple[Step, ...],
    draft: Step | None,
    rescinded: tuple[Step, ...],
    may_take: bool,
) -> LadderRow:
    step = POLICY.step(key)
    # A step taken about somebody who is no longer a subject still happened.
    state = State.TAKEN if taken else min((each.state for _, each in standings), key=BEST_FIRST.index)
    is_open = any(each.may_be_taken for _, each in standings)
    has_page = may_take and (is_open or draft is not None)
    action = ""
    if has_page and draft is not None:
        is_waiting = draft.state == Step.State.PROPOSED
        action = "Look at the proposal" if is_waiting else "Go on with the draft" if is_open else "Look at the draft"
    elif has_page:
        again = all(each.state == State.TAKEN for _, each in standings if each.may_be_taken)
        action = "Take again" if again else "Take this step"
    return LadderRow(
        key=key,
        text=step.text,
        short=step.short,
        state=state,
        lines=_lines(standings),
        taken=taken,
        draft=draft,
        rescinded=rescinded,
        marks_url=reverse("signal-list", args=[case.reference]) if key in MARKED else "",
        action=action,
        url=_url(key, case, draft) if has_page else "",
    )


def _url(key: str, case: Case, draft: Step | None) -> str:
    if draft is not None and draft.state == Step.State.PROPOSED:
        return reverse("step", args=[case.reference, draft.pk])
    return reverse(f"step-{key}", args=[case.reference])


def _lines(standings: list[tuple[Person | None, Standing]]) -> tuple[Line, ...]:
    """What is said about those the step is not taken about yet: once where it is the same for all of them."""
    said = [
        Line(each.lead, each.sentence, subject.full_name if subject and len(standings) > 1 else "")
        for subject, each in standings
        if each.state != State.TAKEN
    ]
    if len(said) == len(standings) and len({(line.lead, line.sentence) for line in said}) == 1:
        return (Line(said[0].lead, said[0].sentence),)
    return tuple(said)
