"""A second step on every way in: asked of everybody, set up before anything else, never skipped by a clever address."""

from __future__ import annotations

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dkh_conduct.accounts.http import StaffRequest
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.proof import has_proved_recently
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.second_step import has_second_step
from tests.accounts.second_steps import Passkey, code_of, give_app, give_backup_codes
from tests.addresses import build_world, every_name
from tests.factories import PASSWORD, UserFactory
from tests.test_access import OWN, PUBLIC

pytestmark = pytest.mark.django_db
SIGN_IN = "/staff/sign-in/"
SET_UP = "/staff/second-step/"
LIST = "/staff/cases/"
PASSKEY = "/staff/second-step/passkey/"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def sign_in(client, user):
    return client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})


def type_code(client, code):
    return client.post("/staff/sign-in/code/", {"code": code})


def test_v6_3_3_a_password_alone_opens_nothing_but_setting_up_a_second_step(slt, office, colleague, signed_in):
    world = build_world(slt=slt, office=office, colleague=colleague)
    client = signed_in(slt, took_second_step=False)

    for name in set(every_name()) - PUBLIC - OWN:
        for method in ("get", "post"):
            response = getattr(client, method)(world.address(name))

            assert (name, response.status_code, response.url) == (name, 302, SET_UP)


@pytest.mark.parametrize("role", Role)
def test_v6_3_3_no_role_does_without(school, signed_in, role):
    client = signed_in(UserFactory.create(school=school, role=role), took_second_step=False)

    assert client.get("/staff/").url == SET_UP


@pytest.mark.django_db(transaction=True)
def test_v6_3_3_somebody_new_is_led_from_password_to_second_step_to_their_page(client, slt):
    sign_in(client, slt)
    page = client.get("/staff/", follow=True)
    client.get("/staff/second-step/app/")
    secret = client.session["mfa.totp.secret"]

    done = client.post("/staff/second-step/app/", {"code": code_of(secret)}, follow=True)

    assert "Set up your second step" in page.content.decode()
    assert "Your backup codes" in done.content.decode()
    assert client.get(LIST).status_code == 200
    assert "authenticator app was set up" in mail.outbox[-1].body
    assert client.get("/staff/second-step/app/").url == SET_UP  # back again: what they have, not how to remove it


def test_whoever_has_one_is_asked_for_it_after_the_password(client, slt):
    secret = give_app(slt)

    asked = sign_in(client, slt)
    still_outside = client.get(LIST)
    inside = type_code(client, code_of(secret))

    assert asked.url == "/staff/sign-in/code/"
    assert still_outside.url.startswith(SIGN_IN)
    assert inside.url == reverse("dashboard")
    assert client.get(LIST).status_code == 200


def test_the_page_that_was_asked_for_opens_after_the_code(client, slt):
    secret = give_app(slt)

    client.post(f"{SIGN_IN}?next={LIST}", {"login": slt.email, "password": PASSWORD, "next": LIST})

    assert type_code(client, code_of(secret)).url == LIST


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 100, "١٢٣٤٥٦", "\x00", "💥"])
def test_a_wrong_code_gets_a_sentence_and_does_not_open(client, slt, code):
    give_app(slt)
    sign_in(client, slt)

    page = type_code(client, code)

    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert client.get(LIST).url.startswith(SIGN_IN)


def test_v6_5_1_a_code_works_once(slt):
    secret = give_app(slt)
    code = code_of(secret)
    first, second = Client(), Client()
    sign_in(first, slt)
    sign_in(second, slt)

    assert type_code(first, code).status_code == 302
    assert "was used already" in type_code(second, code).content.decode()


def test_v6_5_1_a_backup_code_works_once_in_place_of_the_app(slt):
    give_app(slt)
    code = give_backup_codes(slt)[0]
    first, second = Client(), Client()
    sign_in(first, slt)
    sign_in(second, slt)

    assert type_code(first, f"{code[:4]} {code[4:8]} {code[8:]}").status_code == 302
    assert type_code(second, code).status_code == 200


def test_v6_6_3_guessing_codes_is_slowed_down(client, slt):
    secret = give_app(slt)
    sign_in(client, slt)
    for guess in range(5):
        type_code(client, f"{guess:06}")

    assert "Wait five minutes" in type_code(client, code_of(secret)).content.decode()


