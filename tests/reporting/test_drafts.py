"""A draft is made by the first POST, found by its cookie alone, and never by a GET."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from incidents.models import Draft
from incidents.reporting.drafts import (
    COOKIE,
    DraftSentError,
    draft_for,
    evidence_of,
    find_draft,
    hash_of,
    lock_draft,
    remember_draft,
    save_answers,
    with_draft,
)
from incidents.reporting.questions import QUESTIONS
from tests.factories import SchoolFactory
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db
PAGES = [question.url_name for question in QUESTIONS if question.form] + ["report-check"]


@pytest.fixture
def request_with(school):
    def make(secret="", method="get"):
        request = getattr(RequestFactory(), method)("/report/what/")
        request.user = AnonymousUser()
        if secret:
            request.COOKIES[COOKIE] = secret
        return request

    return make


@pytest.mark.parametrize("name", PAGES)
def test_a_get_writes_nothing_and_sets_no_draft_cookie(parent, name, django_assert_num_queries):
    response = parent.get(reverse(name))

    assert response.status_code == 200
    assert not Draft.objects.exists()
    assert COOKIE not in response.cookies


def test_the_first_post_makes_one_draft_and_the_next_finds_it(parent):
    parent.post(reverse("report-what"), ANSWERS["what"])
    parent.post(reverse("report-words"), ANSWERS["words"])

    assert set(Draft.objects.get().answers) == {"what", "words"}


def test_the_cookie_is_for_the_report_pages_only_and_scripts_cannot_read_it(parent):
    cookie = parent.post(reverse("report-what"), ANSWERS["what"]).cookies[COOKIE]

    assert cookie["path"] == "/report/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 24 * 60 * 60


def test_the_cookie_is_secure_on_https(parent, settings):
    settings.IS_HTTPS = True

    assert parent.post(reverse("report-what"), ANSWERS["what"]).cookies[COOKIE]["secure"]


def test_the_database_never_holds_the_secret(parent):
    secret = parent.post(reverse("report-what"), ANSWERS["what"]).cookies[COOKIE].value

    draft = Draft.objects.get()

    assert draft.secret_hash == hash_of(secret)
    assert secret not in str(Draft.objects.values().get())


def test_another_browser_sees_none_of_the_answers(answered):
    answered()

    page = Client().get(reverse("report-check")).content.decode()

    assert "D Marsh" not in page


def test_a_draft_of_another_school_is_not_found(request_with, school):
    other = SchoolFactory.create(code="OTH")
    Draft.objects.create(school=other, secret_hash=hash_of("theirs"))

    assert find_draft(request_with("theirs")) is None


@pytest.mark.parametrize("secret", ["", "guessed", "\ud800", "x" * 5000])
def test_a_secret_that_fits_no_draft_finds_none(request_with, secret):
    assert find_draft(request_with(secret)) is None


def test_an_expired_draft_is_not_found_and_the_next_answer_starts_a_new_one(request_with, school):
    old = Draft.objects.create(
        school=school, secret_hash=hash_of("old"), expires_at=timezone.now() - timedelta(seconds=1)
    )

    assert find_draft(request_with("old")) is None
    assert draft_for(request_with("old")) != old


def test_every_answer_starts_the_life_of_the_draft_again(request_with, school):
    soon = timezone.now() + timedelta(minutes=1)
    Draft.objects.create(school=school, secret_hash=hash_of("kept"), expires_at=soon)

    draft_for(request_with("kept"))

    assert Draft.objects.get().expires_at > soon + timedelta(hours=23)


def test_a_view_is_given_an_unsaved_draft_on_a_get_and_a_saved_one_on_a_post(request_with):
    @with_draft
    def view(request, draft):
        return HttpResponse("saved" if draft.pk else "unsaved")

    assert view(request_with()).content == b"unsaved"
    assert view(request_with(method="post")).content == b"saved"


def test_an_unsaved_draft_has_no_files(school, draft, add_file):
    add_file(draft)
    Draft.objects.all().update(secret_hash="somebody else")

    assert not evidence_of(Draft(school=school)).exists()


def test_nothing_is_remembered_where_no_draft_was_made(request_with):
    response = HttpResponse()

    remember_draft(response, request_with("from before"))

    assert COOKIE not in response.cookies


def test_answers_saved_in_two_tabs_are_both_kept(draft):
    one, two = Draft.objects.get(), Draft.objects.get()

    save_answers(draft=one, slug="where", answers={"places": ["x"]})
    save_answers(draft=two, slug="who", answers={"known": "no"})

    kept = Draft.objects.get().answers
    assert (kept["where"], kept["who"]) == ({"places": ["x"]}, {"known": "no"})


def test_nothing_can_be_added_to_a_draft_that_was_sent(answered, parent):
    answered()
    parent.post(reverse("report-check"))

    with pytest.raises(DraftSentError):
        lock_draft(Draft.objects.get())


def test_the_draft_lives_in_no_session(parent):
    response = parent.post(reverse("report-what"), ANSWERS["what"])

    assert settings.SESSION_COOKIE_NAME not in response.cookies
