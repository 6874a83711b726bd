"""What is proposed, as the rows that the second person reads: each kind of step says what matters about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dkh_conduct.school.templatetags.dates import day
from incidents.models import AuthorityReferral, BanDecision, Signal, SiteBan
from incidents.policy.needs import capital

if TYPE_CHECKING:
    from incidents.models import Step


WHAT = {
    "notice": "Notice of intent. They may still come on site until it is decided",
    "interim": "Interim ban. It starts at once, and decides nothing",
}


@dataclass(frozen=True)
class Row:
    key: str
    lines: tuple[str, ...]


def rows_of(step: Step) -> list[Row]:
    rows = [
        Row("What", (WHAT.get(step.stage, step.title),)),
        Row(
            "Found",
            tuple(
                f"“{each.short}” {', '.join(filter(None, (each.posted_where, day(each.posted_on))))}".strip()
                for each in step.allegations.all()
            ),
        ),
        *_of_kind(step),
        Row("Reason", tuple(step.reason.splitlines())),
        *(Row(name, tuple(reason.splitlines())) for name, reason in step.explanations),
    ]
    return [row for row in rows if any(row.lines)]


def _of_kind(step: Step) -> list[Row]:
    if step.kind == "ban":
        return _of_decision(step) if step.part_of_id else _of_ban(step)
    if step.kind == "authorities":
        return _of_authorities(step)
    return []


def _of_ban(step: Step) -> list[Row]:
    ban: SiteBan | None = getattr(step, "ban", None)
    if ban is None:
        return []
    ban = _as_taken(ban, step)
    lesser = ", ".join(SiteBan.Lesser(each).label for each in ban.lesser)
    review = f"Review {day(ban.review_on)} by {ban.reviewer}" if ban.review_on and step.stage == "notice" else ""
    run = "Runs" if step.stage == "interim" else "Would run"
    return [
        Row("Why it cannot wait", _lines(ban.urgency) if step.stage == "interim" else ()),
        Row("Risk on site", _lines(ban.risk)),
        Row("Lesser steps", (lesser, *_lines(ban.why_not_enough))),
        Row(run, (f"{day(ban.starts_on)} to {day(ban.ends_on)}. {capital(ban.premises_words)}", review)),
        Row("Their child", _lines(ban.drop_off)),
        Row("What stays", tuple(SiteBan.Stays(each).label for each in ban.stays)),
        Row("Their contact", (ban.contact.full_name,) if ban.contact else ()),
        Row("Equality", _lines(ban.equality)),
        Row("Court orders", (ban.get_court_display(), *_lines(ban.court_words))),
        Row("Child’s needs", (ban.get_needs_display(),)),
        Row("Their side by", (day(ban.reply_by),)),
        Row("Decided by", (day(ban.decide_by),)),
        Row("Complaints", _lines(ban.complaints)),
    ]


def _as_taken(ban: SiteBan, step: Step) -> SiteBan:
    """Its terms when the step was taken. What was decided since is another part, and changes nothing in this one."""
    if step.taken_at is None:
        return ban
    kept = ban.history.filter(history_date__lte=step.taken_at).order_by("-history_date", "-history_id").first()
    if kept is None:
        return ban
    as_taken: SiteBan = kept.instance
    if as_taken.contact_id == ban.contact_id:
        as_taken.contact = ban.contact  # read already
    return as_taken


def _of_decision(step: Step) -> list[Row]:
    decision: BanDecision | None = getattr(step, "ban_decision", None)
    if decision is None:
        return []
    runs = f"{day(decision.starts_on)} to {day(decision.ends_on)}" if decision.ends_on else ""
    review = f"Review {day(decision.review_on)} by {decision.reviewer}" if decision.review_on else ""
    return [
        Row("How it was weighed", _lines(decision.weighed)),
        Row("What is found", _lines(decision.found)),
        Row("What is not found", _lines(decision.not_found)),
        Row("What changes", _lines(decision.changes)),
        Row("Runs", (runs, review) if runs else ()),
        Row("What would end it early", _lines(decision.conditions)),
        Row("From now on", _lines(decision.expectations)),
    ]


def _of_authorities(step: Step) -> list[Row]:
    referral: AuthorityReferral | None = getattr(step, "authority", None)
    if referral is None:
        return []
    seen = Signal.objects.standing().in_words_of([each.pk for each in step.allegations.all()])
    return [
        Row("Which body", (str(referral),)),
        Row("Seen in the messages", tuple(f"{each.text}: {each.shows}" for each in seen)),
        Row("Why it is for them", _lines(referral.why)),
        Row("Who it is about", (referral.about, referral.basis)),
        Row("What they say", _lines(referral.account) or _lines(referral.no_account_because)),
        Row("A complaint of theirs", _lines(referral.complaint_open)),
        Row("What else matters", _lines(referral.known)),
        Row("Asked of them", _lines(referral.asked)),
    ]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())
