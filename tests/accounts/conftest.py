"""A provider of school accounts that this installation names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.accounts.school_idp import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    provider = Provider().start()
    settings.SCHOOL_ACCOUNTS = [provider.named()]
    yield provider
    provider.stop()
