"""A new access code at the office: who checked and how is on record, and the code is shown once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incidents.models import Conflict, Event
from incidents.triage.codes import reissue_access_code
from incidents.triage.pages import story_of

PAGE = "/staff/concerns/DKH-7R4K-2Q/new-code/"
HOW = "Called back on the number in our records"


def test_the_code_is_shown_and_the_old_one_ends(concern, slt, slt_client):
    response = slt_client.post(PAGE, {"how_checked": HOW, "key": str(uuid.uuid4())})

    code, event = response.context["code"], Event.objects.get()
    concern.refresh_from_db()
    assert code in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert check_password(code, concern.access_code_hash)
    assert (event.kind, event.by, event.concern) == ("code_reissued", slt, concern)
    assert story_of(concern, user=slt)[0].lines == [f"How we checked who they are: {HOW}"]
    assert code not in str(event.facts)
    assert code not in str(list(concern.history.values()))
    assert code not in slt_client.get(PAGE).content.decode()


def test_a_double_click_shows_one_code(concern, slt_client):
    data = {"how_checked": HOW, "key": str(uuid.uuid4())}

    first, second = (slt_client.post(PAGE, data).context["code"] for _ in range(2))

    assert first == second
    assert Event.objects.count() == 1


def test_the_same_form_sent_later_gives_no_code_that_was_shown_before(concern, slt, time_machine):
    key = uuid.uuid4()
    first = reissue_access_code(concern=concern, by=slt, how_checked=HOW, key=key)
    other = reissue_access_code(concern=concern, by=slt, how_checked=HOW)
    time_machine.move_to(timezone.now() + timedelta(minutes=5), tick=False)

    assert first != other
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("how", "sentence"),
    [("", "Say how you checked"), ("x" * 501, "Use 500 characters or fewer"), ("a\x00", "cannot be saved")],
)
def test_without_saying_how_there_is_no_code(concern, slt_client, how, sentence):
    response = slt_client.post(PAGE, {"how_checked": how})

    concern.refresh_from_db()
    assert sentence in response.content.decode()
    assert response.context["code"] == ""
    assert concern.access_code_hash == "unusable"


def test_only_those_who_may_see_the_concern_give_one(concern, office, outsider, slt, signed_in):
    Conflict.objects.create(user=slt, concern=concern, reason="Named in it")
    answers = {who.full_name: signed_in(who).post(PAGE, {"how_checked": HOW}).status_code
               for who in (office, outsider, slt)}  # fmt: skip

    assert list(answers.values()) == [403, 404, 404]
    for who in (office, outsider, slt):
        with pytest.raises(PermissionDenied):
            reissue_access_code(concern=concern, by=who, how_checked=HOW)
    assert not Event.objects.exists()


def test_looking_at_the_page_gives_no_code(concern, slt_client):
    assert slt_client.get(PAGE).status_code == 200

    concern.refresh_from_db()
    assert concern.access_code_hash == "unusable"