def test_v6_4_3_a_new_password_does_not_do_without_the_second_step(client, slt, signed_in):
    give_app(slt)
    slt.set_password("copper-harbour-violin")
    slt.save()

    client.post(SIGN_IN, {"login": slt.email, "password": "copper-harbour-violin"})

    assert client.get(LIST).url.startswith(SIGN_IN)


def test_a_second_step_set_up_elsewhere_is_asked_for_here(signed_in, slt):
    client = signed_in(slt, took_second_step=False)
    secret = give_app(slt)

    asked = client.get(LIST)
    assert client.head(LIST).url == asked.url
    assert client.post(LIST).url == f"/staff/again/code/?next={reverse('dashboard')}"
    set_up = client.get(SET_UP)
    back = client.post("/staff/again/code/", {"code": code_of(secret), "next": LIST})

    assert asked.url == f"/staff/again/code/?next={LIST}"
    assert set_up.url.startswith("/staff/again/code/")
    assert back.url == LIST
    assert client.get(LIST).status_code == 200


def test_a_second_step_counts_for_its_owner_and_backup_codes_alone_are_none(slt, colleague):
    give_app(colleague)
    give_backup_codes(slt)

    assert (has_second_step(slt), has_second_step(colleague)) == (False, True)


def test_a_page_for_everybody_opens_before_the_second_step_too(signed_in, slt):
    assert signed_in(slt, took_second_step=False).get(reverse("page-contact")).status_code == 200


def test_the_secret_of_an_app_is_sealed_in_the_database(slt):
    secret = give_app(slt)
    codes = give_backup_codes(slt)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_the_last_second_step_cannot_be_removed(signed_in, slt):
    give_app(slt)
    client = signed_in(slt)

    page = client.post("/staff/second-step/app/remove/")

    assert "Set up another one first" in page.content.decode()
    assert Authenticator.objects.filter(user=slt).exists()


def test_a_passkey_of_somebody_else_cannot_be_removed(signed_in, slt, colleague):
    passkey = Authenticator.objects.create(user=colleague, type="webauthn", data={"name": "Theirs"})

    response = signed_in(slt).post(f"/staff/second-step/passkey/{passkey.pk}/remove/")

    assert response.status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_v6_3_7_new_backup_codes_end_the_old_ones_and_are_told(signed_in, slt):
    give_app(slt)
    old = give_backup_codes(slt)
    client = signed_in(slt)

    page = client.post("/staff/second-step/codes/new/", follow=True).content.decode()

    now = Authenticator.objects.get(user=slt, type="recovery_codes").wrap().get_unused_codes()
    assert not set(old) & set(now)
    assert f"{now[0][:4]} {now[0][4:8]} {now[0][8:]}" in page
    assert "New backup codes were made" in mail.outbox[-1].body


def test_v7_5_1_setting_up_another_step_asks_again_who_you_are(signed_in, slt):
    secret = give_app(slt)
    client = signed_in(slt)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600}]
    session.save()

    asked = client.get("/staff/second-step/passkey/")
    back = client.post("/staff/again/code/", {"code": code_of(secret), "next": "/staff/second-step/passkey/"})

    assert asked.url == "/staff/again/code/?next=%2Fstaff%2Fsecond-step%2Fpasskey%2F"
    assert client.get(back.url).status_code == 200


MADE_UP = ("", "{}", "null", "[]", '{"id": 1}', "x", '{"response": {"userHandle": "AA"}}', '"' + "x" * 9_000 + '"')


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_made_up_passkey_is_refused_in_words(client, school, credential):
    client.get("/staff/sign-in/passkey/", headers={"x-requested-with": "XMLHttpRequest"})

    page = client.post("/staff/sign-in/passkey/", {"credential": credential}, follow=True)

    assert page.status_code == 200
    assert "That passkey did not work" in page.content.decode()


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_made_up_passkey_cannot_be_set_up(signed_in, slt, credential):
    client = signed_in(slt)
    client.get("/staff/second-step/passkey/")

    page = client.post("/staff/second-step/passkey/", {"name": "Mine", "credential": credential})

    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert not Authenticator.objects.filter(user=slt).exists()


