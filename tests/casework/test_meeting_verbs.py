"""What each verb of a meeting writes: the meeting, its letter, what the case waits for, one event."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.meetings import (
    Offer,
    agree_notes,
    arrange_meeting,
    begin_meeting_part,
    check_times,
    record_meeting,
    record_no_show,
    why_not_part,
)
from incidents.casework.next_action import soon
from incidents.casework.reply_days import reply_days
from incidents.models import Case, Event, Meeting, MeetingSlot, Step
from letters.models import Letter
from tests.casework.fair_case import add_subject, fair_case, find
from tests.casework.meeting_case import held, invited, over, sent
from tests.factories import AllegationFactory, CaseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
Kind = Event.Kind


@pytest.fixture
def case(slt):
    return fair_case(slt)


def usual(case):
    return reply_days(case.school, posted_on=today()).usual


def event_of(kind):
    event = Event.objects.filter(kind=kind).order_by("pk").last()
    return event.by, event.case, event.why, event.facts.get("person"), event.facts.get("summary")


def waits():
    case = Case.objects.get()
    return case.next_action, case.next_on


def test_an_invitation_is_written_whole(case, slt, colleague):
    step = invited(case, by=slt, attending=[slt, colleague], note_taker=colleague, adjustments="A ramp.")

    meeting = Meeting.objects.get()
    assert (meeting.step, meeting.state, meeting.note_taker) == (step, "offered", colleague)
    assert (meeting.purpose, meeting.adjustments) == ("the messages in the Year 3 group", "A ramp.")
    assert meeting.topics.startswith("The two messages\n")
    assert set(meeting.attending.all()) == {slt, colleague}
    first = usual(case) + timedelta(days=2)
    assert list(meeting.slots.values_list("on", "at", "how")) == [
        (first, time(15, 45), "person"),
        (first + timedelta(days=1), time(8, 30), "video"),
    ]
    letter = Letter.objects.get()
    assert (letter.kind, letter.reply_by, letter.signatory_name) == ("meeting_invitation", usual(case), "Ruth Adeyemi")
    for said in ("at school", "by video", "Tomas Lindqvist, Deputy head", case.school.phone):
        assert said in letter.body, said
    assert event_of(Kind.STEP_DRAFTED)[:2] == (slt, case)


def test_only_allegations_of_this_case_are_what_it_is_about(case, slt):
    other = AllegationFactory.create(case=CaseFactory.create(school=case.school), subject=case.subjects[0])

    step = invited(case, by=slt, allegations=[*case.allegations.all(), other])

    assert list(step.allegations.all()) == list(case.allegations.all())


def test_it_is_about_those_allegations_that_were_chosen(case, slt):
    chosen = find(AllegationFactory.create(case=case, subject=case.subjects[0], clause="anger"), by=slt)

    assert list(invited(case, by=slt, allegations=[chosen]).allegations.all()) == [chosen]


def test_one_that_nobody_has_decided_is_not_what_it_is_about(case, slt):
    undecided = AllegationFactory.create(case=case, subject=case.subjects[0], clause="anger")

    with pytest.raises(Refused):
        invited(case, by=slt, allegations=[*case.allegations.all(), undecided])


@pytest.mark.parametrize("verb", ["draft", "arrange", "part"])
def test_nothing_is_done_in_a_case_that_was_closed_meanwhile(case, slt, verb):
    meeting = held(case, by=slt) if verb == "part" else sent(case, by=slt) if verb == "arrange" else None
    Case.objects.update(status="closed", closed_at=timezone.now(), closed_reason="Done")
    verbs = {
        "draft": lambda: invited(case, by=slt),
        "arrange": lambda: arrange_meeting(meeting=meeting, by=slt, on=today(), at=time(9), how="person"),
        "part": lambda: begin_meeting_part(meeting=meeting, stage="follow_up", by=slt, reply_by=usual(case)),
    }

    with pytest.raises(Refused, match="closed"):
        verbs[verb]()


def test_an_invitation_rests_on_what_was_found(case, slt):
    case.allegations.update(finding="not_found")

    with pytest.raises(Refused):
        invited(case, by=slt, allegations=list(case.allegations.all()))
    assert not Step.objects.exists()


def test_they_are_given_the_days_that_a_letter_needs(case, slt):
    with pytest.raises(Refused):
        invited(case, by=slt, reply_by=today())
    meeting = held(case, by=slt)
    with pytest.raises(Refused):
        begin_meeting_part(meeting=meeting, stage="follow_up", by=slt, reply_by=today())
    assert not Step.objects.filter(part_of=meeting.step).exists()


@pytest.mark.parametrize("number", [2, 3])
def test_two_times_are_enough_and_three_are_not_too_many(case, slt, number):
    offers = [Offer(usual(case) + timedelta(days=1 + n), time(9), "person") for n in range(number)]

    assert invited(case, by=slt, offers=offers).meeting.slots.count() == number


def test_what_was_arranged_is_written_down_and_can_be_arranged_anew(case, slt, colleague):
    meeting = sent(case, by=slt)
    day = usual(case) + timedelta(days=9)
    about = {"meeting": meeting, "by": colleague, "on": day}

    arrange_meeting(**about, at=time(17, 30), how="phone", companion="Her sister", interpreter="Somali")
    arrange_meeting(**about, at=time(17, 30), how="video", companion="Her mother", interpreter="Somali")

    fresh, slot = Meeting.objects.get(), MeetingSlot.objects.get(at=time(17, 30))
    assert (fresh.state, fresh.chosen, slot.how) == ("arranged", slot, "video")
    assert (fresh.companion, fresh.interpreter) == ("Her mother", "Somali")
    assert fresh.slots.count() == 3
    assert waits() == ("The meeting", day)
    assert event_of(Kind.MEETING_ARRANGED) == (colleague, case, "", "Daniel Marsh", f"{slot}.")


@pytest.mark.parametrize("other", ["day", "time"])
def test_another_day_or_time_is_another_slot_of_this_meeting(case, slt, other):
    meeting = sent(case, by=slt)
    slot = meeting.slots.first()
    on, at = (slot.on + timedelta(days=9), slot.at) if other == "day" else (slot.on, time(6))

    chosen = arrange_meeting(meeting=meeting, by=slt, on=on, at=at, how="phone").chosen

    slot.refresh_from_db()
    assert (chosen.meeting, slot.how) == (meeting, "person")
    assert chosen != slot


def test_what_was_said_is_kept_with_who_and_when(case, slt, colleague):
    meeting = over(sent(case, by=slt), by=slt)
    before = timezone.now()

    record_meeting(meeting=meeting, by=colleague, they_said="A", we_said="B", agreed="C", not_agreed="D")

    fresh = Meeting.objects.get()
    assert (fresh.state, fresh.they_said, fresh.we_said, fresh.agreed, fresh.not_agreed) == ("held", *"ABCD")
    assert fresh.recorded_by == colleague
    assert before < fresh.recorded_at < timezone.now()
    assert waits() == ("Write the letter after the meeting", soon(case))
    assert event_of(Kind.MEETING_HELD) == (colleague, case, "", "Daniel Marsh", f"{fresh.chosen}.")


def test_that_nobody_came_is_kept_with_who_when_and_why(case, slt, colleague):
    meeting = over(sent(case, by=slt), by=slt)
    before = timezone.now()

    written = record_no_show(meeting=meeting, by=colleague, reason="The car.")

    fresh = Meeting.objects.get()
    assert written == fresh
    assert (fresh.state, fresh.recorded_by) == ("missed", colleague)
    assert before < fresh.recorded_at < timezone.now()
    assert waits() == ("Write about the missed meeting", soon(case))
    assert event_of(Kind.MEETING_MISSED) == (colleague, case, "The car.", "Daniel Marsh", f"{fresh.chosen}.")
    with pytest.raises(Refused, match="Tomas Lindqvist has recorded this already: they did not come"):
        record_meeting(meeting=meeting, by=slt, they_said="Hello.")
    with pytest.raises(Refused, match="There are no notes to agree"):
        agree_notes(meeting=meeting, by=slt, on=today())
    Meeting.objects.update(recorded_by=None)
    with pytest.raises(Refused, match="Somebody else has recorded this already"):
        record_no_show(meeting=meeting, by=slt)


@pytest.mark.parametrize(("corrections", "said"), [("", "As they were."), ("Twice, not once.", "With corrections.")])
def test_that_they_agreed_is_kept_with_the_day(case, slt, colleague, corrections, said):
    meeting = held(case, by=slt)

    written = agree_notes(meeting=meeting, by=colleague, on=today(), corrections=corrections)

    fresh = Meeting.objects.get()
    assert written == fresh
    assert (fresh.notes_agreed_on, fresh.notes_corrections) == (today(), corrections)
    assert event_of(Kind.NOTES_AGREED) == (colleague, case, "", "Daniel Marsh", said)


def test_the_letter_after_it_is_a_part_of_the_step_and_about_the_same(case, slt, colleague):
    meeting = held(case, by=slt)
    Meeting.objects.update(we_said="We were sorry.", not_agreed="Whether to move class.")
    add_subject(case, full_name="Ama Boateng")

    part = begin_meeting_part(
        meeting=meeting, stage="follow_up", by=colleague, reply_by=usual(case), reason="As agreed.", next_step="Wait."
    )

    part.refresh_from_db()
    assert (part.part_of, part.subject, part.stage) == (meeting.step, meeting.step.subject, "follow_up")
    assert (part.reason, part.drafted_by) == ("As agreed.", colleague)
    assert list(part.allegations.all()) == list(meeting.step.allegations.all())
    assert (part.letter.reply_by, part.letter.signatory_name) == (usual(case), "Tomas Lindqvist")
    day = Meeting.objects.get().chosen.on
    for said in ("We were sorry.", "Whether to move class.", "Wait.", f"{day:%-d %B %Y}", "Ruth Adeyemi"):
        assert said in part.letter.body, said
    assert event_of(Kind.STEP_DRAFTED)[:2] == (colleague, case)
    with pytest.raises(Refused, match="Tomas Lindqvist"):
        begin_meeting_part(meeting=meeting, stage="follow_up", by=slt, reply_by=usual(case))


def test_the_letter_about_one_that_they_missed_names_its_time(case, slt):
    meeting = over(sent(case, by=slt), by=slt)
    record_no_show(meeting=meeting, by=slt)

    body = begin_meeting_part(meeting=meeting, stage="no_show", by=slt, reply_by=usual(case)).letter.body

    for said in ("3:45pm", f"{Meeting.objects.get().chosen.on:%-d %B %Y}", "the messages in the Year 3 group"):
        assert said in body, said


@pytest.mark.parametrize("stage", ["follow_up", "no_show"])
def test_of_two_meetings_each_is_its_own_and_one_whose_time_is_gone_was_today(case, slt, stage):
    meeting = over(sent(case, by=slt), by=slt)
    other = Step.objects.create(case=case, kind="legal", subject=meeting.step.subject, drafted_by=slt)
    Meeting.objects.create(step=other, note_taker=slt)
    if stage == "no_show":
        record_no_show(meeting=meeting, by=slt)
    else:
        record_meeting(meeting=meeting, by=slt, they_said="A")
    Meeting.objects.update(chosen=None)

    part = begin_meeting_part(meeting=meeting, stage=stage, by=slt, reply_by=usual(case))

    assert f"{today():%-d %B %Y}" in part.letter.body
    assert Meeting.objects.exclude(pk=meeting.pk).get().state == "offered"


@pytest.mark.parametrize("stage", ["follow_up", "no_show"])
@pytest.mark.parametrize("state", ["offered", "arranged", "held", "missed"])
def test_a_letter_follows_from_what_was_recorded(stage, state):
    fits = (stage, state) in {("follow_up", "held"), ("no_show", "missed")}

    assert (why_not_part(Meeting(state=state), stage) == "") is fits


def test_the_times_of_another_meeting_do_not_count(case, slt):
    step = invited(case, by=slt)
    first, last = step.meeting.slots.all()
    check_times(step, first.on - timedelta(days=1))
    check_times(step, None)
    for day in (first.on, last.on + timedelta(days=1)):
        with pytest.raises(Refused, match=f"The letter offers {first}, which is not after"):
            check_times(step, day)

    check_times(Step(kind="meeting", stage="follow_up", pk=step.pk), last.on)
    check_times(Step(kind="warning", pk=step.pk), last.on)
    check_times(Step.objects.create(case=case, kind="warning", subject=step.subject, drafted_by=slt), last.on)
    MeetingSlot.objects.update(meeting=Meeting.objects.create(
        step=Step.objects.create(case=case, kind="legal", subject=step.subject, drafted_by=slt), note_taker=slt
    ))  # fmt: skip
    check_times(step, last.on)
