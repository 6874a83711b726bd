"""A Monday morning, one concern that waits, and the people who may decide it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from incidents.models import ConcernClause, Evidence
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory, ReporterFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from time_machine import TimeMachineFixture

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School
    from incidents.models import Case, Concern

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday_morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 11, 23, 8, 51, tzinfo=UTC), tick=False)


@pytest.fixture
def concern(school: School) -> Concern:
    concern = ConcernFactory.create(school=school, reference="DKH-7R4K-2Q", due_on=MONDAY)
    ConcernClause.objects.create(concern=concern, clause="abusive")
    ReporterFactory.create(concern=concern)
    return concern


@pytest.fixture
def case(school: School, colleague: User) -> Case:
    """C014, about Daniel Marsh, led by the colleague."""
    case = CaseFactory.create(school=school, number=14, lead=colleague)
    CasePersonFactory.create(case=case, person=PersonFactory.create(school=school))
    return case


@pytest.fixture
def slt_client(slt: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(slt)


@pytest.fixture
def picture() -> Callable[..., Evidence]:
    """A row of good evidence; its files are never opened by these pages."""

    def make(concern: Concern, **fields: object) -> Evidence:
        row = {
            "name": "class chat 1.png",
            "media_type": "image/png",
            "sha256": "0" * 64,
            "original": "original",
            "copy": "copy",
            "thumbnail": "thumbnail",
            "width": 585,
            "height": 1170,
        }
        return Evidence.objects.create(school=concern.school, concern=concern, **{**row, **fields})

    return make
