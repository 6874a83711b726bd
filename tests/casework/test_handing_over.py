"""What somebody may do no longer: how much of it there is, to whom each part goes, and what the story says of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.handing_over import Work, hand_over_work, possible_heirs, work_of
from incidents.models import Conflict, Event, Step, Task
from tests.factories import CaseFactory, ConcernFactory, PersonFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 1)


def task_for(owner, case, **about):
    return Task.objects.create(case=case, what="Ring her", owner=owner, due_on=DUE, made_by=owner, **about)


def proposal(school, by, lead):
    about = {"subject": PersonFactory.create(school=school), "drafted_by": by, "reason": "On site"}
    case = CaseFactory.create(school=school, lead=lead)
    Step.objects.create(case=case, kind="ban", state="proposed", proposed_by=by, proposed_at=timezone.now(), **about)


@pytest.mark.parametrize(
    ("role", "work"),
    [
        (None, Work(1, 2, 3, 1, 1)),
        (Role.OFFICE, Work(1, 2, 3, 1, 1)),
        (Role.DSL, Work(1, 2, 3, 1, 1)),
        (Role.LEGAL, Work(1, 2, 3, 0, 1)),
        (Role.CHAIR, Work(1, 2, 3, 1, 1)),
        (Role.SLT, Work(0, 0, 0, 1, 1)),
        (Role.HEAD, Work(0, 0, 0, 1, 0)),
    ],
)
def test_what_a_role_does_not_let_them_go_on_with_is_counted_kind_by_kind(head, slt, school, role, work):
    case = CaseFactory.create(school=school, lead=head)
    ConcernFactory.create_batch(2, school=school, assigned_to=head)
    ConcernFactory.create(school=school, assigned_to=head, kind="criticism", **_read(slt))
    for where in (case, case, CaseFactory.create(school=school, lead=slt)):
        task_for(head, where)
    task_for(head, case, done_at=timezone.now(), done_by=head)
    ReferralFactory.create(case=case, to=head)
    ReferralFactory.create(to=head, ended_at=timezone.now())
    proposal(school, slt, slt)
    proposal(school, head, slt)

    assert work_of(head, role=role) == work


def _read(by):
    return {"outcome": "nothing_further", "outcome_by": by, "outcome_at": timezone.now(), "outcome_reason": "Done"}


@pytest.mark.parametrize("kind", ["cases", "concerns", "tasks", "referrals", "decisions"])
def test_somebody_has_to_take_over_cases_concerns_and_tasks_and_nothing_else(kind):
    work = Work(**{**dict.fromkeys(("cases", "concerns", "tasks", "referrals", "decisions"), 0), kind: 1})

    assert bool(work) is (kind in ("cases", "concerns", "tasks"))


def test_heirs_are_the_others_of_the_school_who_run_cases(slt, colleague, head, office, outsider):
    assert set(possible_heirs(slt)) == {colleague, head}


def test_each_thing_says_whose_it_is_now_and_who_said_so(admin, slt, colleague, head, school):
    case = CaseFactory.create(school=school, lead=head)
    mine, hidden = ConcernFactory.create_batch(2, school=school, assigned_to=slt)
    Conflict.objects.create(user=colleague, concern=hidden, reason="Related")
    task, done = task_for(slt, case), task_for(slt, case, done_at=timezone.now(), done_by=slt)
    standing, ended = (ReferralFactory.create(case=case, to=slt, ended_at=at) for at in (None, timezone.now()))
    before = timezone.now()

    hand_over_work(user=slt, by=admin, heir=colleague)

    was = ended.ended_at
    for row in (mine, hidden, task, done, standing, ended):
        row.refresh_from_db()
    assert (mine.assigned_to, hidden.assigned_to, task.owner, done.owner) == (colleague, None, colleague, slt)
    assert standing.ended_at > before
    assert ended.ended_at == was
    told = {(each.kind, each.facts["who"]): each for each in Event.objects.all()}
    assert set(told) == {
        ("concern_assigned", "Tomas Lindqvist"),
        ("concern_assigned", "nobody yet"),
        ("task_added", "Tomas Lindqvist"),
        ("referral_ended", "Ruth Adeyemi"),
    }
    assert {(each.by, each.school) for each in told.values()} == {(admin, school)}
    assert told["concern_assigned", "Tomas Lindqvist"].concern == mine
    assert told["concern_assigned", "nobody yet"].concern == hidden
    assert told["referral_ended", "Ruth Adeyemi"].case == case
    of_task = told["task_added", "Tomas Lindqvist"]
    assert (of_task.case, of_task.facts["task"], of_task.facts["due"]) == (case, "Ring her", "1 December 2026")
    assert of_task.why == "Until now it was for Ruth Adeyemi."


def test_a_task_goes_to_who_leads_the_case_where_there_is_no_heir(admin, slt, head, school):
    task = task_for(slt, CaseFactory.create(school=school, lead=head))
    concern = ConcernFactory.create(school=school, assigned_to=slt)

    hand_over_work(user=slt, by=admin, heir=None)

    task.refresh_from_db()
    concern.refresh_from_db()
    assert (task.owner, concern.assigned_to) == (head, None)


def test_a_task_goes_to_who_leads_the_case_where_the_heir_may_not_know_of_it(admin, slt, colleague, head, school):
    case = CaseFactory.create(school=school, lead=head)
    Conflict.objects.create(user=colleague, case=case, reason="Related")
    hidden, seen = task_for(slt, case), task_for(slt, CaseFactory.create(school=school, lead=head))

    hand_over_work(user=slt, by=admin, heir=colleague)

    hidden.refresh_from_db()
    seen.refresh_from_db()
    assert (hidden.owner, seen.owner) == (head, colleague)


def test_whoever_leaves_keeps_nothing_that_was_passed_on_or_that_nobody_else_could_lead(admin, slt, head, school):
    case, concern = CaseFactory.create(school=school, lead=slt), ConcernFactory.create(school=school, assigned_to=slt)
    for about in ({"case": case}, {"concern": concern}):
        Conflict.objects.create(user=head, reason="Related", **about)

    for role in (None, Role.OFFICE):
        assert (work_of(slt, role=role).cases, work_of(slt, role=role).concerns) == (1, 1)
    with pytest.raises(Refused, match="nobody at the school"):
        hand_over_work(user=slt, by=admin, heir=head)


def test_the_chair_keeps_what_was_passed_on_and_its_tasks_and_hands_over_the_rest(admin, slt, head, school):
    kept, goes = CaseFactory.create_batch(2, school=school, lead=slt)
    passed_on, other = ConcernFactory.create_batch(2, school=school, assigned_to=slt)
    for about in ({"case": kept}, {"concern": passed_on}):
        Conflict.objects.create(user=head, reason="Related", **about)
    stays, moves = task_for(slt, kept), task_for(slt, goes)
    elsewhere = task_for(slt, CaseFactory.create(school=school, lead=head))

    before = work_of(slt, role=Role.CHAIR)
    hand_over_work(user=slt, by=admin, heir=head, role=Role.CHAIR)

    for row in (kept, goes, passed_on, other, stays, moves, elsewhere):
        row.refresh_from_db()
    assert (before.cases, before.concerns, before.tasks) == (1, 1, 2)
    assert (kept.lead, passed_on.assigned_to, stays.owner) == (slt, slt, slt)
    assert (goes.lead, other.assigned_to, moves.owner, elsewhere.owner) == (head, head, head, head)


def test_a_decision_waits_for_one_alone_while_nobody_else_could_take_it(head, slt, school):
    proposal(school, slt, slt)
    UserFactory.create(school=school, role=Role.HEAD)

    assert work_of(head).decisions == 0
