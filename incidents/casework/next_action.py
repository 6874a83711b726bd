"""What a case waits for next. Four things move it by themselves; a step that is taken sets its own.

Their account asked for → "Their account", by the day it is due. No account awaited any more → "Decide the
allegations", within five school days. A reply to a letter read → "Their side" until the day to reply by, then
"Answer their reply". Last allegation decided → "Decide on a step", within five school days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dkh_conduct.school.calendar import PastCalendarError
from dkh_conduct.school.models import today
from incidents.models import Allegation, Reply
from incidents.models.reply import READ_REPLY

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.models import Case

DECIDE_WITHIN_SCHOOL_DAYS = 5
ACCOUNT = "Their account"
ALLEGATIONS = "Decide the allegations"
STEP = "Decide on a step"
THEIR_SIDE = "Their side"
WHICH_TIME = "Which time they choose"
ANSWER = "Answer their reply"


def after_account_asked(case: Case) -> None:
    awaited = case.information.filter(is_subject_account=True, received_on=None).order_by("due_on").first()
    if awaited:
        _set(case, ACCOUNT, awaited.due_on)


def after_account_received(case: Case) -> None:
    if case.information.filter(is_subject_account=True, received_on=None).exists():
        after_account_asked(case)
    elif case.allegations.filter(finding=Allegation.Finding.UNDECIDED).exists():
        _set(case, ALLEGATIONS, soon(case))
    elif case.allegations.exists():
        _set(case, STEP, soon(case))


def after_finding(case: Case) -> None:
    if not case.allegations.filter(finding=Allegation.Finding.UNDECIDED).exists() and case.next_action == ALLEGATIONS:
        _set(case, STEP, soon(case))


def after_reply_read(case: Case, *, reply_by: date | None) -> None:
    """They may still add to it until the day to reply by; then somebody says what follows from it."""
    if case.next_action != READ_REPLY or Reply.objects.unread().filter(step__case=case).exists():
        return
    if reply_by and reply_by >= today():
        _set(case, THEIR_SIDE, reply_by)
    else:
        _set(case, ANSWER, soon(case))


def in_school_days(case: Case, days: int, *, calendar: SchoolCalendar | None = None) -> date | None:
    try:
        return (calendar or case.school.calendar()).add_school_days(today(), days)
    except PastCalendarError:
        return None  # what somebody sent us is recorded all the same; a date comes with next year's terms


def soon(case: Case) -> date | None:
    return in_school_days(case, DECIDE_WITHIN_SCHOOL_DAYS)


def set_next(case: Case, action: str, on: date | None = None) -> None:
    """What somebody's deed makes the case wait for; without a day, within five school days."""
    _set(case, action, on or soon(case))


def _set(case: Case, action: str, on: date | None) -> None:
    case.next_action, case.next_on = action, on
    case.save(update_fields=["next_action", "next_on"])
