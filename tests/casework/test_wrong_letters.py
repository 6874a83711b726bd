"""What changes between proposal, approval and posting: no letter goes to somebody, or somewhere, it should not."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.casework.allegations import record_finding, seen_finding
from incidents.casework.authorities import make_pack
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.letter_again import issue_letter_again
from incidents.casework.letter_checks import objections_to
from incidents.casework.merge import merge_cases
from incidents.casework.people import change_person, version_of
from incidents.casework.step_taking import decide_proposal
from incidents.contacts.changing import change_contact
from incidents.contacts.importing import Plan, _write
from incidents.contacts.matching import Planned
from incidents.models import AuthorityReferral, CasePerson, FlagException, HandOver, Person, Step
from incidents.models.kept_out import keep_out_of_concern
from letters.emailing import send_letter_email, sweep_letter_emails
from letters.models import Letter, LetterEmail
from letters.refusals import UnansweredError
from letters.voiding import void_letter
from tests.casework.ban_case import propose, written_ban
from tests.casework.fair_case import drafted, fair_case, take
from tests.factories import (
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    PersonFlagFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
NEW = "9 New Street\nLondon\nSE5 9ZZ"
SEALED = {"file": "a.pdf", "sha256": "0" * 64, "pages": 1}


@pytest.fixture
def proposal(slt, head):
    return propose(written_ban(fair_case(slt), by=slt), slt)


def approve(step, by, **more):
    return decide_proposal(step=step, by=by, decision="approve", reason="I agree.", has_read=True, **more)


@pytest.mark.parametrize("change", [{"address": NEW}, {"full_name": "Daniel Marsh-Obi"}])
def test_no_proposal_is_approved_to_a_name_or_address_that_is_not_theirs_any_more(proposal, slt, head, change):
    Person.objects.filter(pk=proposal.subject_id).update(**change)

    with pytest.raises(Refused, match="has changed since this was proposed"):
        approve(proposal, head)

    decide_proposal(step=proposal, by=head, decision="back", reason="They moved.", has_read=False)
    approve(propose(Step.objects.get(pk=proposal.pk), slt), head)
    letter, person = Letter.objects.get(), Person.objects.get(pk=proposal.subject_id)
    assert (letter.addressee, letter.address) == (person.letter_name, person.address)


def test_no_proposal_is_approved_by_email_once_they_no_longer_agree(proposal, head):
    Letter.objects.update(delivery="email", email_to="old@example.com")

    with pytest.raises(Refused, match="no longer agrees"):
        approve(proposal, head)


def test_who_read_an_earlier_proposal_does_not_approve_the_next_one_unread(proposal, slt, head, school):
    other = UserFactory.create(school=school, full_name="Zadie Cole", role=Role.HEAD)
    decide_proposal(step=proposal, by=other, decision="back", reason="Be milder.", has_read=False)
    again = propose(Step.objects.get(pk=proposal.pk), slt)

    with pytest.raises(Refused, match="Ruth Adeyemi proposed this again"):
        approve(again, head, seen=1)
    assert approve(again, head, seen=2)


def found_again(step, by):
    """Decided against, and then for it once more: the letter says nothing of the reasons."""
    (allegation,) = step.allegations.all()
    for finding in ("not_found", "found"):
        allegation = record_finding(
            case=step.case, by=by, allegation=allegation, finding=finding, reason="R.", seen=seen_finding(allegation)
        )


def test_no_proposal_is_approved_whose_finding_was_made_again_since(proposal, slt, head):
    found_again(proposal, slt)

    with pytest.raises(Refused, match=r"Ruth Adeyemi decided .* again"):
        approve(proposal, head)

    decide_proposal(step=proposal, by=head, decision="back", reason="Read it again.", has_read=False)
    assert approve(propose(Step.objects.get(pk=proposal.pk), slt), head)


def test_a_draft_asks_whether_it_still_holds_once_its_finding_was_made_again(slt):
    step = drafted(fair_case(slt))
    codes = {each.code for each in objections_to(step.case, step.letter)}
    found_again(step, slt)

    assert {each.code for each in objections_to(step.case, step.letter)} == codes | {"found_anew"}
    with pytest.raises(UnansweredError):
        take(step, slt, answers={})


def test_the_page_says_which_proposal_was_read(proposal, head, signed_in):
    client = signed_in(head)
    page = f"/staff/cases/C014/steps/{proposal.pk}/decide/"
    seen = client.get(page).context["form"]
    Step.objects.update(proposals=2)

    answer = client.post(page, {"decision": "approve", "reason": "Yes", "has_read": "on", "seen": seen["seen"].value()})

    assert b"proposed this again" in answer.content
    assert b'name="seen"' in answer.content


@pytest.fixture
def letter(slt):
    return take(drafted(fair_case(slt)), slt).letter


def by_case(person, slt):
    about = {"full_name": person.full_name, "title": person.title, "address": NEW}
    return change_person(case=CasePerson.objects.get(person=person).case, by=slt, person=person,
                         version=version_of(person), **about)  # fmt: skip


def by_contact(person, slt):
    return change_contact(person=person, by=slt, version=version_of(person), address=NEW)


def by_import(person, slt):
    person.address = NEW
    planned = Planned(person, was_listed=True, changes={"address": NEW}, old_name=person.full_name)
    _write(Plan([planned], [], [], [], [], []), school=person.school, by=slt)


@pytest.mark.parametrize("move", [by_case, by_contact, by_import])
@pytest.mark.parametrize("state", ["queued", "printed"])
def test_a_letter_to_the_old_address_of_somebody_who_moved_is_void(letter, slt, move, state):
    Letter.objects.update(state=state, **SEALED)

    said = move(Person.objects.get(), slt)

    letter.refresh_from_db()
    assert (letter.state, letter.void_reason) == (Letter.State.VOID, Letter.VoidReason.ADDRESS)
    assert said is None or f"letter {letter.reference} to the old address is void, issue it again" in said
    again = issue_letter_again(step=Step.objects.get(), by=slt, reply_by=letter.reply_by)
    assert again.address == NEW


def test_a_posted_letter_and_the_same_address_written_otherwise_stay(letter, slt):
    person = Person.objects.get()
    Letter.objects.update(state="queued")
    other_way = person.address.replace("\n", ",\n").upper()
    assert change_contact(person=person, by=slt, version=version_of(person), address=other_way) == ["address"]
    Letter.objects.update(state="posted", posted_on=date(2026, 12, 3), posted_by=slt, **SEALED)
    person.refresh_from_db()

    change_contact(person=person, by=slt, version=version_of(person), address=NEW)

    letter.refresh_from_db()
    assert letter.state == Letter.State.POSTED


def test_a_void_letter_that_was_issued_again_is_kept_from_who_steps_aside_too(letter, slt, colleague):
    Letter.objects.update(state="ready", **SEALED)
    void_letter(letter=letter, by=slt, reason="damaged")
    new = issue_letter_again(step=Step.objects.get(), by=slt, reply_by=letter.reply_by)

    record_conflict(case=Step.objects.get().case, by=slt, who=colleague, reason="Named in it")

    assert set(Letter.objects.filter(withheld_from=colleague)) == {letter, new}


def test_so_is_a_void_letter_to_a_reporter_that_was_written_again(slt, colleague):
    concern = ConcernFactory.create(school=slt.school)
    about = {"school": slt.school, "drafted_by": slt, "kind": "complaint_handover"}
    old, new = (LetterFactory.create(reference=f"{concern.reference}-L{number}", **about) for number in (1, 2))
    HandOver.objects.create(concern=concern, letter=new, number=2, written_by=slt)

    keep_out_of_concern(colleague, concern=concern, kind="aside", reason="Named in it", by=slt)

    assert set(Letter.objects.filter(withheld_from=colleague)) == {old, new}


def test_cases_in_which_both_had_leave_to_write_are_merged_with_one(slt, head):
    into = fair_case(slt)
    person = into.subjects[0]
    case = CaseFactory.create(school=slt.school, lead=slt, number=9)
    CasePersonFactory.create(case=case, person=person)
    flag = PersonFlagFactory.create(person=person, kind="do_not_contact", set_by=slt)
    for each in (case, into):
        FlagException.objects.create(flag=flag, case=each, reason="They must know.", made_by=head)

    merge_cases(case=case, into=into, by=slt, reason="The same evening.")

    assert FlagException.objects.get().case == into


def test_no_pack_is_made_with_a_void_letter(slt):
    case, now = fair_case(slt), timezone.now()
    letter = LetterFactory.create(
        school=slt.school, drafted_by=slt, approved_by=slt, approved_at=now,
        state="void", voided_by=slt, voided_at=now, void_reason="words", **SEALED,
    )  # fmt: skip
    step = Step.objects.create(
        case=case, kind="authorities", subject=case.subjects[0], drafted_by=slt, letter=letter,
        state="taken", taken_by=slt, taken_at=now, reason="R.", has_no_conflict=True,
    )  # fmt: skip

    with pytest.raises(Refused, match=r"is void\. Issue it again"):
        make_pack(referral=AuthorityReferral.objects.create(step=step), by=slt)


@pytest.fixture
def emailed(slt, office):
    """The button was pressed; the link waits to be sent."""
    person = fair_case(slt).subjects[0]
    agreed = {"email": "daniel@example.com", "email_agreed_how": "On the form"}
    change_contact(person=person, by=slt, version=version_of(person), **agreed)
    posted = {"state": "posted", "posted_on": today(), "posted_by": office, "posted_at": timezone.now()}
    letter = LetterFactory.create(
        school=slt.school, drafted_by=slt, approved_by=slt, approved_at=timezone.now(), delivery="email",
        recipient=person.recipient, address=person.address, email_to="daniel@example.com", **posted, **SEALED,
    )  # fmt: skip
    LetterEmail.objects.create(letter=letter, to=letter.email_to)
    return letter


def test_no_link_is_sent_to_a_letter_that_was_made_void_meanwhile(emailed, office, mailoutbox):
    void_letter(letter=emailed, by=office, reason="words")

    send_letter_email(emailed.email.pk)

    assert not mailoutbox
    assert not sweep_letter_emails()


@pytest.mark.parametrize("state", ["posted", "failed"])
def test_a_letter_whose_link_is_not_sent_goes_by_post_once_they_no_longer_agree(emailed, slt, state, mailoutbox):
    Letter.objects.update(state=state)
    person = Person.objects.get()

    change_contact(person=person, by=slt, version=version_of(person), email="", email_agreed_how="")

    emailed.refresh_from_db()
    assert (emailed.delivery, emailed.email_to) == ("post", "")
    assert emailed.state == ("ready" if state == "posted" else "failed")
    assert LetterEmail.objects.exists() == (state == "failed")
