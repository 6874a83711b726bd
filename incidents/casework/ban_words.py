"""The plain facts of a ban's letters, gathered from its case. The words themselves are the letters' templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.warning_words import finding_of, months_later, phone_of
from incidents.models import Reply, SiteBan
from incidents.policy.wording import POLICY
from letters.kinds import (
    BanBreachFacts,
    BanDecidedFacts,
    BanEndedFacts,
    BanInterimFacts,
    BanNoticeFacts,
    BanNotMadeFacts,
    BanReviewFacts,
    LetterFacts,
    QuotedClause,
    Weighed,
)

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.models import BanDecision, InformationRequest, Step

STARTS_AT = "8am"
# The letter each stage leaves; an interim ban that is lifted was never a decided one.
KIND_OF = {
    "notice": "ban_intent",
    "interim": "ban_interim",
    "confirm": "ban_confirmed",
    "vary": "ban_varied",
    "extend": "ban_extended",
    "no_ban": "ban_not_made",
    "lift": "ban_lifted",
    "review": "ban_review",
    "breach": "ban_breach",
    "expire": "ban_expired",
}


def letter_kind(ban: SiteBan, stage: str) -> str:
    return "ban_not_made" if stage == "lift" and ban.state == SiteBan.State.INTERIM else KIND_OF[stage]


def first_facts(ban: SiteBan, *, signatory: User, account: InformationRequest | None) -> LetterFacts:
    """A notice of intent, or an interim ban."""
    allegations = list(ban.step.allegations.all())
    keys = {each.clause for each in allegations}
    clauses = [clause for clause in POLICY.clauses if clause.key in keys]
    heard_on = account.received_on if account else None
    common: dict[str, Any] = {
        **_stays(ban, signatory=signatory),
        "findings": tuple(finding_of(each) for each in allegations),
        "clauses": tuple(QuotedClause(clause.text, is_guideline=clause.group == "guideline") for clause in clauses),
        "risk": ban.risk,
        "starts_on": ban.starts_on,
        "decider": f"{signatory.full_name}, {signatory.job_title}",
        "decide_by": ban.decide_by,
        "reply_by": ban.reply_by,
        "account_received_on": heard_on,
        "account": ban.account if heard_on else "",
    }
    if ban.step.stage == "interim":
        return BanInterimFacts(**common, urgency=ban.urgency, starts_at=STARTS_AT, lasts_until=ban.ends_on)  # type: ignore[arg-type]
    return BanNoticeFacts(
        **common,
        lesser_steps=ban.why_not_enough,
        ends_on=ban.ends_on,  # type: ignore[arg-type]
        review_on=ban.review_on,  # type: ignore[arg-type]
        reviewer=ban.reviewer,
    )


def later_facts(
    ban: SiteBan, decision: BanDecision, *, stage: str, signatory: User, reason: str, reply_by: date | None
) -> LetterFacts:
    """Whatever follows the first letter."""
    school = ban.school
    first = ban.step.letter
    stays = _stays(ban, signatory=signatory)
    about: dict[str, Any] = {key: stays[key] for key in SCHOOL_WORDS}
    reference, written_on = (first.reference, first.written_on) if first else ("", today())
    heard_on, heard_how = heard(ban)
    heard_words: dict[str, Any] = {
        "notice_reference": reference,
        "notice_date": written_on,
        "heard_on": heard_on,
        "heard_how": heard_how,
        "weighed": _weighed(decision.weighed),
    }
    if letter_kind(ban, stage) == "ban_not_made":
        was_interim = stage == "lift"
        return BanNotMadeFacts(
            **about,
            **heard_words,
            reasons=reason,
            was_interim=was_interim,
            lifted_from=today() if was_interim else None,
            expectations=_lines(decision.expectations),
            children=ban.children,
        )
    if stage in ("confirm", "vary", "extend"):
        return BanDecidedFacts(
            **stays,
            **heard_words,
            found=_lines(decision.found),
            not_found=_lines(decision.not_found),
            risk=ban.risk,
            reasons=reason,
            lesser_steps=ban.why_not_enough,
            starts_on=decision.starts_on,  # type: ignore[arg-type]
            ends_on=decision.ends_on,  # type: ignore[arg-type]
            review_on=decision.review_on,  # type: ignore[arg-type]
            reviewer=decision.reviewer,
            changes=decision.changes,
            conditions=decision.conditions,
        )
    reference, written_on = _decided_by_letter(ban) or (reference, written_on)
    of_ban: dict[str, Any] = {"ban_reference": reference, "ban_date": written_on}
    if stage == "review":
        return BanReviewFacts(
            **stays,
            **of_ban,
            ends_on=ban.ends_on,  # type: ignore[arg-type]
            review_on=ban.review_on,  # type: ignore[arg-type]
            reviewer=ban.reviewer,
            reply_by=reply_by,  # type: ignore[arg-type]
        )
    if stage == "breach":
        last = ban.breaches.last()
        return BanBreachFacts(
            **stays,
            **of_ban,
            ends_on=ban.ends_on,  # type: ignore[arg-type]
            seen_on=last.seen_on if last else today(),
            seen=last.seen if last else "",
            reply_by=reply_by,  # type: ignore[arg-type]
        )
    return BanEndedFacts(
        **about,
        **of_ban,
        ends_on=today() if stage == "lift" else ban.ends_on,  # type: ignore[arg-type]
        keep_until=months_later(today(), school.keep_warning_letter_months),
        reasons=reason if stage == "lift" else "",
        expectations=_lines(decision.expectations),
        children=ban.children,
    )


def heard(ban: SiteBan) -> tuple[date | None, str]:
    """The day their side came last, and how: `online`, `by phone`."""
    parts = [ban.step_id, *ban.step.parts.values_list("pk", flat=True)]
    online = Reply.objects.sent().filter(step__in=parts).order_by("sent_at").last()
    told = ban.representations.last()
    days = [
        *([(timezone.localdate(online.sent_at), "online")] if online and online.sent_at else []),
        *([(told.received_on, told.get_how_display().lower())] if told else []),
    ]
    return max(days) if days else (None, "")


def _decided_by_letter(ban: SiteBan) -> tuple[str, date] | None:
    """The letter that confirmed, changed or extended it last."""
    stages = ["confirm", "vary", "extend"]
    last: Step | None = (
        ban.step.parts.taken().filter(stage__in=stages).select_related("letter").order_by("taken_at").last()
    )
    return (last.letter.reference, last.letter.written_on) if last and last.letter else None


SCHOOL_WORDS = ("policy_title", "school_phone", "school_email", "signatory_phone")


def _stays(ban: SiteBan, *, signatory: User) -> dict[str, Any]:
    school, contact = ban.school, ban.contact
    return {
        "policy_title": POLICY.title,
        "school_phone": school.phone,
        "school_email": school.email,
        "signatory_phone": phone_of(signatory, school=school),
        "contact_name": contact.full_name if contact else "",
        "contact_role": contact.job_title if contact else "",
        "contact_phone": phone_of(contact, school=school) if contact else school.phone,
        "child_arrangements": ban.drop_off,
        "children": ban.children,
        "premises": ban.premises_words,
        "adjustments": ban.adjustments,
    }


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _weighed(text: str) -> tuple[Weighed, ...]:
    """`You were provoked: we looked at the messages before yours.`: the point, then how it was weighed."""
    rows = []
    for line in _lines(text):
        point, _, answer = line.partition(":")
        rows.append(Weighed(point=f"{point.strip()}:" if answer else point.strip(), answer=answer.strip()))
    return tuple(rows)
