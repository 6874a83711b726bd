"""A flag on a person stops every letter to them, wherever it is on its way; and the one exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.recipients import check_recipient, why_no_letter, write_in_spite
from incidents.casework.step_letter import give_letter
from incidents.contacts.flags import lift_flag, set_flag
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import Event, FamilyLink, PersonFlag, Step
from incidents.models.story import lines_of, title_of
from letters.approval import approve_letter
from letters.batches import make_batch
from letters.holding import let_go
from letters.kinds import Composed
from letters.models import Hold, Letter, LetterEvent
from letters.posting import mark_posted
from letters.printing import print_letters
from letters.refusals import HeldError
from letters.sealing import make_letter
from tests.casework.fair_case import add_subject, drafted, fair_case
from tests.factories import (
    CaseFactory,
    CasePersonFactory,
    LetterFactory,
    PersonFactory,
    ReferralFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from incidents.models import Person

pytestmark = pytest.mark.django_db
COURT, CONTACT = PersonFlag.Kind.COURT_ORDER, PersonFlag.Kind.DO_NOT_CONTACT
WHY = "Order of the Family Court of 4 May 2026, copy in the safe."


@pytest.fixture
def person(school) -> Person:
    return PersonFactory.create(school=school, is_contact=True)


def letter_to(person, slt, **about) -> Letter:
    return LetterFactory.create(school=person.school, recipient=person.recipient, drafted_by=slt, **about)


def approved(person, slt, **about) -> Letter:
    letter = approve_letter(letter=letter_to(person, slt, **about), by=slt)
    make_letter(letter.pk)
    return Letter.objects.get(pk=letter.pk)


def test_it_says_who_set_it_and_when_on_every_open_case_and_the_reason_on_none(person, slt, office):
    for number in (14, 15):
        CasePersonFactory.create(case=CaseFactory.create(school=person.school, lead=slt, number=number), person=person)

    set_flag(person=person, by=office, kind=COURT, reason=WHY)

    flag = person.flags.get()
    assert (flag.set_by, flag.reason) == (office, WHY)
    told = list(Event.objects.filter(kind=Event.Kind.FLAG_SET))
    assert {event.case.reference for event in told} == {"C014", "C015"}
    assert title_of(told[0]) == "Letters to Daniel Marsh stopped: court order"
    assert [(event.by, event.why, lines_of(event)) for event in told] == [(office, "", [])] * 2


def test_a_case_shows_the_reason_to_those_alone_who_may_know_of_every_case_of_theirs(
    person, school, slt, colleague, signed_in
):
    """On the card of the case as on the person’s own page; a relative who is known from another case neither."""
    case, other = CaseFactory.create_batch(2, school=school, lead=slt)
    for each in (case, other):
        CasePersonFactory.create(case=each, person=person)
    child = PersonFactory.create(school=school, full_name="Canary Marsh", is_child=True)
    CasePersonFactory.create(case=other, person=child, role="child")
    FamilyLink.objects.create(person=person, relative=child, kind="parent")
    lawyer = UserFactory.create(school=school, role=Role.LEGAL)
    ReferralFactory.create(case=case, to=lawyer, referred_by=slt)
    record_conflict(case=other, by=slt, who=colleague, reason="A neighbour")
    set_flag(person=person, by=slt, kind=COURT, reason=WHY)

    pages = {who: signed_in(who).get(case.get_absolute_url()).content.decode() for who in (slt, colleague, lawyer)}

    assert all("No letters: court order." in page for page in pages.values())
    assert [who for who, page in pages.items() if WHY in page] == [slt]
    assert [who for who, page in pages.items() if "Canary Marsh" in page] == [slt]


def test_a_draft_cannot_be_approved(person, slt, office):
    letter = letter_to(person, slt)
    set_flag(person=person, by=office, kind=COURT, reason=WHY)

    with pytest.raises(HeldError, match="a court order"):
        approve_letter(letter=letter, by=slt)

    assert Letter.objects.get().state == Letter.State.DRAFT


def test_a_flag_set_after_approval_stops_the_printing(person, slt, office):
    letter = approved(person, slt)

    stopped = set_flag(person=person, by=office, kind=COURT, reason=WHY)

    assert stopped == [letter]
    assert not Letter.objects.to_print().exists()
    with pytest.raises(HeldError, match=letter.reference):
        print_letters(letters=[letter], by=office)
    assert Letter.objects.get().state == Letter.State.READY


def test_a_letter_of_a_case_that_somebody_may_not_know_of_is_stopped_and_not_told_them(person, slt, colleague):
    """Nor in the story of another case of the same person, which they may read."""
    letter = approved(person, slt)
    cases = [CaseFactory.create(school=person.school, lead=slt, number=number) for number in (14, 15)]
    for case in cases:
        CasePersonFactory.create(case=case, person=person)
    Step.objects.create(case=cases[0], kind="warning", subject=person, letter=letter, drafted_by=slt)
    record_conflict(case=cases[0], by=slt, who=colleague, reason="A neighbour")

    assert set_flag(person=person, by=colleague, kind=COURT, reason=WHY) == []
    hidden, seen = (case.events.get(kind=Event.Kind.FLAG_SET) for case in cases)
    assert f"Stopped: {letter.reference}." in lines_of(hidden)
    assert letter.reference not in str(lines_of(seen))
    assert list(Letter.objects.held()) == [letter]
    assert lift_flag(flag=person.flags.get(), by=colleague, reason="It has ended.") == []
    assert not Letter.objects.held().exists()


def test_a_flag_set_after_printing_stops_the_posting_and_the_batch_is_made_without_it(person, slt, office):
    other = PersonFactory.create(school=person.school, full_name="Kate Marsh")
    letter, fine = approved(person, slt), approved(other, slt, addressee="Ms Kate Marsh")
    batch = print_letters(letters=[letter, fine], by=office)
    make_batch(batch.pk)
    both = type(batch).objects.get(pk=batch.pk)

    set_flag(person=person, by=office, kind=COURT, reason=WHY)
    make_batch(batch.pk)

    one = type(batch).objects.get(pk=batch.pk)
    assert (both.letters_total, one.letters_total) == (2, 1)
    assert one.sha256 != both.sha256
    assert one.pages < both.pages
    with pytest.raises(HeldError):
        mark_posted(letters=[letter, fine], posted_on=today(), by=office)
    mark_posted(letters=[fine], posted_on=today(), by=office)
    assert Letter.objects.get(pk=letter.pk).state == Letter.State.PRINTED


def test_the_print_room_shows_it_with_the_reason_and_does_not_offer_it(person, slt, office, signed_in):
    letter = approved(person, slt)
    set_flag(person=person, by=office, kind=COURT, reason="Order of the Family Court")

    page = signed_in(office).get(reverse("print-room")).content.decode()

    assert "Do not post these" in page
    assert "No letter may go to Daniel Marsh: a court order" in page
    assert f'value="{letter.reference}"' not in page
    assert "Family Court" not in page


def test_a_flag_that_is_lifted_lets_the_letter_go(person, slt, office):
    letter = approved(person, slt)
    set_flag(person=person, by=office, kind=COURT, reason=WHY)

    free = lift_flag(flag=person.flags.get(), by=slt, reason="The order ended.")
    print_letters(letters=[letter], by=office)

    assert free == [letter]
    assert not Hold.objects.exists()
    kinds = set(letter.events.values_list("kind", flat=True))
    assert {LetterEvent.Kind.HELD, LetterEvent.Kind.RELEASED} <= kinds


def test_of_two_flags_the_one_that_is_left_still_stops_it(person, slt, office):
    approved(person, slt)
    set_flag(person=person, by=office, kind=COURT, reason=WHY)
    set_flag(person=person, by=office, kind=CONTACT, reason="They asked.")

    free = lift_flag(flag=person.flags.get(kind=COURT), by=slt, reason="It ended.")

    assert free == []
    assert Letter.objects.held().exists()


def test_the_same_flag_stands_once_and_says_who_was_first(person, slt, office):
    set_flag(person=person, by=office, kind=COURT, reason=WHY)

    with pytest.raises(ContactRefusedError, match=f"{office.full_name} set this flag"):
        set_flag(person=person, by=slt, kind=COURT, reason=WHY)


def test_the_office_sets_a_flag_and_cannot_lift_it(person, office):
    set_flag(person=person, by=office, kind=COURT, reason=WHY)

    with pytest.raises(PermissionDenied):
        lift_flag(flag=person.flags.get(), by=office, reason="It ended.")


def test_a_flag_is_on_an_adult_unless_it_hides_where_a_child_lives(school, office):
    child = PersonFactory.create(school=school, is_child=True, is_contact=True)

    with pytest.raises(ContactRefusedError, match="Set this flag on the parent or carer"):
        set_flag(person=child, by=office, kind=COURT, reason=WHY)
    set_flag(person=child, by=office, kind=PersonFlag.Kind.CONFIDENTIAL, reason=WHY)

    assert [flag.kind for flag in child.flags.all()] == [PersonFlag.Kind.CONFIDENTIAL]


def test_a_flag_is_set_and_lifted_with_a_reason_and_lifted_once(person, slt, head, office):
    with pytest.raises(ContactRefusedError, match="Enter why, and where it is written down"):
        set_flag(person=person, by=office, kind=COURT, reason=" ")
    set_flag(person=person, by=office, kind=COURT, reason=WHY)
    flag = person.flags.get()
    with pytest.raises(ContactRefusedError, match="Enter why it no longer stands"):
        lift_flag(flag=flag, by=head, reason=" ")
    lift_flag(flag=flag, by=head, reason="The order has ended.")

    with pytest.raises(ContactRefusedError, match="Marian Okoro lifted this flag on"):
        lift_flag(flag=flag, by=slt, reason="The order has ended.")
    assert Event.objects.filter(kind=Event.Kind.FLAG_LIFTED).count() == 0  # on no case


def test_a_letter_to_another_person_goes(person, slt, office):
    other = PersonFactory.create(school=person.school, full_name="Kate Marsh")
    set_flag(person=person, by=office, kind=COURT, reason=WHY)

    letter = approved(other, slt)

    assert print_letters(letters=[letter], by=office)


def ban_case(slt):
    case = fair_case(slt)
    return case, case.subjects[0]


def test_only_the_head_writes_about_a_ban_to_somebody_not_to_be_contacted(slt, head):
    case, person = ban_case(slt)
    set_flag(person=person, by=slt, kind=CONTACT, reason="They asked.")

    with pytest.raises(Refused, match="Only the Executive Head"):
        write_in_spite(case=case, by=slt, person=person, reason="They must know.")
    write_in_spite(case=case, by=head, person=person, reason="They must know.")

    check_recipient(case, person, kind="ban")
    assert "not to be contacted" in why_no_letter(case, person, kind="warning")
    assert (
        title_of(case.events.get(kind=Event.Kind.FLAG_OVERRIDDEN)) == "Leave to write to Daniel Marsh about a site ban"
    )


@pytest.mark.parametrize("kind", [COURT, PersonFlag.Kind.CONFIDENTIAL])
def test_no_reason_goes_past_a_court_order_or_a_hidden_address(kind, slt, head):
    case, person = ban_case(slt)
    set_flag(person=person, by=slt, kind=kind, reason=WHY)

    with pytest.raises(Refused, match="This cannot be overridden"):
        write_in_spite(case=case, by=head, person=person, reason="They must know.")
    assert "No letter may go" in why_no_letter(case, person, kind="ban")


def test_leave_lets_go_the_letters_about_a_ban_that_are_not_gone_yet(slt, head):
    case, person = ban_case(slt)
    draft, void, other = (letter_to(person, slt) for _ in range(3))
    about = {"case": case, "subject": person, "drafted_by": slt}
    Step.objects.create(**about, kind="ban", stage="notice", letter=draft)
    Step.objects.create(**about, kind="ban", stage="notice", letter=void, state="declined")
    Step.objects.create(**about, kind="warning", letter=other)
    approve_letter(letter=void, by=slt)
    Letter.objects.filter(pk=void.pk).update(
        state="void", voided_by=slt, voided_at=void.drafted_at, void_reason="address"
    )
    set_flag(person=person, by=slt, kind=CONTACT, reason="They asked.")

    write_in_spite(case=case, by=head, person=person, reason="They must know.")

    assert list(Letter.objects.exclude(in_spite_why="")) == [draft]


def test_leave_needs_something_to_leave_aside_and_a_reason(slt, head):
    case, person = ban_case(slt)

    with pytest.raises(Refused, match="Nothing stops letters to Daniel Marsh any more"):
        write_in_spite(case=case, by=head, person=person, reason="They must know.")
    set_flag(person=person, by=slt, kind=CONTACT, reason="They asked.")
    with pytest.raises(Refused, match="Enter why they must be written to"):
        write_in_spite(case=case, by=head, person=person, reason=" ")


def test_leave_in_one_case_is_no_leave_in_another(slt, head):
    case, person = ban_case(slt)
    other = CaseFactory.create(school=case.school, lead=slt, number=15)
    CasePersonFactory.create(case=other, person=person)
    set_flag(person=person, by=slt, kind=CONTACT, reason="They asked.")
    write_in_spite(case=case, by=head, person=person, reason="They must know.")

    assert "not to be contacted" in why_no_letter(other, person, kind="ban")


def test_a_ban_letter_with_leave_is_approved_and_a_later_flag_stops_it_again(slt, head, office):
    case, person = ban_case(slt)
    set_flag(person=person, by=slt, kind=CONTACT, reason="They asked.")
    write_in_spite(case=case, by=head, person=person, reason="They must know.")
    step = Step.objects.create(case=case, kind="ban", stage="notice", subject=person, drafted_by=slt)
    composed = Composed(title="Ban", heading="Ban", body="You may not come.", template_version="1", enclosures="")
    letter = give_letter(step, by=head, signatory=head, composed=composed, reply_by=None)

    approve_letter(letter=letter, by=head)
    make_letter(letter.pk)
    ready = Letter.objects.to_print().get()
    set_flag(person=person, by=slt, kind=COURT, reason=WHY)

    assert ready.in_spite_why == "They must know."
    assert not Letter.objects.to_print().exists()
    with pytest.raises(HeldError):
        let_go(letter=ready, by=head, why="Again")


def test_a_letter_drafted_from_a_case_is_under_the_key_of_its_subject(slt):
    case = fair_case(slt)

    step = drafted(case)

    assert step.letter.recipient == case.subjects[0].recipient


def test_a_proposal_that_waits_says_that_its_letter_cannot_go(slt, head, signed_in):
    case, person = ban_case(slt)
    step = drafted(case)
    waiting = {"state": "proposed", "reason": "Two steps did not stop it.", "kind": "ban", "stage": "notice"}
    Step.objects.filter(pk=step.pk).update(proposed_by=slt, proposed_at=step.drafted_at, **waiting)
    set_flag(person=person, by=slt, kind=COURT, reason=WHY)

    page = signed_in(head).get(reverse("proposal-decide", args=[case.reference, step.pk])).content.decode()

    assert "This letter cannot go out" in page
    assert "a court order" in page


def test_the_recipient_page_names_the_flag_of_each_of_several(slt, signed_in):
    case = fair_case(slt)
    other = add_subject(case, full_name="Kate Marsh")
    set_flag(person=other, by=slt, kind=COURT, reason=WHY)
    add_subject(case, full_name="Sam Marsh")

    page = signed_in(slt).get(reverse("step-warning", args=[case.reference])).content.decode()

    assert "No letter may go to Kate Marsh: a court order" in page


def test_a_head_of_another_school_flags_nobody_here(person, outsider):
    with pytest.raises(ContactRefusedError):
        set_flag(person=person, by=outsider, kind=COURT, reason=WHY)
