"""What follows from each kind of step: whether it is ready to be taken, what it changes, what the case waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.casework.authorities import check_authorities_ready
from incidents.casework.bans import RESTRICTS, check_ban_ready
from incidents.casework.next_action import DECIDE_WITHIN_SCHOOL_DAYS, STEP, THEIR_SIDE, WHICH_TIME, in_school_days
from incidents.casework.step_letter import letter_of
from incidents.models import BanDecision, SiteBan
from incidents.policy.bans import LEADS_TO

if TYPE_CHECKING:
    from datetime import date

    from incidents.models import Step


def check_ready(step: Step) -> None:
    """Raises Refused where something that only this kind of step needs is missing."""
    if step.kind == "ban":
        check_ban_ready(step)
    elif step.kind == "authorities":
        check_authorities_ready(step)


def follow(step: Step) -> tuple[str, date | None]:
    """Write down what the step changes; returns what the case waits for, and until when."""
    if step.kind == "ban":
        return _follow_ban(step)
    if step.kind == "legal":
        return "Legal advice", in_school_days(step.case, 2 * DECIDE_WITHIN_SCHOOL_DAYS)
    if step.kind == "authorities":
        return "Send it to the authorities", in_school_days(step.case, 1)
    if step.kind == "meeting" and not step.stage:
        return WHICH_TIME, step.letter.reply_by if step.letter else None
    return THEIR_SIDE, step.letter.reply_by if step.letter else None


def undo(step: Step) -> None:
    """What a step that is rescinded no longer does."""
    if step.kind == "ban":
        SiteBan.objects.filter(step=step).update(state=SiteBan.State.LIFTED)


def _follow_ban(step: Step) -> tuple[str, date | None]:
    ban = SiteBan.objects.select_for_update().get(step=step.root)
    state = LEADS_TO.get(step.stage)
    if state:
        ban.state = state
    if step.stage in RESTRICTS:
        decision = BanDecision.objects.get(step=step)
        ban.starts_on, ban.ends_on = decision.starts_on, decision.ends_on
        ban.review_on, ban.reviewer = decision.review_on, decision.reviewer
    else:
        ban.reply_by = letter_of(step).reply_by or ban.reply_by
    ban.save()
    if step.row.asks_reply:
        return THEIR_SIDE, letter_of(step).reply_by
    if step.stage in RESTRICTS:
        return "Review the site ban", ban.review_on
    return STEP if step.stage == "no_ban" else "Decide what is next", in_school_days(
        step.case, DECIDE_WITHIN_SCHOOL_DAYS
    )
