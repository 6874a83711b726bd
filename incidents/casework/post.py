"""What the post moves on a case: once a letter has gone, they have until the day that leaves them time enough."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.calendar import PastCalendarError
from incidents.casework.next_action import THEIR_SIDE, WHICH_TIME
from incidents.models import Case, SiteBan, Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dkh_conduct.school.calendar import SchoolCalendar

WAITS_FOR_THEM = (THEIR_SIDE, WHICH_TIME)
LATELY = timedelta(days=3)


def follow_post(letters: Iterable[int]) -> None:
    """Posted, posted later than planned, posting undone, or counted again: the case follows. Safe to run twice."""
    steps = Step.objects.filter(letter__in=list(letters), state=Step.State.TAKEN, letter__reply_by__isnull=False)
    for pk in steps.order_by("case_id", "pk").values_list("pk", flat=True):
        _follow(pk)


def follow_lost_post() -> None:
    """What was posted lately, in case the portal stopped between the posting and what follows from it."""
    since = timezone.now() - LATELY
    follow_post(Step.objects.filter(letter__posted_at__gte=since).values_list("letter", flat=True))


@transaction.atomic
def _follow(pk: int) -> None:
    case = Case.objects.select_for_update().get(steps=pk)
    step = Step.objects.select_related("letter", "part_of").get(pk=pk)
    until = step.letter.reply_counts_until if step.letter else None
    if until is None or step.state != Step.State.TAKEN:
        return
    if case.next_action in WAITS_FOR_THEM and case.next_on != until and _is_last_to_ask(step):
        case.next_on = until
        case.save(update_fields=["next_on"])
    if step.kind == "ban" and step.stage in ("notice", "interim"):
        _move_ban(step, until, calendar=case.school.calendar())


def _is_last_to_ask(step: Step) -> bool:
    """A later letter of the same case has set the day since."""
    asking = Step.objects.filter(case_id=step.case_id, state=Step.State.TAKEN, letter__reply_by__isnull=False)
    last = asking.order_by("-taken_at", "-pk").first()
    return last is not None and last.pk == step.pk


def _move_ban(step: Step, until: date, *, calendar: SchoolCalendar) -> None:
    """Nothing is decided before their time to speak has ended, so the day of the decision moves behind it."""
    ban = SiteBan.objects.select_for_update().filter(step=step.root).first()
    if ban is None or ban.reply_by == until:
        return
    ban.reply_by = until
    if ban.decide_by and ban.decide_by <= until:
        try:
            ban.decide_by = calendar.add_school_days(until, 1)
        except PastCalendarError:
            ban.decide_by = calendar.add_working_days(until, 1)
    ban.save(update_fields=["reply_by", "decide_by"])
