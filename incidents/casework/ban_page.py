"""What the page of a ban shows beside its decisions: how it stands, what may be decided, what they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from dkh_conduct.school.models import today
from incidents.models import Reply, SiteBan
from incidents.policy.bans import MOVES, is_in_force, is_review_due, moves_of
from incidents.policy.stages import stage_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Step

ACTIONS = {
    "confirm": "Confirm the ban",
    "vary": "Change the ban",
    "extend": "Extend the ban",
    "no_ban": "Decide against a ban",
    "lift": "Lift the ban",
    "review": "Ask for their view before a review",
    "breach": "Write about their coming on site",
    "expire": "Write that the ban has ended",
}


@dataclass(frozen=True)
class MoveRow:
    """One decision that may be taken, or why not yet. None is louder than another."""

    action: str
    title: str
    url: str
    why_not: str


def ban_context(step: Step, parts: list[Step], *, user: User) -> dict[str, Any]:
    ban: SiteBan = step.ban
    facts, day = ban.facts, today()
    may_take = user.has_perm("incidents.take_step")
    return {
        "ban": ban,
        "is_in_force": is_in_force(facts, day),
        "is_review_due": is_review_due(facts, day),
        "has_ended": bool(ban.ends_on and day > ban.ends_on and ban.state in ("interim", "confirmed")),
        "moves": [
            MoveRow(
                ACTIONS[move.stage],
                stage_of("ban", move.stage).title,
                reverse("ban-part", args=[step.case.reference, step.pk, move.stage]),
                move.why_not,
            )
            for move in moves_of(facts, day)
            if ban.state != SiteBan.State.DRAFT and may_take
        ],
        "is_over": not MOVES[ban.state],
        "replies": Reply.objects.sent().filter(step__in=[part.pk for part in parts]).select_related("step__letter"),
        "representations": ban.representations.select_related("recorded_by"),
        "breaches": ban.breaches.select_related("recorded_by"),
        "extra_template": "casework/_ban.html",
        "side_template": "casework/_ban_moves.html",
    }
