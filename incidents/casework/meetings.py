"""A meeting as a step: times offered in a letter, one chosen, what was said written down and agreed, or nobody came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from icalendar import Calendar
from icalendar import Event as Entry

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused, lock_case
from incidents.casework.next_action import set_next
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import begin_step, check_findings, check_no_draft, may, record_step
from incidents.casework.step_letter import give_letter
from incidents.casework.warning_words import phone_of
from incidents.models import Event, Meeting, MeetingSlot, Step
from incidents.models.event import record
from incidents.models.meeting import LASTS
from incidents.policy.stages import stage_of
from incidents.policy.wording import POLICY
from letters.kinds import (
    Attendee,
    MeetingFollowUpFacts,
    MeetingInvitationFacts,
    MeetingNoShowFacts,
    Slot,
    compose,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time

    from dkh_conduct.accounts.models import User
    from incidents.models import Allegation, Case, Person

KIND = "meeting"
PLACES = {"person": "at school", "phone": "by phone", "video": "by video"}


@dataclass(frozen=True)
class Offer:
    """A time that is offered."""

    on: date
    at: time
    how: str


@transaction.atomic
def draft_meeting(
    *,
    case: Case,
    by: User,
    subject: Person,
    allegations: Sequence[Allegation],
    purpose: str,
    topics: str,
    attending: Sequence[User],
    note_taker: User,
    offers: Sequence[Offer],
    reply_by: date,
    adjustments: str = "",
) -> Step:
    """Begin the step: a draft of the invitation, with two or three times to choose from."""
    may(by, "incidents.take_step", "letters.draft_letter")
    case = lock_case(case, by=by)
    chosen = list(case.allegations.filter(pk__in=[each.pk for each in allegations]))
    row = stage_of(KIND, "")
    step = begin_step(case=case, by=by, subject=subject, stage=row, allegations=chosen)
    check_findings(chosen, subject)
    if not 2 <= len(offers) <= 3:
        raise Refused("Offer two or three times to choose from.")
    reply_days(case.school, posted_on=today()).check(reply_by)
    for offer in offers:
        if offer.on <= reply_by:
            raise Refused("Every time must be after the day by which they answer.")
    meeting = Meeting.objects.create(
        step=step, purpose=purpose, topics=topics, note_taker=note_taker, adjustments=adjustments
    )
    meeting.attending.set(attending)
    MeetingSlot.objects.bulk_create(
        MeetingSlot(meeting=meeting, on=offer.on, at=offer.at, how=offer.how) for offer in offers
    )
    facts = MeetingInvitationFacts(
        **_school_words(case, by),
        purpose=purpose,
        topics=lines(topics),
        attending=_attendees(meeting),
        slots=tuple(_slot(each) for each in meeting.slots.all()),
        note_taker=note_taker.full_name,
        reply_by=reply_by,
        adjustments=adjustments,
    )
    give_letter(step, by=by, signatory=by, composed=compose(row.letter, facts), reply_by=reply_by)
    record_step(Event.Kind.STEP_DRAFTED, step=step, by=by)
    return step


@transaction.atomic
def arrange_meeting(
    *, meeting: Meeting, by: User, on: date, at: time, how: str, companion: str = "", interpreter: str = ""
) -> Meeting:
    """Write down which time they chose: one that was offered, or another that was agreed on."""
    case, meeting = _held(meeting, by=by)
    if meeting.state not in (Meeting.State.OFFERED, Meeting.State.ARRANGED):
        raise Refused(f"This meeting is settled: {meeting.get_state_display().lower()}.")
    slot, _ = MeetingSlot.objects.update_or_create(meeting=meeting, on=on, at=at, defaults={"how": how})
    meeting.state, meeting.chosen = Meeting.State.ARRANGED, slot
    meeting.companion, meeting.interpreter = companion, interpreter
    meeting.save()
    set_next(case, "The meeting", on)
    _record(Event.Kind.MEETING_ARRANGED, case, meeting, by=by, summary=f"{slot}.")
    return meeting


@transaction.atomic
def record_meeting(
    *, meeting: Meeting, by: User, they_said: str, we_said: str = "", agreed: str = "", not_agreed: str = ""
) -> Meeting:
    """Write down what was said and agreed. The notes go to the parent, who may correct them."""
    case, meeting = _held(meeting, by=by)
    slot = _over(meeting)
    if not they_said.strip():
        raise Refused("Write down what they said.")
    meeting.state = Meeting.State.HELD
    meeting.they_said, meeting.we_said, meeting.agreed, meeting.not_agreed = they_said, we_said, agreed, not_agreed
    meeting.recorded_by, meeting.recorded_at = by, timezone.now()
    meeting.save()
    set_next(case, "Write the letter after the meeting")
    _record(Event.Kind.MEETING_HELD, case, meeting, by=by, summary=f"{slot}.")
    return meeting


@transaction.atomic
def record_no_show(*, meeting: Meeting, by: User, reason: str = "") -> Meeting:
    """They did not come. Nothing is concluded from it: they may have had a reason."""
    case, meeting = _held(meeting, by=by)
    slot = _over(meeting)
    meeting.state = Meeting.State.MISSED
    meeting.recorded_by, meeting.recorded_at = by, timezone.now()
    meeting.save()
    set_next(case, "Write about the missed meeting")
    _record(Event.Kind.MEETING_MISSED, case, meeting, by=by, summary=f"{slot}.", why=reason)
    return meeting


@transaction.atomic
def agree_notes(*, meeting: Meeting, by: User, on: date, corrections: str = "") -> Meeting:
    """The parent agreed with the notes, or corrected them: their words are kept beside ours."""
    case, meeting = _held(meeting, by=by)
    if meeting.state != Meeting.State.HELD:
        raise Refused("There are no notes to agree: the meeting has not been recorded.")
    meeting.notes_agreed_on, meeting.notes_corrections = on, corrections
    meeting.save()
    _record(
        Event.Kind.NOTES_AGREED, case, meeting, by=by, summary="With corrections." if corrections else "As they were."
    )
    return meeting


@transaction.atomic
def begin_meeting_part(
    *, meeting: Meeting, stage: str, by: User, reply_by: date, reason: str = "", next_step: str = ""
) -> Step:
    """The letter after a meeting, or about one that they missed."""
    may(by, "incidents.take_step", "letters.draft_letter")
    case, meeting = _held(meeting, by=by)
    row = stage_of(KIND, stage)
    if sentence := why_not_part(meeting, stage):
        raise Refused(sentence)
    check_no_draft(case, KIND, meeting.step.subject)
    reply_days(case.school, posted_on=today()).check(reply_by)
    step = begin_step(
        case=case,
        by=by,
        subject=meeting.step.subject,
        stage=row,
        allegations=list(meeting.step.allegations.all()),
        part_of=meeting.step,
    )
    step.reason = reason
    step.save(update_fields=["reason"])
    words = _school_words(case, by)
    slot = meeting.chosen
    facts: MeetingFollowUpFacts | MeetingNoShowFacts
    if stage == "follow_up":
        facts = MeetingFollowUpFacts(
            **words,
            held_on=slot.on if slot else today(),
            attending=_attendees(meeting),
            they_said=lines(meeting.they_said),
            we_said=lines(meeting.we_said),
            agreed=lines(meeting.agreed),
            not_agreed=meeting.not_agreed,
            next_step=next_step,
            reply_by=reply_by,
        )
    else:
        facts = MeetingNoShowFacts(
            **words,
            purpose=meeting.purpose,
            planned_for=slot.on if slot else today(),
            planned_at=slot.clock if slot else "",
            reply_by=reply_by,
        )
    give_letter(step, by=by, signatory=by, composed=compose(row.letter, facts), reply_by=reply_by)
    record_step(Event.Kind.STEP_DRAFTED, step=step, by=by)
    return step


def why_not_part(meeting: Meeting, stage: str) -> str:
    if stage == "follow_up" and meeting.state != Meeting.State.HELD:
        return "Record the meeting first: the letter says what was said."
    if stage == "no_show" and meeting.state != Meeting.State.MISSED:
        return "Nobody has recorded that they did not come."
    return ""


def check_times(step: Step, reply_by: date | None) -> None:
    """Raises Refused where an invitation would offer a time that comes before their answer is due."""
    if step.kind != KIND or step.stage or reply_by is None:
        return
    early = MeetingSlot.objects.filter(meeting__step=step, on__lte=reply_by).order_by("on").first()
    if early:
        raise Refused(
            f"The letter offers {early}, which is not after the day by which they answer. "
            "Choose an earlier day, or invite them anew with later times."
        )


def calendar_file(meeting: Meeting) -> bytes:
    """An iCalendar file of the time that was chosen. It names nobody: calendars are often shared."""
    slot = meeting.chosen
    if slot is None:
        raise Refused("No time has been chosen yet.")
    calendar = Calendar()
    calendar.add("prodid", "-//Conduct portal//Meeting//EN")
    calendar.add("version", "2.0")
    entry = Entry()
    entry.add("uid", f"meeting-{meeting.pk}@{meeting.step.case.school.website}")
    entry.add("dtstamp", timezone.now())
    entry.add("dtstart", slot.starts_at)
    entry.add("dtend", slot.starts_at + LASTS)
    entry.add("summary", f"Meeting, case {meeting.step.case.reference}")
    entry.add("location", slot.get_how_display())
    entry.add("class", "PRIVATE")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _held(meeting: Meeting, *, by: User) -> tuple[Case, Meeting]:
    case = lock_case(meeting.step.case, by=by)
    held = Meeting.objects.select_for_update(of=("self",)).select_related("step__subject", "chosen").get(pk=meeting.pk)
    held.step.case = case
    if held.step.state != Step.State.TAKEN:
        raise Refused("The invitation has not been sent, so there is no meeting yet.")
    return case, held


def _over(meeting: Meeting) -> MeetingSlot:
    if meeting.state in (Meeting.State.HELD, Meeting.State.MISSED):
        who = meeting.recorded_by.full_name if meeting.recorded_by else "Somebody else"
        raise Refused(f"{who} has recorded this already: {meeting.get_state_display().lower()}.")
    if meeting.chosen is None:
        raise Refused("Record first which time they chose.")
    if not meeting.chosen.is_over:
        raise Refused(f"The meeting is on {meeting.chosen}. Record it afterwards.")
    return meeting.chosen


def _attendees(meeting: Meeting) -> tuple[Attendee, ...]:
    return tuple(Attendee(each.full_name, each.job_title) for each in meeting.attending.all())


def _slot(slot: MeetingSlot) -> Slot:
    return Slot(slot.on, slot.clock, PLACES[slot.how])


def _school_words(case: Case, signatory: User) -> dict[str, Any]:
    school = case.school
    return {
        "policy_title": POLICY.title,
        "school_phone": school.phone,
        "school_email": school.email,
        "signatory_phone": phone_of(signatory, school=school),
    }


def _record(kind: Event.Kind, case: Case, meeting: Meeting, *, by: User, summary: str, why: str = "") -> None:
    person = meeting.step.subject.full_name
    record(kind, school=case.school, by=by, case=case, person=person, summary=summary, why=why)
