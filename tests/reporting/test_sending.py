"""Sending makes one concern, whole or not at all, however often it is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from cryptography.fernet import InvalidToken
from django.contrib.auth.hashers import check_password
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.calendar import add_working_days
from incidents.models import Concern, Draft, Email, Event, Evidence, Reporter
from incidents.reporting import sending
from incidents.reporting.drafts import COOKIE
from incidents.reporting.sending import (
    REFERENCE_TRIES,
    IncompleteError,
    find_receipt,
    open_receipt,
    promised_day,
    send_concern,
)
from tests.factories import ConcernFactory
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db


def test_every_answer_is_kept_as_it_was_given(draft, school):
    receipt = send_concern(draft=draft, secret="s")

    concern = Concern.objects.get()
    assert concern.reference == receipt.reference
    assert concern.school == school
    assert concern.places == ["class_group", "facebook"]
    assert concern.place_name == "Year 4 Willow parents"
    assert concern.seen_on == date(2025, 11, 19)
    assert (concern.is_poster_known, concern.poster) == (True, "D Marsh, a parent in Year 4")
    assert concern.account == "They called the teaching assistant a liar\nin front of 31 parents."
    assert sorted(concern.clauses.values_list("clause", flat=True)) == ["abusive", "platform"]
    assert concern.outcome == ""


def test_who_reported_is_kept_apart_from_their_words(answered):
    you = {"role": "governor", "name": "Sam Bell", "email": "sam@example.com", "phone": "020 7946 0199"}
    answered(you={**you, "may_name": "ask"})

    send_concern(draft=Draft.objects.get(), secret="s")

    reporter = Reporter.objects.get()
    assert {key: getattr(reporter, key) for key in you} == you
    assert reporter.may_name == Reporter.MayName.ASK
    assert "Sam Bell" not in str(Concern.objects.values().get())


def test_no_answer_about_being_named_means_no(answered):
    answered(you={"role": "parent"})

    send_concern(draft=Draft.objects.get(), secret="s")

    assert Reporter.objects.get().may_name == Reporter.MayName.NO


def test_a_concern_of_only_the_required_answers_can_be_sent(parent):
    parent.post(reverse("report-what"), {"clauses": ["unsure"]})
    parent.post(reverse("report-words"), {"account": "Something is wrong"})
    parent.post(reverse("report-you"), {"role": "other"})

    send_concern(draft=Draft.objects.get(), secret="s")

    concern = Concern.objects.get()
    assert concern.is_unsure_of_clause
    assert not concern.clauses.exists()
    assert (concern.places, concern.seen_on, concern.poster) == ([], None, "")


@pytest.mark.parametrize(
    ("typed", "is_known"),
    [({"poster": "D Marsh"}, True), ({"known": "no", "poster": "07700 900123"}, False), ({"known": "no"}, False)],
)
def test_a_name_counts_as_known_unless_they_were_not_sure(answered, typed, is_known):
    answered(who=typed)

    send_concern(draft=Draft.objects.get(), secret="s")

    assert Concern.objects.get().is_poster_known is is_known


def test_v6_5_2_the_access_code_is_kept_only_as_a_hash(draft):
    receipt = send_concern(draft=draft, secret="s")

    concern = Concern.objects.get()
    assert check_password(receipt.access_code, concern.access_code_hash)
    assert receipt.access_code not in str(Concern.objects.values().get()) + str(Draft.objects.values().get())
    assert not hasattr(concern.history.get(), "access_code_hash")


def test_one_event_is_recorded_by_nobody_in_particular(draft):
    send_concern(draft=draft, secret="s")

    event = Event.objects.get()
    assert (event.kind, event.by) == (Event.Kind.CONCERN_RECEIVED, None)
    assert event.concern == Concern.objects.get()


def test_good_files_move_to_the_concern_and_refused_ones_are_dropped(draft, add_file):
    good = [add_file(draft, name="one.png"), add_file(draft, name="two.png")]
    add_file(draft, name="notes.txt", problem="This is not a picture.")

    send_concern(draft=draft, secret="s")

    assert list(Concern.objects.get().evidence.all()) == good
    assert Evidence.objects.count() == 2
    assert not Evidence.objects.filter(draft__isnull=False).exists()
    assert all(default_storage.exists(evidence.original.name) for evidence in good)


def test_the_draft_forgets_the_answers_once_they_are_sent(draft):
    send_concern(draft=draft, secret="s")

    assert Draft.objects.get().answers == {}


def test_sending_again_gives_the_same_receipt_and_no_second_concern(draft):
    first = send_concern(draft=draft, secret="s")

    again = [send_concern(draft=draft, secret="s") for _ in range(3)]

    assert again == [first] * 3
    assert (Concern.objects.count(), Reporter.objects.count(), Event.objects.count()) == (1, 1, 1)


def test_the_receipt_opens_with_the_browsers_own_secret_only(draft):
    receipt = send_concern(draft=draft, secret="mine")
    sent = Draft.objects.get()

    assert open_receipt(sent, "mine") == receipt
    assert find_receipt(sent, "theirs") is None
    with pytest.raises(InvalidToken):
        open_receipt(sent, "theirs")


@pytest.mark.parametrize("missing", ["what", "words", "you"])
def test_an_incomplete_draft_is_not_sent(draft, missing):
    draft.answers.pop(missing)
    draft.save()

    with pytest.raises(IncompleteError):
        send_concern(draft=draft, secret="s")

    assert not Concern.objects.exists()


def test_a_draft_that_is_gone_is_not_sent(draft):
    Draft.objects.all().delete()

    with pytest.raises(Draft.DoesNotExist):
        send_concern(draft=draft, secret="s")


def test_a_reference_that_is_taken_is_drawn_again(draft, school, monkeypatch):
    ConcernFactory.create(school=school, reference="DKH-2222-22")
    drawn = iter(["DKH-2222-22", "DKH-2222-22", "DKH-3333-33"])
    monkeypatch.setattr(sending, "new_reference", lambda code: next(drawn))

    receipt = send_concern(draft=draft, secret="s")

    assert receipt.reference == "DKH-3333-33"
    assert Concern.objects.count() == 2


def test_where_only_taken_references_are_drawn_nothing_is_sent(draft, school, monkeypatch):
    ConcernFactory.create(school=school, reference="DKH-2222-22")
    drawn = iter(["DKH-2222-22"] * REFERENCE_TRIES)
    monkeypatch.setattr(sending, "new_reference", lambda code: next(drawn))

    with pytest.raises(IntegrityError):
        send_concern(draft=draft, secret="s")
    assert list(drawn) == []
    assert not Draft.objects.get().is_sent


def test_v2_3_3_a_failure_half_way_leaves_everything_as_it_was(with_email, add_file, monkeypatch):
    draft = Draft.objects.get()
    add_file(draft)
    monkeypatch.setattr(sending, "record", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send_concern(draft=draft, secret="s")

    assert not Concern.objects.exists()
    assert not Email.objects.exists()
    kept = Draft.objects.get()
    assert (kept.concern, len(kept.answers), kept.evidence.count()) == (None, len(ANSWERS), 1)


def test_it_is_to_be_read_within_the_schools_own_days(draft, school):
    school.terms.update(starts_on=date(2020, 1, 1))
    today = timezone.localdate()

    send_concern(draft=draft, secret="s")

    assert Concern.objects.get().due_on == school.calendar().add_school_days(today, 2) == promised_day(school, today)


def test_past_the_calendar_working_days_are_counted_and_no_day_is_promised(draft, school):
    school.terms.all().delete()
    today = timezone.localdate()

    send_concern(draft=draft, secret="s")

    assert Concern.objects.get().due_on == add_working_days(today, 2)
    assert promised_day(school, today) is None


def test_a_concern_sent_after_midnight_in_london_counts_from_that_day(draft, school, monkeypatch):
    half_past_midnight = datetime(2027, 7, 7, 23, 30, tzinfo=UTC)  # which is Thursday 8 July in London
    monkeypatch.setattr(sending.timezone, "now", lambda: half_past_midnight)

    send_concern(draft=draft, secret="s")

    assert Concern.objects.get().due_on == date(2027, 7, 12)


def test_a_clause_the_policy_no_longer_has_is_left_out(draft):
    draft.answers["what"]["clauses"] = ["abusive", "withdrawn"]
    draft.save()

    send_concern(draft=draft, secret="s")

    assert [row.clause for row in Concern.objects.get().clauses.all()] == ["abusive"]


# ---------------------------------------------------------------------------------------------- through the browser


def test_posting_eight_times_makes_one_concern_and_shows_one_receipt(parent, answered):
    answered()

    answers = {parent.post(reverse("report-check")).url for _ in range(8)}
    pages = {parent.get(reverse("report-sent")).content for _ in range(3)}

    assert answers == {reverse("report-sent")}
    assert len(pages) == 1
    assert Concern.objects.count() == 1


def test_the_receipt_shows_both_codes_and_a_real_day(parent, answered, school):
    school.terms.update(starts_on=date(2020, 1, 1))
    answered()
    parent.post(reverse("report-check"))

    response = parent.get(reverse("report-sent"))
    page = response.content.decode()

    receipt = response.context["receipt"]
    assert receipt.reference in page
    assert all(half in page for half in receipt.halves)
    assert "".join(receipt.halves) == receipt.access_code
    assert f"By {promised_day(school, timezone.localdate()):%A %-d %B %Y}" in page
    assert "data-dkh-print hidden" in page


def test_the_receipt_promises_no_day_when_the_calendar_has_ended(parent, answered, school):
    school.terms.all().delete()
    answered()
    parent.post(reverse("report-check"))

    response = parent.get(reverse("report-sent"))

    assert response.status_code == 200
    assert response.context["steps"][0][0] == "First"
    assert "<strong>First</strong>" in response.content.decode()


def test_the_receipt_says_an_email_comes_only_if_one_does(parent, answered, client):
    answered()
    parent.post(reverse("report-check"))

    assert "We are sending your reference" not in parent.get(reverse("report-sent")).content.decode()


def test_the_receipt_is_gone_when_the_draft_has_expired(parent, answered):
    answered()
    parent.post(reverse("report-check"))
    Draft.objects.update(expires_at=timezone.now())

    response = parent.get(reverse("report-sent"))

    assert response.status_code == 410
    assert "We can no longer show your codes" in response.content.decode()


def test_another_browser_cannot_open_the_receipt(parent, answered, client):
    answered()
    parent.post(reverse("report-check"))

    assert client.get(reverse("report-sent")).status_code == 410


def test_a_receipt_that_cannot_be_unsealed_is_not_shown(parent, answered):
    answered()
    parent.post(reverse("report-check"))
    Draft.objects.update(sealed_receipt=b"damaged")

    assert parent.get(reverse("report-sent")).status_code == 410


def test_the_receipt_page_before_sending_leads_to_the_check(parent, answered):
    answered()

    assert parent.get(reverse("report-sent")).url == reverse("report-check")
    assert parent.cookies[COOKIE].value


def test_v14_3_2_no_page_of_it_is_kept_by_the_browser(parent, answered):
    answered()
    parent.post(reverse("report-check"))

    assert "no-store" in parent.get(reverse("report-sent"))["Cache-Control"]
