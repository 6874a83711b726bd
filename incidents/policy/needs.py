"""What every step of the ladder needs, one row a requirement: both sides heard, and a fair decider."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from incidents.policy.facts import CaseFacts

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Requirement:
    """A row: one thing a step needs, and its three sentences (on the list, on the card, and when it is missing)."""

    key: str
    label: Callable[[CaseFacts], str]
    is_met: Callable[[CaseFacts], bool]
    detail: Callable[[CaseFacts], str]
    brief: Callable[[CaseFacts], str]
    missing: Callable[[CaseFacts], str]
    # Given while the step is taken, so it does not keep a step from being open.
    is_given_last: bool = False


@dataclass(frozen=True)
class Need:
    """A requirement looked at in one case."""

    key: str
    label: str
    is_met: bool
    sentence: str


def number(count: int) -> str:
    return WORDS[count] if count < len(WORDS) else str(count)


def written_day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""


def counted(count: int, noun: str) -> str:
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _findings(facts: CaseFacts) -> str:
    if not facts.found:
        return capital(_no_finding(facts))
    days = sorted(each.found_on for each in facts.found if each.found_on)
    if not days:
        return f"{capital(number(len(facts.found)))} found"
    last = "" if days[0] == days[-1] else "the last "
    return f"{capital(number(len(facts.found)))} found{',' if last else ''} {last}on {written_day(days[-1])}"


def _no_finding(facts: CaseFacts) -> str:
    if not facts.allegations:
        return "no allegation is recorded"
    if facts.undecided:
        count = len(facts.undecided)
        return f"no allegation is found, and {number(count)} {'is' if count == 1 else 'are'} not decided"
    return "no allegation is found"


def _gathered(facts: CaseFacts) -> str:
    if facts.received:
        total = len(facts.information)
        if total == 1:
            return "The one reply asked for is in"
        verb = "is" if len(facts.received) == 1 else "are"
        return f"{capital(number(len(facts.received)))} of {number(total)} replies {verb} in"
    if facts.cannot_wait:
        return "It is recorded why this cannot wait"
    return capital(_nothing_gathered(facts))


def _nothing_gathered(facts: CaseFacts) -> str:
    first = "nothing that was asked for has been received" if facts.information else "nobody was asked for information"
    return f"{first}, and nothing says why it cannot wait"


def _account(facts: CaseFacts) -> str:
    account = facts.account
    if account is None:
        return "Not asked for"
    asked = f"Asked {written_day(account.asked_on)}" if account.asked_on else "Asked"
    if account.received_on:
        return f"{asked}, received {written_day(account.received_on)}"
    return f"{asked}, with a reply by {written_day(account.due_on)}. Not received"


def _account_brief(facts: CaseFacts) -> str:
    account = facts.account
    if account is not None and account.received_on is None:
        return f"Their account asked for, with a reply by {written_day(account.due_on)}, and not received."
    return "Their account asked for and received."


NEEDS = (
    Requirement(
        key="finding",
        label=lambda facts: "At least one allegation with a finding of Found",
        is_met=lambda facts: bool(facts.found),
        detail=_findings,
        brief=lambda facts: f"{capital(counted(len(facts.found), 'allegation'))} found.",
        missing=_no_finding,
    ),
    Requirement(
        key="information",
        label=lambda facts: "Information gathered",
        is_met=lambda facts: bool(facts.received or facts.cannot_wait),
        detail=_gathered,
        brief=lambda facts: "Information gathered." if facts.received else "It is recorded why this cannot wait.",
        missing=_nothing_gathered,
    ),
    Requirement(
        key="account",
        label=lambda facts: f"{facts.subject_name}’s account asked for" if facts.subject_name else "Account asked for",
        is_met=lambda facts: facts.account is not None,
        detail=_account,
        brief=_account_brief,
        missing=lambda facts: "their account has not been asked for",
    ),
    Requirement(
        key="no_conflict",
        label=lambda facts: "Decided by someone with no conflict",
        is_met=lambda facts: not facts.is_decider_conflicted,
        detail=lambda facts: (
            "A conflict of interest is recorded for you. Someone else must decide"
            if facts.is_decider_conflicted
            else "None is recorded for you. You say so yourself when you decide"
        ),
        brief=lambda facts: "",
        missing=lambda facts: "you have a conflict of interest, so someone else must decide",
    ),
    Requirement(
        key="reason",
        label=lambda facts: "A written reason",
        is_met=lambda facts: facts.has_reason,
        detail=lambda facts: "Given" if facts.has_reason else "Give it when you decide",
        brief=lambda facts: "" if facts.has_reason else "It still needs your written reason.",
        missing=lambda facts: "there is no written reason",
        is_given_last=True,
    ),
)


ACCOUNT_OR_URGENCY = replace(
    next(need for need in NEEDS if need.key == "account"),
    label=lambda facts: (
        f"{facts.subject_name}’s account asked for, or why it cannot wait"
        if facts.subject_name
        else "Account asked for, or why it cannot wait"
    ),
    is_met=lambda facts: facts.account is not None or facts.cannot_wait,
    detail=lambda facts: _account(facts) if facts.account else _urgency(facts),
    brief=lambda facts: _account_brief(facts) if facts.account else "",
    missing=lambda facts: "their account has not been asked for, and nothing says why it cannot wait",
)


def _urgency(facts: CaseFacts) -> str:
    return "Not asked for. It is recorded why this cannot wait" if facts.cannot_wait else "Not asked for"


def missing_from(facts: CaseFacts, needs: tuple[Requirement, ...] = NEEDS) -> str:
    """What keeps a step from being taken, as one or more sentences; empty when nothing does."""
    said = [need.missing(facts) for need in needs if not need.is_given_last and not need.is_met(facts)]
    return " ".join(f"{capital(each) if place else each}." for place, each in enumerate(said))
