"""A meeting on its way: invited, arranged, held."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from dkh_conduct.school.models import today
from incidents.casework.meetings import Offer, arrange_meeting, draft_meeting, record_meeting
from incidents.casework.reply_days import reply_days
from incidents.models import Case, Meeting, MeetingSlot, Step
from tests.casework.fair_case import take

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

EXPLAINED = {"left_out": "A talk is gentler than a letter here."}


def invited(case: Case, *, by: User, **changes: Any) -> Step:
    days = reply_days(case.school, posted_on=today())
    assert days.usual
    first = days.usual + timedelta(days=2)
    values: dict[str, Any] = {
        "allegations": list(case.allegations.filter(finding="found")),
        "purpose": "the messages in the Year 3 group",
        "topics": "The two messages\nHow to reach us when something is wrong",
        "attending": [by],
        "note_taker": by,
        "offers": [Offer(first, time(15, 45), "person"), Offer(first + timedelta(days=1), time(8, 30), "video")],
        "reply_by": days.usual,
    }
    return draft_meeting(case=case, by=by, subject=case.subjects[0], **{**values, **changes})


def sent(case: Case, *, by: User, **changes: Any) -> Meeting:
    return Meeting.objects.get(step=take(invited(case, by=by, **changes), by, explained=EXPLAINED))


def over(meeting: Meeting, *, by: User) -> Meeting:
    """The first time was chosen, and has passed."""
    slot = meeting.slots.first()
    assert slot
    meeting = arrange_meeting(meeting=meeting, by=by, on=slot.on, at=slot.at, how=slot.how)
    MeetingSlot.objects.filter(pk=slot.pk).update(on=today() - timedelta(days=1))
    return Meeting.objects.get(pk=meeting.pk)


def held(case: Case, *, by: User) -> Meeting:
    meeting = over(sent(case, by=by), by=by)
    said = {"they_said": "My son came home hurt.\nNobody rang.", "agreed": "We ring on the same day."}
    return record_meeting(meeting=meeting, by=by, **said)
