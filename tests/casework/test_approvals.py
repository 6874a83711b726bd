"""What one proposes another decides: approve, send back, decline; and who comes second is told."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.step_draft import save_draft
from incidents.casework.step_taking import decide_proposal, propose_step, take_step
from incidents.models import Approval, Case, Event, SiteBan, Step
from letters.models import Letter
from tests.casework.ban_case import REASON, approve, propose, written_ban
from tests.casework.fair_case import drafted, fair_case, words_of
from tests.casework.warning_pages import text_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]


@pytest.fixture
def proposal(slt, head):
    return propose(written_ban(fair_case(slt), by=slt), slt)


def decide(step, by, decision="approve", reason="I agree.", has_read=True):
    return decide_proposal(step=step, by=by, decision=decision, reason=reason, has_read=has_read)


def address(step):
    return f"/staff/cases/C014/steps/{step.pk}/decide/"


def test_it_waits_for_others_and_never_for_who_proposed_it(proposal, slt, head):
    assert list(Step.objects.waiting_for(head)) == [proposal]
    assert not Step.objects.waiting_for(slt).exists()
    assert Letter.objects.get().state == Letter.State.DRAFT


def test_whoever_approves_signs_and_the_letter_goes(proposal, slt, head):
    step = approve(proposal, head)

    letter = Letter.objects.get()
    assert (step.state, step.taken_by, step.proposed_by) == (Step.State.TAKEN, head, slt)
    assert (letter.state, letter.approved_by, letter.signatory_name) == (Letter.State.QUEUED, head, "Marian Okoro")
    assert Event.objects.get(kind=Event.Kind.STEP_TAKEN).facts["who"] == "Ruth Adeyemi"


def test_another_head_signs_in_their_own_name(proposal, school, head):
    other = UserFactory.create(school=school, full_name="Zadie Cole", job_title="Head of the Trust", role=Role.HEAD)

    approve(proposal, other)

    assert Letter.objects.get().signatory_name == "Zadie Cole"


@pytest.mark.parametrize("decision", ["approve", "back", "decline"])
def test_v2_3_5_nobody_decides_on_their_own_proposal(school, decision):
    head = UserFactory.create(school=school, full_name="Marian Okoro", role=Role.HEAD)
    UserFactory.create(school=school, full_name="Zadie Cole", role=Role.HEAD)
    step = propose(written_ban(fair_case(head), by=head), head)

    with pytest.raises(Refused, match="You proposed this"):
        decide(step, head, decision)
    assert not Approval.objects.exists()


def test_the_table_refuses_it_too(proposal, slt):
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(pk=proposal.pk).update(taken_by=slt)


def test_without_the_right_nobody_decides(proposal, colleague, office):
    for user in (colleague, office):
        with pytest.raises(PermissionDenied):
            decide(proposal, user)


def test_somebody_with_a_conflict_neither_finds_nor_decides_it(proposal, school, head, signed_in):
    other = UserFactory.create(school=school, full_name="Zadie Cole", role=Role.HEAD)
    record_conflict(case=proposal.case, by=other, reason="Named in it")

    assert not Step.objects.waiting_for(other).exists()
    assert signed_in(other).get(address(proposal)).status_code == 404
    with pytest.raises(Refused, match="no longer see this case"):
        decide(proposal, other)


def test_sent_back_with_a_reason_it_can_be_changed_and_proposed_again(proposal, slt, head, signed_in):
    decide(proposal, head, "back", "Coming by appointment has not been weighed.", has_read=False)

    draft = Step.objects.get(pk=proposal.pk)
    page = text_of(signed_in(slt).get(f"/staff/cases/C014/steps/{draft.pk}/draft/"))
    assert draft.state == Step.State.DRAFT
    assert "Coming by appointment has not been weighed." in page
    propose(draft, slt)
    approve(draft, head)
    assert list(Approval.objects.values_list("proposal", "decision")) == [(1, "back"), (2, "approve")]


def test_declined_it_stays_in_the_file_and_another_can_be_begun(proposal, slt, head):
    decide(proposal, head, "decline", "A meeting is enough.", has_read=False)

    assert Step.objects.get().state == Step.State.DECLINED
    assert Letter.objects.get().state == Letter.State.DRAFT
    with pytest.raises(Refused, match="not approved"):
        save_draft(step=proposal, by=slt, reason="", **words_of(proposal))
    assert written_ban(Case.objects.get(), by=slt).state == Step.State.DRAFT


def test_a_decision_needs_a_reason_and_approval_that_it_was_read(proposal, head):
    with pytest.raises(Refused, match="Say why"):
        decide(proposal, head, "back", "  ")
    with pytest.raises(Refused, match="you have read it"):
        decide(proposal, head, "approve", has_read=False)
    assert not Approval.objects.exists()
    assert Step.objects.get().state == Step.State.PROPOSED


def test_the_second_to_decide_is_told_who_and_when(proposal, school, head):
    other = UserFactory.create(school=school, full_name="Zadie Cole", role=Role.HEAD)
    decide(proposal, head, "decline", "A meeting is enough.")

    with pytest.raises(Refused, match="Marian Okoro decided not to take this step on"):
        decide(proposal, other)
    assert Approval.objects.count() == 1


def test_while_it_waits_its_draft_cannot_be_changed(proposal, slt):
    with pytest.raises(Refused, match=r"sent this for approval .* while it waits"):
        save_draft(step=proposal, by=slt, reason="", **words_of(proposal))


def test_a_step_of_two_people_is_never_taken_by_one(slt, head):
    step = written_ban(fair_case(slt), by=slt)

    with pytest.raises(Refused, match="Another person must approve"):
        take_step(step=step, by=slt, reason=REASON, has_no_conflict=True, **words_of(step))


def test_without_anybody_else_the_step_is_not_open(slt):
    with pytest.raises(Refused, match="Ask the Trust to name someone"):
        written_ban(fair_case(slt), by=slt)


def test_a_finding_that_fell_away_stops_the_approval(proposal, head):
    proposal.case.allegations.update(finding="not_found")

    with pytest.raises(Refused, match="is not open any more"):
        approve(proposal, head)
    assert SiteBan.objects.get().state == SiteBan.State.DRAFT
    assert not Approval.objects.exists()


def test_a_decision_is_written_once(proposal, head):
    approval = decide(proposal, head, "back")

    with pytest.raises(TypeError):
        approval.save()


def test_the_list_and_the_page_lead_to_a_decision(proposal, head, signed_in):
    client = signed_in(head)

    listed = text_of(client.get("/staff/approvals/"))
    page = text_of(client.get(address(proposal)))
    unread = client.post(address(proposal), {"decision": "approve", "reason": "I agree."})
    done = client.post(address(proposal), {"decision": "approve", "reason": "I agree.", "has_read": "on"})

    assert "Notice of intent to ban, case C014" in listed
    assert "Proposed by Ruth Adeyemi" in page
    assert "She shouted at a teacher at the gate" in page
    assert "Tick this when you have read it" in text_of(unread)
    assert done.url == "/staff/approvals/"
    assert Step.objects.get().state == Step.State.TAKEN
    assert "Nothing waits for your decision" in text_of(client.get("/staff/approvals/"))


def test_a_page_opened_before_somebody_else_decided_says_so(proposal, school, head, signed_in):
    other = UserFactory.create(school=school, full_name="Zadie Cole", role=Role.HEAD)
    decide(proposal, head, "back", "Look at it again.")

    sent = signed_in(other).post(address(proposal), {"decision": "approve", "reason": "Yes", "has_read": "on"})

    assert sent.status_code == 409
    assert "Marian Okoro sent this back on" in text_of(sent)
    assert signed_in(other).get(address(proposal)).status_code == 302


def test_who_proposed_it_cannot_open_the_page_that_decides(school, signed_in):
    head = UserFactory.create(school=school, full_name="Marian Okoro", role=Role.HEAD)
    UserFactory.create(school=school, full_name="Zadie Cole", role=Role.HEAD)
    step = propose(written_ban(fair_case(head), by=head), head)

    assert signed_in(head).get(address(step)).status_code == 403


def test_a_step_that_one_person_takes_is_not_proposed(slt):
    step = drafted(fair_case(slt))

    with pytest.raises(Refused, match="Nobody has to approve this step"):
        propose_step(step=step, by=slt, reason=REASON, has_no_conflict=True, **words_of(step))


def test_a_draft_waits_for_nobody(slt, head):
    with pytest.raises(Refused, match="This step does not wait for approval"):
        decide(written_ban(fair_case(slt), by=slt), head)
