"""A portal and a browser, started once for the tests that need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo_school import of_this_run
from tests.e2e.browsing import chromium
from tests.e2e.portal import Portal, portal_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal_in(tmp_path_factory.mktemp("portal"), school=of_this_run(tmp_path_factory)) as portal:
        yield portal


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
