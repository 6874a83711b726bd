"""A Monday morning in the twelfth week of term."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from dkh_conduct.school.models import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from time_machine import TimeMachineFixture

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School


@pytest.fixture(autouse=True)
def _monday_morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 11, 23, 8, 51, tzinfo=UTC), tick=False)


@pytest.fixture
def autumn(school: School) -> School:
    """The autumn term in two halves instead of the one long term of the cast."""
    school.terms.all().delete()
    for first, last in ((date(2026, 9, 3), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))):
        Term.objects.create(school=school, name="Autumn", starts_on=first, ends_on=last)
    return school


@pytest.fixture
def slt_client(slt: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(slt)
