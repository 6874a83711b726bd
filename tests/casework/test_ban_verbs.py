"""What the verbs of a ban write: its draft and its letter, later decisions, what they said and when they came."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.bans import (
    begin_ban_part,
    check_ban_ready,
    missing_of,
    record_breach,
    record_representation,
    save_ban,
    why_not_again,
    write_ban_letter,
)
from incidents.casework.case_lock import ChangedMeanwhile, Refused
from incidents.models import BanBreach, BanDecision, Case, Event, Representation, SiteBan, Step
from letters.models import Letter
from tests.casework.ban_case import ban_values, begin, begun_ban, part_values, written_ban
from tests.casework.fair_case import add_subject, ask_account, fair_case, find
from tests.factories import AllegationFactory, PersonFactory

pytestmark = pytest.mark.django_db
State = SiteBan.State


@pytest.fixture
def case(slt, head):
    return fair_case(slt)


@pytest.fixture
def running(case, slt):
    """Interim, from today, as if it had been approved."""
    ban = SiteBan.objects.get(step=written_ban(case, by=slt, stage="interim"))
    SiteBan.objects.update(state=State.INTERIM, starts_on=today() - timedelta(days=5))
    taken = {"state": "taken", "taken_by": slt, "taken_at": timezone.now(), "reason": "x", "has_no_conflict": True}
    Step.objects.update(**taken)
    return SiteBan.objects.get(pk=ban.pk)


def event_of(kind):
    event = Event.objects.get(kind=kind)
    return event.by, event.case, event.facts


def test_a_ban_that_is_begun_is_about_what_was_chosen_of_its_subject(case, slt):
    chosen = case.allegations.get()
    AllegationFactory.create(case=case, subject=chosen.subject)
    other = add_subject(case, full_name="Ama Boateng")

    ban = save_ban(
        case=case,
        by=slt,
        subject=chosen.subject,
        stage="notice",
        allegations=[chosen, case.allegations.get(subject=other)],
        reason="Safety",
        **ban_values(case, by=slt),
    )

    step = Step.objects.get()
    assert (ban.step, step.stage, step.reason, list(step.allegations.all())) == (step, "notice", "Safety", [chosen])
    kept = SiteBan.objects.get()
    assert (kept.person, kept.version, kept.history.get().history_user) == (chosen.subject, 1, slt)
    assert event_of(Event.Kind.STEP_DRAFTED)[:2] == (slt, case)


def test_a_court_order_that_is_described_is_not_asked_for(case, slt):
    assert missing_of(begun_ban(case, by=slt, court="order", court_words="An order of May.")) == []


def test_no_ban_is_begun_in_a_closed_case(case, slt):
    Case.objects.update(status="closed", closed_at=timezone.now(), closed_reason="Done")

    with pytest.raises(Refused, match="closed"):
        begun_ban(case, by=slt)


def test_a_ban_that_is_saved_again_keeps_what_was_typed_last_and_who_typed_it(case, slt, colleague):
    ban = begun_ban(case, by=slt)
    another = find(AllegationFactory.create(case=case, subject=ban.person), by=slt)
    about = {"case": case, "subject": ban.person, "stage": "interim", "allegations": [another], "step": ban.step}

    saved = save_ban(by=colleague, reason="Fear", version=1, risk="Another risk", **about)

    kept, step = SiteBan.objects.get(), Step.objects.get()
    assert (saved.version, kept.version, kept.risk, kept.history.first().history_user) == (
        2,
        2,
        "Another risk",
        colleague,
    )
    assert (step.stage, step.reason, list(step.allegations.all())) == ("interim", "Fear", [another])
    assert Event.objects.filter(kind=Event.Kind.STEP_DRAFTED).count() == 1
    with pytest.raises(ChangedMeanwhile, match=f"{colleague} saved this") as refusal:
        save_ban(by=slt, version=1, **about)
    assert refusal.value.version == 2


def test_a_letter_is_written_for_what_the_ban_says_now_and_signed_by_whoever_may_approve(case, slt, head):
    subject = case.subjects[0]
    case.information.update(received_on=date(2026, 11, 2))
    ask_account(case, subject, received_on=date(2026, 11, 20))
    ask_account(case, subject, received_on=None)
    about_it = ask_account(case, subject, received_on=date(2026, 11, 27))
    type(about_it).objects.filter(pk=about_it.pk).update(is_subject_account=False)
    ask_account(case, PersonFactory.create(school=case.school), received_on=date(2026, 11, 28))
    ban = begun_ban(case, by=slt, account="She was angry.")
    step = write_ban_letter(ban=ban, by=slt)
    first = Letter.objects.get()

    ban = save_ban(
        case=case,
        by=slt,
        subject=ban.person,
        stage="notice",
        allegations=list(case.allegations.all()),
        step=step,
        version=1,
        risk="She came back twice.",
    )
    write_ban_letter(ban=ban, by=slt)

    letter, kept = Letter.objects.get(), SiteBan.objects.get()
    assert (first.kind, first.reply_by) == ("ban_intent", kept.reply_by)
    assert (first.signatory_name, first.signatory_role) == (head.full_name, head.job_title)
    assert (letter.signatory_name, letter.signatory_role) == (head.full_name, head.job_title)
    assert (letter.pk, letter.version > first.version, kept.letter_version) == (first.pk, True, 2)
    assert ("She came back twice." in letter.body, "She came back twice." in first.body) == (True, False)
    assert (letter.title, letter.heading, letter.enclosures) == (first.title, first.heading, first.enclosures)
    assert "20 November 2026" in letter.body
    SiteBan.objects.update(reply_by=today() + timedelta(days=1))
    with pytest.raises(Refused, match="school days"):
        write_ban_letter(ban=ban, by=slt)


@pytest.mark.parametrize("stage", ["confirm", "lift", "review"])
def test_a_later_decision_is_a_part_of_the_step_with_a_letter_of_its_own(case, slt, head, running, stage):
    if stage == "review":
        SiteBan.objects.update(state=State.CONFIRMED, review_on=today(), reviewer="The chair")
    record_representation(ban=running, by=slt, received_on=today(), how="phone", text="I am sorry.")
    root = running.step
    values = part_values(running, stage)

    step = begin_ban_part(ban=running, stage=stage, by=slt, **values)

    kept = Step.objects.get(pk=step.pk)
    assert (kept.stage, kept.part_of, kept.subject, kept.reason) == (stage, root, root.subject, values["reason"])
    assert list(kept.allegations.all()) == list(root.allegations.all())
    decision = BanDecision.objects.get()
    assert (decision.step, decision.ban, decision.ends_on) == (kept, running, values.get("ends_on"))
    assert kept.letter.reply_by == values.get("reply_by")
    signs = head if kept.row.needs_second_person else slt
    assert (kept.letter.signatory_name, kept.letter.drafted_by) == (signs.full_name, slt)
    assert Event.objects.filter(kind=Event.Kind.STEP_DRAFTED, by=slt).count() == 2


def test_a_later_decision_needs_days_in_order_time_to_reply_and_no_draft_beside_it(slt, running):
    record_representation(ban=running, by=slt, received_on=today(), how="phone", text="I am sorry.")
    with pytest.raises(Refused):
        begin(running, "confirm", by=slt, ends_on=running.starts_on - timedelta(days=1))
    SiteBan.objects.update(state=State.CONFIRMED, review_on=today(), reviewer="The chair")
    with pytest.raises(Refused, match="school days"):
        begin(running, "review", by=slt, reply_by=today() + timedelta(days=1))
    assert not BanDecision.objects.exists()


def test_what_they_said_is_kept_as_it_was_told(case, slt, running):
    told = record_representation(ban=running, by=slt, received_on=date(2026, 11, 30), how="phone", text="I am sorry.")

    kept = Representation.objects.get()
    assert (told, kept.ban, kept.received_on, kept.how) == (kept, running, date(2026, 11, 30), "phone")
    assert (kept.text, kept.recorded_by) == ("I am sorry.", slt)
    by, about, facts = event_of(Event.Kind.REPRESENTATION_RECEIVED)
    assert (by, about, facts["person"]) == (slt, case, running.person.full_name)
    assert "on 30 November 2026" in facts["summary"]


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (None, True), (1, False)])
def test_they_are_seen_on_a_day_of_the_ban_from_the_first_to_the_last(case, slt, running, days, may):
    """`days` from its first day; None is its last, and 1 the day after that."""
    seen_on = (
        running.ends_on if days is None else (running.ends_on if days > 0 else running.starts_on) + timedelta(days)
    )
    if not may:
        with pytest.raises(Refused, match="Choose a day between those"):
            record_breach(ban=running, by=slt, seen_on=seen_on, seen="At the gate")
        return

    breach = record_breach(ban=running, by=slt, seen_on=seen_on, seen="At the gate")

    kept = BanBreach.objects.get()
    assert (breach, kept.ban, kept.seen_on, kept.seen, kept.recorded_by) == (kept, running, seen_on, "At the gate", slt)
    by, about, facts = event_of(Event.Kind.BREACH_RECORDED)
    assert (by, about, facts["person"]) == (slt, case, running.person.full_name)
    assert facts["summary"] == f"Seen on {seen_on:%-d %B %Y}."
    SiteBan.objects.update(state=State.CONFIRMED, review_on=today(), reviewer="The chair")
    assert record_breach(ban=running, by=slt, seen_on=seen_on, seen="In the hall").seen == "In the hall"


@pytest.mark.parametrize("changes", [{"state": "notice"}, {"state": "draft", "starts_on": None}, {"state": "lifted"}])
def test_a_ban_that_does_not_run_is_not_broken(slt, running, changes):
    SiteBan.objects.update(**changes)

    with pytest.raises(Refused, match="no ban that they could have broken"):
        record_breach(ban=running, by=slt, seen_on=today(), seen="At the gate")


def test_a_void_letter_about_a_ban_is_written_again_while_nothing_else_was_decided_and_it_runs(slt, running):
    step = running.step
    assert why_not_again(step) == ""
    SiteBan.objects.update(ends_on=today())
    assert why_not_again(step) == ""
    SiteBan.objects.update(ends_on=today() - timedelta(days=1))
    assert "The ban ended on" in why_not_again(step)
    SiteBan.objects.update(state=State.LIFTED)
    assert why_not_again(step) == ""
    later = {
        "case": step.case,
        "kind": "ban",
        "subject": step.subject,
        "part_of": step,
        "state": "taken",
        "reason": "x",
    }
    taken = {"taken_by": slt, "drafted_by": slt, "has_no_conflict": True}
    part = Step.objects.create(stage="review", taken_at=timezone.now() + timedelta(1), **later, **taken)
    assert why_not_again(Step.objects.get(pk=step.pk)) == ""
    for stage in ("extend", "confirm"):
        Step.objects.filter(pk=part.pk).update(stage=stage)
        assert "Something else was decided" in why_not_again(Step.objects.get(pk=step.pk))
    assert why_not_again(Step.objects.get(pk=part.pk)) == ""
    rescinded = {"state": "rescinded", "rescinded_by": slt, "rescinded_at": timezone.now(), "rescinded_reason": "x"}
    for changes in (rescinded, {"state": "taken", "part_of": None}):
        Step.objects.filter(pk=part.pk).update(**changes)
        assert why_not_again(Step.objects.get(pk=step.pk)) == ""
    Step.objects.filter(pk=part.pk).update(part_of=step)
    Step.objects.filter(pk=part.pk).update(taken_at=step.taken_at - timedelta(1))
    assert why_not_again(Step.objects.get(pk=step.pk)) == ""


def test_a_ban_is_ready_until_the_day_by_which_its_letter_says_it_is_decided(case, slt):
    step = written_ban(case, by=slt)
    SiteBan.objects.update(decide_by=today())
    check_ban_ready(step)

    SiteBan.objects.update(decide_by=today() - timedelta(days=1))
    with pytest.raises(Refused, match="which has passed"):
        check_ban_ready(step)
    SiteBan.objects.update(decide_by=today(), version=2)
    with pytest.raises(Refused, match="before the ban was changed"):
        check_ban_ready(step)
    SiteBan.objects.update(risk=" ")
    with pytest.raises(Refused, match=r"^\w.*\.$"):
        check_ban_ready(step)
