"""A concern is made of one draft, with another before it: each answer, file, conflict and hint of how it came."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from incidents.models import Concern, Conflict, Draft, Email, Event, Evidence, Recording, Reporter
from incidents.reporting import sending
from incidents.reporting.alerting import Told
from incidents.reporting.drafts import hash_of
from incidents.reporting.routing import Route
from incidents.reporting.sending import Receipt, open_receipt, promised_day, promised_day_of, send_concern
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db
ANSWERS = {
    "danger": {"danger": "none"},
    "what": {"clauses": ["abusive"]},
    "complaint": {"complaint": "also"},
    "where": {"places": ["facebook"], "place_name": "Year 4"},
    "when": {"seen_on": "2025-11-19", "when_words": "At night"},
    "who": {"known": "yes", "poster": "D Marsh"},
    "words": {"account": "They called her a liar."},
    "leader": {"labels": ["The head", "x" * 1_000]},
    "you": {"role": "parent", "name": "Amina", "email": "a@example.com", "phone": "07700 900123", "may_name": "ask"},
}


@pytest.fixture(autouse=True)
def _asked(monkeypatch):
    """Which questions must be answered has tests of its own; so has who reads it."""
    monkeypatch.setattr(sending, "unanswered", lambda draft: [])
    monkeypatch.setattr(sending, "make_password", lambda code: f"hash of {code}")


def begun(school, name: str, **others) -> Draft:
    draft = Draft(school=school, secret_hash=hash_of(name))
    draft.answers = {**copy.deepcopy(ANSWERS), **others}
    draft.save()
    return draft


@pytest.fixture
def drafts(school):
    return [begun(school, name) for name in ("one", "two")]


def file_of(draft, **given) -> Evidence:
    row = {"sha256": "0", "original": "x", "copy": "y"} if "problem" not in given else {}
    return Evidence.objects.create(school=draft.school, draft=draft, **row, **given)


def test_each_answer_becomes_a_column(drafts, school, django_capture_on_commit_callbacks):
    draft = drafts[1]
    with translation.override("ar"), django_capture_on_commit_callbacks() as callbacks:
        receipt = send_concern(draft=draft, secret="two")

    concern = Concern.objects.get()
    assert (concern.reference, concern.access_code_hash) == (receipt.reference, f"hash of {receipt.access_code}")
    assert (concern.school, concern.submission_key, concern.language) == (school, draft.submission_key, "ar")
    assert (concern.danger, concern.complaint, concern.is_unsure_of_clause) == ("none", "also", False)
    assert concern.about_leader == f"The head; {'x' * 1_000}"[:1_000]
    assert (concern.places, concern.place_name) == (["facebook"], "Year 4")
    assert (concern.seen_on, concern.when_words) == (date(2025, 11, 19), "At night")
    assert (concern.is_poster_known, concern.poster) == (True, "D Marsh")
    assert concern.account == "They called her a liar."
    assert [row.clause for row in concern.clauses.all()] == ["abusive"]
    reporter = Reporter.objects.get(concern=concern)
    assert {name: getattr(reporter, name) for name in ANSWERS["you"]} == ANSWERS["you"]
    email = Email.objects.get()
    assert (email.to, email.school, concern.reference in email.subject) == ("a@example.com", school, True)
    assert len(callbacks) == 1


def test_one_draft_is_sent_and_forgets_its_answers(drafts):
    other, draft = drafts
    kept, bad, theirs = file_of(draft), file_of(draft, name="no.txt", problem="Too large"), file_of(other)
    also_bad = file_of(other, name="no.txt", problem="Too large")
    Draft.objects.filter(pk=draft.pk).update(link_hash="meanwhile")

    receipt = send_concern(draft=Draft.objects.get(pk=draft.pk), secret="two")

    other.refresh_from_db()
    draft.refresh_from_db()
    concern = draft.concern
    assert (other.is_sent, bool(other.answers), draft.answers, draft.link_hash) == (False, True, {}, "meanwhile")
    assert receipt.refused == (("no.txt", "Too large"),)
    assert open_receipt(draft, "two") == receipt
    for file in (kept, theirs):
        file.refresh_from_db()
    assert (kept.concern, kept.draft, theirs.draft, theirs.concern) == (concern, None, other, None)
    assert list(Evidence.objects.bad()) == [also_bad]
    assert not Evidence.objects.filter(pk=bad.pk).exists()
    event = Event.objects.get()
    assert (event.kind, event.school, event.by, event.concern) == ("concern_received", draft.school, None, concern)
    assert (event.facts["told"], event.facts["how"]) == ("", "")
    again = send_concern(draft=draft, secret="two")
    assert (again, Concern.objects.count()) == (receipt, 1)


def test_what_was_written_down_is_due_from_the_day_it_came_and_says_who_wrote_it(drafts, office):
    other, draft = drafts
    came = timezone.localdate() - timedelta(days=30)
    theirs = Recording.objects.create(draft=other, how="email", came_on=timezone.localdate(), recorded_by=office)
    mine = Recording.objects.create(draft=draft, how="phone", came_on=came, recorded_by=office)
    Recording.objects.filter(pk=mine.pk).update(email_sha256="meanwhile")

    send_concern(draft=draft, secret="two")

    concern = Concern.objects.get()
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.draft, mine.concern, mine.email_sha256) == (None, concern, "meanwhile")
    assert (theirs.draft, theirs.concern) == (other, None)
    event = Event.objects.get()
    assert (event.by, event.facts["how"]) == (office, mine.get_how_display())
    expected = promised_day(concern.school, came) or concern.school.calendar().add_working_days(came, 2)
    assert concern.due_on == expected < timezone.localdate()


def test_a_network_is_counted_where_it_is_known_and_nobody_wrote_it_down(drafts, office, school, monkeypatch):
    counted = []
    monkeypatch.setattr(sending, "count_sending", counted.append)
    Recording.objects.create(draft=drafts[0], how="phone", came_on=timezone.localdate(), recorded_by=office)

    send_concern(draft=drafts[0], secret="one", network="198.51.100.7")
    send_concern(draft=begun(school, "three"), secret="three")
    assert counted == []
    send_concern(draft=drafts[1], secret="two", network="198.51.100.8")
    assert counted == ["198.51.100.8"]
    send_concern(draft=drafts[1], secret="two", network="198.51.100.8")
    assert counted == ["198.51.100.8"]


@pytest.mark.parametrize("is_unsure", [True, False])
def test_whoever_it_may_be_about_is_kept_out_and_who_was_told_is_in_the_story(
    drafts, slt, head, colleague, monkeypatch, is_unsure
):
    route = Route((slt, head), (colleague,), is_unsure)
    asked = []
    monkeypatch.setattr(sending, "route_of", lambda answer, school: asked.append((answer, school)) or route)
    monkeypatch.setattr(sending, "alert", lambda concern, given: Told("the lead", is_lead=given is route))

    receipt = send_concern(draft=drafts[1], secret="two")

    concern = Concern.objects.get()
    assert asked == [(ANSWERS["leader"], concern.school)]
    kept_out = set(Conflict.objects.values_list("user", "concern", "kind", "reason"))
    assert kept_out == {(user.pk, concern.pk, "named", route.reason) for user in (slt, head)}
    assert receipt.is_lead_told
    assert Event.objects.get().facts["told"] == "the lead"


@pytest.mark.parametrize("danger", ["now", "child"])
def test_what_is_urgent_is_due_today(school, danger, monkeypatch):
    monkeypatch.setattr(sending, "alert", lambda concern, route: Told())
    send_concern(draft=begun(school, "one", danger={"danger": danger}), secret="one")

    concern = Concern.objects.get()
    assert (concern.danger, concern.due_on) == (danger, timezone.localdate())


def test_the_least_that_can_be_sent_says_nothing_else(school):
    draft = begun(school, "one")
    draft.answers = {"what": {"clauses": ["unsure", "gone"]}, "words": {"account": "Look"}, "you": {"role": "other"}}
    draft.save()

    send_concern(draft=draft, secret="one")

    concern = Concern.objects.get()
    assert (concern.is_unsure_of_clause, concern.clauses.count(), concern.seen_on) == (True, 0, None)
    assert (concern.places, concern.place_name, concern.when_words, concern.poster) == ([], "", "", "")
    assert (concern.danger, concern.complaint, concern.about_leader, concern.is_poster_known) == ("", "", "", False)
    reporter = Reporter.objects.get()
    assert (reporter.role, reporter.name, reporter.email, reporter.phone) == ("other", "", "", "")
    assert reporter.may_name == Reporter.MayName.NO
    assert not Email.objects.exists()


@pytest.mark.parametrize("promised", [date(2027, 1, 4), None])
def test_it_is_due_on_the_promised_day_or_else_by_working_days(school, monkeypatch, promised):
    monkeypatch.setattr(sending, "promised_day", lambda school, day: promised)
    send_concern(draft=begun(school, "one", who={"known": "no", "poster": "07700 900123"}), secret="one")

    concern = Concern.objects.get()
    assert concern.due_on == (promised or school.calendar().add_working_days(timezone.localdate(), 2))
    assert (concern.is_poster_known, concern.poster) == (False, "07700 900123")


def test_a_code_breaks_in_its_middle():
    assert Receipt("DKH-7R4K-2Q", "K7QM-2XRA-90TB-WN4C").halves == ("K7QM-2XRA-", "90TB-WN4C")


def test_the_promised_day_of_an_urgent_concern_is_that_of_any_other_and_else_its_own(school):
    received = timezone.now()
    urgent, other = (
        ConcernFactory.create(school=school, danger=danger, received_at=received, due_on=date(2020, 1, 1))
        for danger in ("now", "none")
    )
    day = timezone.localdate(received)

    assert promised_day_of(other) == date(2020, 1, 1)
    school.terms.update(starts_on=date(2020, 1, 1))
    urgent = Concern.objects.get(pk=urgent.pk)
    assert promised_day_of(urgent) == school.calendar().add_school_days(day, 2) == promised_day(school, day)
    past = SimpleNamespace(is_flagged=True, school=school, received_at=received.replace(year=2099), due_on=day)
    assert promised_day_of(past) == day
