"""Signing in and out: who gets in, what a refusal says, and where everybody lands."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from incidents.models import Note
from tests.factories import PASSWORD, CaseFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = "/staff/sign-in/"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password}, **more)


def test_senior_leaders_land_on_the_dashboard(client, slt):
    response = sign_in(client, slt.email)

    assert response.status_code == 302
    assert response.url == reverse("dashboard")


def test_the_office_lands_in_the_print_room(client, office):
    assert sign_in(client, office.email).url == reverse("print-room")


def test_spaces_and_capitals_in_the_address_do_not_matter(client, slt):
    response = sign_in(client, f"  {slt.email.upper()} ")

    assert response.status_code == 302


def test_the_page_that_was_asked_for_opens_after_signing_in(client, slt):
    asked = client.get(reverse("case-list"))
    page = client.get(asked.url)

    response = client.post(asked.url, {"login": slt.email, "password": PASSWORD, "next": reverse("case-list")})

    assert page.status_code == 200
    assert response.url == reverse("case-list")


@pytest.mark.parametrize(
    "elsewhere",
    [
        *(
            "//evil.example/",
            "https://evil.example/",
            "http:///evil.example",
            "javascript:alert(1)",
            "\\\\evil.example",
        ),
        *(
            "https:evil.example",
            "//testserver@evil.example/",
            "http://localhost/",
            " //evil.example",
            "/\\evil.example",
        ),
    ],
)
def test_next_never_leaves_our_own_host(client, slt, elsewhere):
    response = client.post(SIGN_IN, {"login": slt.email, "password": PASSWORD, "next": elsewhere})

    assert response.url == reverse("dashboard")


def test_somebody_signed_in_is_sent_on(signed_in, slt, office):
    assert signed_in(slt).get(SIGN_IN).url == reverse("dashboard")
    assert signed_in(office).get(SIGN_IN).url == reverse("print-room")


def test_a_wrong_password_is_said_beside_the_field_and_the_address_stays(client, slt):
    page = sign_in(client, slt.email, "not-the-right-one").content.decode()

    assert "<title>Error: Sign in" in page
    assert 'href="#id_password">Check your email address and password. One of them is not right.' in page
    assert 'id="id_password_1_error"' in page
    assert f'value="{slt.email}"' in page
    assert "not-the-right-one" not in page


def test_an_unknown_address_reads_the_same_as_a_wrong_password(client, slt):
    known = sign_in(client, slt.email, "not-the-right-one").content.decode()
    unknown = sign_in(client, "nobody@dkh.example", "not-the-right-one").content.decode()

    def without_what_was_typed(page, email):
        lines = page.replace(email, "").splitlines()
        return [line for line in lines if "csrfmiddlewaretoken" not in line]

    assert without_what_was_typed(known, slt.email) == without_what_was_typed(unknown, "nobody@dkh.example")


def test_somebody_who_has_left_reads_the_same_sentence(client, school):
    left = UserFactory.create(school=school, is_active=False)

    page = sign_in(client, left.email).content.decode()

    assert "Check your email address and password. One of them is not right." in page
    assert "_auth_user_id" not in client.session


def test_somebody_who_leaves_is_out_at_the_next_click(signed_in, slt):
    client = signed_in(slt)
    slt.is_active = False
    slt.save()

    assert client.get(reverse("case-list")).url.startswith(SIGN_IN)


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("", PASSWORD, "Enter your school email address"),
        ("r.adeyemi", PASSWORD, "Enter an email address in the right form, like name@school.example"),
        ("r.adeyemi@dkh.example", "", "Enter your password"),
        ("x" * 300 + "@dkh.example", PASSWORD, "Enter an email address in the right form"),
        ("a\x00b@dkh.example", PASSWORD, "Null characters are not allowed."),
        ("r.adeyemi@dkh.example", "x" * 1001, "Enter a password of 1000 characters or fewer"),
        ("😀@dkh.example", "😀", "Enter an email address in the right form"),
    ],
)
def test_bad_input_gets_a_sentence(client, school, email, password, sentence):
    response = sign_in(client, email, password)

    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_five_wrong_passwords_make_one_network_wait(client, slt):
    for _ in range(5):
        sign_in(client, slt.email, "not-the-right-one")

    assert "Wait five minutes" in sign_in(client, slt.email).content.decode()


def test_nobody_can_keep_the_head_out_from_elsewhere(client, head):
    for _ in range(8):
        sign_in(client, head.email, "not-the-right-one", REMOTE_ADDR="203.0.113.9")

    assert sign_in(client, head.email, REMOTE_ADDR="198.51.100.7").url == reverse("dashboard")


def test_a_made_up_forwarding_header_does_not_get_more_tries(client, slt):
    for n in range(5):
        sign_in(client, slt.email, "not-the-right-one", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")

    assert "Wait five minutes" in sign_in(client, slt.email, HTTP_X_FORWARDED_FOR="203.0.113.99").content.decode()


def test_a_flood_from_one_network_gets_a_page_that_says_wait(client, school):
    for n in range(31):
        response = sign_in(client, f"person{n}@nowhere.example", "not-the-right-one")

    assert response.status_code == 429
    assert "Wait a few minutes" in response.content.decode()
    assert response.headers["Retry-After"] == "300"


def test_v7_2_4_signing_in_changes_the_session_key(slt):
    client = Client()
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "x"
    session.save()
    client.cookies["session"] = session.session_key

    sign_in(client, slt.email)

    assert client.cookies["session"].value != session.session_key


def test_looking_at_sign_out_does_not_sign_out(signed_in, slt):
    client = signed_in(slt)

    page = client.get("/staff/sign-out/")

    assert page.status_code == 200
    assert "You are signed in as Ruth Adeyemi." in page.content.decode()
    assert client.get(reverse("account_login")).status_code == 302


def test_sign_out_takes_a_post_and_ends_the_session(signed_in, slt):
    client = signed_in(slt)

    response = client.post("/staff/sign-out/")

    assert response.url == SIGN_IN
    assert client.get(reverse("case-list")).url.startswith(SIGN_IN)


@pytest.mark.parametrize("path", ["/staff/signup/", "/staff/email/", "/accounts/signup/", "/staff/inactive/"])
def test_nobody_can_register_themselves(client, school, path):
    assert client.get(path).status_code in {302, 404}
    assert client.post(path).status_code in {302, 404, 405}


def test_the_password_can_be_shown_and_is_never_drawn_again(client, school):
    page = client.get(SIGN_IN).content.decode()

    assert 'data-module="govuk-password-input"' in page
    assert "govuk-js-password-input-toggle" in page
    assert "placeholder" not in page
    assert 'autocomplete="current-password"' in page


def test_somebody_without_a_role_lands_where_nothing_is_anybodys(client, school):
    assert sign_in(client, UserFactory.create(school=school).email).url == reverse("poster")


def test_a_form_sent_after_the_session_was_ended_says_that_it_was_not_saved(signed_in, slt):
    client = signed_in(slt)
    address = f"{CaseFactory.create(school=slt.school, lead=slt).get_absolute_url()}notes/add/"
    Session.objects.all().delete()

    sent_away = client.post(address, {"kind": "fact", "text": "Her mother rang."})
    page = client.get(sent_away.url).content.decode()

    assert sent_away.url == f"{SIGN_IN}?next={address}"
    assert "You were signed out before this was sent, so it was not saved." in page
    assert not Note.objects.exists()


def test_a_page_asked_for_without_being_signed_in_speaks_of_no_form(client):
    page = client.get(client.get("/staff/cases/").url).content.decode()

    assert "was not saved" not in page
