"""Who opened what, and a case that was shown to the Trust's legal team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.demo.clock import set_to
from dkh_conduct.reading import note_read
from incidents.casework.referrals import refer_case
from incidents.models import Case, Event
from letters.models import Letter

if TYPE_CHECKING:
    from datetime import datetime

    from dkh_conduct.accounts.models import User
    from dkh_conduct.demo.story import Story

Thing = AuditEntry.Thing
Look = tuple["datetime", "User", AuditEntry.Thing, str, str]
REFERRED = ("C012", 5, "9:45am", "He asks whether he must let it stand. The request has the exact words.")
# School days ago, at, who, what, reason.
BY_OTHERS = (
    (9, "4:40pm", "farah", Thing.CASE, "C006", "I stand in for whoever leads it"),
    (4, "8:20am", "tomas", Thing.CASE, "C010", "It may belong with a case of mine"),
    (3, "12:05pm", "ruth", Thing.CASE, "C012", "Covering while Marian is at the Trust"),
    (4, "9:35am", "noor", Thing.CASE, "C012", ""),
    (1, "2:50pm", "pat", Thing.EXPORT, "letters.csv", ""),
)


def run(story: Story) -> None:
    number, on, at, why = REFERRED
    case = Case.objects.with_reference(number).get(school=story.school)
    with story.when(on, at):
        refer_case(case=case, to=story.staff["noor"], by=case.lead or case.opened_by, reason=why)
    for moment, who, thing, reference, reason in sorted(_looks(story), key=lambda look: (look[0], look[3])):
        with set_to(moment):
            note_read(who, thing=thing, reference=reference, reason=reason)


def _looks(story: Story) -> list[Look]:
    """Whoever did something in a case had it open; whoever printed a letter had that."""
    looks: list[Look] = []
    for event in Event.objects.filter(school=story.school, by__isnull=False).select_related(
        "by__school", "case", "concern"
    ):
        about = event.case or event.concern
        if event.by and about:
            looks.append((event.at, event.by, Thing.CASE if event.case else Thing.CONCERN, about.reference, ""))
    printed = Letter.objects.filter(school=story.school, printed_at__isnull=False, batch__isnull=False)
    for letter in printed.select_related("batch__printed_by__school"):
        if letter.printed_at and letter.batch:
            looks.append((letter.printed_at, letter.batch.printed_by, Thing.LETTER, letter.reference, ""))
    for on, at, who, thing, reference, reason in BY_OTHERS:
        looks.append((story.days.moment(-on, at), story.staff[who], thing, reference, reason))
    return looks
