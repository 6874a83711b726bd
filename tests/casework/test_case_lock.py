"""The one lock under which a case is changed: whom it refuses, and with which sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from incidents.casework.case_lock import Refused, lock_case
from incidents.casework.closing import close_case
from incidents.casework.conflicts import record_conflict
from incidents.casework.leads import change_lead
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(school, slt):
    return CaseFactory.create(school=school, lead=slt)


def test_somebody_of_another_school_and_somebody_who_stepped_aside_take_hold_of_nothing(case, colleague, outsider):
    record_conflict(case=case, by=colleague, reason="I know them")

    for who in (outsider, colleague):
        with pytest.raises(Refused, match="can no longer see this case"):
            lock_case(case, by=who)


def test_who_runs_no_cases_takes_hold_of_none(case, office):
    with pytest.raises(PermissionDenied):
        lock_case(case, by=office)


def test_a_closed_case_is_not_held_and_the_sentence_says_who_closed_it(case, slt, head):
    close_case(case=case, by=slt, reason="Settled", outcomes={})

    with pytest.raises(Refused, match=rf"^{slt.full_name} closed case {case.reference} on .* cannot be changed"):
        lock_case(case, by=head)


def test_an_open_case_is_held_as_it_is_now(case, slt, colleague):
    change_lead(case=type(case).objects.get(pk=case.pk), by=slt, lead=colleague)

    assert lock_case(case, by=slt).lead == colleague


def test_of_two_who_hand_it_on_at_once_the_second_reads_who_did_and_when(case, slt, colleague, head):
    with pytest.raises(Refused, match=rf"^Somebody else made {slt.full_name} the lead meanwhile"):
        change_lead(case=case, by=slt, lead=head, seen=str(colleague.pk))
    change_lead(case=case, by=slt, lead=colleague, seen=str(slt.pk))
    change_lead(case=case, by=head, lead=head)

    with pytest.raises(Refused, match=rf"^{head.full_name} made {head.full_name} the lead on \d+ \w+ \d+ at"):
        change_lead(case=case, by=slt, lead=slt, seen=str(colleague.pk))
