"""Cases for the tests of this slice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from incidents.models import Case
from tests.factories import CaseFactory, CasePersonFactory, PersonFactory

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School
    from incidents.models import Person


@pytest.fixture
def case(school: School, slt: User) -> Case:
    """An open case that Ruth Adeyemi leads."""
    return CaseFactory.create(school=school, lead=slt, number=14, summary="Messages about a member of staff")


@pytest.fixture
def subject(case: Case) -> Person:
    """Daniel Marsh, whom the case is about."""
    return CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school)).person


@pytest.fixture
def closed_case(school: School, slt: User) -> Case:
    return CaseFactory.create(
        school=school,
        lead=slt,
        number=7,
        status=Case.Status.CLOSED,
        closed_reason="They talked.",
        closed_at=datetime(2026, 12, 4, 9, 0, tzinfo=UTC),
    )


@pytest.fixture
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No letter is drawn or made: what one looks like has tests of its own."""
    monkeypatch.setattr("letters.approval.render", lambda letter, **_: None)
    monkeypatch.setattr("letters.approval.hurry", lambda pk: None)
