"""A meeting: times offered, one chosen, what was said and agreed, or nobody came."""

from __future__ import annotations

from datetime import time, timedelta

import icalendar
import pytest

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.meetings import (
    Offer,
    agree_notes,
    arrange_meeting,
    begin_meeting_part,
    calendar_file,
    lines,
    record_meeting,
    record_no_show,
)
from incidents.casework.reply_days import reply_days
from incidents.models import Case, Event, Meeting, Step
from incidents.models.meeting import LASTS
from incidents.models.story import lines_of, title_of
from letters.models import Letter
from tests.casework.fair_case import fair_case, take
from tests.casework.meeting_case import EXPLAINED, held, invited, over, sent
from tests.casework.warning_pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
START = "/staff/cases/C014/steps/meeting/"


@pytest.fixture
def case(slt):
    return fair_case(slt)


def usual(case):
    return reply_days(case.school, posted_on=today()).usual


def test_the_invitation_offers_times_and_says_who_comes(case, slt):
    step = invited(case, by=slt, adjustments="We have booked a Somali interpreter.")

    body = step.letter.body
    for said in ("3:45pm", "8:30am, by video", "Ruth Adeyemi", "We have booked a Somali interpreter.", "bring someone"):
        assert said in body, said
    assert "disciplinary hearing" in body


def test_leaving_out_the_warning_letter_asks_why(case, slt):
    step = invited(case, by=slt)

    with pytest.raises(Refused, match="Why was a lower step left out"):
        take(step, slt)
    take(step, slt, explained=EXPLAINED)

    step.refresh_from_db()
    assert step.explanations == [("Why a lower step was left out", EXPLAINED["left_out"])]
    assert Case.objects.get().next_action == "Which time they choose"


@pytest.mark.parametrize("number", [0, 1, 4])
def test_two_or_three_times_are_offered(case, slt, number):
    offers = [Offer(usual(case) + timedelta(days=2 + n), time(9), "person") for n in range(number)]

    with pytest.raises(Refused, match="two or three times"):
        invited(case, by=slt, offers=offers)
    assert not Step.objects.exists()


def test_no_time_is_before_they_can_have_answered(case, slt):
    offers = [Offer(usual(case), time(9), "person"), Offer(usual(case) + timedelta(days=3), time(9), "person")]

    with pytest.raises(Refused, match="after the day by which they answer"):
        invited(case, by=slt, offers=offers)


def test_another_time_than_those_offered_can_be_agreed_on(case, slt):
    meeting = sent(case, by=slt)
    day = usual(case) + timedelta(days=9)

    arranged = arrange_meeting(meeting=meeting, by=slt, on=day, at=time(17, 30), how="phone", companion="Her sister")

    assert str(arranged.chosen) == f"{day:%A %-d %B %Y}, 5:30pm, by phone"
    assert (Case.objects.get().next_action, Case.objects.get().next_on) == ("The meeting", day)


def test_nothing_is_arranged_before_the_invitation_is_sent(case, slt):
    step = invited(case, by=slt)

    with pytest.raises(Refused, match="The invitation has not been sent"):
        arrange_meeting(meeting=step.meeting, by=slt, on=today(), at=time(9), how="person")


def test_a_meeting_to_come_is_not_recorded(case, slt):
    meeting = sent(case, by=slt)
    with pytest.raises(Refused, match="Record first which time they chose"):
        record_meeting(meeting=meeting, by=slt, they_said="Hello.")
    slot = meeting.slots.first()
    arrange_meeting(meeting=meeting, by=slt, on=slot.on, at=slot.at, how=slot.how)

    for verb in (
        lambda: record_meeting(meeting=meeting, by=slt, they_said="Hello."),
        lambda: record_no_show(meeting=meeting, by=slt),
    ):
        with pytest.raises(Refused, match="Record it afterwards"):
            verb()


def test_what_was_said_goes_into_the_letter_after_it(case, slt):
    meeting = held(case, by=slt)

    step = begin_meeting_part(meeting=meeting, stage="follow_up", by=slt, reply_by=usual(case), reason="As agreed.")
    take(step, slt, explained=None, reason="As agreed.")

    body = Letter.objects.latest("pk").body
    for said in ("My son came home hurt.", "Nobody rang.", "We ring on the same day."):
        assert said in body
    assert Step.objects.taken().rungs().count() == 1


def test_the_second_to_record_is_told_who_did(case, slt, colleague):
    meeting = held(case, by=slt)

    with pytest.raises(Refused, match="Ruth Adeyemi has recorded this already: held"):
        record_no_show(meeting=meeting, by=colleague)


def test_their_corrections_stand_beside_our_notes(case, slt):
    meeting = held(case, by=slt)

    agree_notes(meeting=meeting, by=slt, on=today(), corrections="I said twice, not once.")

    fresh = Meeting.objects.get()
    assert fresh.they_said.startswith("My son came home hurt.")
    assert fresh.notes_corrections == "I said twice, not once."


