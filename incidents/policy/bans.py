"""A site ban as states and moves: what may follow what, when, and what must be there first. Pure, like the ladder.

DfE, Controlling access to school premises (November 2018): the person is told in writing and must be allowed to put
their side, before a ban or as soon as it begins; the decision is reviewed within a reasonable time. A ban has an end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from incidents.policy.needs import written_day

if TYPE_CHECKING:
    from datetime import date

# Practice, not law: a ban is reviewed by the end of a term, and never later than six months after it began.
LONGEST_UNTIL_REVIEW = timedelta(days=183)
LONGEST_INTERIM = timedelta(days=42)
LONGEST_BAN = timedelta(days=366)

DRAFT, NOTICE, INTERIM, CONFIRMED = "draft", "notice", "interim", "confirmed"
NOT_MADE, LIFTED, EXPIRED = "not_made", "lifted", "expired"
CURRENT = (NOTICE, INTERIM, CONFIRMED)
IN_FORCE = (INTERIM, CONFIRMED)

# Which state a stage leads to. Those that are not here leave it as it is.
LEADS_TO = {
    "notice": NOTICE,
    "interim": INTERIM,
    "confirm": CONFIRMED,
    "vary": CONFIRMED,
    "no_ban": NOT_MADE,
    "lift": LIFTED,
    "expire": EXPIRED,
}
# What may be decided in each state, in the order in which the page lists it.
MOVES = {
    DRAFT: ("notice", "interim"),
    NOTICE: ("confirm", "no_ban"),
    INTERIM: ("confirm", "vary", "lift", "breach", "expire"),
    CONFIRMED: ("review", "vary", "extend", "lift", "breach", "expire"),
    NOT_MADE: (),
    LIFTED: (),
    EXPIRED: (),
}


@dataclass(frozen=True)
class BanFacts:
    """What the rules may know of a ban. `heard` is how often the person put their side, in any way."""

    state: str
    starts_on: date | None = None
    ends_on: date | None = None
    review_on: date | None = None
    reply_by: date | None = None
    heard: int = 0
    breaches: int = 0
    has_open_part: bool = False


@dataclass(frozen=True)
class Move:
    """One thing that may be decided, or the sentence why not yet."""

    stage: str
    why_not: str = ""

    @property
    def is_open(self) -> bool:
        return not self.why_not


def moves_of(facts: BanFacts, today: date) -> tuple[Move, ...]:
    return tuple(Move(stage, why_not(stage, facts, today)) for stage in MOVES[facts.state])


def why_not(stage: str, facts: BanFacts, today: date) -> str:
    """The sentence why this cannot be decided now; empty where it can."""
    if stage not in MOVES[facts.state]:
        return "this cannot follow from how the ban stands."
    if facts.has_open_part:
        return "another decision about this ban is begun. Finish or discard that one first."
    has_ended = facts.ends_on is not None and today > facts.ends_on
    if stage == "expire":
        return "" if has_ended else f"the ban runs until {written_day(facts.ends_on)}."
    if has_ended and stage != "lift" and facts.state in IN_FORCE:
        return f"the ban ended on {written_day(facts.ends_on)}. A new one would be a new decision."
    is_first = stage == "confirm" or (stage == "vary" and facts.state == INTERIM)
    if is_first and not facts.heard and facts.reply_by and today <= facts.reply_by:
        return f"they can put their side until {written_day(facts.reply_by)}, and have not yet."
    if stage == "breach" and not facts.breaches:
        return "nobody has recorded that they came on site."
    return ""


def is_in_force(facts: BanFacts, today: date) -> bool:
    """Whether they may not come on site today: the only thing that reception is told."""
    if facts.state not in IN_FORCE or facts.starts_on is None or facts.ends_on is None:
        return False
    return facts.starts_on <= today <= facts.ends_on


def is_review_due(facts: BanFacts, today: date) -> bool:
    return facts.state == CONFIRMED and facts.review_on is not None and facts.review_on <= today


@dataclass(frozen=True)
class Terms:
    """When a ban runs and who looks at it again."""

    starts_on: date | None
    ends_on: date | None
    review_on: date | None
    decide_by: date | None = None
    is_interim: bool = False


def wrong_with(terms: Terms) -> dict[str, str]:
    """Why these days cannot be: a sentence for each field. Empty days are somebody else's to ask for."""
    wrong: dict[str, str] = {}
    start, end, review = terms.starts_on, terms.ends_on, terms.review_on
    if start and end and end <= start:
        wrong["ends_on"] = "The end must be after the start"
    elif start and end and terms.is_interim and end - start > LONGEST_INTERIM:
        wrong["ends_on"] = f"An interim ban lasts {LONGEST_INTERIM.days // 7} weeks at the longest"
    elif start and end and end - start > LONGEST_BAN:
        wrong["ends_on"] = "A ban lasts a year at the longest. It can be extended after a review"
    if review and end and review > end:
        wrong["review_on"] = "The review must be before the end"
    elif review and start and review <= start:
        wrong["review_on"] = "The review must be after the start"
    elif review and start and review - start > LONGEST_UNTIL_REVIEW:
        wrong["review_on"] = "The review must be within six months of the start"
    if terms.is_interim and terms.decide_by and end and terms.decide_by > end:
        wrong["decide_by"] = "The decision must come before the interim ban ends"
    if not terms.is_interim and terms.decide_by and start and terms.decide_by >= start:
        wrong["decide_by"] = "The decision must come before the ban would start"
    return wrong


def why_too_late(terms: Terms, today: date, *, runs: bool = False) -> str:
    """The sentence why these days, which were written down earlier, can be approved no more; empty where they can.

    A ban binds nobody before they are told of it. One that `runs` already began before.
    """
    if terms.starts_on and terms.starts_on < today and not runs:
        return (
            f"the ban was to begin on {written_day(terms.starts_on)}, which has passed: it would be shorter than was "
            "proposed, and begin before they are told."
        )
    if terms.ends_on and terms.ends_on <= today:
        return f"the ban was to end on {written_day(terms.ends_on)}, so nothing would be left of it."
    if terms.review_on and terms.review_on <= today:
        return f"the review was to be on {written_day(terms.review_on)}, which has come."
    return ""


# Practice 1.3: what must be there before any letter about a ban. The field, and what the page asks for.
REQUIRED: tuple[tuple[str, str, str], ...] = (
    ("risk", "Describe the risk on the school site", "Risk on the site described"),
    ("lesser", "Tick the lesser steps you considered", "Lesser steps considered"),
    ("why_not_enough", "Say why lesser steps are not enough", "Why they are not enough"),
    ("premises", "Choose the premises it would cover", "Premises chosen"),
    ("starts_on", "Give a start date", "Start date given"),
    ("ends_on", "Give an end date", "End date given"),
    ("review_on", "Give a review date", "Review date given"),
    ("reviewer", "Say who reviews it", "Reviewer named"),
    ("drop_off", "Plan dropping off and collecting", "Dropping off and collecting planned"),
    ("stays", "List what stays open to them", "What stays is listed"),
    ("contact", "Choose their contact at school", "Contact chosen"),
    ("equality", "Write the equality check", "Equality check written"),
    ("court", "Check court orders", "Court orders checked"),
    ("needs", "Check the child’s needs, medical plan or EHC plan", "Child’s needs checked"),
    ("address", "Confirm the address", "Address confirmed"),
    ("reply_by", "Say until when they can put their side", "Their side by a date"),
    ("decide_by", "Say by when it is decided", "Decision date given"),
    ("complaints", "Say how they can complain", "Complaint route given"),
)
