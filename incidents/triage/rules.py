"""Which outcome a concern may have, in plain functions and the sentences that say why not."""

from __future__ import annotations

from incidents.models import Concern

REASON_NEEDED = "Write your reason, in a sentence or more"
SUMMARY_NEEDED = "Say what the case is about, in a few neutral words"
CASE_NEEDED = "Choose the case to add this to"

HANDED_TO_NEEDED = "Say who deals with the complaint from now on, such as the Head of School"
SCHOOL_NEEDED = "Say which school it is for"
DUPLICATE_NEEDED = "Enter the reference of the concern that it repeats"
CRITICISM_STAYS_OUT = (
    "Choose “Complaints procedure” or “Nothing further” for criticism alone: it cannot open a case or join one"
)
NOT_A_COMPLAINT = "Misconduct is not a complaint. Choose “Criticism” or “Some of each”, or another outcome"
CANNOT_TELL_YET = "Decide whether it is criticism or misconduct before it opens a case or joins one"

_MISCONDUCT = (Concern.Kind.MISCONDUCT, Concern.Kind.BOTH)
_ABOUT_A_CASE = (Concern.Outcome.OPEN_CASE, Concern.Outcome.ADD_TO_CASE)


def why_not(outcome: str, kind: str) -> str:
    """The sentence that says why this outcome is not open to this kind of concern; empty when it is."""
    if outcome == Concern.Outcome.COMPLAINT and kind == Concern.Kind.MISCONDUCT:
        return NOT_A_COMPLAINT
    if outcome not in _ABOUT_A_CASE or kind in _MISCONDUCT:
        return ""
    return CRITICISM_STAYS_OUT if kind == Concern.Kind.CRITICISM else CANNOT_TELL_YET
