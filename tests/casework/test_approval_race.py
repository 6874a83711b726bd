"""Two deciders at once, two hundred times, on a database with real row locks: never two decisions."""

from __future__ import annotations

from functools import partial

import pytest

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.step_taking import decide_proposal
from incidents.models import Approval, Event, SiteBan, Step
from letters.models import Letter
from tests.at_once import outcomes
from tests.casework.ban_case import propose, written_ban
from tests.casework.fair_case import fair_case
from tests.factories import SchoolFactory, TermFactory, UserFactory

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick_letters")]

RACES = 200
ANSWERS = ("approve", "back", "decline")


def test_of_two_deciders_one_decides_and_the_other_is_told_two_hundred_times():
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    ruth = UserFactory.create(school=school, full_name="Ruth Adeyemi", role=Role.SLT)
    heads = [
        UserFactory.create(school=school, full_name=name, role=Role.HEAD) for name in ("Marian Okoro", "Zadie Cole")
    ]
    step = propose(written_ban(fair_case(ruth), by=ruth), ruth)

    def decide(place: int, race: int):
        decision = ANSWERS[(race + place) % 3]
        return decide_proposal(step=step, by=heads[place], decision=decision, reason=f"{race}", has_read=True)

    for race in range(RACES):
        # The same proposal again, as if it had just been sent: a new row for each would say no more.
        Letter.objects.update(state=Letter.State.DRAFT, approved_by=None, approved_at=None)
        Step.objects.filter(pk=step.pk).update(
            state=Step.State.PROPOSED, taken_by=None, taken_at=None, proposals=race + 1
        )
        SiteBan.objects.update(state=SiteBan.State.DRAFT)
        results = outcomes(partial(decide, 0, race), partial(decide, 1, race))

        won = [each for each in results if isinstance(each, Approval)]
        lost = [each for each in results if isinstance(each, Refused)]
        assert (len(won), len(lost)) == (1, 1), race
        assert won[0].decided_by.full_name in str(lost[0])
        assert Approval.objects.filter(step=step, proposal=race + 1).count() == 1
    assert Approval.objects.count() == RACES
    decided = [Event.Kind.STEP_TAKEN, Event.Kind.STEP_SENT_BACK, Event.Kind.STEP_DECLINED]
    assert Event.objects.filter(kind__in=decided).count() == RACES
