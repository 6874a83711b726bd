"""The plain facts of a warning letter, gathered from its case. The words themselves are the letter's template."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from dkh_conduct.school.templatetags.dates import day, weekday
from incidents.policy.wording import POLICY
from letters.kinds import Finding, QuotedClause, WarningFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School
    from incidents.models import Allegation

# The letter says "in the …"; these begin a place without being part of its name.
ARTICLES = {"a", "an", "the"}
COMMON = {"class", "public", "private", "parents’", "parents'", "another", "group", "school"}
UNKNOWN_PLACE = "messages we were shown"


def usual_asks(signatory: User, *, school: School) -> tuple[str, ...]:
    """What a warning letter usually asks. It promises nothing, and orders nobody out of a group."""
    return (
        "Do not post comments like these about members of our school community again.",
        "If the messages are still there, think about taking them down.",
        f"Bring any worry about school to {signatory.full_name}, {signatory.job_title}, "
        f"on {phone_of(signatory, school=school)}.",
    )


def warning_facts(
    *,
    school: School,
    allegations: Sequence[Allegation],
    asks: Iterable[str],
    reply_by: date,
    written_on: date,
    signatory: User,
    account_received_on: date | None,
    account: str = "",
    impact: str = "",
) -> WarningFacts:
    """What the template needs. Nothing of the concern goes in: who reported it cannot slip into a letter."""
    keys = {allegation.clause for allegation in allegations}
    clauses = [clause for clause in POLICY.clauses if clause.key in keys]
    return WarningFacts(
        policy_title=POLICY.title,
        findings=tuple(finding_of(allegation) for allegation in allegations),
        clauses=tuple(QuotedClause(clause.text, is_guideline=clause.group == "guideline") for clause in clauses),
        asks=tuple(asks),
        reply_by=reply_by,
        keep_until=months_later(written_on, school.keep_warning_letter_months),
        ladder_lead=POLICY.ladder_lead,
        ladder=tuple(step.text for step in POLICY.steps),
        school_phone=school.phone,
        school_email=school.email,
        signatory_phone=phone_of(signatory, school=school),
        account_received_on=account_received_on,
        account=account,
        impact=impact,
    )


def phone_of(user: User, *, school: School) -> str:
    return user.phone or school.phone


def place(posted_where: str) -> str:
    """`A class group` as it reads after "in the": `class group`. Names such as Facebook keep their capital."""
    words = posted_where.split()
    if words and words[0].lower() in ARTICLES:
        words = words[1:]
    if words and words[0].lower() in COMMON:
        words[0] = words[0].lower()
    return " ".join(words) or UNKNOWN_PLACE


def months_later(start: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))


def with_reply_date(body: str, *, old: date | None, new: date) -> str:
    """The letter's text with the day to reply by changed where the template wrote it."""
    return body.replace(weekday(old), weekday(new)) if old and old != new else body


def says_reply_date(body: str, reply_by: date) -> bool:
    return day(reply_by) in " ".join(body.split())


def finding_of(allegation: Allegation) -> Finding:
    return Finding(
        where=place(allegation.posted_where),
        words=allegation.words,
        description=allegation.description,
        posted_on=allegation.posted_on,
    )
