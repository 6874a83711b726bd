"""What a parent does touches one draft, one concern, one reply or one reporter, with another one before it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.limits import network_of
from incidents.models import Concern, Draft, Email, Event, Evidence, Recording, Reporter
from incidents.reporting import rates
from incidents.reporting.contact import Claim, change_contact, confirm_email, contact_of
from incidents.reporting.drafts import DraftSentError, draft_for, find_draft_or_sent, hash_of, lock_draft, sent_files_of
from incidents.reporting.guessing import counted_too_often
from incidents.reporting.later import send_draft_link
from incidents.reporting.questions import QUESTIONS
from incidents.reporting.rates import TooOftenError, count_upload
from incidents.reporting.recording import begin_recording
from incidents.reporting.withdrawing import withdraw_concern
from tests.factories import ConcernFactory, ReporterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def concerns(school):
    made = [ConcernFactory.create(school=school) for _ in range(2)]
    for each in made:
        ReporterFactory.create(concern=each)
    return made


@pytest.fixture
def drafts(school):
    return [Draft.objects.create(school=school, secret_hash=hash_of(name)) for name in ("one", "two")]


def told(**about) -> tuple[object, ...]:
    event = Event.objects.get(**about)
    return event.kind, event.school, event.by, event.concern


def asking(secret: str, user=None):
    request = RequestFactory().post("/report/what/")
    request.user = user or AnonymousUser()
    request.COOKIES["draft"] = secret
    return request


def test_one_concern_is_withdrawn_and_told(concerns):
    other, concern = concerns
    Concern.objects.filter(pk=concern.pk).update(account="Meanwhile")

    withdraw_concern(concern=concern, reason="Settled")

    other.refresh_from_db()
    concern.refresh_from_db()
    assert (other.withdrawn_at, concern.withdrawn_reason, concern.account) == (None, "Settled", "Meanwhile")
    assert concern.is_withdrawn
    assert told() == ("concern_withdrawn", concern.school, None, concern)


# ---------------------------------------------------------------------------------------------------------- contact


def test_a_number_and_an_address_are_of_one_reporter_and_told(concerns, django_capture_on_commit_callbacks):
    _, concern = concerns

    with django_capture_on_commit_callbacks() as callbacks:
        assert change_contact(concern=concern, email="a@example.com", phone="07700 900123") == "a@example.com"

    assert len(callbacks) == 1
    assert told() == ("contact_changed", concern.school, None, concern)
    first, second = Reporter.objects.order_by("pk")
    assert (first.pending_email, first.phone) == ("", "")
    assert (second.concern, second.pending_email, second.phone) == (concern, "a@example.com", "07700 900123")
    assert contact_of(ConcernFactory.build()) == {}
    assert contact_of(SimpleNamespace(reporter=Reporter(email="b@example.com"))) == {
        "email": "b@example.com",
        "phone": "",
    }
    fresh = Concern.objects.get(pk=concern.pk)
    assert contact_of(fresh) == {"email": "a@example.com", "phone": "07700 900123"}


def test_who_left_nothing_of_themselves_is_kept_with_their_number(school):
    concern = ConcernFactory.create(school=school)

    assert change_contact(concern=concern, email="", phone="1") == ""
    reporter = Reporter.objects.get()
    assert (reporter.concern, reporter.role, reporter.phone, reporter.email) == (concern, "other", "1", "")


def test_a_link_is_sent_where_the_address_is_new_or_asked_for_again_and_not_for_a_number(concerns):
    concern = concerns[1]
    change_contact(concern=concern, email="a@example.com", phone="")

    assert change_contact(concern=concern, email="a@example.com", phone="1") == ""
    assert (Email.objects.count(), Event.objects.count()) == (1, 2)
    assert change_contact(concern=concern, email="a@example.com", phone="1") == "a@example.com"
    assert (Email.objects.count(), Event.objects.count()) == (2, 2)
    assert change_contact(concern=concern, email="", phone="1") == ""
    assert (Email.objects.count(), Event.objects.count()) == (2, 3)
    assert Reporter.objects.get(concern=concern).pending_email == ""


def test_an_address_that_nobody_confirmed_is_asked_for_again_and_a_confirmed_one_is_not(concerns):
    concern = concerns[1]
    Reporter.objects.filter(concern=concern).update(email="a@example.com")

    assert change_contact(concern=concern, email="a@example.com", phone="") == "a@example.com"
    Reporter.objects.update(email_confirmed_at=timezone.now())
    assert change_contact(concern=concern, email="a@example.com", phone="") == ""
    assert Reporter.objects.get(concern=concern).pending_email == ""
    assert change_contact(concern=concern, email="b@example.com", phone="") == "b@example.com"
    reporter = Reporter.objects.get(concern=concern)
    assert reporter.email == "a@example.com"
    assert reporter.email_confirmed_at


def test_confirming_uses_the_address_of_one_reporter_and_leaves_a_newer_one_waiting(concerns):
    other, concern = concerns
    Reporter.objects.filter(concern=concern).update(email="old@example.com", pending_email="new@example.com")
    reporter = Reporter.objects.get(concern=concern)

    assert confirm_email(Claim(reporter.pk, "old@example.com")) == concern
    reporter.refresh_from_db()
    assert (reporter.email, reporter.pending_email) == ("old@example.com", "new@example.com")
    assert reporter.email_confirmed_at
    assert told() == ("contact_changed", concern.school, None, concern)
    first = reporter.email_confirmed_at
    assert confirm_email(Claim(reporter.pk, "old@example.com")) == concern
    reporter.refresh_from_db()
    assert (reporter.email_confirmed_at, Event.objects.count()) == (first, 1)
    assert confirm_email(Claim(reporter.pk, "new@example.com")) == concern
    reporter.refresh_from_db()
    assert (reporter.email, reporter.pending_email) == ("new@example.com", "")
    assert reporter.email_confirmed_at > first
    assert Reporter.objects.get(concern=other).email == ""
    assert confirm_email(Claim(reporter.pk, "another@example.com")) is None
    assert confirm_email(Claim(reporter.pk + 9, "new@example.com")) is None


# ----------------------------------------------------------------------------------------------------------- drafts


def test_a_draft_is_found_by_its_own_secret_or_link_and_lives_on_alone(drafts):
    first, second = drafts
    Draft.objects.filter(pk=second.pk).update(link_hash=hash_of("link"))
    ends = {draft.pk: draft.expires_at for draft in drafts}

    assert find_draft_or_sent(asking("two")) == find_draft_or_sent(asking("link")) == second
    found = draft_for(asking("two"))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (found, found.expires_at) == (second, second.expires_at)
    assert second.expires_at > ends[second.pk]
    assert first.expires_at == ends[first.pk]


def test_what_is_written_down_opens_for_its_writer_and_other_drafts_for_everybody(drafts, office, slt):
    first, second = drafts
    Recording.objects.create(draft=second, how="phone", came_on=timezone.localdate(), recorded_by=office)

    assert [find_draft_or_sent(asking("one", user)) for user in (None, office, slt)] == [first] * 3
    assert [find_draft_or_sent(asking("two", user)) for user in (None, office, slt)] == [None, second, None]


def test_a_link_is_set_on_one_draft_until_it_is_sent(drafts, django_capture_on_commit_callbacks):
    first, second = drafts
    Draft.objects.filter(pk=second.pk).update(secret_hash="meanwhile")

    with django_capture_on_commit_callbacks() as callbacks:
        send_draft_link(draft=second, to="a@example.com")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.link_hash or "", len(second.link_hash), second.secret_hash) == ("", 64, "meanwhile")
    assert (Email.objects.get().to, len(callbacks)) == ("a@example.com", 1)
    assert lock_draft(second) == second
    Draft.objects.filter(pk=second.pk).update(concern=ConcernFactory.create(school=second.school))
    with pytest.raises(DraftSentError):
        send_draft_link(draft=second, to="a@example.com")


def test_files_of_a_concern_are_those_that_went_with_it(concerns):
    other, concern = concerns

    def file(of, minutes: int, **given) -> Evidence:
        at = of.received_at + timedelta(minutes=minutes)
        row = {"sha256": "0", "original": "x", "copy": "y", "received_at": at, "school": of.school}
        return Evidence.objects.create(concern=of, **row, **given)

    went = [file(concern, -1), file(concern, 0)]
    file(concern, 1)
    file(other, -9)

    assert list(sent_files_of(concern)) == went


def test_files_are_counted_for_a_draft_and_for_a_network(drafts, settings):
    settings.UPLOADS_AN_HOUR, settings.UPLOADS_AN_HOUR_FROM_ONE_NETWORK = 2, 3
    request = asking("one")
    assert network_of(request)

    for draft in (drafts[0], drafts[0], drafts[1]):
        count_upload(request, draft)
    with pytest.raises(TooOftenError) as refused:
        count_upload(request, drafts[1])
    assert 0 < refused.value.seconds <= 3600
    settings.UPLOADS_AN_HOUR_FROM_ONE_NETWORK = 9
    with pytest.raises(TooOftenError):
        count_upload(request, drafts[0])


def test_what_is_sent_is_counted_once_and_a_try_too_many_is_said(school, monkeypatch):
    counted = []
    monkeypatch.setattr(rates, "count_one_more", lambda: counted.append(1))

    rates.count_sending("198.51.100.7")

    assert counted == [1]
    assert [counted_too_often("a name", most=2) for _ in range(3)] == [False, False, True]


def test_seconds_to_wait_are_never_none(time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)

    assert [TooOftenError(now + timedelta(seconds=n)).seconds for n in (-5, 0, 1, 2)] == [1, 1, 1, 2]


# ---------------------------------------------------------------------------------------------------------- recording


def test_what_is_written_down_says_who_wrote_it_and_lives_a_day(school, office, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    day = timezone.localdate() - timedelta(days=1)

    draft, secret = begin_recording(school=school, by=office, how="phone", came_on=day)

    kept = Draft.objects.get()
    assert (kept, kept.secret_hash, kept.school) == (draft, hash_of(secret), school)
    assert kept.expires_at == now + timedelta(hours=24)
    assert kept.answers == {"recording": {"how": "By phone", "came_on": day.isoformat(), "by": office.full_name}}
    row = Recording.objects.get()
    assert (row.draft, row.how, row.came_on, row.recorded_by) == (draft, "phone", day, office)
    assert (str(row.email_file), row.email_sha256) == ("", "")


def test_the_page_asks_first_and_takes_today_and_leads_to_the_questions(school, office, signed_in):
    browser, day = signed_in(office), timezone.localdate()
    assert not browser.get("/staff/concerns/record/").context["form"].is_bound

    came = {"came_on_0": day.day, "came_on_1": day.month, "came_on_2": day.year}
    page = browser.post("/staff/concerns/record/", {**came, "how": "phone"})

    assert page.url == reverse(QUESTIONS[0].url_name)
    assert Recording.objects.get().came_on == day
