"""What closing, pausing and opening a case again write, and that they look at nothing of another case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.casework.case_lock import Refused
from incidents.casework.closing import close_case, pause_case, reopen_case, resume_case, why_not_closed
from incidents.casework.next_action import soon
from incidents.models import Case, Event, Message, Reply, SiteBan
from tests.addresses import a_step
from tests.casework.fair_case import find
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, ConcernFactory

pytestmark = pytest.mark.django_db
REASON = "He said sorry, and she is content with that."
Kind = Event.Kind


def event_of(kind):
    event = Event.objects.get(kind=kind)
    return event.by, event.case, event.why


def test_what_is_open_in_another_case_keeps_none_open(case, slt):
    other = CaseFactory.create(school=case.school, lead=slt, status=Case.Status.PAUSED)
    CasePersonFactory.create(case=other)
    step = a_step(other, "ban", by=slt)
    Reply.objects.create(school=case.school, step=step, side="It was not me.", sent_at=timezone.now())
    begins = timezone.localdate()
    about = {"starts_on": begins, "ends_on": begins + timedelta(days=60), "review_on": begins, "reviewer": "The chair"}
    SiteBan.objects.create(school=case.school, step=step, person=step.subject, state="confirmed", **about)
    for state in ("draft", "proposed"):
        other.steps.update(state=state, reason="x", proposed_by=slt, proposed_at=timezone.now(), taken_by=None)
        assert why_not_closed(case) == []
        assert why_not_closed(other)[0].startswith("A step is drafted or waits")


@pytest.mark.parametrize(
    ("found", "outcome"), [(None, ""), (0, "0 of 1 allegations found."), (1, "1 of 2 allegations found.")]
)
def test_a_closed_case_says_when_why_and_how_much_was_found(case, subject, slt, found, outcome):
    count = 0 if found is None else found + 1
    allegations = AllegationFactory.create_batch(count, case=case, subject=subject)
    for each in allegations:
        find(each, by=slt, finding="found" if each in allegations[:found] else "not_found")
    Case.objects.update(next_action="Ask her", next_on=timezone.localdate())
    told, elsewhere = ConcernFactory.create(school=case.school, case=case), ConcernFactory.create(school=case.school)
    before = timezone.now()

    close_case(case=case, by=slt, reason=REASON, outcomes={each.pk: "talk" for each in allegations})

    case.refresh_from_db()
    assert (case.status, case.closed_reason, case.next_action, case.next_on) == ("closed", REASON, "", None)
    assert before < case.closed_at < timezone.now()
    assert {each.outcome for each in case.allegations.all()} <= {"talk"}
    assert event_of(Kind.CASE_CLOSED) == (slt, case, REASON)
    assert Event.objects.get(kind=Kind.CASE_CLOSED).facts["outcome"] == outcome
    assert [(message.concern, message.author) for message in Message.objects.all()] == [(told, slt)]
    assert not elsewhere.messages.exists()


@pytest.mark.parametrize("outcome", ["", "nonsense"])
def test_an_outcome_that_is_none_is_refused(case, subject, slt, outcome):
    allegation = find(AllegationFactory.create(case=case, subject=subject), by=slt)

    with pytest.raises(Refused, match="Say how"):
        close_case(case=case, by=slt, reason=REASON, outcomes={allegation.pk: outcome})


def test_a_case_that_is_opened_again_is_as_it_was_with_something_next(closed_case, slt):
    reopen_case(case=closed_case, by=slt, reason="He wrote again.")

    case = Case.objects.get()
    assert (case.status, case.closed_at, case.closed_reason) == ("open", None, "")
    assert (case.next_action, case.next_on) == ("Decide what is next", soon(case))
    assert event_of(Kind.CASE_REOPENED) == (slt, case, "He wrote again.")


def test_a_case_that_was_merged_is_not_opened_again(case, closed_case, slt):
    Case.objects.filter(pk=closed_case.pk).update(merged_into=case)

    with pytest.raises(Refused, match=f"merged into {case.reference}"):
        reopen_case(case=closed_case, by=slt, reason="He wrote again.")


def test_pausing_and_going_on_change_the_status_alone_and_say_why(case, slt, colleague):
    Case.objects.update(next_action="Ask her")

    pause_case(case=case, by=slt, reason="A child may be at risk.")
    with pytest.raises(Refused, match="Write your reason"):
        resume_case(case=case, by=colleague, reason=" ")
    assert (Case.objects.get().status, Case.objects.get().next_action) == ("paused", "Ask her")
    resume_case(case=case, by=colleague, reason="The lead has agreed.")

    assert (Case.objects.get().status, Case.objects.get().next_action) == ("open", "Ask her")
    assert event_of(Kind.CASE_PAUSED) == (slt, case, "A child may be at risk.")
    assert event_of(Kind.CASE_RESUMED) == (colleague, case, "The lead has agreed.")


@pytest.mark.parametrize(
    ("verb", "status", "sentence"),
    [
        (pause_case, "paused", "This case is paused already."),
        (resume_case, "open", "It is not paused."),
        (reopen_case, "open", "This case is open."),
    ],
)
def test_where_nobody_is_known_to_have_been_first_it_says_how_the_case_is(case, slt, verb, status, sentence):
    Case.objects.update(status=status)

    with pytest.raises(Refused, match=sentence):
        verb(case=case, by=slt, reason="Because")