def test_v8_the_menu_is_not_shown_before_the_second_step(signed_in, slt):
    page = signed_in(slt, took_second_step=False).get(SET_UP).content.decode()

    assert "service-navigation" not in page


class TestDemo:
    """The demo school alone, on this computer alone."""

    @pytest.fixture
    def demo(self, school, settings):
        settings.MAY_SKIP_SECOND_STEP = True
        school.is_demo = True
        school.save()
        return school

    def test_a_password_is_enough_under_a_banner_that_says_so(self, demo, slt, signed_in):
        page = signed_in(slt, took_second_step=False).get(LIST)

        assert page.status_code == 200
        assert "Here, on this computer alone, a password is enough" in page.content.decode()

    def test_another_school_beside_it_may_not(self, demo, outsider, signed_in):
        assert signed_in(outsider, took_second_step=False).get(LIST).url == SET_UP

    def test_a_demo_school_that_others_can_reach_may_not(self, demo, slt, signed_in, settings):
        settings.MAY_SKIP_SECOND_STEP = False

        assert signed_in(slt, took_second_step=False).get(LIST).url == SET_UP


def test_nobody_who_is_not_signed_in_has_proved_anything():
    request = StaffRequest()
    request.user = AnonymousUser()

    assert not has_proved_recently(request)


def give_passkey(client, **how):
    passkey = Passkey()
    options = client.get(PASSKEY).context["options"]
    page = client.post(PASSKEY, {"name": "My phone", "credential": passkey.made(options, **how)})
    return passkey, page


def asked_of_a_passkey(client):
    asked = client.get("/staff/sign-in/passkey/", headers={"x-requested-with": "XMLHttpRequest"}).json()
    return json.dumps(asked["request_options"])


def test_a_passkey_signs_in_alone_until_its_owner_leaves(signed_in, slt, client):
    passkey, _ = give_passkey(signed_in(slt))

    def come():
        return client.post("/staff/sign-in/passkey/", {"credential": passkey.signed(asked_of_a_passkey(client))})

    assert come().url == reverse("dashboard")
    client.logout()
    User.objects.update(is_active=False)
    assert "That passkey does not work any more" in client.get(come().url).content.decode()
    assert client.get(LIST).url.startswith(SIGN_IN)


def test_v6_3_3_a_passkey_that_does_not_know_its_owner_is_not_set_up(signed_in, slt):
    _, page = give_passkey(signed_in(slt), knows_its_owner=False)

    assert "There is a problem" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_the_name_of_a_passkey_has_a_length(signed_in, slt):
    page = signed_in(slt).post(PASSKEY, {"name": "x" * 61, "credential": "{}"})

    assert "Use 60 characters or fewer" in page.content.decode()


def test_the_only_passkey_stays_until_there_is_another_step(signed_in, slt):
    client = signed_in(slt)
    give_passkey(client)
    Authenticator.objects.filter(type="recovery_codes").delete()
    remove = f"{SET_UP}passkey/{Authenticator.objects.get().pk}/remove/"

    stays = client.post(remove, follow=True)
    give_app(slt)
    client.post(remove)

    assert "Set up another one first" in stays.content.decode()
    assert [each.type for each in Authenticator.objects.filter(user=slt)] == ["totp"]


def test_a_passkey_says_again_who_one_is_and_a_wrong_one_does_not(signed_in, slt):
    client = signed_in(slt)
    passkey, _ = give_passkey(client)
    again = f"/staff/again/passkey/?next={SET_UP}"
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600}]
    session.save()

    asked = client.get(again)
    wrong = client.post(again, {"credential": "{}"}, follow=True)
    right = client.post(again, {"credential": passkey.signed(wrong.context["options"])})

    assert asked.context["reauthentication_alternatives"]
    assert "That passkey did not work" in wrong.content.decode()
    assert right.url == SET_UP
    assert client.session["account_authentication_methods"][-1]["at"] > time.time() - 60


def test_there_are_no_backup_codes_without_a_second_step(signed_in, slt):
    assert signed_in(slt).post("/staff/second-step/codes/new/").status_code == 404
