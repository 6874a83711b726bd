"""From an invitation to leaving, in a browser with a passkey of its own, on a portal that is no demo."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.accounts.school_idp import CLIENT, SECRET, Provider
from tests.accounts.second_steps import code_of
from tests.demo_school import ROOT, of_this_run
from tests.e2e.browsing import DESK, PHONE, complaints, visitor
from tests.e2e.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
PASSWORD = "copper-harbour-violin"
at_school = Provider()
ADMINS, LEADER = ("a.newcomer@dkh.example", "second@dkh.example"), "ines.okafor@dkh.example"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demo school's rows, but nobody may skip the second step."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(of_this_run(tmp_path_factory), folder, dirs_exist_ok=True)
    portal = Portal(folder)
    at_school.start()
    for name, value in {"ISSUER": at_school.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET}.items():
        portal.environment[f"SSO_OIDC_{name}"] = value
    portal.environment["SSO_OIDC_DOMAINS"] = "dkh.example"
    portal.environment |= {"DEMO": "0", "E2E_NOW": f"{datetime.now(ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M:%S}"}
    try:
        portal.serve()
        yield portal
    finally:
        portal.stop()
        at_school.stop()


@contextmanager
def with_a_passkey(browser: Browser) -> Iterator[Page]:
    """A browser whose computer has a fingerprint reader that always knows its owner."""
    with visitor(browser, DESK) as page:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        more = {"isUserVerified": True, "automaticPresenceSimulation": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **more}})
        yield page


# The product's own command, for each of the addresses that are given.
INVITE = """
import django, sys
django.setup()
from django.core.management import call_command
for email in sys.argv[1:]:
    call_command("invite_administrator", email, "Ada Newcomer")
"""


@pytest.fixture(scope="module")
def links(real: Portal) -> dict[str, str]:
    """By e-mail address, what somebody is sent who is invited as an administrator."""
    said = subprocess.run(
        [sys.executable, "-c", INVITE, *ADMINS],
        cwd=ROOT,
        env=real.environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return dict(zip(ADMINS, re.findall(r"http\S+", said), strict=True))


def link_in_mail(portal: Portal) -> str:
    newest = max((portal.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime)
    return str(re.findall(r"http\S+/staff/invitation/\S+", newest.read_text())[-1])


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/staff/second-step/")


def test_from_an_invitation_to_leaving(real, browser, links):
    with with_a_passkey(browser) as admin, visitor(browser, DESK) as leader:
        choose_password(admin, links[ADMINS[0]])
        admin.get_by_role("link", name="Set up a passkey").click()
        admin.get_by_role("button", name="Set up a passkey").click()
        admin.wait_for_url("**/second-step/codes/")
        assert len(re.findall(r"\b\d{4} \d{4} \d{4}\b", admin.inner_text("main"))) == 10

        admin.get_by_role("button", name="Sign out").click()
        admin.wait_for_url("**/staff/sign-in/**")
        admin.get_by_role("button", name="Sign in with a passkey").click()
        admin.wait_for_url("**/staff/people/")
        admin.get_by_role("button", name="Invite somebody").click()
        admin.get_by_label("Full name").fill("Ines Okafor")
        admin.get_by_label("Job title").fill("Deputy head")
        admin.get_by_label("School email address").fill(LEADER)
        admin.get_by_label("Senior Leadership Team").check()
        admin.get_by_role("button", name="Invite them").click()
        admin.get_by_text("Ines Okafor was sent a link").wait_for()

        choose_password(leader, link_in_mail(real))
        leader.goto(f"{real.address}/staff/cases/")
        assert leader.url.endswith("/staff/second-step/")
        leader.get_by_role("link", name="Set up an app").click()
        leader.get_by_text("I cannot scan it").click()
        secret = leader.locator("details strong").inner_text().replace(" ", "")
        leader.get_by_label("6-digit code").fill(code_of(secret))
        leader.get_by_role("button", name="Use this app").click()
        leader.get_by_role("button", name="I have kept them").click()
        leader.wait_for_url("**/staff/")
        leader.goto(f"{real.address}/staff/cases/")
        assert "Cases" in leader.inner_text("h1")

        admin.goto(f"{real.address}/staff/people/")
        admin.get_by_role("link", name="Ines Okafor").click()
        admin.get_by_role("link", name="End this account").click()
        admin.get_by_role("button", name="End this account").click()
        admin.get_by_text("Ines Okafor can no longer sign in").wait_for()

        leader.reload()
        assert "/staff/sign-in/" in leader.url
        assert complaints(admin) == complaints(leader) == []


def test_a_demo_password_alone_opens_nothing_on_a_portal_that_is_no_demo(real, browser):
    with visitor(browser, DESK) as page:
        page.goto(f"{real.address}/staff/sign-in/")
        page.get_by_label("Email").fill("ruth.adeyemi@dkh.example")
        page.locator("input[type=password]").fill("lantern-copper-violin")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/staff/second-step/")

        assert page.locator("nav").count() == 0
        assert "Set up your second step" in page.inner_text("main")


def test_a_page_that_nobody_touches_warns_then_locks_and_keeps_what_was_typed(real, browser, links):
    with with_a_passkey(browser) as page:
        choose_password(page, links[ADMINS[1]])
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_role("button", name="Set up a passkey").click()
        page.wait_for_url("**/second-step/codes/")
        page.clock.install()
        page.goto(f"{real.address}/staff/people/invite/")
        page.get_by_label("Full name").fill("Half typed")

        page.clock.fast_forward(timedelta(minutes=26).seconds * 1000)
        page.get_by_role("heading", name="Are you still there?").wait_for()
        page.clock.fast_forward(timedelta(minutes=5).seconds * 1000)
        page.get_by_role("heading", name="This page is locked").wait_for()
        page.get_by_role("button", name="I have done that").click()
        page.get_by_role("heading", name="This page is locked").wait_for(state="hidden")

        assert page.get_by_label("Full name").input_value() == "Half typed"


def test_v6_3_3_a_school_account_signs_in_and_then_a_passkey_is_asked_for(real, browser):
    """Out to the provider and back, under the same content security policy as every page."""
    at_school.says = {"sub": "ruth", "email": "ruth.adeyemi@dkh.example", "email_verified": True}
    with with_a_passkey(browser) as page:
        page.goto(f"{real.address}/staff/sign-in/")
        page.get_by_role("button", name="Sign in with your school account").click()
        page.wait_for_url("**/staff/second-step/")
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_role("button", name="Set up a passkey").click()
        page.wait_for_url("**/second-step/codes/")

        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/staff/sign-in/**")
        page.get_by_role("button", name="Sign in with your school account").click()
        page.wait_for_url("**/staff/sign-in/code/")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/staff/")

        assert complaints(page) == []


def test_a_school_account_that_nobody_invited_reads_what_to_do(real, browser):
    at_school.says = {"sub": "stranger", "email": "stranger@dkh.example", "email_verified": True}
    with visitor(browser, PHONE) as page:
        page.goto(f"{real.address}/staff/sign-in/")
        page.get_by_role("button", name="Sign in with your school account").click()
        page.get_by_text("Ask an administrator to invite you").wait_for()

        assert page.url.endswith("/staff/sign-in/")
        assert complaints(page) == []
