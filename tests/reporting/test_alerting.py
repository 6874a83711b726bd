"""A flagged concern is due at once, and somebody is told at once: with a reference and a link, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.models import Concern, Draft, Email, Event
from incidents.models.story import lines_of
from incidents.reporting import sending
from incidents.reporting.sending import promised_day, promised_day_of, send_concern
from tests.factories import UserFactory
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db
LEAD = "safeguarding@dkh.example"


@pytest.fixture(autouse=True)
def _a_lead(school):
    school.safeguarding_email = LEAD
    school.save()


@pytest.fixture
def send(answered):
    def send_with(danger: str = "child", **leader) -> Concern:
        answered(danger={"danger": danger}, leader=leader)
        send_concern(draft=Draft.objects.get(), secret="s")
        return Concern.objects.get()

    return send_with


def test_the_message_holds_a_reference_and_a_link_and_nothing_of_what_was_told(
    answered, parent, django_capture_on_commit_callbacks
):
    answered(danger={"danger": "child"})

    with django_capture_on_commit_callbacks(execute=True):
        parent.post(reverse("report-check"))

    concern, message = Concern.objects.get(), mail.outbox[0]
    said = message.subject + message.body
    assert message.to == [LEAD]
    assert concern.reference in message.subject
    assert f"http://testserver{concern.get_absolute_url()}" in message.body
    for secret in (*ANSWERS["words"]["account"].split("\r\n"), "Marsh", "Willow", "child", "danger", "risk", "abusive"):
        assert secret not in said


def test_the_message_waits_for_the_concern_to_be_kept(answered, parent, django_capture_on_commit_callbacks):
    answered(danger={"danger": "now"})

    with django_capture_on_commit_callbacks() as waiting:
        parent.post(reverse("report-check"))

    assert len(waiting) == 1
    assert not mail.outbox
    assert Email.objects.get().to == LEAD


@pytest.mark.parametrize("danger", ["now", "child"])
def test_a_flagged_concern_is_due_the_day_it_comes_in(send, danger):
    concern = send(danger)

    assert concern.danger == danger
    assert concern.due_on == timezone.localdate()


@pytest.mark.parametrize("danger", ["none", ""])
def test_nobody_is_told_of_another(send, danger):
    concern = send(danger)

    assert not Email.objects.exists()
    assert concern.flags == []
    assert lines_of(Event.objects.get()) == []


def test_the_story_says_who_was_told(send):
    send()

    assert lines_of(Event.objects.get()) == ["Told at once by email: safeguarding lead."]


def test_a_lead_whom_it_is_about_is_not_told_and_the_head_is(send, school, head):
    lead = UserFactory.create(school=school, full_name="Ife Balogun", email=LEAD.upper(), role=Role.SLT)

    send(leaders=[str(lead.pk)])

    assert Email.objects.get().to == head.email
    assert lines_of(Event.objects.get()) == ["Told at once by email: Marian Okoro."]


def test_the_shared_mailbox_is_not_told_either_when_somebody_with_that_role_is_named(send, school, head):
    lead = UserFactory.create(school=school, full_name="Ife Balogun", role=Role.DSL)

    send(leaders=[str(lead.pk)])

    assert Email.objects.get().to == head.email


def test_when_it_may_be_about_anybody_only_the_head_is_told(send, slt, head):
    send(leaders=["other"])

    assert Email.objects.get().to == head.email


def test_when_it_is_about_somebody_else_the_lead_is_told(send, slt, head):
    send(leaders=[str(slt.pk)])

    assert Email.objects.get().to == LEAD


def test_a_school_without_an_address_for_the_lead_tells_the_head(send, school, head):
    school.safeguarding_email = ""
    school.save()

    send()

    assert Email.objects.get().to == head.email


def test_the_receipt_says_the_lead_is_told_only_when_that_is_so(answered, parent, slt, head):
    said = []
    for leader in ({}, {"leaders": ["other"]}):
        answered(danger={"danger": "child"}, leader=leader)
        parent.post(reverse("report-check"))
        said.append(
            "We are sending our safeguarding lead a message" in parent.get(reverse("report-sent")).content.decode()
        )

    assert said == [True, False]


def test_the_parent_is_not_promised_that_it_is_read_on_a_sunday(draft, school, monkeypatch):
    sunday = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    monkeypatch.setattr(sending.timezone, "now", lambda: sunday)
    draft.answers["danger"] = {"danger": "child"}
    draft.save()

    send_concern(draft=draft, secret="s")

    concern = Concern.objects.get()
    assert concern.due_on == date(2026, 11, 22)
    assert promised_day_of(concern) == promised_day(school, date(2026, 11, 22)) == date(2026, 11, 24)


def test_what_was_answered_before_these_questions_existed_can_still_be_sent(draft):
    for slug in ("danger", "complaint", "leader"):
        del draft.answers[slug]
    draft.save()

    send_concern(draft=draft, secret="s")

    concern = Concern.objects.get()
    assert (concern.danger, concern.complaint, concern.about_leader) == ("", "", "")
