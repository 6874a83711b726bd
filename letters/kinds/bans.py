"""What a site ban's letters have in common, and the two that come first: a notice of intent, and an interim ban."""

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
    Finding,
    Kind,
    LetterFacts,
    Part,
    QuotedClause,
    child_fields,
    common_fields,
    finding_fields,
    reply_fields,
)
from letters.kinds.samples import CLAUSES, SCHOOL

ALL_OF_THE_SITE = "all of the school site: buildings, playgrounds and car park"


@dataclass(frozen=True, kw_only=True)
class StaysFacts(LetterFacts):
    """What goes on during a ban: how the child comes and goes, and whom the parent can talk to."""

    contact_name: str
    contact_role: str
    contact_phone: str
    child_arrangements: str
    children: int = 1
    premises: str = ALL_OF_THE_SITE
    adjustments: str = ""


@dataclass(frozen=True, kw_only=True)
class BanNoticeFacts(StaysFacts):
    """A notice of intent. `risk` is why it matters on the site; `lesser_steps` what else was done or weighed."""

    findings: tuple[Finding, ...]
    clauses: tuple[QuotedClause, ...]
    risk: str
    lesser_steps: str
    starts_on: date
    ends_on: date
    review_on: date
    reviewer: str
    decider: str
    decide_by: date
    reply_by: date
    account_received_on: date | None = None
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class BanInterimFacts(StaysFacts):
    """An interim ban: it starts now, because safety will not wait, and ends at the latest on `lasts_until`."""

    findings: tuple[Finding, ...]
    clauses: tuple[QuotedClause, ...]
    risk: str
    urgency: str
    starts_on: date
    starts_at: str
    lasts_until: date
    decider: str
    decide_by: date
    reply_by: date
    account_received_on: date | None = None
    account: str = ""


def stays_fields() -> tuple[Field, ...]:
    return (
        *child_fields(),
        Field("premises", "Which places it is about", lambda f: f.premises),
        Field("child arrangements", "How the child is brought and collected", lambda f: f.child_arrangements),
        Field(
            "contact",
            "Whom they can talk to, with role and telephone",
            lambda f: f"{f.contact_name}, {f.contact_role}, on {f.contact_phone}",
        ),
        Field("adjustments", "What was already promised to make it easier", lambda f: f.adjustments),
    )


def _notice_fields() -> tuple[Field, ...]:
    return (
        *common_fields(),
        *reply_fields(),
        *stays_fields(),
        *finding_fields(),
        Field("risk", "Why it is a risk on the school site", lambda f: f.risk),
        Field("start date", "The first day", lambda f: weekday(f.starts_on)),
        Field("decider", "Who decides", lambda f: f.decider),
        Field("decision date", "By when it is decided", lambda f: weekday(f.decide_by)),
        Field("account", "What they told us already, in a sentence or two", lambda f: f.account),
        Field("account date", "The day their account came", lambda f: day(f.account_received_on)),
    )


MAY_547 = Part(
    "section 547, as what may follow",
    ("may be an offence under section 547",),
    "The school’s own permission is what is withdrawn. The law only comes in if there is a nuisance.",
)
REASONS = Part("why it is a risk on site", ("risk",), "A ban is about safety on the site, never a punishment.")
STAYS = Part(
    "what stays the same",
    ("what stays the same", "what would stay the same"),
    "A ban never ends a parent’s rights to information and to meetings about their child.",
)
DROP_OFF = Part("how the child comes and goes", ("bring", "collect"), "No child may miss school because of it.")
EXCEPTIONS = Part("the exceptions", ("emergency",), "A parent must be able to come in an emergency.")
DECISION = Part("who decides, and when", ("will decide by",), "Nobody should wait without an end.")
PRIVACY = Part("how to see what is held about them", ("copy of what we hold",), "It is their right.")

SAMPLE_FINDINGS = (
    Finding(
        "WhatsApp group for parents",
        words="I’ll be at the gate at 3.15 and he’ll hear it from me",
        posted_on=date(2026, 11, 12),
    ),
    Finding(
        "the lower playground",
        description="Staff who were there say that you shouted at a teacher for about five minutes.",
        posted_on=date(2026, 11, 13),
    ),
)


