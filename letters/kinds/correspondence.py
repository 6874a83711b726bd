"""Letters outside the ladder: to those who told the school, to those who are asked, and to whoever else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dkh_conduct.school.templatetags.dates import day, weekday
from letters.kinds.kind import (
    COMPLAINTS,
    HELP,
    Field,
    Finding,
    Kind,
    LetterFacts,
    Part,
    bullets,
    common_fields,
    finding_line,
    numbered,
    paragraphs,
    reply_fields,
)
from letters.kinds.samples import SCHOOL


@dataclass(frozen=True, kw_only=True)
class AcknowledgementFacts(LetterFacts):
    """To somebody who told the school something. `answer_by` is the day the school has promised to answer by."""

    concern_reference: str
    received_on: date
    answer_by: date
    safeguarding_phone: str


@dataclass(frozen=True, kw_only=True)
class ComplaintHandoverFacts(LetterFacts):
    """What came in as a concern is a complaint about the school. `handed_to` is a name with a role."""

    concern_reference: str
    received_on: date
    handed_to: str
    answer_by: date


@dataclass(frozen=True, kw_only=True)
class InformationRequestFacts(LetterFacts):
    """Somebody is asked for what they know. `said` is only for the person it is about: what is said in their name."""

    about: str
    questions: tuple[str, ...]
    reply_by: date
    asks_for_own_account: bool = False
    said: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReporterUpdateFacts(LetterFacts):
    """`sentence` is a preset one that is safe to say: what was decided about anybody is in none of them."""

    concern_reference: str
    received_on: date
    sentence: str
    is_closed: bool = False


@dataclass(frozen=True, kw_only=True)
class GeneralFacts(LetterFacts):
    """A letter of the school's own words."""

    subject: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PolicyReminderFacts(LetterFacts):
    """A reminder to a class or to the whole school. The sentences are the policy's own."""

    expect_lead: str
    expect: tuple[str, ...]
    website: str


def _concern_fields() -> tuple[Field, ...]:
    return (
        Field("concern reference", "The reference of what they told us", lambda f: f.concern_reference),
        Field("received date", "The day it came", lambda f: day(f.received_on)),
    )


def _set_off(name: str) -> str:
    """`the Head of School`, but `Tomas Lindqvist, deputy head,` in the middle of a sentence."""
    return f"{name}," if "," in name else name


NOT_TOLD = Part(
    "what cannot be told", ("cannot tell you",), "The other family has a right to privacy, as this one does."
)

ACKNOWLEDGEMENT = Kind(
    key="acknowledgement",
    title="We have your concern",
    version="1",
    when="Somebody told the school something, and has no email address.",
    fields=(
        *common_fields(),
        *_concern_fields(),
        Field("answer date", "The day you promise to answer by", lambda f: weekday(f.answer_by)),
        Field("safeguarding phone", "The number to ring when a child may be at risk", lambda f: f.safeguarding_phone),
    ),
    parts=(
        Part("that it has arrived", ("thank you for telling us",), "It is what the letter is for."),
        Part("when they hear from you", ("by",), "Promise only what you can keep."),
        NOT_TOLD,
        Part("whom to ring in danger", ("999",), "A letter is slow. A child in danger cannot wait for it."),
    ),
    sample=AcknowledgementFacts(
        **SCHOOL,
        concern_reference="DKH-7R4K-2Q",
        received_on=date(2026, 11, 20),
        answer_by=date(2026, 11, 24),
        safeguarding_phone="020 7946 0124",
    ),
    audience="reporter",
)

COMPLAINT_HANDOVER = Kind(
    key="complaint_handover",
    title="Your complaint",
    version="2",
    when="What came in is a complaint about the school, and goes on under the complaints procedure.",
    fields=(
        *common_fields(),
        *_concern_fields(),
        Field("handed to", "Who deals with the complaint", lambda f: _set_off(f.handed_to)),
        Field("answer date", "The day they hear from that person by", lambda f: weekday(f.answer_by)),
    ),
    parts=(
        COMPLAINTS,
        Part("that complaining is not misconduct", ("held against you",), "Criticism is not misconduct."),
        Part("who deals with it", ("will deal with it",), "They must know whom to ask."),
    ),
    sample=ComplaintHandoverFacts(
        **SCHOOL,
        concern_reference="DKH-7R4K-2Q",
        received_on=date(2026, 11, 20),
        handed_to="Tomas Lindqvist, deputy head",
        answer_by=date(2026, 11, 27),
    ),
    audience="reporter",
)

