"""The letters while a site ban runs and when it is over: before a review, after a breach, lifted, and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dkh_conduct.school.templatetags.dates import day, weekday
from letters.kinds.bans import (
    DROP_OFF,
    EXCEPTIONS,
    MAY_547,
    StaysFacts,
    sample_stays,
    stays_fields,
)
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


@dataclass(frozen=True, kw_only=True)
class OfBanFacts(LetterFacts):
    """The letter that a ban was decided in, and the ban's last day."""

    ban_reference: str
    ban_date: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class BanReviewFacts(StaysFacts, OfBanFacts):
    """The invitation to a review. What is decided then goes out as a letter of its own."""

    review_on: date
    reviewer: str
    reply_by: date


@dataclass(frozen=True, kw_only=True)
class BanBreachFacts(StaysFacts, OfBanFacts):
    """They were on the site during a ban: what was seen, a reminder, and a chance to explain. No new sanction."""

    seen_on: date
    seen: str
    reply_by: date


@dataclass(frozen=True, kw_only=True)
class BanEndedFacts(OfBanFacts):
    """Lifted early, or over on its last day."""

    keep_until: date
    reasons: str = ""
    expectations: tuple[str, ...] = ()
    children: int = 1


def _ban_fields() -> tuple[Field, ...]:
    return (
        Field("ban reference", "The reference of the letter with the ban", lambda f: f.ban_reference),
        Field("ban date", "The day of that letter", lambda f: day(f.ban_date)),
        Field("end date", "The last day of the ban", lambda f: weekday(f.ends_on)),
        Field("short end date", "The last day of the ban, for the heading", lambda f: day(f.ends_on)),
    )


WELCOME = Part("that they may come on site as before", ("like any other parent",), "Their permission is back in full.")


BAN_REVIEW = Kind(
    key="ban_review",
    title="Review of a site ban",
    version="1",
    when="The day of the review comes near. They are asked for their view first.",
    fields=(
        *common_fields(),
        *reply_fields(),
        *stays_fields(),
        *_ban_fields(),
        Field("review date", "The day of the review", lambda f: weekday(f.review_on)),
        Field("short review date", "The day of the review, for the heading", lambda f: day(f.review_on)),
        Field("reviewer", "Who reviews it", lambda f: f.reviewer),
    ),
    parts=(RIGHT_OF_REPLY, DROP_OFF, HELP, CHILD, COMPLAINTS),
    sample=BanReviewFacts(
        **sample_stays(),  # type: ignore[arg-type]
        ban_reference="DKH-C009-5",
        ban_date=date(2026, 12, 14),
        ends_on=date(2027, 2, 12),
        review_on=date(2027, 1, 22),
        reviewer="The chair of the local board",
        reply_by=date(2027, 1, 19),
    ),
    asks_reply=True,
)


BAN_BREACH = Kind(
    key="ban_breach",
    title="Seen on site during a ban",
    version="1",
    when="They were on the site during a ban. It asks what happened, and adds no new step.",
    fields=(
        *common_fields(),
        *reply_fields(),
        *stays_fields(),
        *_ban_fields(),
        Field("seen date", "The day they were seen", lambda f: weekday(f.seen_on)),
        Field("seen", "What was seen, in sentences of fact", lambda f: f.seen),
    ),
    parts=(
        Part("what was seen", ("what we saw",), "They must be able to see what this is about."),
        Part("that nothing new is decided", ("decides nothing new",), "There is no new step without a hearing."),
        MAY_547,
        EXCEPTIONS,
        DROP_OFF,
        RIGHT_OF_REPLY,
        HELP,
        CHILD,
        COMPLAINTS,
    ),
    sample=BanBreachFacts(
        **sample_stays(),  # type: ignore[arg-type]
        ban_reference="DKH-C009-5",
        ban_date=date(2026, 12, 14),
        ends_on=date(2027, 2, 12),
        seen_on=date(2027, 1, 11),
        seen="At 3:20pm you stood in the lower playground for a few minutes. A member of staff asked you to leave, and "
        "you did.",
        reply_by=date(2027, 1, 19),
    ),
    asks_reply=True,
    said_under="What we saw",
)


def _ended(key: str, title: str, when: str, reasons: str = "") -> Kind:
    return Kind(
        key=key,
        title=title,
        version="2",
        when=when,
        fields=(
            *common_fields(),
            *child_fields(),
            *_ban_fields(),
            Field("reasons", "Why it ends now", lambda f: f.reasons),
            Field("expectations", "What was agreed for the time to come", lambda f: bullets(f.expectations)),
            Field("keep date", "Until when the file is kept", lambda f: day(f.keep_until)),
        ),
        parts=(
            WELCOME,
            Part("that anything new is looked at afresh", ("afresh",), "An ended ban does not come back by itself."),
            Part("how long the file is kept", ("until",), "It is their right to know."),
            CHILD,
            HELP,
            COMPLAINTS,
        ),
        sample=BanEndedFacts(
            **SCHOOL,
            ban_reference="DKH-C009-5",
            ban_date=date(2026, 12, 14),
            ends_on=date(2027, 1, 25),
            keep_until=date(2033, 1, 25),
            reasons=reasons,
            expectations=("You will ring Mr Lindqvist if something worries you.",),
        ),
    )


BAN_LIFTED = _ended(
    "ban_lifted",
    "Site ban lifted",
    "A ban is ended before its last day.",
    reasons="We have met twice, and both meetings went well.",
)


BAN_EXPIRED = _ended("ban_expired", "Site ban over", "A ban has come to its last day.")
