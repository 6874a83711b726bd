"""What went in the post, when, and when it counts as having arrived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from dkh_conduct.school.calendar import PastCalendarError
from dkh_conduct.school.following import POST_CHANGED, follow
from dkh_conduct.school.models import School, today
from dkh_conduct.school.templatetags.dates import day
from letters.holding import check_not_held
from letters.models import Letter, LetterEvent
from letters.printing import locked
from letters.refusals import LetterRefusedError, WrongStateError
from letters.templatetags.sentences import when

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dkh_conduct.school.calendar import SchoolCalendar
    from letters.models import Staff

FIELDS = ["state", "delivery", "posted_on", "posted_by", "posted_at", "arrives_on", "fair_reply_by"]


class WrongDayError(LetterRefusedError):
    """Nothing is posted in the future, nor before it is printed."""


def mark_posted(*, letters: Iterable[Letter], posted_on: date, by: Staff, how: str = "") -> list[Letter]:
    """All of them, or none and the sentence why (WrongStateError, WrongDayError).

    `how` is one of `Letter.Delivery` where they went in another way than was planned. Second class arrives later, which
    can leave too few school days until the day in the letter: then the day that counts moves.
    """
    with transaction.atomic():
        chosen = locked(letters, by=by)
        for letter in chosen:
            _check(letter, posted_on)
        check_not_held(chosen)
        now = timezone.now()
        school = School.objects.get(pk=by.school_id)
        calendar = school.calendar()
        for letter in chosen:
            letter.state = Letter.State.POSTED
            letter.posted_on, letter.posted_by_id, letter.posted_at = posted_on, by.pk, now
            letter.delivery = how or letter.delivery
            letter.arrives_on = arrives(letter, posted_on, calendar=calendar)
            letter.fair_reply_by = fair_reply_by(
                letter, calendar=calendar, school_days=school.minimum_reply_school_days
            )
        bulk_update_with_history(chosen, Letter, FIELDS)
        LetterEvent.objects.bulk_create(
            LetterEvent(
                letter=letter,
                kind=LetterEvent.Kind.HANDED_OVER if is_by_hand(letter) else LetterEvent.Kind.POSTED,
                by_id=by.pk,
                at=now,
                facts={
                    "on": posted_on.isoformat(),
                    "arrives_on": f"{letter.arrives_on}",
                    "how": letter.delivery,
                    "reply_by": f"{letter.fair_reply_by or ''}",
                },
            )
            for letter in chosen
        )
        follow(POST_CHANGED, [letter.pk for letter in chosen])
    return chosen


def undo_posting(*, letters: Iterable[Letter], by: Staff) -> list[Letter]:
    """Back to printed, on the day it was marked as posted only: later, the reply date may already count."""
    with transaction.atomic():
        chosen = locked(letters, by=by)
        for letter in chosen:
            if letter.state != Letter.State.POSTED:
                raise WrongStateError(f"{letter.reference} is not marked as posted any more. Nothing was changed.")
            if is_by_email(letter):
                raise WrongStateError(f"{letter.reference} was emailed. Send it by post instead, from “Email”.")
            if not may_undo(letter):
                raise WrongStateError(
                    f"{letter.reference} was marked as posted on {day(letter.posted_at)}. "
                    "Posting can only be undone on the same day."
                )
        now = timezone.now()
        for letter in chosen:
            letter.state = Letter.State.PRINTED
            letter.posted_on = letter.posted_by_id = letter.posted_at = None
            letter.arrives_on = letter.fair_reply_by = None
        bulk_update_with_history(chosen, Letter, FIELDS)
        LetterEvent.objects.bulk_create(
            LetterEvent(letter=letter, kind=LetterEvent.Kind.POSTING_UNDONE, by_id=by.pk, at=now) for letter in chosen
        )
        follow(POST_CHANGED, [letter.pk for letter in chosen])
    return chosen


def may_undo(letter: Letter) -> bool:
    return not is_by_email(letter) and letter.posted_at is not None and timezone.localdate(letter.posted_at) == today()


def is_by_hand(letter: Letter) -> bool:
    return letter.delivery == Letter.Delivery.HAND


def is_by_email(letter: Letter) -> bool:
    return letter.delivery == Letter.Delivery.EMAIL


def arrives(letter: Letter, posted_on: date, *, calendar: SchoolCalendar) -> date:
    """The day it counts as having arrived: at once by hand, later by second class than by first."""
    if is_by_hand(letter) or is_by_email(letter):
        return posted_on
    return calendar.deemed_receipt(posted_on, first_class=letter.delivery != Letter.Delivery.SECOND)


def fair_reply_by(letter: Letter, *, calendar: SchoolCalendar, school_days: int) -> date | None:
    """The day printed in the letter, or a later one where the post leaves fewer than `school_days` before it."""
    if letter.reply_by is None or letter.arrives_on is None:
        return None
    try:
        return max(letter.reply_by, calendar.add_school_days(letter.arrives_on, school_days))
    except PastCalendarError:
        return letter.reply_by  # `cannot_count` says so, and the recount moves it once the terms are there


def cannot_count(letters: Iterable[Letter], *, school: School) -> str:
    """The sentence why the days to reply of some of these cannot be counted; empty where they all can."""
    calendar = school.calendar()
    asking = [letter for letter in letters if letter.reply_by and letter.arrives_on]
    try:
        for letter in asking:
            assert letter.arrives_on is not None  # noqa: S101  # chosen just above
            calendar.add_school_days(letter.arrives_on, school.minimum_reply_school_days)
    except PastCalendarError as error:
        return (
            f"{error} Until then the day to reply to {letter.reference} stays the day in the letter, "
            "although it may leave too few school days."
        )
    return ""


def post_by(letter: Letter, *, calendar: SchoolCalendar, school_days: int) -> date | None:
    """The last working day to post it, so that `school_days` are left to reply after it counts as having arrived."""
    if letter.reply_by is None:
        return None
    last = letter.reply_by
    for _ in range(60):
        arrived = arrives(letter, last, calendar=calendar)
        if calendar.is_working_day(last) and calendar.school_days_between(arrived, letter.reply_by) >= school_days:
            return last
        last -= timedelta(days=1)
    return None


def _check(letter: Letter, posted_on: date) -> None:
    if letter.state == Letter.State.POSTED and letter.posted_by:
        raise WrongStateError(
            f"{letter.reference} was already marked as posted by {letter.posted_by.full_name} "
            f"{when(letter.posted_at)}. Nothing was changed."
        )
    if letter.state != Letter.State.PRINTED or letter.printed_at is None:
        raise WrongStateError(f"{letter.reference} has not been printed. Nothing was changed.")
    if posted_on > today():
        raise WrongDayError("The day of posting must be today or in the past.")
    if posted_on < timezone.localdate(letter.printed_at):
        raise WrongDayError(f"The day of posting must be {day(letter.printed_at)}, when they were printed, or later.")
