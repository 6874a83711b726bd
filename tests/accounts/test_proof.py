"""Saying again who one is: how long it counts, and what becomes of whoever cannot."""

from __future__ import annotations

import time
from unittest.mock import Mock

import pytest
import time_machine
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from dkh_conduct.accounts.proof import has_proved_recently, proof_required
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HERE = "/staff/evidence/7/?page=2"
LONG = 10 * 60


@pytest.fixture
def asks(rf, client, settings):
    """A request of somebody who proved who they are so many seconds ago, each time."""
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == LONG

    def ask(user, *ago):
        request = rf.get(HERE)
        request.user, request.session, request._messages = user, client.session, Mock()
        if user.is_authenticated:
            proofs = [{"method": "password", "at": time.time() - seconds} for seconds in ago]
            request.session.update({SESSION_KEY: str(user.pk), "account_authentication_methods_user": str(user.pk)})
            request.session["account_authentication_methods"] = proofs
        return request

    return ask


@pytest.mark.parametrize(
    ("ago", "is_recent"),
    [([LONG - 1], True), ([LONG], False), ([LONG * 2, 1], True), ([1, LONG * 2], True), ([], False)],
)
def test_v7_5_3_a_proof_counts_for_ten_minutes(asks, slt, ago, is_recent):
    @proof_required
    def view(request, number, *, word):
        return HttpResponse(f"{number} {word}")

    with time_machine.travel(time.time(), tick=False):
        request = asks(slt, *ago)

        assert has_proved_recently(request) is is_recent
        if is_recent:
            assert view(request, 7, word="seven").content == b"7 seven"
        else:
            with pytest.raises(ReauthenticationRequired):
                view(request, 7, word="seven")
    assert view.__name__ == "view"


def test_nobody_has_proved_anything_who_is_not_signed_in(asks):
    assert has_proved_recently(asks(AnonymousUser(), 1)) is False


def test_whoever_has_no_way_of_their_own_is_signed_out_and_sent_to_sign_in(asks, school):
    user = UserFactory.create(school=school)
    user.set_unusable_password()
    user.save()
    request = asks(user, LONG)

    answer = proof_required(HttpResponse)(request)

    assert answer.url == "/staff/sign-in/?next=/staff/evidence/7/%3Fpage%3D2"
    assert SESSION_KEY not in request.session
    assert not request.user.is_authenticated
