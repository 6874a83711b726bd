"""The policy's ladder as rows, and pure rules over plain facts: is a step open, and if not, the sentence why.

It is not a staircase: no rung looks at another one, nothing is numbered, ranked or recommended. What every step
needs comes from the school's promise to hear both sides; what a step needs beyond that, from the policy's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from incidents.policy.facts import FOUND, UNDECIDED, CaseFacts
from incidents.policy.needs import ACCOUNT_OR_URGENCY, NEEDS, Need, Requirement, counted, missing_from, written_day
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable

ANOTHER_PERSON = "Another person must approve it."
CLOSED = {"closed": "the case is closed.", "paused": "the case is paused for safeguarding."}


class State(StrEnum):
    """How a rung stands. Blocked: something is missing. Shut: the policy does not allow it in this case."""

    TAKEN = "taken"
    OPEN = "open"
    BLOCKED = "blocked"
    SHUT = "shut"


@dataclass(frozen=True)
class Standing:
    state: State
    sentence: str
    may_be_taken: bool = False
    # Why a step that was taken cannot be taken again.
    not_again: str = ""

    @property
    def lead(self) -> str:
        """The words before the sentence: the state is never told by colour alone."""
        return {State.BLOCKED: "Not yet:", State.SHUT: "Not open:"}.get(self.state, "")


@dataclass(frozen=True)
class Rung:
    """A row: one step of the policy, what it needs, and what keeps it from being open in a case."""

    key: str
    why_not: Callable[[CaseFacts, str], Standing | None]
    needs: tuple[Requirement, ...] = NEEDS
    ends_with: str = ""


def _meeting_or_warning(facts: CaseFacts, missing: str) -> Standing | None:
    return Standing(State.BLOCKED, missing) if missing else None


def _authorities(facts: CaseFacts, missing: str) -> Standing | None:
    if not facts.crime_signals:
        return Standing(
            State.SHUT,
            "no message here is recorded as suspected criminal conduct. In an emergency call 999. "
            "You do not need this page.",
        )
    return _two_people(facts, missing)


def _legal(facts: CaseFacts, missing: str) -> Standing | None:
    if facts.libel_signals:
        return Standing(State.BLOCKED, missing) if missing else None
    if facts.has_clause("defamatory", FOUND, UNDECIDED):
        short = POLICY.clause("defamatory").short
        return Standing(
            State.BLOCKED,
            f"“{short}” is alleged, but no exact words are marked as ones that may be libellous or slanderous.",
        )
    return Standing(State.SHUT, "no allegation is marked as one that may be libellous or slanderous.")


def _ban(facts: CaseFacts, missing: str) -> Standing | None:
    if facts.has_current_ban:
        return Standing(
            State.BLOCKED, "there is a site ban already, or one is being considered. Decide about that one."
        )
    return _two_people(facts, missing)


def _two_people(facts: CaseFacts, missing: str) -> Standing | None:
    if missing:
        return Standing(State.BLOCKED, missing)
    if not facts.has_approver:
        return Standing(
            State.BLOCKED, "nobody else who may approve it is free of a conflict. Ask the Trust to name someone."
        )
    return None


URGENT_NEEDS = tuple(ACCOUNT_OR_URGENCY if need.key == "account" else need for need in NEEDS)

RUNGS = (
    Rung("warning", _meeting_or_warning),
    Rung("meeting", _meeting_or_warning),
    # Asking a suspect first can put somebody in danger: why it could not wait is then written down instead.
    Rung("authorities", _authorities, needs=URGENT_NEEDS, ends_with=ANOTHER_PERSON),
    Rung("legal", _legal),
    # The letter itself asks for their side, before anything is decided or as soon as it is.
    Rung("ban", _ban, needs=URGENT_NEEDS, ends_with=f"It still needs the risk on the school site. {ANOTHER_PERSON}"),
)


def rung_of(step: str) -> Rung:
    return next(rung for rung in RUNGS if rung.key == step)


def needs_of(step: str, facts: CaseFacts) -> tuple[Need, ...]:
    """What the step needs, each with whether it is there and a few words about it."""
    return tuple(
        Need(need.key, need.label(facts), need.is_met(facts), need.detail(facts)) for need in rung_of(step).needs
    )


def standing_of(step: str, facts: CaseFacts) -> Standing:
    """Whether the step can be taken in this case, and the sentence why or why not."""
    rung = rung_of(step)
    if facts.status in CLOSED:
        why_not: Standing | None = Standing(State.SHUT, CLOSED[facts.status])
    else:
        why_not = rung.why_not(facts, missing_from(facts, rung.needs))
    may_be_taken = why_not is None
    days = sorted(taken.on for taken in facts.taken if taken.step == step)
    if days:
        times = "" if len(days) == 1 else f" {counted(len(days), 'time')}, the last"
        return Standing(
            State.TAKEN, f"Taken{times} on {written_day(days[-1])}.", may_be_taken, why_not.sentence if why_not else ""
        )
    if why_not is not None:
        return why_not
    brief = " ".join(filter(None, (*(need.brief(facts) for need in rung.needs), rung.ends_with)))
    return Standing(State.OPEN, brief, may_be_taken)
