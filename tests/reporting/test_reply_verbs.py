"""A reply belongs to one step and its case: what is written, sent and told of it is told of no other."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from incidents.models import Case, Event, Evidence, Reply, Step
from incidents.models.reply import READ_REPLY
from incidents.reporting import replies
from incidents.reporting.replies import ReplyRefusedError, ReplySentError, save_reply, send_reply, step_of, unsent_reply
from tests.factories import CaseFactory, LetterFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps(slt):
    """Two steps that were taken with a letter, by rows, in two cases."""
    made = []
    for number, name in enumerate(("Daniel Marsh", "Kim Obi"), start=1):
        case = CaseFactory.create(school=slt.school, lead=slt, next_action="Wait", next_on=None)
        person = PersonFactory.create(school=slt.school, full_name=name)
        letter = LetterFactory.create(school=slt.school, reference=f"DKH-C00{number}-1")
        step = Step(case=case, subject=person, letter=letter, kind="warning", state="taken", drafted_by=slt)
        step.taken_by, step.taken_at, step.has_no_conflict, step.reason = slt, timezone.now(), True, "Because."
        step.save()
        made.append(step)
    return made


def closed():
    return {"status": "closed", "closed_reason": "Done.", "closed_at": timezone.now()}


def test_a_letter_leads_to_the_step_that_was_taken_with_it(steps):
    assert [step_of(step.letter) for step in steps] == steps
    assert step_of(LetterFactory.create(school=steps[0].case.school)) is None
    Step.objects.filter(pk=steps[1].pk).update(state="draft", taken_by=None, taken_at=None)
    assert step_of(steps[1].letter) is None


def test_what_was_begun_last_is_gone_on_with(steps):
    first, second = steps
    now = timezone.now()
    made = [save_reply(step=second, key=uuid.uuid4(), side=str(number)) for number in range(4)]
    for reply, minutes in zip(made, (1, 3, 3, 2), strict=True):
        Reply.objects.filter(pk=reply.pk).update(saved_at=now + timedelta(minutes=minutes))

    assert unsent_reply(second) == made[2]
    assert unsent_reply(first) is None
    Reply.objects.filter(pk=made[2].pk).update(sent_at=now)
    assert unsent_reply(second) == made[1]


def test_what_is_typed_is_kept_with_its_step_and_the_language_of_the_page(steps):
    _, step = steps
    save_reply(step=step, key=uuid.uuid4(), side="Another")
    key = uuid.uuid4()

    with translation.override("ar"):
        reply = save_reply(step=step, key=key, side="Mine", help=["time"])
    again = save_reply(step=step, key=key, reach="07700 900123")

    kept = Reply.objects.get(key=key)
    assert reply == again == kept
    assert (kept.step, kept.school, kept.side, kept.help) == (step, step.case.school, "Mine", ["time"])
    assert (reply.language, kept.reach) == ("ar", "07700 900123")
    assert kept.saved_at > reply.saved_at


def test_a_closed_case_takes_no_reply_and_another_closed_one_stops_none(steps):
    first, second = steps
    reply = save_reply(step=second, key=uuid.uuid4(), side="Mine")
    Case.objects.filter(pk=first.case.pk).update(**closed())
    assert save_reply(step=second, key=reply.key, side="Mine, changed") == reply
    Case.objects.update(**closed())

    for verb in (
        lambda: save_reply(step=second, key=reply.key, side="More"),
        lambda: save_reply(step=second, key=uuid.uuid4(), side="More"),
        lambda: send_reply(reply=reply),
    ):
        with pytest.raises(ReplyRefusedError, match="finished looking into this"):
            verb()
    reply.refresh_from_db()
    assert (reply.side, reply.is_sent) == ("Mine, changed", False)


def test_a_reply_that_was_sent_is_named_when_its_form_comes_again(steps):
    reply = send_reply(reply=save_reply(step=steps[1], key=uuid.uuid4(), side="Mine"))
    Case.objects.update(**closed())

    with pytest.raises(ReplySentError) as refused:
        save_reply(step=steps[1], key=reply.key, side="Changed")

    assert refused.value.reply == reply
    assert Reply.objects.get().side == "Mine"


@pytest.mark.parametrize(("is_late", "sentence"), [(True, "after the day to reply by"), (False, "Sent online.")])
def test_a_reply_that_is_sent_waits_on_its_own_case_and_is_told(steps, monkeypatch, is_late, sentence):
    first, second = steps
    monkeypatch.setattr(Reply, "is_late", is_late)
    reply = save_reply(step=second, key=uuid.uuid4(), side="Mine")
    row = {"school": second.case.school, "reply": reply}
    Evidence.objects.create(**row, problem="Too large")
    good = Evidence.objects.create(**row, sha256="0", original="x", copy="y")
    Case.objects.filter(pk=second.case.pk).update(summary="Meanwhile")
    Reply.objects.update(side="Meanwhile")

    save_reply(step=first, key=uuid.uuid4(), side="Another")
    stale = Reply.objects.get(pk=reply.pk)

    sent = send_reply(reply=reply)
    assert send_reply(reply=stale).sent_at == sent.sent_at

    case, other = Case.objects.get(pk=second.case.pk), Case.objects.get(pk=first.case.pk)
    assert (case.next_action, other.next_action, other.next_on) == (READ_REPLY, "Wait", None)
    assert case.next_on == replies.promised_day(case.school, timezone.localdate())
    assert list(Evidence.objects.all()) == [good]
    assert sent.sent_at == Reply.objects.get(pk=reply.pk).sent_at is not None
    event = Event.objects.get()
    assert (event.kind, event.school, event.by, event.case) == ("reply_received", case.school, None, case)
    assert (event.facts["letter"], event.facts["person"]) == (second.letter.reference, "Kim Obi")
    assert sentence in event.facts["summary"]
