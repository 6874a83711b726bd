"""Counting again when posted letters arrived, after the school's calendar changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from simple_history.utils import bulk_update_with_history

from dkh_conduct.school.following import POST_CHANGED, follow
from dkh_conduct.school.models import School, today
from letters.models import Letter, LetterEvent
from letters.posting import arrives, fair_reply_by

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer than any time to reply with a school holiday in it. What was posted before has been answered, or never will be.
STILL_COUNTS = timedelta(days=120)


def recount(schools: Iterable[int]) -> int:
    """For each of these schools; how many letters moved. Safe to run twice."""
    return sum(_recount(pk) for pk in schools)


@transaction.atomic
def _recount(school_pk: int) -> int:
    """A day to reply only ever moves later: a day that somebody was told stays theirs."""
    school = School.objects.get(pk=school_pk)
    calendar, days = school.calendar(), school.minimum_reply_school_days
    sent = Letter.objects.filter(school=school, state=Letter.State.POSTED, posted_on__gte=today() - STILL_COUNTS)
    moved = []
    for letter in sent.exclude(reply_by=None).order_by("pk").select_for_update(of=("self",)):
        assert letter.posted_on is not None  # noqa: S101  # filtered on above
        before = letter.arrives_on, letter.reply_counts_until
        letter.arrives_on = arrives(letter, letter.posted_on, calendar=calendar)
        fair = fair_reply_by(letter, calendar=calendar, school_days=days)
        if fair and (before[1] is None or fair > before[1]):
            letter.fair_reply_by = fair
        if before != (letter.arrives_on, letter.reply_counts_until):
            moved.append(letter)
    bulk_update_with_history(moved, Letter, ["arrives_on", "fair_reply_by"])
    LetterEvent.objects.bulk_create(
        LetterEvent(
            letter=letter,
            kind=LetterEvent.Kind.RECOUNTED,
            facts={"arrives_on": f"{letter.arrives_on}", "reply_by": f"{letter.reply_counts_until or ''}"},
        )
        for letter in moved
    )
    follow(POST_CHANGED, [letter.pk for letter in moved])
    return len(moved)
