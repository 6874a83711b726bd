"""Once a letter is posted, the days of its case follow the post: never less time than the policy promises."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from dkh_conduct.school.calendar_editing import close_day, open_day
from dkh_conduct.school.models import ClosedDay, School, today
from incidents.casework.information import ask_for_information
from incidents.casework.post import follow_lost_post, follow_post
from incidents.casework.reminders import remind, send_reminders
from incidents.casework.reply_days import reply_days
from incidents.casework.step_taking import rescind_step
from incidents.models import Case, Email, SiteBan
from letters.models import Letter, LetterEvent
from letters.posting import mark_posted, undo_posting
from letters.recounting import recount
from tests.casework.ban_case import banned, confirmed
from tests.casework.fair_case import drafted, fair_case, take
from tests.factories import SchoolFactory, TermFactory
from tests.meanwhile import just_before_the_lock

if TYPE_CHECKING:
    from time_machine import TimeMachineFixture

    from dkh_conduct.accounts.models import User
    from incidents.models import Step

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _thursday_morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(THURSDAY, tick=False)


@pytest.fixture
def case(slt: User) -> Case:
    return fair_case(slt)


def posted(step: Step, office: User, *, on: date, how: str = "") -> Letter:
    """Printed on the day of the step, in the post on another."""
    assert step.letter_id
    sealed = {"sha256": "0" * 64, "file": "letters/none.pdf", "pages": 1, "sealed_at": timezone.now()}
    Letter.objects.filter(pk=step.letter_id).update(state="printed", printed_at=THURSDAY, queued_at=THURSDAY, **sealed)
    [letter] = mark_posted(letters=[Letter.objects.get(pk=step.letter_id)], posted_on=on, by=office, how=how)
    return letter


def test_posted_in_time_the_case_waits_until_the_day_in_the_letter(
    case, slt, office, django_capture_on_commit_callbacks
):
    step = take(drafted(case), slt)

    with django_capture_on_commit_callbacks(execute=True):
        posted(step, office, on=today())

    case.refresh_from_db()
    assert case.next_on == step.letter.reply_by


def test_second_class_and_a_late_post_give_the_case_a_later_day(
    case, slt, office, time_machine, django_capture_on_commit_callbacks
):
    step = take(drafted(case), slt)
    time_machine.move_to(THURSDAY + timedelta(days=8), tick=False)  # Friday 11 December

    with django_capture_on_commit_callbacks(execute=True):
        letter = posted(step, office, on=date(2026, 12, 11), how="second")

    # The fourth working day is Thursday 17 December; five school days after it, in a term without holidays.
    case.refresh_from_db()
    assert (letter.arrives_on, letter.fair_reply_by) == (date(2026, 12, 17), date(2026, 12, 24))
    assert case.next_on == date(2026, 12, 24)


def test_undoing_the_posting_puts_the_day_back(case, slt, office, time_machine, django_capture_on_commit_callbacks):
    step = take(drafted(case), slt)
    time_machine.move_to(THURSDAY + timedelta(days=8), tick=False)
    with django_capture_on_commit_callbacks(execute=True):
        letter = posted(step, office, on=date(2026, 12, 11), how="second")

    with django_capture_on_commit_callbacks(execute=True):
        undo_posting(letters=[letter], by=office)

    case.refresh_from_db()
    assert case.next_on == step.letter.reply_by


def test_a_case_that_waits_for_something_else_is_left_alone(case, slt, office, django_capture_on_commit_callbacks):
    step = take(drafted(case), slt)
    Case.objects.update(next_action="Answer their reply", next_on=date(2026, 12, 4))

    with django_capture_on_commit_callbacks(execute=True):
        posted(step, office, on=today(), how="second")

    case.refresh_from_db()
    assert case.next_on == date(2026, 12, 4)


def test_a_ban_is_not_decided_before_their_time_to_speak_has_ended(
    case, slt, head, office, time_machine, django_capture_on_commit_callbacks
):
    ban = banned(case, by=slt, head=head, stage="interim")
    time_machine.move_to(datetime(2026, 12, 23, 9, 0, tzinfo=UTC), tick=False)

    with django_capture_on_commit_callbacks(execute=True):
        letter = posted(ban.step, office, on=date(2026, 12, 23), how="second")

    before, ban = ban, SiteBan.objects.get(pk=ban.pk)
    assert ban.reply_by == letter.fair_reply_by > before.reply_by
    assert ban.decide_by > ban.reply_by


def test_a_ban_that_waits_long_enough_keeps_its_days(case, slt, head, office, time_machine):
    ban = banned(case, by=slt, head=head)
    letter = posted(ban.step, office, on=today())

    follow_post([letter.pk])
    same = SiteBan.objects.get(pk=ban.pk)
    Letter.objects.filter(pk=letter.pk).update(fair_reply_by=ban.decide_by - timedelta(days=1))
    follow_post([letter.pk])

    later = SiteBan.objects.get(pk=ban.pk)
    assert (same.reply_by, same.decide_by) == (ban.reply_by, ban.decide_by)
    assert (later.reply_by, later.decide_by) == (ban.decide_by - timedelta(days=1), ban.decide_by)


def test_past_the_end_of_the_terms_a_ban_is_decided_a_working_day_after_their_side(case, slt, head, office):
    ban = banned(case, by=slt, head=head)
    letter = posted(ban.step, office, on=today())
    case.school.terms.update(ends_on=date(2027, 1, 8))
    Letter.objects.filter(pk=letter.pk).update(fair_reply_by=date(2027, 1, 8))  # a Friday
    SiteBan.objects.update(decide_by=date(2027, 1, 8))

    follow_post([letter.pk])

    assert SiteBan.objects.get().decide_by == date(2027, 1, 11)


def test_a_step_rescinded_a_moment_ago_moves_nothing(case, slt, head, office):
    ban = banned(case, by=slt, head=head)
    letter = posted(ban.step, office, on=today())
    Letter.objects.filter(pk=letter.pk).update(fair_reply_by=ban.decide_by + timedelta(days=9))
    before = Case.objects.get().next_on

    with just_before_the_lock(lambda: rescind_step(step=ban.step, by=slt, reason="It was about another person.")):
        follow_post([letter.pk])

    after = SiteBan.objects.get()
    assert (after.reply_by, after.decide_by, Case.objects.get().next_on) == (ban.reply_by, ban.decide_by, before)


def test_what_was_lost_between_posting_and_following_is_found_again(case, slt, office):
    step = take(drafted(case), slt)
    letter = posted(step, office, on=today(), how="second")  # nothing follows: no transaction ends here
    Letter.objects.filter(pk=letter.pk).update(fair_reply_by=date(2026, 12, 18))

    follow_lost_post()

    case.refresh_from_db()
    assert case.next_on == date(2026, 12, 18)


def test_following_the_post_twice_changes_nothing_the_second_time(
    case, slt, office, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    step = take(drafted(case), slt)
    letter = posted(step, office, on=today(), how="second")
    follow_post([letter.pk])
    before = case.history.count()

    with django_assert_max_num_queries(8):
        follow_post([letter.pk])

    assert case.history.count() == before


def test_a_bank_holiday_of_the_school_moves_the_days_a_letter_gives(school, admin):
    before = reply_days(school, posted_on=today())

    close_day(school=school, by=admin, day=date(2026, 12, 4), kind="bank_holiday", reason="A coronation")

    # Friday is no working day now: the letter arrives on Tuesday, and a school day is gone as well.
    after = reply_days(School.objects.get(pk=school.pk), posted_on=today())
    assert (before.earliest, after.earliest) == (date(2026, 12, 14), date(2026, 12, 15))


def test_a_closed_day_gives_those_who_have_a_letter_already_another_day(
    case, slt, office, admin, django_capture_on_commit_callbacks
):
    step = take(drafted(case, reply_by=date(2026, 12, 14)), slt)
    with django_capture_on_commit_callbacks(execute=True):
        letter = posted(step, office, on=today())
    assert letter.fair_reply_by == date(2026, 12, 14)

    with django_capture_on_commit_callbacks(execute=True):
        close_day(school=case.school, by=admin, day=date(2026, 12, 10), kind="other", reason="No heating")

    letter.refresh_from_db()
    case.refresh_from_db()
    assert letter.fair_reply_by == case.next_on == date(2026, 12, 15)
    event = LetterEvent.objects.get(letter=letter, kind="recounted")
    assert event.facts == {"arrives_on": "2026-12-07", "reply_by": "2026-12-15"}


def test_a_day_that_somebody_was_told_is_never_taken_back(case, slt, office, admin, django_capture_on_commit_callbacks):
    step = take(drafted(case, reply_by=date(2026, 12, 14)), slt)
    with django_capture_on_commit_callbacks(execute=True):
        letter = posted(step, office, on=today())
        closed = close_day(school=case.school, by=admin, day=date(2026, 12, 10), kind="other", reason="A mistake")
    with django_capture_on_commit_callbacks(execute=True):
        open_day(school=case.school, by=admin, closed=closed)

    letter.refresh_from_db()
    assert letter.fair_reply_by == date(2026, 12, 15)
    assert recount([case.school_id]) == 0


def test_the_story_of_the_case_says_until_when_they_have(case, slt, office, signed_in):
    step = take(drafted(case), slt)
    letter = posted(step, office, on=today())

    page = signed_in(slt).get(case.get_absolute_url()).content.decode()

    assert f"Counts as having arrived on {letter.arrives_on:%-d %B %Y}." in page
    assert f"They have until {letter.fair_reply_by:%A %-d %B %Y} to reply." in page


def test_whoever_posts_past_the_end_of_the_calendar_is_told_so(slt, office):
    from letters.posting import cannot_count

    school = SchoolFactory.create(code="END")
    TermFactory.create(school=school, starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 11))
    letter = Letter(reference="END-L1", reply_by=date(2026, 12, 11), arrives_on=date(2026, 12, 7))

    sentence = cannot_count([letter], school=school)

    assert sentence.startswith("Term dates are only known up to 11 December 2026.")
    assert "END-L1 stays the day in the letter" in sentence


@pytest.mark.parametrize(("unit", "due"), [("school", date(2027, 1, 8)), ("working", date(2026, 12, 22))])
def test_a_request_says_which_days_it_counts(slt, unit, due):
    school = slt.school
    school.terms.all().delete()
    TermFactory.create(school=school, starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18))
    TermFactory.create(school=school, starts_on=date(2027, 1, 5), ends_on=date(2027, 2, 12))
    case = fair_case(slt)

    asked = ask_for_information(
        case=case, by=slt, source="The swimming teacher", asked_on=date(2026, 12, 15),
        asked_how="email", due_in=7 if unit == "school" else 5, due_unit=unit,
    )  # fmt: skip

    assert asked.due_on == due
    assert asked.time_given == ("7 school days" if unit == "school" else "5 working days")
    event = case.events.get(kind="information_asked")
    assert f"due in {asked.time_given}, on {due:%-d %B %Y}" in event.facts["summary"]


def test_the_lead_is_reminded_of_a_decision_a_week_before_and_on_the_day(case, slt, head):
    ban = banned(case, by=slt, head=head, stage="interim")
    Email.objects.all().delete()
    day = ban.decide_by

    assert remind(day - timedelta(days=8)) == 0
    assert (remind(day - timedelta(days=7)), remind(day - timedelta(days=1))) == (1, 0)
    assert (remind(day), remind(day), remind(day + timedelta(days=1))) == (1, 0, 0)

    emails = list(Email.objects.order_by("pk"))
    assert [email.subject for email in emails] == [
        "Case C014: a decision is due soon",
        "Case C014: a decision is due now",
    ]
    assert "ban" not in "".join(email.body.lower() for email in emails).replace(ban.step.get_absolute_url(), "")


def test_nobody_is_reminded_of_a_decision_that_is_made(case, slt, head):
    ban = banned(case, by=slt, head=head, stage="interim")
    SiteBan.objects.update(state="lifted")

    assert remind(ban.decide_by) == 0


def test_a_decision_made_while_reminders_go_out_is_not_reminded_of(case, slt, head):
    ban = banned(case, by=slt, head=head, stage="interim")

    with just_before_the_lock(lambda: SiteBan.objects.update(state="lifted")):
        assert remind(ban.decide_by) == 0


def test_the_lead_is_reminded_of_each_review_once_a_week_before(case, slt, head):
    ban = confirmed(case, by=slt, head=head)
    Email.objects.all().delete()
    day = ban.review_on - timedelta(days=7)

    assert (remind(day - timedelta(days=1)), remind(day), remind(day + timedelta(days=1))) == (0, 1, 0)
    SiteBan.objects.update(review_on=ban.review_on + timedelta(days=20))
    assert remind(ban.review_on + timedelta(days=20)) == 1

    assert {email.subject for email in Email.objects.all()} == {"Case C014: a review is due soon"}
    assert {email.to for email in Email.objects.all()} == {slt.email}


def test_each_hour_what_the_post_and_the_calendar_move_is_caught_up_with_before_anybody_is_reminded(
    case, slt, head, office, time_machine
):
    ban = banned(case, by=slt, head=head)
    letter = posted(ban.step, office, on=today())
    Letter.objects.filter(pk=letter.pk).update(fair_reply_by=ban.decide_by + timedelta(days=30))
    asked = ask_for_information(case=case, by=slt, source="A teacher", asked_on=today(), asked_how="email", due_in=5)
    ClosedDay.objects.create(school=case.school, day=date(2026, 12, 8), reason="No heating")
    SiteBan.objects.update(decide_by=today() + timedelta(days=7))
    Email.objects.all().delete()

    send_reminders()

    asked.refresh_from_db()
    assert asked.due_on == date(2026, 12, 11)
    assert SiteBan.objects.get().decide_by > ban.decide_by + timedelta(days=30)
    assert not Email.objects.exists()
