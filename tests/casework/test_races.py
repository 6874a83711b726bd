"""Two people at once on one case, on a database that has real row locks: one is first, the other is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from dkh_conduct.accounts.roles import Role
from incidents.casework.allegations import record_finding
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.information import ask_for_information, receive_information, record_cannot_wait
from incidents.casework.leads import change_lead
from incidents.casework.notes import add_note
from incidents.casework.people import add_person, change_person, version_of
from incidents.models import Case, CasePerson, Conflict
from tests.at_once import at_once
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    CasePersonFactory,
    PersonFactory,
    SchoolFactory,
    TermFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trio() -> list[User]:
    """Three senior leaders of one school; the first leads the case."""
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    names = ("Ruth Adeyemi", "Tomas Lindqvist", "Farah Siddiqui")
    return [UserFactory.create(school=school, full_name=name, role=Role.SLT) for name in names]


@pytest.fixture
def case(trio: list[User]) -> Case:
    return CaseFactory.create(school=trio[0].school, lead=trio[0])


@pytest.fixture
def link(case: Case) -> CasePerson:
    return CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school))


def one_was_refused(raised: list[Exception], words: str) -> bool:
    return len(raised) == 1 and isinstance(raised[0], Refused) and words in str(raised[0])


def test_there_are_real_row_locks_here():
    assert connection.vendor == "postgresql"


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_decide_an_allegation_one_is_told_who_did(attempt, trio, case, link):
    allegation = AllegationFactory.create(case=case, subject=link.person)

    def decide(by: User, finding: str) -> None:
        record_finding(case=case, by=by, allegation=allegation, finding=finding, reason=f"{by}: {finding}")

    raised = at_once(lambda: decide(trio[0], "found"), lambda: decide(trio[1], "not_found"))

    assert one_was_refused(raised, "decided this on")
    allegation.refresh_from_db()
    assert str(allegation.found_by) in str(raised[0])
    assert case.events.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_record_the_same_answer_one_is_told(attempt, trio, case, link):
    asked = ask_for_information(
        case=case, by=trio[0], person=link.person, asked_on=date(2026, 11, 23), asked_how="letter"
    )

    def receive(by: User) -> None:
        receive_information(
            case=case, by=by, information=asked, received_on=date(2026, 11, 24), received_how="phone", statement=f"{by}"
        )

    raised = at_once(lambda: receive(trio[0]), lambda: receive(trio[1]))

    assert one_was_refused(raised, "has recorded this already")
    asked.refresh_from_db()
    assert asked.statement == str(asked.received_by)


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_hand_overs_one_is_told(attempt, trio, case):
    seen = str(case.lead_id)

    raised = at_once(
        lambda: change_lead(case=case, by=trio[0], lead=trio[1], seen=seen),
        lambda: change_lead(case=case, by=trio[1], lead=trio[2], seen=seen),
    )

    assert one_was_refused(raised, "the lead on")
    assert case.events.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_stepping_aside_twice_at_once_is_done_once(attempt, trio, case):
    def aside() -> None:
        record_conflict(case=case, by=trio[1], reason="His sister")

    raised = at_once(aside, aside)

    assert one_was_refused(raised, "no longer see this case")
    assert Conflict.objects.count() == 1
    assert case.events.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_case_is_never_handed_to_somebody_who_steps_aside_at_that_moment(attempt, trio, case):
    at_once(
        lambda: change_lead(case=case, by=trio[0], lead=trio[1], seen=str(case.lead_id)),
        lambda: record_conflict(case=case, by=trio[1], reason="His sister"),
    )

    case.refresh_from_db()
    assert not Conflict.objects.filter(case=case, user=case.lead).exists()


@pytest.mark.parametrize("attempt", range(3))
def test_the_same_form_sent_twice_at_once_is_one(attempt, trio, case, link):
    witness = PersonFactory.create(school=case.school, full_name="Priya Raman")

    notes = at_once(*[lambda: add_note(case=case, by=trio[0], kind="fact", text="He rang.")] * 2)
    people = at_once(*[lambda: add_person(case=case, by=trio[0], role="witness", person=witness)] * 2)

    assert one_was_refused(notes, "You wrote this same note")
    assert one_was_refused(people, "on this case already")
    assert (case.notes.count(), case.people.filter(role="witness").count()) == (1, 1)


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_changes_of_one_person_none_is_lost_unseen(attempt, trio, case, link):
    version = version_of(link.person)

    def change(by: User, address: str) -> None:
        change_person(
            case=case,
            by=by,
            person=link.person,
            version=version,
            full_name="Daniel Marsh",
            title="Mr",
            address=address,
        )

    raised = at_once(lambda: change(trio[0], "1 New Road"), lambda: change(trio[1], "2 Other Road"))

    assert one_was_refused(raised, "changed these details on")
    assert case.events.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_reasons_why_it_cannot_wait_one_stands(attempt, trio, case):
    raised = at_once(
        lambda: record_cannot_wait(case=case, by=trio[0], reason="First."),
        lambda: record_cannot_wait(case=case, by=trio[1], reason="Second."),
    )

    assert one_was_refused(raised, "wrote another reason on")
    assert case.events.count() == 1
