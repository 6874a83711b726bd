"""Half an hour without anybody locks a session; ten hours end it; what was typed is kept."""

from __future__ import annotations

import re
import time
from unittest.mock import Mock

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache

from dkh_conduct.accounts.lock import LockMiddleware
from dkh_conduct.accounts.sessions import SEEN, STARTED
from dkh_conduct.accounts.staff_views import staff_list
from incidents.models import Note
from tests.accounts.second_steps import code_of, give_app
from tests.addresses import build_world
from tests.factories import PASSWORD, CaseFactory

pytestmark = pytest.mark.django_db
LIST = "/staff/cases/"
REGISTER = "/staff/print-room/register.csv"
MINUTE = 60
# What goes out of the portal as a file, and what cannot be taken back; and those of them that are sent as a form.
TAKEN_OUT = (
    *("evidence-rest-destroy", "authority-pack", "legal-pack", "letter-register-file"),
    *("case-file-ask", "case-file-pdf", "concern-email", "concern-new-code"),
)
ACCOUNTS = ("staff-invite", "staff-member", "staff-second-step-reset", "staff-sessions-end", "staff-leave")
SENT = {"authority-pack", "concern-email", "staff-second-step-reset", "staff-sessions-end"}


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


@pytest.fixture
def secret(slt):
    return give_app(slt)


def after(seconds):
    return time_machine.travel(time.time() + seconds, tick=True)


def test_v7_3_1_after_half_an_hour_somebody_says_again_who_they_are(signed_in, slt, secret):
    client = signed_in(slt)

    with after(31 * MINUTE):
        locked = client.get(LIST)
        back = client.post("/staff/again/code/", {"code": code_of(secret), "next": LIST})
        opened = client.get(LIST)

    assert locked.url == "/staff/again/code/?next=%2Fstaff%2Fcases%2F"
    assert back.url == LIST
    assert opened.status_code == 200


def test_v7_3_1_what_a_form_sent_after_half_an_hour_is_kept_and_done(signed_in, slt, secret, school):
    case = CaseFactory.create(school=school, lead=slt)
    client = signed_in(slt)
    address = f"{case.get_absolute_url()}notes/add/"

    with after(31 * MINUTE):
        asked = client.post(address, {"kind": "fact", "text": "A long note, typed slowly."})
        nothing_yet = Note.objects.exists()
        client.post("/staff/again/code/", {"code": code_of(secret), "next": address})

    assert asked.url.startswith("/staff/again/code/")
    assert not nothing_yet
    assert Note.objects.get().text == "A long note, typed slowly."


def test_whoever_goes_on_clicking_is_not_locked(signed_in, slt):
    client = signed_in(slt)
    start = time.time()

    for minutes in (20, 40, 60):
        with time_machine.travel(start + minutes * MINUTE):
            assert client.get(LIST).status_code == 200


def test_v7_3_2_ten_hours_end_it_however_often_it_is_used(signed_in, slt):
    client = signed_in(slt)
    start = time.time()
    for minutes in range(20, 600, 20):
        with time_machine.travel(start + minutes * MINUTE):
            client.get("/staff/sessions/unlocked/")
            client.post("/staff/sessions/stay/")

    with time_machine.travel(start + 601 * MINUTE):
        response = client.get(LIST)

    assert response.url == f"/staff/sign-in/?next={LIST}"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("method", "onward"), [("get", LIST), ("head", LIST), ("post", "/staff/")])
def test_v7_3_2_whoever_is_sent_away_after_ten_hours_reads_why_and_comes_back_to_a_page(signed_in, slt, method, onward):
    client = signed_in(slt)
    session = client.session
    session[STARTED] -= 601 * MINUTE
    session.save()

    response = getattr(client, method)(LIST)
    page = client.get(response.url).content.decode()

    assert response.url == f"/staff/sign-in/?next={onward}"
    assert "You were signed in for ten hours." in page
    assert ("What you sent was not saved." in page) is (method == "post")


@pytest.mark.parametrize(("kept", "ends"), [({STARTED: 0.0}, True), ({}, False)])
def test_v7_3_2_a_session_without_any_way_of_signing_in_has_its_ten_hours_too(rf, slt, kept, ends):
    request = rf.get(LIST)
    request.user, request.session, request._messages = slt, SessionStore(), Mock()
    request.session.update({SEEN: time.time(), **kept})

    response = LockMiddleware(Mock()).process_view(request, staff_list, (), {})

    assert (response is not None) is ends
    assert (STARTED in request.session) is not ends


def test_a_click_is_written_down_once_a_minute(signed_in, slt):
    client = signed_in(slt)
    seen = [client.session[SEEN]]
    for seconds in (30, 61):
        with after(seconds):
            client.get(LIST)
        seen.append(client.session[SEEN])

    assert seen[0] == seen[1] < seen[2]


