"""Who may be written to: a subject of the case, at the address they have now, whom nothing stops; and the leave."""

from __future__ import annotations

import pytest

from incidents.casework.case_lock import Refused
from incidents.casework.recipients import (
    check_recipient,
    check_still_theirs,
    leave_to_write,
    why_no_letter,
    why_no_letters,
    write_in_spite,
)
from incidents.models import Event, FlagException, PersonFlag, Step
from letters.models import Letter
from tests.factories import CaseFactory, CasePersonFactory, LetterFactory, PersonFactory, PersonFlagFactory

pytestmark = pytest.mark.django_db
COURT, CONTACT = PersonFlag.Kind.COURT_ORDER, PersonFlag.Kind.DO_NOT_CONTACT


def leave(flag, case, by, reason="They must know."):
    return FlagException.objects.create(flag=flag, case=case, reason=reason, made_by=by)


@pytest.mark.parametrize("role", ["witness", "subject"])
def test_only_a_subject_of_this_case_is_written_to(case, subject, slt, role):
    other = CasePersonFactory.create(case=CaseFactory.create(school=case.school, lead=slt)).person
    CasePersonFactory.create(case=case, person=other, role=role)

    if role == "subject":
        check_recipient(case, other, kind="warning")
    else:
        with pytest.raises(Refused, match="is not a subject of this case"):
            check_recipient(case, other, kind="warning")


@pytest.mark.parametrize("changed", ["full_name", "title", "address"])
def test_a_letter_to_what_is_theirs_no_more_is_refused(subject, slt, changed):
    letter = letter_to(subject, slt)
    check_still_theirs(letter, subject)
    setattr(subject, changed, "Dr" if changed == "title" else "Something else")

    with pytest.raises(Refused, match=r"name or address of .* has changed"):
        check_still_theirs(letter, subject)


def letter_to(person, slt, **about):
    now = {"addressee": person.letter_name, "salutation": person.salutation, "address": person.address}
    return LetterFactory.create(school=person.school, recipient=person.recipient, drafted_by=slt, **{**now, **about})


@pytest.mark.parametrize(
    ("delivery", "email_to", "agreed", "goes"),
    [
        ("email", "d@families.example", True, True),
        ("email", "d@families.example", False, False),
        ("email", "old@families.example", True, False),
        ("post", "old@families.example", False, True),
    ],
)
def test_a_letter_by_email_goes_to_the_address_that_was_agreed_to(case, subject, slt, delivery, email_to, agreed, goes):
    subject.email, subject.email_agreed_on = "d@families.example", case.opened_at.date() if agreed else None
    letter = letter_to(subject, slt, email_to=email_to)
    letter.delivery = delivery

    if goes:
        check_still_theirs(letter, subject)
    else:
        with pytest.raises(Refused, match="no longer agrees to letters at the email address"):
            check_still_theirs(letter, subject)


def test_each_is_told_of_their_own_flags_alone_and_of_every_one_that_stands(case, subject, slt, school):
    fine, nowhere = PersonFactory.create(school=school), PersonFactory.create(school=school, address="")
    for kind in (COURT, CONTACT):
        PersonFlagFactory.create(person=subject, kind=kind, set_by=slt)
    PersonFlagFactory.create(
        person=fine, set_by=slt, lifted_at=case.opened_at, lifted_by=slt, lifted_reason="It ended."
    )
    PersonFlagFactory.create(person=PersonFactory.create(school=school), set_by=slt)

    said = why_no_letters(case, [subject, fine, nowhere], kind="warning")

    assert set(said) == {subject.pk, fine.pk, nowhere.pk}
    assert "a court order" in said[subject.pk]
    assert "not to be contacted" in said[subject.pk]
    assert said[fine.pk] == ""
    assert said[nowhere.pk] == f"{nowhere.full_name} has no address yet. Add it on the case first."


def test_leave_goes_past_the_flag_that_it_is_for_in_its_case_and_in_letters_about_a_ban(case, subject, slt):
    other = CaseFactory.create(school=case.school, lead=slt)
    court, contact = (PersonFlagFactory.create(person=subject, kind=kind, set_by=slt) for kind in (COURT, CONTACT))
    leave(court, case, slt)
    assert "not to be contacted" in why_no_letter(case, subject, kind="ban")
    leave(contact, case, slt)

    assert "a court order" in why_no_letter(case, subject, kind="ban")
    assert "not to be contacted" not in why_no_letter(case, subject, kind="ban")
    assert "not to be contacted" in why_no_letter(case, subject, kind="warning")
    assert "not to be contacted" in why_no_letter(other, subject, kind="ban")


