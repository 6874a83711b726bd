"""The ladder of one case: what the card on its page shows of each step, and which may be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from incidents.casework.case_facts import facts_of, known_of
from incidents.casework.steps_of import steps_of
from incidents.models import Case, Step
from incidents.policy.ladder import RUNGS, Standing, State, standing_of
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.casework.case_facts import Known
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


def ladder_rows(
    *, case: Case, user: User, steps: list[Step] | None = None, known: Known | None = None
) -> list[LadderRow]:
    """The five steps as they stand, for a case that was read through `visible_to(user)`.

    One query for the steps, and one for what else the rules ask, where these are not given; `allegations`,
    `information` and `people__person` cost one each where not prefetched.
    """
    steps = steps_of(case, user=user).steps if steps is None else steps
    rungs = [step for step in steps if step.part_of_id is None]
    taken = sorted((step for step in rungs if step.state == TAKEN), key=lambda step: (step.taken_at, step.pk))
    known = known or known_of(case, besides=user, people=case.subjects)
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
