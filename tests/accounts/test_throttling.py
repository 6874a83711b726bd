"""Guessing passwords is slowed down in the database, right across processes, and never keeps their owner out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from dkh_conduct.accounts.passwords import SENTENCE, StretchedPasswordValidator
from dkh_conduct.accounts.throttling import hidden
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def sign_in(email, password=PASSWORD, **more):
    return Client().post("/staff/sign-in/", {"login": email, "password": password}, **more)


def guess(email, times=5, **more):
    for _ in range(times):
        page = sign_in(email, "not-the-right-one", **more)
    return page.content.decode()


def test_v6_1_1_five_wrong_passwords_wait_and_an_emptied_cache_changes_nothing(slt):
    guess(slt.email)
    cache.clear()

    assert "Wait five minutes" in sign_in(slt.email).content.decode()


def test_v6_3_1_the_wait_is_over_after_five_minutes_even_while_somebody_goes_on_guessing(slt):
    guess(slt.email)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        guess(slt.email, times=3)

    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=5)):
        assert sign_in(slt.email).status_code == 302


def test_v6_6_3_nobody_elsewhere_keeps_the_head_out_however_long_they_guess(head):
    for n in range(30):
        guess(head.email, times=1, REMOTE_ADDR=f"203.0.113.{n // 6}")

    assert sign_in(head.email, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(slt):
    guess(slt.email, times=4)
    sign_in(slt.email)

    assert "Wait" not in guess(slt.email, times=4)


def test_capitals_and_spaces_are_not_more_tries(slt):
    for n in range(5):
        guess([slt.email, slt.email.upper(), f" {slt.email}"][n % 3], times=1)

    assert "Wait five minutes" in sign_in(slt.email).content.decode()


def test_neither_network_nor_what_was_typed_is_kept(slt):
    guess(slt.email, times=1, REMOTE_ADDR="203.0.113.9")
    sign_in("my-password-by-mistake", "x")

    stored = str(list(AccessAttempt.objects.values_list()))

    assert "203.0.113.9" not in stored
    assert slt.email not in stored
    assert "by-mistake" not in stored
    assert hidden(slt.email) in stored


@pytest.mark.parametrize(
    "password",
    ["password123456", "Password!!!!!!", "letmeinletmein", "1234567qwertyuiop", "p@55w0rd123456", "aaaaaaaaaaaaaa"],
)
def test_v6_2_4_a_common_password_made_longer_is_refused(slt, password):
    with pytest.raises(Exception, match="common password made longer"):
        StretchedPasswordValidator().validate(password, slt)


@pytest.mark.parametrize(
    "password",
    [
        "copper-harbour-violin",
        "correct horse battery staple",
        "ЖЖ пароль длинный",
        "🐝🐞🦋 and more bees",
        "x7" * 60 + "yzqk",
    ],
)
def test_v6_2_5_any_characters_and_long_ones_are_welcome(slt, password):
    StretchedPasswordValidator().validate(password, slt)


def test_what_a_password_must_not_be_can_be_read_before_one_is_chosen():
    assert SENTENCE in password_validators_help_texts()
