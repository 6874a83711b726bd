"""A draft is found while it lives, is not sent and is meant for whoever asks; its browser alone remembers it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from incidents.models import Draft, Evidence, Recording
from incidents.models.draft import DRAFT_LIFE
from incidents.reporting import drafts as module
from incidents.reporting.drafts import (
    COOKIE,
    draft_for,
    evidence_of,
    find_draft,
    find_draft_or_sent,
    hash_of,
    hold_draft,
    remember_draft,
    save_answers,
    secret_of,
    with_draft,
)
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


def asking(secret: str = "", user=None, method: str = "get"):
    request = getattr(RequestFactory(), method)("/report/what/")
    request.user = user or AnonymousUser()
    if secret:
        request.COOKIES[COOKIE] = secret
    return request


@pytest.fixture
def drafts(school):
    return [Draft.objects.create(school=school, secret_hash=hash_of(name)) for name in ("one", "two")]


def test_a_draft_that_was_sent_is_found_for_its_receipt_and_one_that_is_over_is_not(drafts, school):
    first, second = drafts
    Draft.objects.filter(pk=second.pk).update(concern=ConcernFactory.create(school=school))

    assert (find_draft(asking("two")), find_draft_or_sent(asking("two"))) == (None, second)
    assert (find_draft(asking("one")), find_draft_or_sent(asking())) == (first, None)
    Draft.objects.update(expires_at=timezone.now())
    assert find_draft_or_sent(asking("one")) is find_draft_or_sent(asking("two")) is None


def test_what_was_written_down_stays_its_writers_once_it_is_sent_and_while_they_may(drafts, school, office):
    concern = ConcernFactory.create(school=school)
    Draft.objects.filter(pk=drafts[1].pk).update(concern=concern)
    Recording.objects.create(concern=concern, how="phone", came_on=timezone.localdate(), recorded_by=office)

    assert find_draft_or_sent(asking("two")) is None
    assert find_draft_or_sent(asking("two", office)) == drafts[1]
    office.groups.clear()
    assert find_draft_or_sent(asking("two", type(office).objects.get(pk=office.pk))) is None


def test_a_new_draft_has_a_secret_of_its_own_and_a_day_to_live(school, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    request = asking("unknown")

    draft = draft_for(request)

    kept = Draft.objects.get()
    secret = secret_of(request)
    assert (kept, kept.school, kept.expires_at) == (draft, school, timezone.now() + DRAFT_LIFE)
    assert kept.secret_hash == hash_of(secret) != hash_of("unknown")
    response = HttpResponse()
    remember_draft(response, request)
    cookie = response.cookies[COOKIE]
    assert (cookie.value, cookie["path"], cookie["httponly"], cookie["samesite"]) == (secret, "/report/", True, "Lax")
    assert cookie["max-age"] == DRAFT_LIFE.total_seconds()


def test_a_draft_that_is_found_is_remembered_and_one_sent_meanwhile_lives_no_longer(drafts, school, monkeypatch):
    request, sent = asking("two"), asking("two")
    draft_for(request)
    assert request._draft_secret == "two"
    hold_draft(request, "link")
    assert secret_of(request) == "link"

    soon = timezone.now() + timedelta(minutes=1)
    Draft.objects.filter(pk=drafts[1].pk).update(concern=ConcernFactory.create(school=school), expires_at=soon)
    monkeypatch.setattr(module, "find_draft", lambda request: drafts[1])
    draft_for(sent)
    assert Draft.objects.get(pk=drafts[1].pk).expires_at == soon


def test_a_page_has_the_draft_of_its_browser_and_remembers_what_it_writes(drafts):
    @with_draft
    def view(request, draft):
        return HttpResponse(str(draft.pk))

    looked, unknown, written = (view(asking(*given)) for given in (("two",), (), ("two", None, "post")))

    assert [each.content.decode() for each in (looked, unknown, written)] == [
        str(drafts[1].pk),
        "None",
        str(drafts[1].pk),
    ]
    assert [COOKIE in each.cookies for each in (looked, unknown, written)] == [False, False, True]


def test_a_draft_has_its_own_files_and_one_that_is_not_saved_has_none(drafts, school):
    row = {"school": school, "sha256": "0", "original": "x", "copy": "y"}
    _, mine = (Evidence.objects.create(draft=draft, **row) for draft in drafts)
    Evidence.objects.create(concern=ConcernFactory.create(school=school), **row)

    assert list(evidence_of(drafts[1])) == [mine]
    assert list(evidence_of(Draft(school=school))) == []


def test_answers_are_kept_in_one_draft_and_in_the_one_at_hand(drafts):
    draft = drafts[1]
    Draft.objects.filter(pk=draft.pk).update(link_hash="meanwhile")

    save_answers(draft=draft, slug="who", answers={"poster": "D Marsh"})

    assert draft.answers == {"who": {"poster": "D Marsh"}}
    kept = Draft.objects.get(pk=draft.pk)
    assert (kept.answers, kept.link_hash) == (draft.answers, "meanwhile")
    assert Draft.objects.get(pk=drafts[0].pk).answers == {}
