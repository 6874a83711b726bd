"""The warning letter: what was found, what is asked, and how to put one's side, all in one letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dkh_conduct.school.templatetags.dates import day
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
    bullets,
    common_fields,
    finding_fields,
    numbered,
    reply_fields,
)
from letters.kinds.samples import ACCOUNT, CLAUSES, FINDINGS, LADDER, LADDER_LEAD, SCHOOL


@dataclass(frozen=True, kw_only=True)
class WarningFacts(LetterFacts):
    """Everything a warning letter says. `account` is what the addressee told the school, in one or two sentences."""

    findings: tuple[Finding, ...]
    clauses: tuple[QuotedClause, ...]
    asks: tuple[str, ...]
    reply_by: date
    keep_until: date
    ladder_lead: str
    ladder: tuple[str, ...]
    account_received_on: date | None = None
    account: str = ""
    impact: str = ""


NO_LAW_DECIDED = Part(
    "that no law is decided",
    ("not for a school to decide", "not decided whether any law"),
    "Whether a law was broken is not for a school to say.",
)

WARNING = Kind(
    key="warning",
    title="Warning letter",
    version="3",
    when="A finding was made, and a letter about it is enough.",
    fields=(
        *common_fields(),
        *reply_fields(),
        *finding_fields(),
        Field("asks", "What you ask them to do, numbered", lambda f: numbered(f.asks)),
        Field("impact", "What it did, in one sentence", lambda f: f.impact),
        Field("account", "What they told us, in a sentence or two", lambda f: f.account),
        Field("account date", "The day their account came", lambda f: day(f.account_received_on)),
        Field("keep date", "Until when the letter is kept", lambda f: day(f.keep_until)),
        Field("policy steps", "The steps of the policy, word for word, as a quotation", lambda f: _steps(f)),
    ),
    parts=(
        Part("what was found", ("what we found",), "They must be able to see what this is about."),
        NO_LAW_DECIDED,
        RIGHT_OF_REPLY,
        CHILD,
        COMPLAINTS,
        HELP,
        Part("how long it is kept", ("keep this letter until",), "A warning is not for ever."),
    ),
    sample=WarningFacts(
        **SCHOOL,
        findings=FINDINGS,
        clauses=CLAUSES,
        asks=(
            "Do not post comments like these about members of our school community again.",
            "If the messages are still there, think about taking them down.",
        ),
        reply_by=date(2026, 12, 16),
        keep_until=date(2027, 12, 3),
        ladder_lead=LADDER_LEAD,
        ladder=LADDER,
        account_received_on=date(2026, 11, 30),
        account=ACCOUNT,
        impact="The member of staff found this distressing.",
    ),
    asks_reply=True,
    encloses_policy=True,
    said_under="What we found",
)


def _steps(facts: WarningFacts) -> str:
    if not facts.ladder:
        return ""
    return f"“{facts.ladder_lead}:\n\n{bullets(facts.ladder)}”."