SAMPLE_RISK = (
    "It happened where children were waiting to go home. Three members of staff say that they felt threatened."
)


def sample_stays() -> dict[str, str]:
    return {
        **{name: str(value) for name, value in SCHOOL.items()},
        "contact_name": "Tomas Lindqvist",
        "contact_role": "deputy head",
        "contact_phone": "020 7946 0126",
        "child_arrangements": "You can choose another adult to bring and collect your child. If nobody can, Sam Osei "
        "will meet you at the Grove Lane gate at 8:50am and 3:20pm.",
    }


BAN_INTENT = Kind(
    key="ban_intent",
    title="Notice that a site ban is considered",
    version="2",
    when="A site ban is considered, and can wait until they were heard.",
    fields=(
        *_notice_fields(),
        Field("lesser steps", "What else was done or weighed, and why it may not be enough", lambda f: f.lesser_steps),
        Field("end date", "The last day", lambda f: weekday(f.ends_on)),
        Field("review date", "The day it would be reviewed", lambda f: weekday(f.review_on)),
        Field("reviewer", "Who would review it", lambda f: f.reviewer),
    ),
    parts=(
        Part("that nothing is decided", ("have not decided",), "Otherwise hearing them would be a show."),
        REASONS,
        MAY_547,
        EXCEPTIONS,
        DROP_OFF,
        STAYS,
        RIGHT_OF_REPLY,
        DECISION,
        HELP,
        CHILD,
        COMPLAINTS,
        PRIVACY,
    ),
    sample=BanNoticeFacts(
        **sample_stays(),  # type: ignore[arg-type]
        findings=SAMPLE_FINDINGS,
        clauses=CLAUSES[:1],
        risk=SAMPLE_RISK,
        lesser_steps="We wrote to you on 21 September and met you on 5 October about similar conduct.",
        starts_on=date(2026, 12, 17),
        ends_on=date(2027, 2, 12),
        review_on=date(2027, 1, 22),
        reviewer="The chair of the local board",
        decider="Marian Okoro, Executive Head Teacher",
        decide_by=date(2026, 12, 16),
        reply_by=date(2026, 12, 9),
        account_received_on=date(2026, 11, 17),
        account="you lost your temper, and you did not mean to frighten anyone.",
    ),
    asks_reply=True,
    encloses_policy=True,
    said_under="What has been reported, and what we have seen",
)

BAN_INTERIM = Kind(
    key="ban_interim",
    title="Interim site ban",
    version="1",
    when="Safety on the site cannot wait. They are heard straight after.",
    fields=(
        *_notice_fields(),
        Field("urgency", "Why it cannot wait", lambda f: f.urgency),
        Field("start time", "The time it begins", lambda f: f.starts_at),
        Field("latest end date", "When it ends at the latest", lambda f: weekday(f.lasts_until)),
    ),
    parts=(
        Part(
            "that it is for a time only", ("for a short time", "interim", "temporar"), "An interim ban decides nothing."
        ),
        REASONS,
        Part(
            "why it cannot wait", ("cannot wait", "could not wait"), "Only safety is a reason not to hear them first."
        ),
        MAY_547,
        EXCEPTIONS,
        DROP_OFF,
        STAYS,
        RIGHT_OF_REPLY,
        DECISION,
        Part("when it ends at the latest", ("at the latest",), "No ban is without an end."),
        HELP,
        CHILD,
        COMPLAINTS,
        PRIVACY,
    ),
    sample=BanInterimFacts(
        **sample_stays(),  # type: ignore[arg-type]
        findings=SAMPLE_FINDINGS,
        clauses=CLAUSES[:1],
        risk=SAMPLE_RISK,
        urgency="The message says that you will come back, and staff have to be safe at the gate.",
        starts_on=date(2026, 11, 24),
        starts_at="8am",
        lasts_until=date(2026, 12, 18),
        decider="Marian Okoro, Executive Head Teacher",
        decide_by=date(2026, 12, 16),
        reply_by=date(2026, 12, 9),
    ),
    asks_reply=True,
    encloses_policy=True,
    said_under="What has been reported, and what we have seen",
)
