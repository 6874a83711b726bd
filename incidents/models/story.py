"""How an event reads on a page: a title and a few sentences, made from its kind and its facts when it is shown.

Facts that verbs record, all text: `case` and `concern` and `letter` (references), `person` (a name), `role`,
`clause` (its short words), `finding` and `outcome` and `step` (labels), `who` (the member of staff or the source
spoken of), `flag` (what stops letters),
`how` (it reached the school), `kept_from` (who may not know of it), `handed_to` (who deals with it
now), `original` (a concern),
`task` and `due` (what and when), `told` (who was e-mailed), `account` (the subject's name, where it is their own
account that is asked for or received), `summary`.
A title is the first whose facts are all there; a line is left out when one of its facts is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

from incidents.models.event import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

# Labels that are said in the middle of a sentence: "Step taken: warning letter".
MID_SENTENCE = ("finding", "step", "flag")
REASON = "Reason: {why}"


@dataclass(frozen=True)
class Telling:
    """The ways to say one kind of event: titles with the fullest first, then the lines under it."""

    titles: tuple[str, ...]
    lines: tuple[str, ...] = (REASON,)


TELLINGS: dict[Event.Kind, Telling] = {
    Event.Kind.CONCERN_RECEIVED: Telling(
        ("Concern {concern} received", "Concern received"),
        ("Written down by staff. {how}.", "Told at once by email: {told}.", REASON),
    ),
    Event.Kind.CONCERN_ASSIGNED: Telling(("Concern {concern} assigned to {who}", "Concern assigned to {who}")),
    Event.Kind.CONCERN_WITHDRAWN: Telling(
        ("Concern {concern} withdrawn by the reporter", "Concern withdrawn by the reporter")
    ),
    Event.Kind.MESSAGE_SENT: Telling(
        ("Message to the reporter of concern {concern}", "Message to the reporter"),
    ),
    Event.Kind.MESSAGE_RECEIVED: Telling(
        ("Message from the reporter of concern {concern}", "Message from the reporter"),
    ),
    Event.Kind.EVIDENCE_ADDED: Telling(
        ("File added to concern {concern} by the reporter", "File added by the reporter"),
    ),
    Event.Kind.EVIDENCE_REDACTED: Telling(
        ("Redacted copy of a file of concern {concern} made", "Redacted copy of a file made"),
    ),
    Event.Kind.CHAT_REST_DESTROYED: Telling(
        ("Messages of concern {concern} that do not matter destroyed", "Messages that do not matter destroyed"),
    ),
    Event.Kind.ORIGINAL_OPENED: Telling(
        ("Sealed original of a file of concern {concern} opened", "Sealed original of a file opened"),
    ),
    Event.Kind.EMAIL_SAVED: Telling(
        ("The email that concern {concern} came in was saved", "The email that it came in was saved"),
    ),
    Event.Kind.CONTACT_CHANGED: Telling(
        ("The reporter of concern {concern} changed how to reach them", "The reporter changed how to reach them"),
    ),
    Event.Kind.CODE_REISSUED: Telling(
        ("New access code given for concern {concern}", "New access code given"), ("{summary}", REASON)
    ),
    Event.Kind.CONCERN_CLOSED: Telling(
        ("Nothing further on concern {concern}", "Nothing further"), ("Read as: {outcome}.", REASON)
    ),
    Event.Kind.CONCERN_HANDED_OVER: Telling(
        ("Concern {concern}: {outcome}", "Handed over"), ("Handed to {handed_to}.", "Told by email: {told}.", REASON)
    ),
    Event.Kind.HAND_OVER_WRITTEN: Telling(
        ("Letter {letter} to the reporter, about the complaint", "Letter to the reporter, about the complaint"),
    ),
    Event.Kind.CONCERN_DUPLICATE: Telling(
        ("Concern {concern} marked as a duplicate", "Marked as a duplicate"), ("It repeats {original}.", REASON)
    ),
    Event.Kind.CONCERN_PAUSED: Telling(
        ("Concern {concern} paused: safeguarding first", "Paused: safeguarding first"),
        ("Told at once by email: {told}.", REASON),
    ),
    Event.Kind.CONCERN_RESUMED: Telling(
        ("Safeguarding done for concern {concern}: it waits to be read again", "Safeguarding done")
    ),
    Event.Kind.OUTCOME_UNDONE: Telling(
        ("Outcome of concern {concern} undone", "Outcome undone"), ("It was: {outcome}.", REASON)
    ),
    Event.Kind.CASE_OPENED: Telling(
        ("Case {case} opened", "Case opened"), ("{summary}", "From concern {concern}.", REASON)
    ),
    Event.Kind.CONCERN_ADDED: Telling(
        ("Concern {concern} added to case {case}", "Concern {concern} added to a case", "Concern added to a case")
    ),
    Event.Kind.PERSON_ADDED: Telling(("{person} added", "Person added"), ("Role on the case: {role}.", REASON)),
    Event.Kind.PERSON_CHANGED: Telling(
        ("Details of {person} changed", "Person changed"), ("Role on the case: {role}.", "{summary}", REASON)
    ),
    Event.Kind.FLAG_SET: Telling(
        ("Letters to {person} stopped: {flag}", "Letters to a person stopped"), ("{summary}",)
    ),
    Event.Kind.FLAG_LIFTED: Telling(("Flag lifted for {person}: {flag}", "Flag on a person lifted"), ("{summary}",)),
    Event.Kind.FLAG_OVERRIDDEN: Telling(
        ("Leave to write to {person} about a site ban", "Leave to write in spite of a flag"),
    ),
    Event.Kind.ALLEGATION_ADDED: Telling(
        ("Allegation about {person} added", "Allegation added"), ("“{clause}”", "{summary}", REASON)
    ),
    Event.Kind.FINDING_RECORDED: Telling(
        ("Finding about {person} recorded: {finding}", "Finding recorded: {finding}", "Finding recorded"),
        ("“{clause}”", REASON),
    ),
    Event.Kind.INFORMATION_ASKED: Telling(
        (
            "{account} asked for their account",
            "{who} asked for information",
            "{person} asked for information",
            "Information asked for",
        ),
        ("{summary}", REASON),
    ),
    Event.Kind.INFORMATION_RECOUNTED: Telling(
        ("More time for {who} to answer", "More time to answer"), ("{summary}", REASON)
    ),
    Event.Kind.INFORMATION_RECEIVED: Telling(
        (
            "Account of {account} received",
            "Information from {who} received",
            "Information from {person} received",
            "Information received",
        ),
        ("{summary}", REASON),
    ),
    Event.Kind.REPLY_RECEIVED: Telling(
        ("{person} replied to letter {letter}", "Reply to letter {letter} received", "Reply to a letter received"),
        ("{summary}", REASON),
    ),
    Event.Kind.REPLY_READ: Telling(
        ("Reply of {person} to letter {letter} read", "Reply to letter {letter} read", "Reply to a letter read"),
    ),
    Event.Kind.CANNOT_WAIT: Telling(("Recorded why it cannot wait",)),
    Event.Kind.NOTE_ADDED: Telling(("Note added",), ("{summary}", REASON)),
    Event.Kind.CASE_REFERRED: Telling(("Referred to {who}, Trust legal", "Referred to Trust legal"), (REASON,)),
    Event.Kind.REFERRAL_ENDED: Telling(("{who} no longer sees the case", "Referral to Trust legal ended")),
    Event.Kind.CONFLICT_RECORDED: Telling(("Kept from {kept_from}", "{who} stepped aside", "Someone stepped aside")),
    Event.Kind.LEAD_CHANGED: Telling(("{who} now leads the case", "Lead changed")),
    Event.Kind.STEP_DRAFTED: Telling(
        ("Step drafted: {step}", "Step drafted"), ("About {person}.", "Letter {letter}.", REASON)
    ),
    Event.Kind.STEP_DRAFT_DISCARDED: Telling(
        ("Draft discarded: {step}", "Draft discarded"), ("About {person}.", "Letter {letter}.", REASON)
    ),
    Event.Kind.STEP_PROPOSED: Telling(
        ("Step proposed: {step}", "Step proposed"), ("About {person}.", "Sent to {who}.", REASON)
    ),
    Event.Kind.STEP_SENT_BACK: Telling(
        ("Proposal sent back: {step}", "Proposal sent back"), ("About {person}.", "To {who}.", REASON)
    ),
    Event.Kind.STEP_DECLINED: Telling(
        ("Proposal not approved: {step}", "Proposal not approved"), ("About {person}.", "Proposed by {who}.", REASON)
    ),
    Event.Kind.STEP_TAKEN: Telling(
        ("Step taken: {step}", "Step taken"),
        ("About {person}.", "Letter {letter}.", "Proposed by {who}, and approved.", "{summary}", REASON),
    ),
    Event.Kind.REPRESENTATION_RECEIVED: Telling(
        ("{person} put their side on the ban", "Their side on the ban received"), ("{summary}", REASON)
    ),
    Event.Kind.BREACH_RECORDED: Telling(
        ("{person} came on site during the ban", "Coming on site recorded"), ("{summary}", REASON)
    ),
    Event.Kind.MEETING_ARRANGED: Telling(("Meeting with {person} arranged", "Meeting arranged"), ("{summary}", REASON)),
    Event.Kind.MEETING_HELD: Telling(("Meeting with {person} held", "Meeting held"), ("{summary}", REASON)),
    Event.Kind.MEETING_MISSED: Telling(
        ("{person} did not come to the meeting", "Meeting missed"), ("{summary}", REASON)
    ),
    Event.Kind.NOTES_AGREED: Telling(
        ("{person} answered about the notes of the meeting", "Notes of a meeting answered"), ("{summary}", REASON)
    ),
    Event.Kind.SIGNAL_RECORDED: Telling(("Signal in a message recorded",), ("{summary}", REASON)),
    Event.Kind.SIGNAL_WITHDRAWN: Telling(("Signal in a message withdrawn",), ("{summary}", REASON)),
    Event.Kind.AUTHORITY_TOLD: Telling(("Sent to {who}", "Sent to the authorities"), ("{summary}", REASON)),
    Event.Kind.AUTHORITY_ANSWERED: Telling(("{who} answered", "The authorities answered"), ("{summary}", REASON)),
    Event.Kind.PACK_MADE: Telling(("Pack made with letter {letter}", "Pack made"), ("{summary}", REASON)),
    Event.Kind.CASE_FILE_MADE: Telling(("File {number} of the case made",), ("{summary}", REASON)),
    Event.Kind.LEGAL_ADVISED: Telling(("Legal advice filed",), ("{summary}", REASON)),
    Event.Kind.STEP_RESCINDED: Telling(("Step rescinded: {step}", "Step rescinded"), ("About {person}.", REASON)),
    Event.Kind.TASK_ADDED: Telling(("Task for {who}: {task}", "Task added"), ("By {due}.", REASON)),
    Event.Kind.TASK_DONE: Telling(("Done: {task}", "Task done")),
    Event.Kind.CASE_LINKED: Telling(("Linked to another case",)),
    Event.Kind.CASE_UNLINKED: Telling(("Link to another case removed",)),
    Event.Kind.CASE_MERGED: Telling(("Case {merged} merged into this one", "Cases merged"), ("{summary}", REASON)),
    Event.Kind.CASE_SPLIT: Telling(
        ("Case {new} split off from this one", "Split off from case {source}", "Case split"), ("{summary}", REASON)
    ),
    Event.Kind.CASE_PAUSED: Telling(
        ("Case {case} paused: safeguarding first", "Case paused: safeguarding first"), ("{summary}", REASON)
    ),
    Event.Kind.CASE_RESUMED: Telling(("Safeguarding done: case {case} goes on", "Case goes on"), ("{summary}", REASON)),
    Event.Kind.CASE_CLOSED: Telling(("Case {case} closed", "Case closed"), ("{outcome}", REASON)),
    Event.Kind.CASE_REOPENED: Telling(("Case {case} opened again", "Case opened again")),
}


def title_of(event: Event) -> str:
    facts = _facts(event)
    titles = TELLINGS[Event.Kind(event.kind)].titles
    return next((title.format_map(facts) for title in titles if _is_told(title, facts)), event.get_kind_display())


def lines_of(event: Event) -> list[str]:
    facts = _facts(event)
    return [line.format_map(facts) for line in TELLINGS[Event.Kind(event.kind)].lines if _is_told(line, facts)]


def _facts(event: Event) -> dict[str, str]:
    facts = {name: str(value) for name, value in event.facts.items() if value not in (None, "")}
    for name in MID_SENTENCE:
        if name in facts:
            facts[name] = facts[name][:1].lower() + facts[name][1:]
    if event.why:
        facts["why"] = event.why
    return facts


def _is_told(sentence: str, facts: Mapping[str, str]) -> bool:
    return all(name in facts for _, name, _, _ in Formatter().parse(sentence) if name)