def test_looking_whether_it_is_locked_does_not_keep_it_open(signed_in, slt, secret):
    client = signed_in(slt)
    start = time.time()

    with time_machine.travel(start + 20 * MINUTE):
        open_then = client.get(f"/staff/sessions/unlocked/?who={slt.pk}").status_code
    with time_machine.travel(start + 31 * MINUTE):
        locked_now = client.get(f"/staff/sessions/unlocked/?who={slt.pk}").status_code

    assert (open_then, locked_now) == (204, 423)


def test_a_page_does_not_open_for_whoever_signed_in_meanwhile(signed_in, slt, colleague):
    """On a shared computer: what its owner typed would be sent by another person."""
    page = signed_in(slt).get(LIST).content.decode()
    ask = re.search(r'data-dkh-lock-ask="([^"]+)"', page)[1]

    assert signed_in(colleague).get(ask).status_code == 409
    assert signed_in(slt).get(ask).status_code == 204
    assert signed_in(slt).get("/staff/sessions/unlocked/").status_code == 409
    assert f"This page opens for {slt} only." in page


def test_whoever_signed_in_anew_is_told_the_token_that_their_forms_need(slt, signed_in):
    client = signed_in(slt)
    client.handler.enforce_csrf_checks = True

    told = client.get(f"/staff/sessions/unlocked/?who={slt.pk}").headers["X-CSRF-Token"]

    assert client.post("/staff/sessions/stay/", {"csrfmiddlewaretoken": told}).status_code == 204
    assert client.post("/staff/sessions/stay/", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403


@pytest.mark.parametrize("hours", [11, 0], ids=["after ten hours", "signed out elsewhere"])
def test_nothing_is_said_to_be_lost_where_only_the_page_said_that_somebody_is_there(signed_in, slt, hours):
    client = signed_in(slt)
    if not hours:
        SessionStore(client.session.session_key).delete()

    with after(hours * 60 * MINUTE):
        answer = client.post("/staff/sessions/stay/", follow=True)

    assert answer.redirect_chain[0][0].startswith("/staff/sign-in/")
    assert "not saved" not in answer.content.decode()


def test_a_locked_session_can_still_be_signed_out(signed_in, slt, secret):
    client = signed_in(slt)

    with after(31 * MINUTE):
        assert client.post("/staff/sign-out/").url == "/staff/sign-in/"


def test_a_password_can_unlock_what_a_second_step_opened(signed_in, slt, secret):
    client = signed_in(slt)

    with after(31 * MINUTE):
        wrong = client.post("/staff/again/password/", {"password": "not-the-right-one"})
        right = client.post("/staff/again/password/", {"password": PASSWORD, "next": LIST})

    assert "That is not your password" in wrong.content.decode()
    assert right.url == LIST


def test_somebody_without_any_way_of_their_own_signs_in_again(signed_in, slt):
    """They come in through the school's own sign-in, and have neither password nor second step here."""
    slt.set_unusable_password()
    slt.save()
    client = signed_in(slt)

    with after(11 * MINUTE):
        assert client.get(REGISTER).url == f"/staff/sign-in/?next={REGISTER}"
    client = signed_in(slt)
    with after(31 * MINUTE):
        assert client.get(LIST).url == f"/staff/sign-in/?next={LIST}"


def test_the_page_itself_knows_when_it_locks(signed_in, slt):
    page = signed_in(slt).get(LIST).content.decode()

    assert 'data-dkh-lock="1800"' in page


def test_a_public_page_is_never_locked(signed_in, slt):
    client = signed_in(slt)

    with after(31 * MINUTE):
        assert client.get("/").status_code == 200


def test_v7_5_3_taking_the_register_out_asks_again_who_one_is(signed_in, office):
    secret = give_app(office)
    client = signed_in(office)
    with after(11 * MINUTE):
        asked = client.get(REGISTER)
        back = client.post("/staff/again/code/", {"code": code_of(secret), "next": REGISTER})
        got = client.get(back.url)

    assert asked.url.startswith("/staff/again/code/")
    assert got.headers["Content-Type"].startswith("text/csv")


def test_v7_5_3_what_goes_out_or_is_destroyed_asks_again_who_one_is(signed_in, slt, head, office, colleague, admin):
    """Originals, the email of a concern, packs, files of a case, registers; destroying; codes, roles and accounts."""
    world = build_world(slt=slt, office=office, colleague=colleague)
    people = {slt: TAKEN_OUT, head: ("evidence-original-open",), admin: ACCOUNTS}
    asked = {}

    for person, names in people.items():
        give_app(person)
        client = signed_in(person)
        with after(11 * MINUTE):
            for name in names:
                send = client.post if name in SENT else client.get
                asked[name] = send(world.address(name)).headers.get("Location", "")[:17]

    assert set(asked.values()) == {"/staff/again/code"}, asked


def test_v7_3_2_a_session_that_kept_no_beginning_began_when_its_owner_signed_in(signed_in, slt):
    client = signed_in(slt)
    session = client.session
    del session[STARTED]
    now = time.time()
    session["account_authentication_methods"][0]["at"] = now - 11 * 60 * MINUTE
    session.save()

    assert client.get(LIST).url.startswith("/staff/sign-in/")
