"""What the file of a case leaves out for those who read it, and who may open one that was made before."""

from __future__ import annotations

import pytest

from incidents.casework.case_file_told import Telling
from incidents.casework.conflicts import record_conflict
from incidents.casework.split import split_case
from incidents.models import CaseFile, Event
from incidents.models.event import record
from tests.casework.fair_case import fair_case
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


def test_a_file_does_not_tell_that_another_one_holds_legal_advice(case, slt):
    for number in (1, 2):
        a_file(case, slt, number=number, has_advice=number == 2)
        record(Event.Kind.CASE_FILE_MADE, school=case.school, by=slt, case=case, number=number)

    def chronology(*, with_advice):
        return str(Telling(case, slt, with_advice=with_advice).section("chronology"))

    assert "File 1 of the case made" in chronology(with_advice=False)
    assert "File 2 of the case made" not in chronology(with_advice=False)
    assert "File 2 of the case made" in chronology(with_advice=True)


def test_a_file_does_not_tell_who_wrote_a_concern_down(case, slt, office):
    """Staff report too, and write it down themselves."""
    concern = ConcernFactory.create(school=case.school, case=case)
    record(Event.Kind.CONCERN_RECEIVED, school=case.school, by=office, concern=concern, how="By phone")
    record(Event.Kind.CONCERN_ADDED, school=case.school, by=slt, case=case, concern=concern)

    told = str(Telling(case, slt).section("chronology"))

    assert f"Concern {concern.reference} received" in told
    assert office.full_name not in told
    assert f"By {slt.full_name}." in told


def test_a_file_is_not_for_who_may_not_know_of_what_was_split_off_since(case, slt, colleague):
    concern = ConcernFactory.create(school=case.school, case=case)
    before = a_file(case, slt, number=1)
    new = split_case(case=case, by=slt, summary="Another", reason="Other people", concerns=[concern.pk])
    after = a_file(case, slt, number=2)
    record_conflict(case=new, by=slt, who=colleague, reason="Named in it")

    assert set(CaseFile.objects.visible_to(colleague)) == {after}
    assert set(CaseFile.objects.visible_to(slt)) == {before, after}


def a_file(case, by, **about):
    return CaseFile.objects.create(
        case=case, asked_by=by, purpose="The panel", parts=[], letters=[], evidence=[], **about
    )
