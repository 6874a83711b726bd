"""What a rule of the policy may know of a case: plain facts, no tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidents.policy.signals import CRIME_SIGNALS, LIBEL_SIGNALS

if TYPE_CHECKING:
    from datetime import date

FOUND = "found"
NOT_FOUND = "not_found"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class AllegationFact:
    clause: str
    finding: str
    found_on: date | None = None
    has_words: bool = False
    # What somebody saw in this message: the keys of `incidents.policy.signals`.
    signals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class InformationFact:
    due_on: date
    received_on: date | None = None
    asked_on: date | None = None
    is_account: bool = False


@dataclass(frozen=True)
class TakenFact:
    step: str
    on: date
    allegations: frozenset[int] = frozenset()
    school_days_ago: int | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What a rule may know of one subject of one case, as somebody looks at it who could decide."""

    status: str = "open"
    allegations: tuple[AllegationFact, ...] = ()
    information: tuple[InformationFact, ...] = ()
    cannot_wait_reason: str = ""
    is_decider_conflicted: bool = False
    has_reason: bool = False
    taken: tuple[TakenFact, ...] = ()
    subject_name: str = ""
    # Whether somebody else, without a conflict, could approve what this decider proposes.
    has_approver: bool = True
    # A ban that runs, or is waited for: there is no second one beside it.
    has_current_ban: bool = False

    @property
    def found(self) -> tuple[AllegationFact, ...]:
        return tuple(allegation for allegation in self.allegations if allegation.finding == FOUND)

    @property
    def undecided(self) -> tuple[AllegationFact, ...]:
        return tuple(allegation for allegation in self.allegations if allegation.finding == UNDECIDED)

    @property
    def received(self) -> tuple[InformationFact, ...]:
        return tuple(information for information in self.information if information.received_on)

    @property
    def cannot_wait(self) -> bool:
        return bool(self.cannot_wait_reason.strip())

    @property
    def account(self) -> InformationFact | None:
        """The subject's own account: the one that was received, else the one asked for last."""
        asked = [information for information in self.information if information.is_account]
        return next((information for information in asked if information.received_on), asked[-1] if asked else None)

    @property
    def crime_signals(self) -> frozenset[str]:
        """What points to a crime, in messages that were not found to be harmless."""
        return self._signals() & CRIME_SIGNALS

    @property
    def libel_signals(self) -> frozenset[str]:
        """Marks on exact words: a lawyer is asked about words, never about a summary of them."""
        return self._signals(with_words=True) & LIBEL_SIGNALS

    def _signals(self, *, with_words: bool = False) -> frozenset[str]:
        standing = [
            each for each in self.allegations if each.finding != NOT_FOUND and (each.has_words or not with_words)
        ]
        return frozenset().union(*(each.signals for each in standing))

    def has_clause(self, key: str, *findings: str) -> bool:
        return any(each.clause == key and each.finding in findings for each in self.allegations)
