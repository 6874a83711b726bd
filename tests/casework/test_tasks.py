"""Tasks have an owner and a day; linked cases are shown only to who may see both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.tasks import add_task, finish_task, link_cases, unlink_cases
from incidents.models import CaseLink, Conflict, Task
from incidents.models.story import lines_of, title_of
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(case, slt):
    return add_task(case=case, by=slt, what="Ring the family", owner=slt, due_on=today())


@pytest.fixture
def other(school, slt):
    return CaseFactory.create(school=school, lead=slt, number=9)


def test_a_task_is_added_for_a_colleague_and_shown_with_its_day(case, slt, colleague, signed_in):
    day = today() + timedelta(days=3)
    typed = {"what": "Ring her", "owner": colleague.pk}
    typed |= {"due_on_0": day.day, "due_on_1": day.month, "due_on_2": day.year}

    page = signed_in(slt).post(reverse("task-add", args=[case.reference]), typed, follow=True).content.decode()

    made = Task.objects.get()
    assert (made.owner, made.due_on) == (colleague, day)
    assert "Ring her" in page
    assert title_of(case.events.get()) == "Task for Tomas Lindqvist: Ring her"
    assert lines_of(case.events.get()) == [f"By {day:%-d %B %Y}."]


def test_yesterday_and_nobody_are_said_beside_their_fields(case, slt, signed_in):
    day = today() - timedelta(days=1)
    typed = {"what": "Ring her", "due_on_0": day.day, "due_on_1": day.month, "due_on_2": day.year}

    page = signed_in(slt).post(reverse("task-add", args=[case.reference]), typed).content.decode()

    assert "Enter today or a day after it" in page
    assert "Choose who does it" in page
    assert not Task.objects.exists()


def test_nobody_with_a_conflict_is_given_a_task(case, slt, colleague):
    record_conflict(case=case, by=slt, who=colleague, kind="named", reason="Named")

    with pytest.raises(Refused, match="cannot be given a task"):
        add_task(case=case, by=slt, what="Ring her", owner=colleague, due_on=today())


def test_the_same_task_is_not_added_twice_until_it_is_done(case, task, slt):
    again = {"case": case, "by": slt, "what": task.what, "owner": slt, "due_on": task.due_on}

    with pytest.raises(Refused, match="This same task is on the list already"):
        add_task(**again)
    finish_task(case=case, by=slt, task=task)
    add_task(**again)

    assert Task.objects.count() == 2


def test_a_task_is_done_once_whoever_clicks(case, task, slt, colleague, signed_in):
    page = reverse("task-done", args=[case.reference, task.pk])
    signed_in(slt).post(page)
    signed_in(slt).post(page)

    with pytest.raises(Refused, match="Ruth Adeyemi did this on"):
        finish_task(case=case, by=colleague, task=task)
    assert [event.kind for event in case.events.order_by("pk")] == ["task_added", "task_done"]


def test_the_task_of_another_case_is_not_found(case, other, slt, task, signed_in):
    assert signed_in(slt).post(reverse("task-done", args=[other.reference, task.pk])).status_code == 404


def test_linked_cases_lead_to_each_other_for_who_may_see_both(case, other, slt, colleague, signed_in):
    typed = {"other": "c9", "reason": "The same evening"}
    signed_in(slt).post(reverse("case-link", args=[case.reference]), typed)

    link = CaseLink.objects.get()
    assert {link.case, link.other} == {case, other}
    for here, there in ((case, other), (other, case)):
        assert there.reference in signed_in(slt).get(here.get_absolute_url()).content.decode()
    Conflict.objects.create(user=colleague, case=other, reason="Named")
    assert "C009" not in signed_in(colleague).get(case.get_absolute_url()).content.decode()


def test_a_link_is_made_once_from_either_side_and_never_to_itself(case, other, slt):
    link_cases(case=case, by=slt, other=other, reason="The same evening")

    with pytest.raises(Refused, match="linked to this case already"):
        link_cases(case=other, by=slt, other=case, reason="The same evening")
    with pytest.raises(Refused, match="to itself"):
        link_cases(case=case, by=slt, other=case, reason="Alone")


@pytest.mark.parametrize("typed", ["C999", "14", "banana", "9" * 40])
def test_a_number_that_is_no_other_case_is_said_beside_the_field(case, slt, signed_in, typed):
    page = signed_in(slt).post(reverse("case-link", args=[case.reference]), {"other": typed, "reason": "x"})

    assert page.status_code == 200
    assert not CaseLink.objects.exists()


def test_a_link_is_removed_and_the_story_of_both_says_so(case, other, slt, signed_in):
    link_cases(case=case, by=slt, other=other, reason="The same evening")

    signed_in(slt).post(reverse("case-unlink", args=[other.reference, case.reference]))

    assert not CaseLink.objects.exists()
    for each in (case, other):
        assert [event.kind for event in each.events.order_by("pk")] == ["case_linked", "case_unlinked"]
    unlink_cases(case=case, by=slt, other=other)
    assert case.events.count() == 2