def test_notes_are_words_and_are_agreed_once_there_are_any(case, slt):
    meeting = over(sent(case, by=slt), by=slt)

    with pytest.raises(Refused, match="There are no notes to agree"):
        agree_notes(meeting=meeting, by=slt, on=today())
    with pytest.raises(Refused, match="Write down what they said"):
        record_meeting(meeting=meeting, by=slt, they_said=" ")
    assert Meeting.objects.get().state == Meeting.State.ARRANGED


def test_a_meeting_that_was_held_has_its_time(case, slt):
    meeting = held(case, by=slt)

    with pytest.raises(Refused, match="This meeting is settled: held"):
        arrange_meeting(meeting=meeting, by=slt, on=today(), at=time(9), how="person")


def test_nobody_came_is_a_letter_that_asks_and_concludes_nothing(case, slt):
    meeting = over(sent(case, by=slt), by=slt)
    with pytest.raises(Refused, match="Nobody has recorded"):
        begin_meeting_part(meeting=meeting, stage="no_show", by=slt, reply_by=usual(case))

    record_no_show(meeting=meeting, by=slt, reason="They rang: the car broke down.")
    step = begin_meeting_part(meeting=meeting, stage="no_show", by=slt, reply_by=usual(case), reason="To ask.")

    assert step.letter.kind == "meeting_no_show"
    with pytest.raises(Refused, match="Record the meeting first"):
        begin_meeting_part(meeting=meeting, stage="follow_up", by=slt, reply_by=usual(case))


def test_the_calendar_file_names_nobody(case, slt, signed_in):
    meeting = sent(case, by=slt)
    client, address = signed_in(slt), f"/staff/cases/C014/steps/{meeting.step_id}/meeting/calendar/"
    assert client.get(address).status_code == 302
    slot = meeting.slots.first()
    arrange_meeting(meeting=meeting, by=slt, on=slot.on, at=slot.at, how=slot.how)

    response = client.get(address)
    entry = icalendar.Calendar.from_ical(response.content).walk("VEVENT")[0]

    assert response["Content-Type"].startswith("text/calendar")
    assert entry.decoded("dtstart").hour == 15
    assert "Marsh" not in response.content.decode()


def test_the_pages_lead_from_an_invitation_to_its_letter(case, slt, signed_in):
    client, day = signed_in(slt), usual(case)
    answers = {
        "allegations": [str(each.pk) for each in case.allegations.all()],
        "purpose": "the messages",
        "topics": "The messages",
        "attending": [str(slt.pk)],
        "note_taker": str(slt.pk),
        "reply_by_0": day.day,
        "reply_by_1": day.month,
        "reply_by_2": day.year,
    }
    for n in (1, 2):
        later = day + timedelta(days=n)
        answers |= {f"on_{n}_0": later.day, f"on_{n}_1": later.month, f"on_{n}_2": later.year}
        answers |= {f"at_{n}": "3.45 pm", f"how_{n}": "person"}
    answers |= {"how_3": "person"}

    assert "Invite them to a meeting" in text_of(client.get(START))
    wrong = text_of(client.post(START, {**answers, "at_2": "late"}))
    response = client.post(START, answers)

    assert "Enter the time like 3:45pm or 15:45" in wrong
    step = Step.objects.get()
    assert response.url == f"/staff/cases/C014/steps/{step.pk}/draft/"
    assert "Invitation to a meeting" in text_of(client.get(response.url))
    take(step, slt, explained=EXPLAINED)
    root = f"/staff/cases/C014/steps/{step.pk}/"
    assert "Record which time they chose" in text_of(client.get(root))
    chosen = client.post(f"{root}meeting/time/", {"slot": str(step.meeting.slots.first().pk), "how": "person"})
    assert chosen.url == root
    assert "3:45pm, at school" in text_of(client.get(root))
    for event in Event.objects.all():
        assert "{" not in title_of(event) + "".join(lines_of(event))


def test_the_calendar_file_has_the_time_and_the_place_and_is_private(case, slt):
    meeting = sent(case, by=slt)
    with pytest.raises(Refused, match="No time has been chosen yet"):
        calendar_file(meeting)
    slot = meeting.slots.last()
    meeting = arrange_meeting(meeting=meeting, by=slt, on=slot.on, at=slot.at, how=slot.how)

    calendar = icalendar.Calendar.from_ical(calendar_file(meeting))

    entry = calendar.walk("VEVENT")[0]
    assert (calendar["version"], calendar["prodid"]) == ("2.0", "-//Conduct portal//Meeting//EN")
    assert entry["uid"] == f"meeting-{meeting.pk}@www.dkh.example"
    assert entry.decoded("dtend") - entry.decoded("dtstart") == LASTS
    assert entry.decoded("dtstart").date() == slot.on
    assert (entry["summary"], entry["location"], entry["class"]) == ("Meeting, case C014", "By video", "PRIVATE")
    assert "dtstamp" in entry
    assert calendar.walk("VTIMEZONE")


def test_lines_are_what_is_on_them():
    assert lines(" One \n\n  \nTwo") == ("One", "Two")
