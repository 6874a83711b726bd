"""Two people who decide in the same instant leave one outcome, and the other is told."""

from __future__ import annotations

import pytest

from dkh_conduct.accounts.roles import Role
from incidents.models import Case, Concern, Event
from incidents.triage.outcome import AlreadyDecidedError, add_to_case, assign_concern, close_concern, open_case
from tests.at_once import at_once
from tests.factories import CaseFactory, ConcernFactory, SchoolFactory, TermFactory, UserFactory

ROUNDS = 40
REASON = "The words are about one person."

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(transactional_db):
    """Two senior leaders of one school."""
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    return [UserFactory.create(school=school, full_name=name, role=Role.SLT) for name in ("Ruth", "Tomas")]


def test_two_who_decide_at_once_leave_exactly_one_outcome(pair):
    ruth, tomas = pair
    existing = CaseFactory.create(school=ruth.school, number=1_000, lead=ruth)

    for number in range(ROUNDS):
        concern = ConcernFactory.create(school=ruth.school)
        first = [
            lambda c=concern: open_case(concern=c, by=ruth, kind="both", summary="Comments", reason=REASON),
            lambda c=concern: add_to_case(concern=c, case=existing, by=ruth, kind="both", reason=REASON),
        ][number % 2]

        raised = at_once(
            first, lambda c=concern: close_concern(concern=c, by=tomas, kind="criticism", reason="A complaint.")
        )

        concern.refresh_from_db()
        (loser,) = raised
        assert isinstance(loser, AlreadyDecidedError), loser
        assert loser.by == concern.outcome_by
        assert Event.objects.filter(concern=concern).count() == 1


def test_cases_opened_at_once_get_numbers_of_their_own(pair):
    for _ in range(ROUNDS):
        concerns = [ConcernFactory.create(school=pair[0].school) for _ in pair]

        raised = at_once(
            *(
                lambda c=concern, by=by: open_case(concern=c, by=by, kind="both", summary="Comments", reason=REASON)
                for concern, by in zip(concerns, pair, strict=True)
            )
        )

        assert raised == []
    numbers = list(Case.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 2 * ROUNDS + 1))


def test_two_who_take_a_concern_at_once_do_not_both_get_it(pair):
    ruth, tomas = pair

    for _ in range(ROUNDS):
        concern = ConcernFactory.create(school=ruth.school)

        raised = at_once(
            lambda c=concern: assign_concern(concern=c, by=ruth, instead_of=None),
            lambda c=concern: assign_concern(concern=c, by=tomas, instead_of=None),
        )

        assert len(raised) == 1
        assert Event.objects.filter(concern=concern).count() == 1
    assert not Concern.objects.filter(assigned_to=None).exists()
