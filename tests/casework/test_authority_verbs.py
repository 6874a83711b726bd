"""What contact with the authorities writes down: its draft, its letter, what was sent, what came of it, the pack."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from incidents.casework import authorities
from incidents.casework.authorities import (
    copies_of,
    make_pack,
    missing_of,
    record_outcome,
    record_sent,
    save_authorities,
    write_authorities_letter,
)
from incidents.casework.case_lock import ChangedMeanwhile, Refused
from incidents.casework.next_action import soon
from incidents.evidence.redacted import Copies
from incidents.models import AuthorityReferral, Case, Event, Evidence, Step
from letters.models import Letter
from tests.casework.ban_case import approve, propose
from tests.casework.fair_case import add_subject, fair_case
from tests.casework.test_authorities import begun, change, mark, values
from tests.factories import AllegationFactory, ConcernFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)


@pytest.fixture
def case(slt, head):
    case = fair_case(slt)
    mark(case, slt)
    return case


@pytest.fixture
def approved(case, slt):
    """As if it had been approved, with a letter that is made."""
    write_authorities_letter(referral=begun(case, slt), by=slt)
    taken = {"state": "taken", "taken_by": slt, "taken_at": timezone.now(), "has_no_conflict": True}
    Step.objects.update(**taken)
    made = {"state": "ready", "file": "a.pdf", "sha256": "0" * 64, "pages": 1}
    Letter.objects.update(**made, approved_by=slt, approved_at=timezone.now())
    return AuthorityReferral.objects.get()


def event_of(kind):
    event = Event.objects.get(kind=kind)
    return event.by, event.case, event.facts


def waits():
    case = Case.objects.get()
    return case.next_action, case.next_on


def test_contact_that_is_begun_is_about_what_was_chosen_of_its_subject(case, slt):
    chosen = case.allegations.get()
    AllegationFactory.create(case=case, subject=chosen.subject)
    other = add_subject(case, full_name="Ama Boateng")

    referral = save_authorities(
        case=case,
        by=slt,
        subject=chosen.subject,
        allegations=[chosen, case.allegations.get(subject=other)],
        reason="Staff are afraid.",
        **values(slt),
    )

    step, kept = Step.objects.get(), AuthorityReferral.objects.get()
    assert (referral.step, step.reason, list(step.allegations.all())) == (step, "Staff are afraid.", [chosen])
    assert (kept.step, kept.version, kept.history.get().history_user) == (step, 1, slt)
    assert event_of(Event.Kind.STEP_DRAFTED)[:2] == (slt, case)


def test_no_contact_is_begun_in_a_closed_case(case, slt):
    Case.objects.update(status="closed", closed_at=timezone.now(), closed_reason="Done")

    with pytest.raises(Refused, match="closed"):
        begun(case, slt)


def test_contact_that_is_saved_again_keeps_what_was_typed_last_and_who_typed_it(case, slt, colleague):
    referral = begun(case, slt)
    another = AllegationFactory.create(case=case, subject=referral.step.subject)
    about = {"case": case, "subject": another.subject, "allegations": [another], "step": referral.step, "version": 1}

    save_authorities(by=colleague, reason="Fear", why="Now with a name.", **about)

    kept, step = AuthorityReferral.objects.get(), Step.objects.get()
    assert (kept.version, kept.why, kept.history.first().history_user) == (2, "Now with a name.", colleague)
    assert (step.reason, list(step.allegations.all())) == ("Fear", [another])
    assert Event.objects.filter(kind=Event.Kind.STEP_DRAFTED).count() == 1
    with pytest.raises(ChangedMeanwhile, match=f"{colleague} saved this") as refusal:
        save_authorities(by=slt, **about)
    assert refusal.value.version == 2


def test_the_letter_is_signed_by_whoever_may_approve_it_and_says_what_is_recorded(case, slt, head):
    referral = begun(case, slt, known="They know of the gate.", complaint_open="One is open.")
    write_authorities_letter(referral=referral, by=slt)

    letter = Letter.objects.get()
    assert (letter.signatory_name, letter.signatory_role) == (head.full_name, head.job_title)
    for field in ("why", "about", "basis", "asked", "account", "known", "complaint_open"):
        assert getattr(referral, field) in letter.body.replace("\\", ""), field
    assert slt.full_name in letter.body
    assert slt.job_title in letter.body
    assert missing_of(change(referral, slt, account="", no_account_because="They are away.")) == []
    referral.refresh_from_db()
    AuthorityReferral.objects.update(body="southwark", address="1 High Street\nLondon", why="A name.")
    write_authorities_letter(referral=referral, by=slt)
    again = Letter.objects.get()
    assert again.version > letter.version
    assert (again.addressee, again.address) == (AuthorityReferral.objects.get().row.name, "1 High Street\nLondon")
    assert ("A name." in again.body, again.heading) == (True, letter.heading)


def test_what_stops_letters_to_a_person_stops_none_about_them(case, slt, head, monkeypatch):
    def stop(*_, **__):
        raise Refused("stopped")

    monkeypatch.setattr("letters.approval.render", lambda letter, **_: None)
    for guard in ("check_recipient", "check_still_theirs"):
        monkeypatch.setattr(f"incidents.casework.step_taking.{guard}", stop)
    step = write_authorities_letter(referral=begun(case, slt), by=slt)

    assert approve(propose(step, slt), head).state == Step.State.TAKEN


@pytest.mark.parametrize(("their", "said"), [("CAD 1234", " Their reference: CAD 1234."), ("", "")])
def test_what_was_sent_is_kept_and_the_case_waits_for_an_answer(case, slt, approved, their, said):
    record_sent(
        referral=approved,
        by=slt,
        sent_on=DAY,
        sent_how="phone",
        sent_to="PC 4711",
        what_was_sent="The letter",
        their_reference=their,
    )

    kept = AuthorityReferral.objects.get()
    assert (kept.sent_on, kept.sent_how, kept.sent_to, kept.what_was_sent) == (DAY, "phone", "PC 4711", "The letter")
    assert kept.their_reference == their
    by, about, facts = event_of(Event.Kind.AUTHORITY_TOLD)
    assert (by, about, facts["who"]) == (slt, case, kept.row.name)
    assert facts["summary"] == f"Sent {kept.get_sent_how_display().lower()} on 30 November 2026.{said}"
    assert waits() == ("What the authorities say", soon(case))


@pytest.mark.parametrize("their", ["", "CAD 1234/2"])
def test_what_came_of_it_is_kept_and_their_reference_where_they_gave_another(case, slt, approved, their):
    sent = {"sent_on": DAY, "sent_how": "phone", "what_was_sent": "The letter"}
    AuthorityReferral.objects.update(their_reference="CAD 1234", **sent)

    record_outcome(referral=approved, by=slt, outcome_on=DAY, outcome="No action. " * 30, their_reference=their)

    kept = AuthorityReferral.objects.get()
    assert (kept.outcome_on, kept.outcome, kept.their_reference) == (DAY, "No action. " * 30, their or "CAD 1234")
    by, about, facts = event_of(Event.Kind.AUTHORITY_ANSWERED)
    assert (by, about, facts["who"], facts["summary"]) == (slt, case, kept.row.name, ("No action. " * 30)[:200])
    assert waits() == ("Decide what is next", soon(case))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [({"state": "queued", "sha256": "", "file": ""}, "still being made"), ({"state": "void"}, "is void. Issue it")],
)
def test_no_pack_is_made_without_a_letter_that_holds(case, slt, approved, state, sentence):
    Letter.objects.update(voided_at=timezone.now(), voided_by=slt, void_reason="other", **state)

    with pytest.raises(Refused, match=sentence):
        make_pack(referral=approved, by=slt)


@pytest.mark.parametrize("is_redacted", [True, False])
def test_the_pack_says_in_the_story_and_in_the_chain_what_went_out(case, slt, approved, monkeypatch, is_redacted):
    noted = []
    missing = [] if is_redacted else ["Picture 1 is not redacted yet."]
    monkeypatch.setattr(authorities, "copies_for", lambda rows: Copies(ready=[], missing=missing))
    monkeypatch.setattr(authorities, "note_taken_out", lambda ready, by, pack: noted.append((ready, by, pack)))
    monkeypatch.setattr(authorities, "read_sealed", lambda letter: b"%PDF-")
    monkeypatch.setattr(authorities, "joined", lambda papers, title: (papers, title))
    letter = Letter.objects.get()
    if not is_redacted:
        with pytest.raises(Refused, match="Picture 1 is not redacted yet"):
            make_pack(referral=approved, by=slt)
        return

    pack = make_pack(referral=approved, by=slt)

    assert pack == ([b"%PDF-"], f"{letter.reference} pack")
    assert noted == [([], slt, f"{letter.reference} pack")]
    by, about, facts = event_of(Event.Kind.PACK_MADE)
    assert (by, about, facts["letter"]) == (slt, case, letter.reference)
    assert facts["summary"] == "With no redacted pages of evidence."


def test_the_copies_are_of_the_files_of_what_it_is_about(case, slt, monkeypatch):
    monkeypatch.setattr(authorities, "copies_for", lambda rows: set(rows))
    concern = ConcernFactory.create(school=case.school, case=case)
    about, other = (
        Evidence.objects.create(school=case.school, concern=concern, sha256=str(n) * 64, original="x", copy="x")
        for n in range(2)
    )
    AllegationFactory.create(case=case, subject=case.subjects[0], evidence=about)
    referral = begun(case, slt)
    AllegationFactory.create(case=case, subject=case.subjects[0], evidence=other)

    assert copies_of(referral.step) == {about}
