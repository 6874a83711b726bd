"""What proposing, deciding, taking and rescinding a step write: step, letter, the case's next action, one event."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incidents.casework.case_lock import Refused
from incidents.casework.next_action import DECIDE_WITHIN_SCHOOL_DAYS, in_school_days
from incidents.casework.step_letter import letter_of
from incidents.casework.step_taking import DECIDE_PROPOSAL_WITHIN, decide_proposal, propose_step, rescind_step
from incidents.models import Approval, Case, Event, SiteBan, Step
from letters.models import Letter
from tests.casework.ban_case import EXPLAINED, REASON, propose, written_ban
from tests.casework.fair_case import drafted, fair_case, take, words_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
Kind = Event.Kind


@pytest.fixture
def ban(slt, head):
    return written_ban(fair_case(slt), by=slt)


@pytest.fixture
def proposal(ban, slt):
    return propose(ban, slt)


@pytest.fixture
def answered(monkeypatch):
    calls = []
    monkeypatch.setattr(
        "incidents.casework.step_taking.answer_checks", lambda case, letter, by, answers: calls.append(answers)
    )
    return calls


def decide(step, by, decision="approve", **about):
    return decide_proposal(step=step, by=by, **{"decision": decision, "reason": "I agree.", "has_read": True, **about})


def event_of(kind):
    event = Event.objects.get(kind=kind)
    return event.by, event.why, event.facts.get("who", "")


def waits():
    case = Case.objects.get()
    return case.next_action, case.next_on


@pytest.mark.parametrize("answers", [None, {"name": "They asked for it."}])
def test_a_proposal_says_who_when_and_who_may_decide(ban, slt, head, school, answered, answers):
    UserFactory.create(school=school, full_name="Zadie Cole", role="head")
    before = timezone.now()
    words = words_of(ban, body=f"{ban.letter.body}\n\nAn added line.")

    propose_step(step=ban, by=slt, reason=REASON, has_no_conflict=True, explained=EXPLAINED, answers=answers, **words)

    step = Step.objects.get()
    assert (step.state, step.has_no_conflict, step.proposed_by, step.proposals) == ("proposed", True, slt, 1)
    assert before < step.proposed_at < timezone.now()
    assert letter_of(step).body.endswith("An added line.")
    assert answered == ([] if answers is None else [answers])
    assert waits() == (f"Decide: {step.title.lower()}", in_school_days(step.case, DECIDE_PROPOSAL_WITHIN))
    assert event_of(Kind.STEP_PROPOSED) == (slt, REASON, "Marian Okoro or Zadie Cole")


@pytest.mark.parametrize(
    ("decision", "state", "kind", "next_action"),
    [
        ("back", Step.State.DRAFT, Kind.STEP_SENT_BACK, "Look again: {}"),
        ("decline", Step.State.DECLINED, Kind.STEP_DECLINED, "Decide what is next"),
    ],
)
def test_what_is_not_approved_says_who_decided_and_waits(proposal, slt, head, decision, state, kind, next_action):
    decide(proposal, head, decision, reason="Weigh it again.", has_read=False, seen=1)

    step, approval = Step.objects.get(), Approval.objects.get()
    assert (step.state, approval.step, approval.decision, approval.proposal) == (state, step, decision, 1)
    assert (approval.reason, approval.decided_by) == ("Weigh it again.", head)
    assert (approval.proposed_by, approval.proposed_at) == (slt, step.proposed_at)
    assert waits() == (next_action.format(step.title.lower()), in_school_days(step.case, DECIDE_WITHIN_SCHOOL_DAYS))
    assert event_of(kind) == (head, "Weigh it again.", "Ruth Adeyemi")
    assert not Event.objects.filter(kind=Kind.STEP_TAKEN).exists()
    sentence = "sent this back" if decision == "back" else "decided not to take this step"
    with pytest.raises(Refused, match=f"Marian Okoro {sentence} on"):
        decide(proposal, head, decision)


@pytest.mark.parametrize("changed", ["full_name", "job_title", ""])
def test_what_is_approved_is_signed_by_who_approved_it(proposal, slt, head, changed):
    if changed:
        setattr(head, changed, "Somebody New")
        head.save()
    version = Letter.objects.get().version

    decide(proposal, head, seen=1)

    step, letter = Step.objects.get(), Letter.objects.get()
    assert (step.state, step.taken_by, step.has_no_conflict) == ("taken", head, True)
    assert step.taken_at > step.proposed_at
    assert (letter.signatory_name, letter.signatory_role) == (head.full_name, head.job_title)
    assert (letter.version > version) is bool(changed)
    assert waits()[0] == "Their side"
    assert waits()[1] is not None
    assert event_of(Kind.STEP_TAKEN) == (head, "I agree.", "Ruth Adeyemi")


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"seen": 2}, "proposed this again .* read it as it is now"),
        ({"reason": " "}, "Say why"),
        ({"has_read": False}, "you have read it"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(proposal, head, about, sentence):
    with pytest.raises(Refused, match=sentence):
        decide(proposal, head, **about)

    assert Step.objects.get().state == "proposed"
    assert not Approval.objects.exists()


def test_a_step_that_is_gone_waits_for_nobody(proposal, head):
    proposal.pk += 1

    with pytest.raises(Refused, match="does not wait for approval"):
        decide(proposal, head)


def test_a_decision_on_another_step_is_not_told_of_this_one(proposal, slt, head):
    decide(proposal, head, "decline")
    other = written_ban(Case.objects.get(), by=slt)

    with pytest.raises(Refused, match="does not wait for approval"):
        decide(other, head)


@pytest.mark.parametrize(
    ("about", "changes", "sentence"),
    [
        ({"has_no_conflict": False}, {}, "you have no conflict"),
        ({"explained": None}, {}, r"\?"),
        ({}, {"body": " "}, "The letter is empty"),
        ({}, {"body": "Write to us by then."}, "does not say by when"),
        ({"reason": " "}, {}, "written reason is still needed"),
    ],
)
def test_a_proposal_that_lacks_something_is_refused(ban, slt, about, changes, sentence):
    given = {"reason": REASON, "has_no_conflict": True, "explained": EXPLAINED, **about}

    with pytest.raises(Refused, match=sentence):
        propose_step(step=ban, by=slt, **given, **words_of(ban, **changes))

    assert Step.objects.get().state == "draft"


def stops(monkeypatch, guard, act):
    def stop(*_, **__):
        raise Refused("stopped")

    with monkeypatch.context() as patched:
        patched.setattr(f"incidents.casework.step_taking.{guard}", stop)
        with pytest.raises(Refused, match="stopped"):
            act()


def test_everything_that_is_asked_of_a_step_stops_it_when_it_is_proposed_and_when_it_is_approved(
    ban, slt, head, monkeypatch
):
    asked = ("check_recipient", "check_findings", "check_ready")
    for guard in (*asked, "check_times", "reply_days"):
        stops(monkeypatch, guard, lambda: propose(ban, slt))
    proposal = propose(ban, slt)

    for guard in (*asked, "check_not_found_anew", "check_still_theirs"):
        stops(monkeypatch, guard, lambda: decide(proposal, head))
    Permission.objects.get(codename="approve_letter").group_set.clear()
    with pytest.raises(PermissionDenied):
        decide(proposal, type(head).objects.get(pk=head.pk))
    assert Step.objects.get().state == "proposed"


def test_a_step_that_one_takes_is_taken_whole(slt):
    step = drafted(fair_case(slt))
    before = timezone.now()

    take(step, slt)

    step.refresh_from_db()
    assert (step.state, step.taken_by, step.has_no_conflict) == ("taken", slt, True)
    assert before < step.taken_at < timezone.now()
    assert event_of(Kind.STEP_TAKEN)[::2] == (slt, "")
    assert waits()[0]


@pytest.mark.parametrize("changed", ["signatory_name", "signatory_role"])
def test_nobody_takes_a_step_that_another_signs(slt, changed):
    step = drafted(fair_case(slt))
    Letter.objects.update(**{changed: "Somebody Else"})

    with pytest.raises(Refused, match="signs this letter"):
        take(step, slt)


@pytest.mark.parametrize("answers", [None, {"name": "They asked for it."}])
def test_answers_to_a_letters_checks_are_kept_where_a_page_asked_for_them(slt, answered, answers):
    take(drafted(fair_case(slt)), slt, answers=answers)

    assert answered == ([] if answers is None else [answers])


def test_a_rescinded_step_says_who_when_and_why_and_takes_its_letters_and_what_it_did_with_it(proposal, slt, head):
    decide(proposal, head)

    rescind_step(step=proposal, by=slt, reason="It was somebody else.")

    step = Step.objects.get()
    assert (step.state, step.rescinded_by, step.rescinded_reason) == ("rescinded", slt, "It was somebody else.")
    assert step.rescinded_at > step.taken_at
    assert SiteBan.objects.get().state == SiteBan.State.LIFTED
    letter = Letter.objects.get()
    assert (letter.state, letter.void_reason, letter.voided_by) == ("void", "other", slt)
    assert event_of(Kind.STEP_RESCINDED)[:2] == (slt, "It was somebody else.")
    with pytest.raises(Refused, match="Ruth Adeyemi rescinded this step on"):
        rescind_step(step=proposal, by=head, reason="Again.")


@pytest.mark.parametrize(("reason", "taken", "sentence"), [(" ", True, "Enter why"), ("x", False, "that was taken")])
def test_only_what_was_taken_is_rescinded_and_with_a_reason(proposal, slt, head, reason, taken, sentence):
    if taken:
        decide(proposal, head)

    with pytest.raises(Refused, match=sentence):
        rescind_step(step=proposal, by=slt, reason=reason)

    assert Step.objects.get().state == ("taken" if taken else "proposed")


def test_a_step_that_is_gone_is_not_rescinded(proposal, slt):
    proposal.pk += 1

    with pytest.raises(Refused, match="that was taken"):
        rescind_step(step=proposal, by=slt, reason="x")
