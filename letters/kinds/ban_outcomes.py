"""What is decided about a site ban once they had time to put their side: made, changed, made longer, or not made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dkh_conduct.school.templatetags.dates import day, weekday
from letters.kinds.ban_afterwards import WELCOME
from letters.kinds.bans import (
    DROP_OFF,
    EXCEPTIONS,
    MAY_547,
    REASONS,
    SAMPLE_RISK,
    STAYS,
    StaysFacts,
    sample_stays,
    stays_fields,
)
from letters.kinds.kind import (
    CHILD,
    COMPLAINTS,
    HELP,
    Field,
    Kind,
    LetterFacts,
    Part,
    bullets,
    child_fields,
    common_fields,
)
from letters.kinds.samples import SCHOOL


@dataclass(frozen=True)
class Weighed:
    """One main point they made, and how it was weighed."""

    point: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class BanDecidedFacts(StaysFacts):
    """A ban confirmed, varied or extended. `heard_on` is None where nothing was received by the reply date.

    `found` and `not_found` are sentences of fact; `changes` says what is different in a ban varied or extended.
    """

    notice_reference: str
    notice_date: date
    heard_on: date | None
    heard_how: str = ""
    weighed: tuple[Weighed, ...] = ()
    found: tuple[str, ...]
    not_found: tuple[str, ...] = ()
    risk: str
    reasons: str
    lesser_steps: str
    starts_on: date
    ends_on: date
    review_on: date
    reviewer: str
    changes: str = ""
    conditions: str = ""


@dataclass(frozen=True, kw_only=True)
class BanNotMadeFacts(LetterFacts):
    """After they were heard: no ban, or the interim ban is lifted. `was_interim` says which of the two."""

    notice_reference: str
    notice_date: date
    reasons: str
    was_interim: bool = False
    lifted_from: date | None = None
    heard_on: date | None = None
    heard_how: str = ""
    weighed: tuple[Weighed, ...] = ()
    expectations: tuple[str, ...] = ()
    children: int = 1


def _heard_fields() -> tuple[Field, ...]:
    return (
        Field(
            "notice reference", "The reference of the letter that asked for their side", lambda f: f.notice_reference
        ),
        Field("notice date", "The day of that letter", lambda f: day(f.notice_date)),
        Field("heard date", "The day their side came; nothing when none came", lambda f: day(f.heard_on)),
        Field("heard how", "How it came: “online”, “in a letter”, “when we met”", lambda f: f.heard_how),
        Field(
            "weighed",
            "Their main points, and how each was weighed",
            lambda f: bullets(f"**{w.point}** {w.answer}" for w in f.weighed),
        ),
    )


LAST_RESORT = Part(
    "who else can decide, and who cannot",
    ("department for education",),
    "They should not lose time with a body that does not decide such things.",
)
WEIGHED = Part(
    "how their side was weighed",
    ("i weighed", "nothing had reached me"),
    "A decision that does not answer what they said was not a fair one.",
)
ENDS = Part("when it ends, and when it is reviewed", ("will review it on",), "No ban is without an end and a review.")


def _decided(key: str, title: str, when: str, **sample: str) -> Kind:
    return Kind(
        key=key,
        title=title,
        version="1",
        when=when,
        fields=(
            *common_fields(),
            *stays_fields(),
            *_heard_fields(),
            Field("found", "What is found, in sentences of fact", lambda f: bullets(f.found)),
            Field("not found", "What is not found", lambda f: bullets(f.not_found)),
            Field("risk", "Why it is a risk on the school site", lambda f: f.risk),
            Field("reasons", "Why this is decided", lambda f: f.reasons),
            Field("lesser steps", "Why less would not be enough", lambda f: f.lesser_steps),
            Field("start date", "The first day", lambda f: weekday(f.starts_on)),
            Field("end date", "The last day", lambda f: weekday(f.ends_on)),
            Field("short end date", "The last day, for the heading", lambda f: day(f.ends_on)),
            Field("review date", "The day of the review", lambda f: weekday(f.review_on)),
            Field("reviewer", "Who reviews it", lambda f: f.reviewer),
            Field("changes", "What is different from before", lambda f: f.changes),
            Field("conditions", "What would end it early", lambda f: f.conditions),
        ),
        parts=(
            WEIGHED,
            Part("what is found", ("what i find",), "They must see which facts it rests on."),
            REASONS,
            Part("why less is not enough", ("less would be enough",), "A ban must be no more than is needed."),
            ENDS,
            MAY_547,
            EXCEPTIONS,
            DROP_OFF,
            STAYS,
            CHILD,
            HELP,
            COMPLAINTS,
            LAST_RESORT,
        ),
        sample=BanDecidedFacts(
            **{**sample_stays(), **sample},  # type: ignore[arg-type]
            notice_reference="DKH-C009-4",
            notice_date=date(2026, 11, 23),
            heard_on=date(2026, 12, 7),
            heard_how="online",
            weighed=(
                Weighed(
                    "You said that you lost your temper after asking three times for a call.",
                    "I accept that nobody called you back. We have changed how calls are passed on.",
                ),
                Weighed(
                    "You said that it was shorter than five minutes.",
                    "I cannot tell how long it was. It makes no difference to my decision.",
                ),
            ),
            found=(
                "On 12 November 2026 a message in your name was sent to the group.",
                "On 13 November 2026 you shouted at a teacher in the lower playground.",
            ),
            not_found=("I do not find that you touched anyone, or meant to.",),
            risk=SAMPLE_RISK,
            reasons="It happened twice in two days, and you told us that you could not promise to stop.",
            lesser_steps="A letter and a meeting in the autumn did not change it. Coming by appointment is kept open.",
            starts_on=date(2026, 12, 17),
            ends_on=date(2027, 2, 12),
            review_on=date(2027, 1, 22),
            reviewer="The chair of the local board",
            conditions="I will end it early if we have met twice without any trouble.",
        ),
        encloses_policy=True,
        said_under="What I find",
    )


BAN_CONFIRMED = _decided("ban_confirmed", "Site ban", "They were heard, and the ban is decided or confirmed.")
BAN_VARIED = _decided(
    "ban_varied",
    "Site ban changed",
    "They were heard, and the ban goes on in another form.",
    changes="You may now come to the main office by appointment.",
)
BAN_EXTENDED = _decided(
    "ban_extended",
    "Site ban extended",
    "They were heard again, and the ban goes on to a new day.",
    changes="The ban would have ended on 12 February 2027. It now goes on to the day named below.",
)

BAN_NOT_MADE = Kind(
    key="ban_not_made",
    title="No site ban",
    version="1",
    when="They were heard, and there is no ban, or the interim ban is lifted.",
    fields=(
        *common_fields(),
        *child_fields(),
        *_heard_fields(),
        Field("reasons", "Why this is decided", lambda f: f.reasons),
        Field("interim ban", "Something where an interim ban is lifted", lambda f: "yes" if f.was_interim else ""),
        Field("lifted date", "The day the interim ban ends", lambda f: weekday(f.lifted_from)),
        Field("expectations", "What was agreed for the time to come", lambda f: bullets(f.expectations)),
    ),
    parts=(WEIGHED, WELCOME, CHILD, HELP, COMPLAINTS),
    sample=BanNotMadeFacts(
        **SCHOOL,
        notice_reference="DKH-C009-4",
        notice_date=date(2026, 11, 23),
        heard_on=date(2026, 12, 7),
        heard_how="when we met",
        weighed=(Weighed("You said that it will not happen again.", "I believe you."),),
        reasons="You told us what led to it, and we have agreed how to reach each other quickly.",
        was_interim=True,
        lifted_from=date(2026, 12, 14),
        expectations=("You will ring Mr Lindqvist if something worries you.",),
    ),
)
