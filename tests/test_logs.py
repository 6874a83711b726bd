"""Logs and reports of mistakes hold no names, no addresses and nothing that somebody wrote."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
import sentry_sdk
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from sentry_sdk.transport import Transport

from dkh_conduct.error_reports import report_to
from dkh_conduct.logs import clean, configuration

CANARY = "Zebedee Quillfeather"


def fall_over(request):
    account = f"{CANARY} wrote this"
    raise ValueError(f"bad account: {account}, zebedee@parent.example")


fall_over.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("fall-over/", fall_over, name="fall-over")]


@pytest.fixture
def lines():
    """What the portal's own configuration writes, line by line."""
    out = io.StringIO()
    wanted = configuration("INFO")
    wanted["handlers"]["console"]["stream"] = out
    held = logging.getLogger().handlers[:]
    logging.config.dictConfig(wanted)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.getLogger().handlers[:] = held


def test_v16_2_2_a_line_says_what_when_where_and_how_bad(lines):
    logging.getLogger("letters.sealing").warning("letter %s was made by another worker", 7)

    (line,) = lines()
    assert line["event"] == "letter 7 was made by another worker"
    assert (line["level"], line["logger"]) == ("warning", "letters.sealing")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail to amina.r+x@parent.example failed", "mail to [email] failed"),
        ("called 07700 900461 twice", "called [number] twice"),
        ("called +44 20 7946 0123", "called [number]"),
        ("from 203.0.113.9 and 2001:db8:0:1::7", "from [network] and [network]"),
        ("lives in SE22 8AB", "lives in [postcode]"),
        ("/status/?reference=DKH-7R4K-2Q&code=x", "/status/?[query]"),
        ("/staff/invitation/3xQvB9dM0sWmYt4kR7uZpL2nH6aJcE8fGiKo1TqUVbw/", "/staff/invitation/[secret]/"),
        ("code K7QM-2XRA-90TB-WN4C", "code [code]"),
        ("Concern DKH-7R4K-2Q and case C014", "Concern DKH-7R4K-2Q and case C014"),
        ("letter 12, try 3, at 16:43:00", "letter 12, try 3, at 16:43:00"),
        ("file 3f2a6b1e-0c4d-4e5f-8a9b-0c1d2e3f4a5b", "file 3f2a6b1e-0c4d-4e5f-8a9b-0c1d2e3f4a5b"),
    ],
)
def test_v16_2_5_addresses_numbers_and_secrets_are_taken_out_and_references_stay(said, kept):
    assert clean(said) == kept


def test_v16_2_5_of_an_exception_only_its_kind_and_its_place_are_kept(lines):
    with override_settings(ROOT_URLCONF=__name__):
        Client(raise_request_exception=False).get("/fall-over/")

    (line,) = [line for line in lines() if line["level"] == "error"]
    assert line["error"] == "ValueError"
    assert line["where"][-1].startswith("tests/test_logs.py:")
    assert "Quillfeather" not in json.dumps(lines())
    assert "zebedee" not in json.dumps(lines())


def test_v16_4_1_nobody_can_write_a_line_of_their_own(lines):
    logging.getLogger("x").warning("found\r\n%s", '{"event": "forged", "level": "info"}')

    assert len(lines()) == 1
    assert lines()[0]["event"].startswith("found\r\n")


@pytest.mark.django_db
def test_v16_2_5_a_whole_sign_in_leaves_no_word_of_it(lines, school):
    client = Client()
    client.post("/staff/sign-in/", {"login": "zebedee@parent.example", "password": "a-secret-canary"})
    client.post("/status/", {"reference": "DKH-7R4K-2Q", "code": "K7QM-2XRA-90TB-WN4C"})
    client.get("/no-such-page/zebedee@parent.example/?name=Quillfeather")

    told = json.dumps(lines())
    for secret in ("zebedee", "canary", "K7QM", "Quillfeather"):
        assert secret not in told


def test_v16_2_5_a_report_of_a_mistake_holds_the_code_and_nothing_else():
    sent = []

    class Kept(Transport):
        def capture_envelope(self, envelope):
            sent.append(envelope.serialize())

    report_to("https://key@sentry.example/1", transport=Kept)
    try:
        sentry_sdk.set_user({"email": "zebedee@parent.example"})
        sentry_sdk.add_breadcrumb(message=CANARY)
        try:
            fall_over(RequestFactory().get("/"))
        except ValueError as error:
            sentry_sdk.capture_exception(error)
        sentry_sdk.capture_message(CANARY)
        sentry_sdk.flush()
    finally:
        sentry_sdk.init()

    told = b"".join(sent).decode()
    assert "ValueError" in told
    assert "fall_over" in told
    for secret in ("Quillfeather", "zebedee", "bad account"):
        assert secret not in told


def test_reports_are_off_unless_somebody_names_where_to():
    assert not sentry_sdk.get_client().is_active() or sentry_sdk.get_client().dsn is None


@pytest.mark.parametrize("name", ["axes", "axes.apps", "fontTools", "fido2", "pikepdf._core"])
def test_libraries_that_tell_of_themselves_are_quiet_and_their_warnings_are_heard(name):
    levels = {logger: about["level"] for logger, about in configuration("INFO")["loggers"].items()}

    assert levels[name.partition(".")[0]] == "WARNING"
