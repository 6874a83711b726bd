"""Two people merge at once, also in opposite directions, on a database with real row locks: one does, one is told."""

from __future__ import annotations

import pytest

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.merge import merge_cases
from incidents.casework.split import split_case
from incidents.models import Case, Event
from tests.at_once import at_once
from tests.factories import AllegationFactory, CaseFactory, ConcernFactory, SchoolFactory, TermFactory, UserFactory

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


@pytest.fixture
def people():
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    return [UserFactory.create(school=school, full_name=name, role=Role.SLT) for name in ("Ruth", "Tomas")]


def a_pair(lead):
    pair = [CaseFactory.create(school=lead.school, lead=lead) for _ in range(2)]
    for case in pair:
        AllegationFactory.create(case=case, made_by=lead)
    return pair


def merging(case, into, by):
    return lambda: merge_cases(case=case, into=into, by=by, reason="One evening")


@pytest.mark.parametrize("is_crosswise", [False, True])
def test_of_two_who_merge_one_does_and_the_other_is_told(people, is_crosswise):
    ruth, tomas = people
    for number in range(ROUNDS):
        case, into = a_pair(ruth)

        raised = at_once(
            merging(case, into, ruth), merging(into, case, tomas) if is_crosswise else merging(case, into, tomas)
        )

        assert [type(each) for each in raised] == [Refused], number
        closed = Case.objects.filter(pk__in=[case.pk, into.pk], status="closed").get()
        assert closed.reference in str(raised[0])
        assert closed.merged_into.allegations.count() == 2
        assert Event.objects.filter(kind="case_merged").count() == number + 1


def test_of_two_who_split_off_the_same_one_does_and_the_other_is_told(people):
    ruth, tomas = people
    for number in range(ROUNDS):
        case = a_pair(ruth)[0]
        concern = ConcernFactory.create(school=case.school, case=case)

        raised = at_once(
            *(
                lambda by=by, case=case, concern=concern: split_case(
                    case=case, by=by, summary="Another", reason="Another day", concerns=[concern.pk]
                )
                for by in (ruth, tomas)
            )
        )

        assert [str(each) for each in raised] == ["Choose what goes to the new case."], number
        assert Case.objects.filter(summary="Another").count() == number + 1
