"""The headers of every response, read while walking the whole portal as each role, as if TLS stood in front."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from dkh_conduct.demo.school import STAFF
from tests.demo_school import PASSWORD, SITE_URL, of_this_run
from tests.e2e.crawling import Walker, faults, faults_of_cookies, faults_of_https
from tests.e2e.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e
HOST = SITE_URL.removeprefix("https://")
ROLES = {person.role: person.email for person in reversed(STAFF)}
STARTS = ("/", "/report/what/", "/staff/", "/staff/print-room/?show=register")
NUMBERS = (
    *("3.2.1", "3.3.1", "3.3.2", "3.3.3", "3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.4.8", "3.5.8"),
    *("4.1.1", "5.4.1", "14.2.1", "14.3.2"),
)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Walker]]:
    """By role, and `nobody`. The portal has a real school's settings: https, and a second step for everybody."""
    folder = tmp_path_factory.mktemp("secure")
    shutil.copytree(of_this_run(tmp_path_factory), folder, dirs_exist_ok=True)
    portal = Portal(folder)
    now = datetime.now(ZoneInfo("Europe/London"))
    portal.environment |= {
        "SITE_URL": SITE_URL,
        "BEHIND_PROXY": "true",
        "DEMO": "0",
        "E2E_NOW": f"{now:%Y-%m-%dT%H:%M:%S}",
    }
    try:
        portal.serve()
        walkers = {}
        for role, email in (("nobody", ""), *ROLES.items()):
            walker = walkers[str(role)] = Walker(f"127.0.0.1:{portal.port}", HOST, proxied=True)
            if email:
                walker.sign_in(email, PASSWORD)
            walker.answer_a_question()
            walker.walk(*STARTS)
            walker.knock()
        yield walkers
    finally:
        portal.stop()


def found(walked: dict[str, Walker]) -> Counter[str]:
    wrong: Counter[str] = Counter()
    for role, walker in walked.items():
        for answer in walker.answers:
            for number, what in (*faults(answer), *faults_of_https(answer)):
                wrong[f"{number} {role}: {what}"] += 1
        for number, what in faults_of_cookies(walker):
            wrong[f"{number} {role}: {what}"] += 1
    return wrong


@pytest.mark.parametrize("number", NUMBERS)
def test_every_answer_to_every_role_carries_what_the_requirement_asks(walked, number):
    assert [what for what in found(walked) if what.startswith(f"{number} ")] == []


def test_every_role_was_walked_through_pages_files_and_errors(walked):
    """So that an empty list of faults means something."""
    everything = [answer for walker in walked.values() for answer in walker.answers]
    media_types = {str(answer.headers.get("Content-Type", "")).partition(";")[0] for answer in everything}

    assert set(walked) == {"nobody", *(str(role) for role in ROLES)}
    assert {200, 302, 400, 403, 404, 405, 413} <= {answer.status for answer in everything}
    assert {"text/html", "application/pdf", "image/png", "image/webp", "text/csv"} <= media_types
    assert len({answer.kind for answer in everything}) > 140
    assert 500 not in {answer.status for answer in everything}


def test_no_link_leads_to_a_page_that_its_reader_may_not_open(walked):
    lost = {
        (role, answer.path)
        for role, walker in walked.items()
        for answer in walker.answers
        if answer.status == 403 and answer.method == "GET" and answer.path not in STARTS
    }

    assert lost == set()
