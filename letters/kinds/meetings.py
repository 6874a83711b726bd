"""Meetings: the invitation, what was said and agreed, and what happens when somebody could not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dkh_conduct.school.templatetags.dates import day, weekday
from letters.kinds.kind import (
    CHILD,
    COMPLAINTS,
    HELP,
    RIGHT_OF_REPLY,
    Field,
    Kind,
    LetterFacts,
    Part,
    bullets,
    child_fields,
    common_fields,
    reply_fields,
)
from letters.kinds.samples import SCHOOL


@dataclass(frozen=True)
class Attendee:
    name: str
    role: str


@dataclass(frozen=True)
class Slot:
    """One time to choose. `at` is `3:45pm`; `how` is `in my office at school`, `by phone` or `by video`."""

    on: date
    at: str
    how: str


@dataclass(frozen=True, kw_only=True)
class MeetingInvitationFacts(LetterFacts):
    """`purpose` goes on after “to talk about”: `messages in the class WhatsApp group`."""

    purpose: str
    topics: tuple[str, ...]
    attending: tuple[Attendee, ...]
    slots: tuple[Slot, ...]
    note_taker: str
    reply_by: date
    children: int = 1
    adjustments: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingFollowUpFacts(LetterFacts):
    """What both sides said, what was agreed and what was not. `by_phone` where nobody met in a room."""

    held_on: date
    attending: tuple[Attendee, ...]
    they_said: tuple[str, ...]
    we_said: tuple[str, ...]
    agreed: tuple[str, ...]
    reply_by: date
    children: int = 1
    not_agreed: str = ""
    next_step: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingNoShowFacts(LetterFacts):
    """`another` are other times; without them they are asked for one that suits them."""

    purpose: str
    planned_for: date
    planned_at: str
    reply_by: date
    another: tuple[Slot, ...] = ()
    children: int = 1


def slot_line(slot: Slot) -> str:
    return f"{weekday(slot.on)} at {slot.at}, {slot.how}"


def _attending() -> Field:
    return Field(
        "people",
        "Who takes part, with their roles",
        lambda f: bullets(f"{who.name}, {who.role}" for who in f.attending),
    )


SAMPLE_PEOPLE = (Attendee("Ruth Adeyemi", "Head of School"), Attendee("Tomas Lindqvist", "deputy head"))
SAMPLE_SLOTS = (
    Slot(date(2026, 12, 8), "3:45pm", "in my office at school"),
    Slot(date(2026, 12, 9), "8:30am", "by video"),
    Slot(date(2026, 12, 10), "5:30pm", "by phone"),
)
NOT_A_HEARING = Part(
    "that it is not a hearing", ("not a disciplinary hearing",), "They must know what kind of meeting this is."
)

MEETING_INVITATION = Kind(
    key="meeting_invitation",
    title="Invitation to a meeting",
    version="1",
    when="You want to talk to somebody, and hear their side.",
    fields=(
        *common_fields(),
        *reply_fields(),
        *child_fields(),
        Field("purpose", "What it is about, after “to talk about”", lambda f: f.purpose),
        Field("topics", "What you would like to talk about", lambda f: bullets(f.topics)),
        _attending(),
        Field("times", "The times they can choose from", lambda f: bullets(map(slot_line, f.slots))),
        Field("note taker", "Who takes notes", lambda f: f.note_taker),
        Field("adjustments", "What was already promised to make it easier", lambda f: f.adjustments),
    ),
    parts=(
        NOT_A_HEARING,
        Part("what it is about", ("to talk about", "what i would like to talk about"), "They must be able to prepare."),
        Part("who will be there", ("who will be there",), "Nobody should meet people they did not expect."),
        Part("that they may bring someone", ("bring someone",), "Nobody should have to come alone."),
        Part("who takes notes, and that they see them", ("notes",), "Notes must be open, and may be corrected."),
        Part(
            "what to do if they cannot come",
            ("none of these times", "cannot come", "another time"),
            "Work and children get in the way.",
        ),
        HELP,
        CHILD,
        COMPLAINTS,
    ),
    sample=MeetingInvitationFacts(
        **SCHOOL,
        purpose="messages in the class WhatsApp group on 19 November 2026",
        topics=(
            "What you were worried about",
            "The words that were used about a member of staff",
            "How you can reach us quickly next time",
        ),
        attending=SAMPLE_PEOPLE,
        slots=SAMPLE_SLOTS,
        note_taker="Tomas Lindqvist",
        reply_by=date(2026, 12, 4),
    ),
    asks_reply=True,
    encloses_policy=True,
    said_under="What I would like to talk about",
)

MEETING_FOLLOW_UP = Kind(
    key="meeting_follow_up",
    title="Notes after a meeting",
    version="1",
    when="A meeting was held. Send it within five school days.",
    fields=(
        *common_fields(),
        *reply_fields(),
        *child_fields(),
        Field("meeting date", "The day of the meeting", lambda f: weekday(f.held_on)),
        Field("short meeting date", "The day of the meeting, for the heading", lambda f: day(f.held_on)),
        _attending(),
        Field("they said", "What they said", lambda f: bullets(f.they_said)),
        Field("we said", "What the school said", lambda f: bullets(f.we_said)),
        Field("agreed", "What was agreed", lambda f: bullets(f.agreed)),
        Field("not agreed", "What was not agreed", lambda f: f.not_agreed),
        Field("next step", "What happens next", lambda f: f.next_step),
    ),
    parts=(
        Part("what they said", ("what you told us",), "Their side belongs in the notes."),
        Part("what was agreed", ("what we agreed",), "That is what the letter is for."),
        Part("how to correct it", ("is wrong", "is missing", "correct"), "Notes of one side only prove nothing."),
        CHILD,
        COMPLAINTS,
    ),
    sample=MeetingFollowUpFacts(
        **SCHOOL,
        held_on=date(2026, 12, 8),
        attending=SAMPLE_PEOPLE,
        they_said=(
            "Your son came home hurt, and nobody had called you.",
            "You wrote the messages when you were upset.",
        ),
        we_said=(
            "We should have called you the same day. We are sorry that we did not.",
            "The words hurt the person they were about.",
        ),
        agreed=(
            "You will ring Mr Lindqvist on 020 7946 0126 if something worries you.",
            "We will ring you on the same day if somebody is hurt.",
        ),
        not_agreed="You do not think that the words were abusive. We do.",
        reply_by=date(2026, 12, 18),
    ),
    asks_reply=True,
    said_under="What you told us",
)

MEETING_NO_SHOW = Kind(
    key="meeting_no_show",
    title="We missed you at the meeting",
    version="1",
    when="Somebody did not come to a meeting. It blames nobody.",
    fields=(
        *common_fields(),
        *reply_fields(),
        *child_fields(),
        Field("purpose", "What it was about, after “to talk about”", lambda f: f.purpose),
        Field("meeting date", "The day it was planned for", lambda f: weekday(f.planned_for)),
        Field("short meeting date", "The day it was planned for, for the heading", lambda f: day(f.planned_for)),
        Field("meeting time", "The time it was planned for", lambda f: f.planned_at),
        Field("other times", "Other times you can offer", lambda f: bullets(map(slot_line, f.another))),
    ),
    parts=(RIGHT_OF_REPLY, HELP, CHILD, COMPLAINTS),
    sample=MeetingNoShowFacts(
        **SCHOOL,
        purpose="messages in the class WhatsApp group on 19 November 2026",
        planned_for=date(2026, 12, 8),
        planned_at="3:45pm",
        another=SAMPLE_SLOTS[1:],
        reply_by=date(2026, 12, 16),
    ),
    asks_reply=True,
)