INFORMATION_REQUEST = Kind(
    key="information_request",
    title="Request for information",
    version="2",
    when="You ask somebody what they know, or for their own account.",
    fields=(
        *common_fields(),
        *reply_fields(),
        Field("about", "What it is about, after “about”", lambda f: f.about),
        Field("questions", "What you want to know", lambda f: numbered(f.questions)),
        Field(
            "own account",
            "Something where they are asked for their own account",
            lambda f: "yes" if f.asks_for_own_account else "",
        ),
        Field("said", "What is said in their name", lambda f: bullets(map(finding_line, f.said))),
    ),
    parts=(
        Part("that nothing is decided", ("have not decided",), "Whoever is asked must not think it is settled."),
        Part("that they need not answer", ("do not have to",), "The school cannot make anybody answer."),
        Part(
            "that they may say no to being named",
            ("ask us not to", "see what you write"),
            "They must know who may read it.",
        ),
        HELP,
        COMPLAINTS,
    ),
    sample=InformationRequestFacts(
        **SCHOOL,
        about="messages in the class WhatsApp group on 19 November 2026",
        questions=("What happened, as you remember it?", "Is there anything that we should look at or ask about?"),
        reply_by=date(2026, 12, 1),
        asks_for_own_account=True,
        said=(Finding("class WhatsApp group", words="Useless AND a liar", posted_on=date(2026, 11, 19)),),
    ),
)

REPORTER_UPDATE = Kind(
    key="reporter_update",
    title="About your concern",
    version="1",
    when="Somebody told the school something, and hears how it stands.",
    fields=(
        *common_fields(),
        *_concern_fields(),
        Field("update", "The preset sentence on how it stands", lambda f: f.sentence),
        Field("closed", "Something where it is closed", lambda f: "yes" if f.is_closed else ""),
    ),
    parts=(NOT_TOLD, COMPLAINTS),
    sample=ReporterUpdateFacts(
        **SCHOOL,
        concern_reference="DKH-7R4K-2Q",
        received_on=date(2026, 11, 20),
        sentence="We have looked into what you told us, and have dealt with it.",
        is_closed=True,
    ),
    audience="reporter",
)

GENERAL = Kind(
    key="general",
    title="Letter",
    version="1",
    when="Anything else, in your own words.",
    fields=(
        *common_fields(),
        Field("subject", "What it is about, as the heading", lambda f: f.subject),
        Field("paragraphs", "What it says", lambda f: paragraphs(f.paragraphs)),
    ),
    parts=(),
    sample=GeneralFacts(
        **SCHOOL,
        subject="How to reach us when something happens at school",
        paragraphs=("You asked how to reach us quickly.", "Ring the office, and say that it is urgent."),
    ),
)

POLICY_REMINDER = Kind(
    key="policy_reminder",
    title="Reminder of our policy",
    version="1",
    when="You remind a class or all families of the policy. It is about nobody in particular.",
    fields=(
        *common_fields(),
        Field(
            "expectations",
            "What the policy expects, word for word",
            lambda f: f"“{f.expect_lead}\n\n{bullets(f.expect)}”",
        ),
        Field("website", "The school’s website", lambda f: f.website),
    ),
    parts=(
        Part(
            "that it is about nobody in particular", ("not about anyone in particular",), "A reminder accuses nobody."
        ),
        Part("that criticism is free", ("free to criticise",), "A policy on messages is not a ban on opinions."),
        Part("how to reach the school", ("worries you",), "People write in groups when nobody answers them."),
    ),
    sample=PolicyReminderFacts(
        **SCHOOL,
        expect_lead="The policy’s words before what it expects:",
        expect=("The policy’s first expectation", "The policy’s second expectation"),
        website="www.school.example",
    ),
    encloses_policy=True,
)
