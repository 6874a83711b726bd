"""Staff see the clean pictures of concerns they may read, and a browser can do nothing else with them."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from incidents.evidence.intake import receive
from incidents.models import Conflict, Evidence
from tests.evidence.drawing import jpeg, png, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def evidence(draft):
    """A file that was sent with a concern."""
    found = receive(draft=draft, upload=sent(png(), "<b>\u202egnp.exe"))
    found.concern, found.draft = ConcernFactory.create(school=draft.school), None
    found.save()
    return found


def test_strangers_are_sent_to_sign_in(client, evidence):
    response = client.get(evidence.copy_url)

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["office", "outsider"])
def test_the_wrong_people_find_nothing(who, request, signed_in, evidence):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(evidence.copy_url).status_code == 404
    assert client.get(evidence.thumbnail_url).status_code == 404


def test_somebody_with_a_conflict_finds_nothing(slt, colleague, signed_in, evidence):
    Conflict.objects.create(user=slt, concern=evidence.concern, reason="Named in it")

    assert signed_in(slt).get(evidence.copy_url).status_code == 404
    assert signed_in(colleague).get(evidence.copy_url).status_code == 200


def test_a_senior_leader_is_given_the_copy_and_the_thumbnail(slt, signed_in, evidence):
    copy = signed_in(slt).get(evidence.copy_url)
    thumbnail = signed_in(slt).get(evidence.thumbnail_url)

    for response, name in ((copy, evidence.copy.name), (thumbnail, evidence.thumbnail.name)):
        with default_storage.open(name) as file:
            assert response.content == file.read()


def test_v3_2_1_a_browser_can_only_show_what_it_is_given(slt, signed_in, evidence):
    response = signed_in(slt).get(evidence.copy_url)

    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response["Content-Disposition"] == f'inline; filename="evidence-{evidence.pk.hex[:8]}.webp"'
    assert response["Cache-Control"] == "no-store, private"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_photograph_s_copy_is_called_what_it_is(slt, signed_in, draft):
    photo = receive(draft=draft, upload=sent(jpeg(), "photo.png", "text/html"))
    Evidence.objects.update(concern=ConcernFactory.create(school=draft.school), draft=None)

    response = signed_in(slt).get(photo.copy_url)

    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].endswith('.jpg"')


@pytest.mark.parametrize("rendition", ["original", "originals", "..", "copy.html"])
def test_the_original_has_no_address(slt, signed_in, evidence, rendition):
    assert signed_in(slt).get(f"/staff/evidence/{evidence.pk}/{rendition}/").status_code == 404


def test_what_is_not_sent_yet_is_nobody_s_to_see(head, signed_in, draft):
    waiting = receive(draft=draft, upload=sent(png()))

    assert signed_in(head).get(waiting.copy_url).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(slt, signed_in, evidence):
    default_storage.delete(evidence.copy.name)

    assert signed_in(slt).get(evidence.copy_url).status_code == 404


def test_nothing_can_be_posted_here(slt, signed_in, evidence):
    assert signed_in(slt).post(evidence.copy_url).status_code == 405
