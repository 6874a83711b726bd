"""A void letter is issued again: the same words, a number and code of its own, to the address that is right now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.letter_again import issue_letter_again
from incidents.casework.step_taking import rescind_step
from incidents.casework.timeline import timeline_of
from incidents.casework.timeline_filter import TimelineFilterForm
from incidents.models import Person, Step
from letters.models import Letter
from letters.refusals import WrongStateError
from letters.reissuing import _with_day
from letters.reply_code import reply_code
from letters.voiding import void_letter
from tests.addresses import a_step
from tests.casework.ban_case import banned
from tests.casework.fair_case import drafted, fair_case, take
from tests.factories import PersonFlagFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]


@pytest.fixture
def case(slt, head):
    return fair_case(slt)


def made_void(step, by):
    """As if it had been made; nothing is drawn."""
    sealed = {"sha256": "0" * 64, "file": "letters/none.pdf", "pages": 1, "sealed_at": timezone.now()}
    Letter.objects.filter(pk=step.letter_id).update(state="ready", **sealed)
    void_letter(letter=step.letter, by=by, reason="address")


@pytest.fixture
def taken(case, slt, office):
    step = take(drafted(case), slt)
    made_void(step, office)
    return Step.objects.get(pk=step.pk)


def later(step):
    return step.letter.reply_by + timedelta(days=7)


def test_it_goes_to_the_new_address_with_a_new_number_code_and_day(taken, slt):
    Person.objects.update(address="9 New Street\nLondon\nSE5 9ZZ")
    old = taken.letter

    new = issue_letter_again(step=taken, by=slt, reply_by=later(taken))

    taken.refresh_from_db()
    assert taken.letter == new
    assert new.state == Letter.State.QUEUED
    assert new.address.startswith("9 New Street")
    assert new.reference != old.reference
    assert new.reissue_of == old
    assert new.template_version == old.template_version
    assert reply_code(new) != reply_code(old)
    assert f"{old.reply_by:%-d %B %Y}" not in new.body
    assert f"{new.reply_by:%A %-d %B %Y}" in new.body
    old.refresh_from_db()
    assert old.state == Letter.State.VOID


def test_the_story_keeps_the_void_letter(taken, slt):
    old = taken.letter.reference

    issue_letter_again(step=taken, by=slt, reply_by=later(taken))

    chosen = TimelineFilterForm(QueryDict(), case=taken.case, actors=[])
    titles = [entry.title for entry in timeline_of(taken.case, user=slt, chosen=chosen).entries]
    assert f"Letter made void: {old}" in titles
    assert any(title.startswith("Letter issued again") for title in titles)


def test_it_is_issued_once_whoever_comes_second(taken, slt):
    old = taken.letter
    issue_letter_again(step=taken, by=slt, reply_by=later(taken))

    with pytest.raises(WrongStateError, match="is not void"):
        issue_letter_again(step=taken, by=slt, reply_by=later(taken))
    assert Letter.objects.filter(reissue_of=old).count() == 1


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda person: Person.objects.update(address=""), "has no address yet"),
        (lambda person: PersonFlagFactory.create(person=person), "No letter may go"),
    ],
)
def test_where_no_letter_may_go_none_does(taken, slt, spoil, says):
    spoil(taken.subject)

    with pytest.raises(Refused, match=says):
        issue_letter_again(step=taken, by=slt, reply_by=later(taken))


def test_the_page_offers_no_letter_whose_words_were_wrong(taken, slt, signed_in):
    Letter.objects.filter(pk=taken.letter_id).update(void_reason="words")

    page = signed_in(slt).get(reverse("step-letter-again", args=[taken.case.reference, taken.pk])).content.decode()

    assert "it would say the same again" in page
    assert "Issue this letter again" not in page


def test_too_early_a_day_is_refused(taken, slt):
    with pytest.raises(Refused, match="or a later day"):
        issue_letter_again(step=taken, by=slt, reply_by=today())


def test_a_step_without_a_letter_has_none_to_issue(case, slt):
    step = a_step(case, "legal", by=slt)

    with pytest.raises(Refused, match="This step has no letter"):
        issue_letter_again(step=step, by=slt, reply_by=None)


def test_a_letter_that_asks_for_their_side_needs_a_day(taken, slt):
    with pytest.raises(Refused, match="Enter the day by which they can put their side"):
        issue_letter_again(step=taken, by=slt, reply_by=None)


def test_what_was_rescinded_is_not_sent_again(taken, slt, signed_in):
    rescind_step(step=taken, by=slt, reason="It was about another person.")

    with pytest.raises(Refused, match="was rescinded"):
        issue_letter_again(step=taken, by=slt, reply_by=later(taken))
    assert "Issue it again" not in signed_in(slt).get(taken.get_absolute_url()).content.decode()


def test_what_needed_a_second_person_needs_one_again(case, slt, head):
    step = banned(case, by=slt, head=head).step
    made_void(step, slt)

    with pytest.raises(Refused, match="needed a second person"):
        issue_letter_again(step=step, by=slt, reply_by=later(step))
    assert issue_letter_again(step=step, by=head, reply_by=later(step)).reissue_of == step.letter


def test_the_page_says_why_it_is_void_and_sends_it(taken, slt, signed_in):
    browser = signed_in(slt)
    address = reverse("step-letter-again", args=[taken.case.reference, taken.pk])

    assert "the address is wrong" in browser.get(address).content.decode()
    day = later(taken)
    while not taken.case.school.calendar().is_school_day(day):
        day += timedelta(days=1)
    names = {"reply_by_0": day.day, "reply_by_1": day.month, "reply_by_2": day.year}
    browser.post(address, names)

    taken.refresh_from_db()
    assert taken.letter.reissue_of is not None
    assert "is not void" in browser.get(address).content.decode()


def test_only_the_very_day_is_changed(taken):
    old, new = taken.letter.reply_by.replace(year=2026, month=12, day=9), taken.letter.reply_by.replace(2027, 1, 14)

    assert _with_day("by 9 December 2026, not 29 December 2026 or 9 December", old, new) == (
        "by 14 January 2027, not 29 December 2026 or 14 January"
    )


def test_a_late_conflict_keeps_the_void_letter_too(taken, slt, colleague):
    issue_letter_again(step=taken, by=slt, reply_by=later(taken))
    assert Letter.objects.visible_to(colleague).count() == 2

    record_conflict(case=taken.case, by=slt, who=colleague, reason="A neighbour")

    assert not Letter.objects.visible_to(colleague).exists()


def test_the_new_letter_is_the_steps_from_then_on_under_the_next_number_of_the_case(taken, slt):
    case, day = taken.case, later(taken)
    number = type(case).objects.get().last_letter_number

    new = issue_letter_again(step=taken, by=slt, reply_by=day)

    assert new.reference == f"DKH-C014-{number + 1}"
    assert type(case).objects.get().last_letter_number == number + 1
    assert (new.addressee, new.salutation, new.reply_by) == ("Mr Daniel Marsh", "Mr Marsh", day)
    assert new.in_spite_why == ""


def test_while_the_case_is_paused_no_letter_is_issued_again(taken, slt):
    type(taken.case).objects.update(status="paused")

    with pytest.raises(Refused, match="paused for safeguarding"):
        issue_letter_again(step=taken, by=slt, reply_by=later(taken))


@pytest.mark.parametrize("which", ["root", "part"])
def test_a_part_that_was_rescinded_or_whose_step_was_is_not_issued_again(taken, slt, which):
    root = a_step(taken.case, "warning", by=slt)
    Step.objects.filter(pk=taken.pk).update(part_of=root)
    about = {"rescinded_by": slt, "rescinded_at": timezone.now(), "rescinded_reason": "x"}
    Step.objects.filter(pk={"root": root, "part": taken}[which].pk).update(state="rescinded", **about)

    with pytest.raises(Refused, match="was rescinded"):
        issue_letter_again(step=taken, by=slt, reply_by=later(taken))


def test_a_letter_that_asked_for_no_answer_is_given_no_day(taken, slt):
    Letter.objects.update(reply_by=None, body="No more.")

    assert issue_letter_again(step=taken, by=slt, reply_by=today()).reply_by is None


@pytest.mark.parametrize("guard", ["check_times", "check_recipient", "reply_days", "why_not_again", "answer_until"])
def test_everything_that_is_asked_of_a_ban_is_asked_again(case, slt, head, guard, monkeypatch):
    step = banned(case, by=slt, head=head).step
    made_void(step, slt)

    def stop(*_, **__):
        if guard == "why_not_again":
            return "stopped"
        raise Refused("stopped")

    monkeypatch.setattr(f"incidents.casework.letter_again.{guard}", stop)
    with pytest.raises(Refused, match="stopped"):
        issue_letter_again(step=step, by=head, reply_by=later(step))
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("guard", ["why_not_again", "answer_until"])
def test_what_is_asked_of_a_ban_is_asked_of_nothing_else(taken, slt, guard, monkeypatch):
    def stop(*_, **__):
        raise Refused("stopped")

    monkeypatch.setattr(f"incidents.casework.letter_again.{guard}", stop)

    assert issue_letter_again(step=taken, by=slt, reply_by=later(taken)).reissue_of


def test_leave_to_write_about_a_ban_goes_with_the_letter(case, slt, head):
    step = banned(case, by=slt, head=head).step
    made_void(step, slt)
    flag = PersonFlagFactory.create(person=step.subject, kind="do_not_contact", set_by=slt)
    flag.exceptions.create(case=case, reason="They must know.", made_by=head)

    assert issue_letter_again(step=step, by=head, reply_by=later(step)).in_spite_why == "They must know."


def test_a_step_that_is_gone_has_no_letter_to_issue(taken, slt):
    day = later(taken)
    taken.pk += 1

    with pytest.raises(Refused, match="This step has no letter any more"):
        issue_letter_again(step=taken, by=slt, reply_by=day)


def test_what_went_to_a_body_goes_there_again_whatever_stops_letters_to_the_person(taken, head):
    Step.objects.filter(pk=taken.pk).update(kind="authorities")
    body = {"addressee": "The borough commander", "salutation": "Officer", "address": "1 Station Road\nLondon SE5 8AB"}
    Letter.objects.update(kind="authorities_cover", recipient="", **body)
    PersonFlagFactory.create(person=taken.subject)

    new = issue_letter_again(step=taken, by=head, reply_by=later(taken))

    assert {name: getattr(new, name) for name in body} == body
