"""What each step of the ladder is made of: its decisions and letters as rows, and who must agree to them.

A step begins with its first stage. Later stages belong to a step that was taken: the letter after a meeting, what
is decided about a ban once the parent has put their side.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A row. `letter` is the kind of letter it leaves, empty where none goes to the person."""

    step: str
    key: str
    title: str
    letter: str = ""
    is_later: bool = False
    needs_second_person: bool = False
    asks_reply: bool = False
    is_to_body: bool = False


STAGES = (
    Stage("warning", "", "Warning letter", "warning", asks_reply=True),
    Stage("meeting", "", "Invitation to a meeting", "meeting_invitation", asks_reply=True),
    Stage("meeting", "follow_up", "Letter after the meeting", "meeting_follow_up", is_later=True, asks_reply=True),
    Stage("meeting", "no_show", "Letter about a missed meeting", "meeting_no_show", is_later=True, asks_reply=True),
    Stage(
        "authorities",
        "",
        "Contact with the authorities",
        "authorities_cover",
        needs_second_person=True,
        is_to_body=True,
    ),
    Stage("legal", "", "Referral for legal advice"),
    Stage("ban", "notice", "Notice of intent to ban", "ban_intent", needs_second_person=True, asks_reply=True),
    Stage("ban", "interim", "Interim ban", "ban_interim", needs_second_person=True, asks_reply=True),
    Stage("ban", "confirm", "Site ban confirmed", "ban_confirmed", is_later=True, needs_second_person=True),
    Stage("ban", "vary", "Site ban changed", "ban_varied", is_later=True, needs_second_person=True),
    Stage("ban", "extend", "Site ban extended", "ban_extended", is_later=True, needs_second_person=True),
    Stage("ban", "no_ban", "Decision not to ban", "ban_not_made", is_later=True, needs_second_person=True),
    Stage("ban", "lift", "Site ban lifted", "ban_lifted", is_later=True, needs_second_person=True),
    Stage("ban", "review", "Review of a site ban", "ban_review", is_later=True, asks_reply=True),
    Stage("ban", "breach", "Letter about coming on site", "ban_breach", is_later=True, asks_reply=True),
    Stage("ban", "expire", "Site ban ended", "ban_expired", is_later=True),
)


def stage_of(step: str, key: str) -> Stage:
    return next(stage for stage in STAGES if (stage.step, stage.key) == (step, key))


def first_stages(step: str) -> tuple[Stage, ...]:
    return tuple(stage for stage in STAGES if stage.step == step and not stage.is_later)