def test_the_reason_of_the_leave_is_of_this_case_this_person_and_a_flag_that_stands(case, subject, slt):
    other = CaseFactory.create(school=case.school, lead=slt)
    flag, second = (PersonFlagFactory.create(person=subject, kind=kind, set_by=slt) for kind in (CONTACT, COURT))
    leave(PersonFlagFactory.create(kind=CONTACT, set_by=slt), case, slt, "Somebody else")
    leave(flag, other, slt, "Another case")
    assert leave_to_write(case, subject, kind="ban") == ""
    leave(flag, case, slt, "They must know.")
    leave(second, case, slt, "The court agrees.")

    assert leave_to_write(case, subject, kind="ban") == "They must know.; The court agrees."
    assert leave_to_write(case, subject, kind="warning") == ""
    PersonFlag.objects.filter(pk=second.pk).update(lifted_at=case.opened_at, lifted_by=slt, lifted_reason="It ended.")
    assert leave_to_write(case, subject, kind="ban") == "They must know."


def test_leave_is_written_down_once_with_who_and_why_and_lets_go_of_this_persons_ban_in_this_case(
    case, subject, slt, head
):
    flag = PersonFlagFactory.create(person=subject, kind=CONTACT, set_by=slt)
    PersonFlagFactory.create(person=PersonFactory.create(school=case.school), set_by=slt)
    other = PersonFactory.create(school=case.school, full_name="Kate Marsh")
    elsewhere = CaseFactory.create(school=case.school, lead=slt)
    draft, posted, *others = (letter_to(subject, slt) for _ in range(4))
    for about in (
        {"case": case, "subject": subject, "letter": draft},
        {"case": case, "subject": subject, "letter": posted, "stage": "notice", "state": "declined"},
        {"case": case, "subject": other, "letter": others[0]},
        {"case": elsewhere, "subject": subject, "letter": others[1]},
    ):
        Step.objects.create(kind="ban", drafted_by=slt, **about)
    gone = {"posted_on": case.opened_at.date(), "posted_by": slt, "posted_at": case.opened_at}
    sealed = {"file": "a.pdf", "sha256": "0" * 64, "pages": 1, "approved_by": slt, "approved_at": case.opened_at}
    Letter.objects.filter(pk=posted.pk).update(
        state="posted", queued_at=case.opened_at, printed_at=case.opened_at, **gone, **sealed
    )

    made = write_in_spite(case=case, by=head, person=subject, reason="They must know.")
    again = write_in_spite(case=case, by=head, person=subject, reason="Once more.")

    exception = FlagException.objects.get()
    assert made == again == [exception]
    assert (exception.flag, exception.case, exception.reason, exception.made_by) == (
        flag,
        case,
        "They must know.",
        head,
    )
    assert list(Letter.objects.exclude(in_spite_why="")) == [draft]
    told = Event.objects.filter(kind=Event.Kind.FLAG_OVERRIDDEN).order_by("pk")[0]
    assert (told.by, told.case, told.why, told.facts["person"]) == (head, case, "They must know.", "Daniel Marsh")


def test_whom_a_flag_stops_or_whose_address_nobody_knows_is_not_written_to(case, subject, slt):
    flag = PersonFlagFactory.create(person=subject, kind=COURT, set_by=slt)
    with pytest.raises(Refused, match="a court order"):
        check_recipient(case, subject, kind="warning")
    flag.delete()
    subject.address = ""
    with pytest.raises(Refused, match="has no address yet"):
        check_recipient(case, subject, kind="warning")


@pytest.mark.parametrize("status", ["open", "paused", "closed"])
def test_leave_is_given_in_an_open_case_whatever_was_lifted_before(case, subject, slt, head, status):
    PersonFlagFactory.create(person=subject, kind=CONTACT, set_by=slt)
    lifted = {"lifted_at": case.opened_at, "lifted_by": slt, "lifted_reason": "It ended."}
    PersonFlagFactory.create(person=subject, kind=COURT, set_by=slt, **lifted)
    type(case).objects.update(status=status, closed_at=case.opened_at, closed_reason="Done")

    if status == "open":
        assert len(write_in_spite(case=case, by=head, person=subject, reason="They must know.")) == 1
        return
    with pytest.raises(Refused, match=status):
        write_in_spite(case=case, by=head, person=subject, reason="They must know.")
