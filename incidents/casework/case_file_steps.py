"""One decision as the file of a case tells it: the reason, what had to be explained, and each second opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dkh_conduct.school.templatetags.dates import clock, day
from incidents.casework.proposal_rows import rows_of
from incidents.models import AuthorityReferral, Meeting, Step
from letters.dossier import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from dkh_conduct.accounts.models import User
    from incidents.models import Allegation

# Told in other words below, or in the heading.
NOT_AGAIN = {"What", "Found"}


def block_of(step: Step, *, allegations: dict[int, int]) -> Block:
    return Block(
        f"{step.title}, about {step.subject.full_name}: {step.get_state_display().lower()}",
        tuple(_rows(step, allegations)),
    )


def _rows(step: Step, allegations: dict[int, int]) -> Iterator[tuple[str, str]]:
    yield "The policy", f"“{step.text}”"
    yield "Relies on", relied_on(step.allegations.all(), allegations)
    yield "Proposed", by_and_when(step.proposed_by, step.proposed_at)
    if not step.proposed_by:  # else the second person’s own words say it below
        yield "Decided", by_and_when(step.taken_by, step.taken_at)
    for row in rows_of(step):
        if row.key not in NOT_AGAIN:
            yield row.key, "\n".join(row.lines)
    for approval in step.approvals.all():
        proposed = f"Proposed by {by_and_when(approval.proposed_by, approval.proposed_at)}"
        decided = by_and_when(approval.decided_by, approval.decided_at)
        yield approval.get_decision_display(), f"{approval.reason}\n{decided}\n{proposed}"
    yield "Letter", _letter(step)
    yield from _meeting(step)
    yield from _authority(step)
    if step.rescinded_at:
        yield "Rescinded", f"{step.rescinded_reason}\n{by_and_when(step.rescinded_by, step.rescinded_at)}"


def _letter(step: Step) -> str:
    if step.letter is None:
        return ""
    by = day(step.letter.reply_counts_until)
    return f"{step.letter.reference}, {step.letter.get_state_display().lower()}" + (f". Reply by {by}" if by else "")


def _meeting(step: Step) -> Iterator[tuple[str, str]]:
    meeting = Meeting.objects.select_related("chosen", "recorded_by").filter(step=step).first()
    if meeting is None or step.kind != "meeting":
        return
    yield "The meeting", f"{meeting.get_state_display()}" + (f": {meeting.chosen}" if meeting.chosen else "")
    yield "Companion", meeting.companion
    yield "They said", meeting.they_said
    yield "We said", meeting.we_said
    yield "Agreed", meeting.agreed
    yield "Not agreed", meeting.not_agreed
    yield "Notes written by", by_and_when(meeting.recorded_by, meeting.recorded_at)
    yield "Their corrections", meeting.notes_corrections
    yield "Notes agreed", day(meeting.notes_agreed_on)


def _authority(step: Step) -> Iterator[tuple[str, str]]:
    sent = AuthorityReferral.objects.filter(step=step).first() if step.kind == "authorities" else None
    if sent is None or sent.sent_on is None:
        return
    yield "Sent", f"{day(sent.sent_on)}, {sent.get_sent_how_display().lower()}\n{sent.what_was_sent}"
    yield "Their reference", sent.their_reference
    yield "Their answer", f"{sent.outcome}\n{day(sent.outcome_on)}" if sent.outcome_on else ""


def at(moment: datetime | None) -> str:
    """The same on every day it is read: never “Today”."""
    return f"{day(moment)}, {clock(moment)}" if moment else ""


def by_and_when(who: User | None, when: datetime | None) -> str:
    return f"{who.full_name}, {at(when)}" if who and when else ""


def relied_on(allegations: Iterable[Allegation], numbers: dict[int, int]) -> str:
    known = sorted(numbers[each.pk] for each in allegations if each.pk in numbers)
    return ", ".join(f"Allegation {number}" for number in known)
