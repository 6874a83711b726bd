"""What must be explained in writing before a step: one left out, one taken a short while ago, the same conduct again.

None of it is forbidden, because the policy's steps are not a staircase. The reason stays on the step and prints in
the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidents.policy.needs import counted, written_day
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from collections.abc import Collection

    from incidents.policy.facts import CaseFacts, TakenFact

# Time for a person to show that a step was enough. The school's choice, and no law.
SOON_SCHOOL_DAYS = 10

# The gentler ways of the policy that anybody can be met with. The police and the lawyers are no gentler steps of a
# ban: they are for other things.
LOWER: dict[str, tuple[str, ...]] = {
    "warning": (),
    "meeting": ("warning",),
    "authorities": ("warning", "meeting"),
    "legal": ("warning", "meeting"),
    "ban": ("warning", "meeting"),
}


@dataclass(frozen=True)
class Explanation:
    """One reason that is asked for: the question beside the box, and what it is about."""

    key: str
    question: str
    about: str


def explanations_for(step: str, facts: CaseFacts, chosen: Collection[int] = ()) -> tuple[Explanation, ...]:
    """What must be explained before `step` is taken about the findings `chosen`; empty where nothing must be."""
    return tuple(filter(None, (_left_out(step, facts), _soon(facts), _again(facts, chosen))))


def _left_out(step: str, facts: CaseFacts) -> Explanation | None:
    taken = {each.step for each in facts.taken}
    left_out = [POLICY.step(key).short.lower() for key in LOWER[step] if key not in taken]
    if not left_out:
        return None
    return Explanation(
        "left_out",
        "Why was a lower step left out?",
        f"No {' and no '.join(left_out)} was taken about this person. Say why it would not do here.",
    )


def _soon(facts: CaseFacts) -> Explanation | None:
    counting = [each for each in facts.taken if each.school_days_ago is not None]
    last = min(counting, key=lambda each: each.school_days_ago or 0, default=None)
    if last is None or last.school_days_ago is None or last.school_days_ago > SOON_SCHOOL_DAYS:
        return None
    return Explanation(
        "soon",
        "Why so soon after the last step?",
        f"{_named(last)} was taken on {written_day(last.on)}, {_ago(last.school_days_ago)}. "
        f"Steps less than {SOON_SCHOOL_DAYS} school days apart need a reason.",
    )


def _again(facts: CaseFacts, chosen: Collection[int]) -> Explanation | None:
    same = [each for each in facts.taken if each.allegations & set(chosen)]
    if not same:
        return None
    last = max(same, key=lambda each: each.on)
    return Explanation(
        "again",
        "Why a second step for the same conduct?",
        f"{_named(last)} of {written_day(last.on)} was about the same finding.",
    )


def _named(taken: TakenFact) -> str:
    return POLICY.step(taken.step).short


def _ago(school_days: int) -> str:
    return "today" if school_days <= 0 else f"{counted(school_days, 'school day')} ago"
