"""Two at once on contacts and letters to many, on a database that has real row locks: nobody twice, nothing lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.contacts.flags import set_flag
from incidents.contacts.importing import import_contacts, keep_upload
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import ContactImport, FamilyLink, Person, PersonFlag
from letters.kinds import Composed
from letters.mailings import (
    Addressee,
    approve_mailing,
    draft_mailing,
    fingerprint,
    make_mailing,
    progress_of,
    propose_mailing,
)
from letters.models import Letter, Mailing
from letters.posting import mark_posted
from letters.printing import print_letters
from letters.refusals import HeldError, WrongStateError
from letters.sealing import make_letter
from tests.at_once import at_once
from tests.factories import LetterFactory, PersonFactory, SchoolFactory, TermFactory, UserFactory

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
TABLE = json.dumps(
    [["Student ID", "Student", "Parent", "Address"], [[n, [f"S{n}", "Ava", f"P {n}", "1 A\nB"]] for n in range(2, 40)]]
)
COLUMNS = {0: "child_id", 1: "child_name", 2: "adult_name", 3: "address"}


@pytest.fixture
def staff() -> dict[str, User]:
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    return {role.value: UserFactory.create(school=school, role=role) for role in (Role.OFFICE, Role.SLT, Role.HEAD)}


def waiting(staff: dict[str, User], *, number: int) -> tuple[Mailing, list[Addressee]]:
    slt = staff["slt"]
    mailing = draft_mailing(
        school=slt.school,
        by=slt,
        kind="general",
        composed=Composed(title="Letter", heading="News", body="Hello.", template_version="1", enclosures=""),
        signatory=(slt.full_name, slt.job_title),
        audience={"kind": "school"},
        audience_words="The whole school",
    )
    families = [Addressee(f"person-{n}", f"Family {n}", f"Family {n}", f"{n} Elm Row\nSE22 8EQ") for n in range(number)]
    return propose_mailing(mailing=mailing, by=slt), families


def approve(mailing: Mailing, families: list[Addressee], by: User) -> Mailing:
    given: dict[str, Any] = {"signatory": (by.full_name, by.job_title), "addressees": families, "excluded": []}
    return approve_mailing(mailing=mailing, by=by, seen=fingerprint(mailing.letter, families, []), **given)


@pytest.mark.parametrize("attempt", range(3))
def test_two_workers_write_each_letter_of_a_mailing_once(attempt, staff, monkeypatch):
    monkeypatch.setattr("letters.mailings.AT_ONCE", 5)
    monkeypatch.setattr("letters.mailings.hurry", lambda pk: None)
    monkeypatch.setattr("letters.mailings.hurry_mailing", lambda pk: None)
    mailing, families = waiting(staff, number=23)
    approve(mailing, families, staff["head"])

    raised = at_once(lambda: make_mailing(mailing.pk), lambda: make_mailing(mailing.pk))

    assert raised == []
    assert (progress_of(mailing)["all"], progress_of(mailing)["unwritten"]) == (23, 0)
    assert Letter.objects.exclude(pk=mailing.letter_id).count() == 23
    assert Mailing.objects.get().state == Mailing.State.DONE


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_approve_a_mailing_one_is_told_who_did(attempt, staff, monkeypatch):
    monkeypatch.setattr("letters.mailings.hurry_mailing", lambda pk: None)
    other = UserFactory.create(school=staff["slt"].school, role=Role.SLT)
    mailing, families = waiting(staff, number=3)

    raised = at_once(lambda: approve(mailing, families, staff["head"]), lambda: approve(mailing, families, other))

    assert [type(error) for error in raised] == [WrongStateError]
    assert "Letters are being made" in str(raised[0])
    assert mailing.recipients.count() == 3


@pytest.mark.parametrize("attempt", range(3))
def test_two_imports_of_the_same_families_double_nobody(attempt, staff):
    office, slt = staff["office"], staff["slt"]
    uploads = [
        ContactImport.objects.get(
            pk=keep_upload(school=by.school, by=by, file_name="f.csv", table=TABLE, columns=COLUMNS).pk
        )
        for by in (office, slt)
    ]

    raised = at_once(
        lambda: import_contacts(upload=uploads[0], by=office), lambda: import_contacts(upload=uploads[1], by=slt)
    )

    assert raised == []
    assert (Person.objects.children().count(), Person.objects.adults().count()) == (38, 38)
    assert FamilyLink.objects.count() == 38


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_set_the_same_flag_one_is_told_who_did(attempt, staff):
    person = PersonFactory.create(school=staff["slt"].school, is_contact=True)

    def flag(by: User) -> None:
        set_flag(person=person, by=by, kind=PersonFlag.Kind.COURT_ORDER, reason="An order")

    raised = at_once(lambda: flag(staff["office"]), lambda: flag(staff["slt"]))

    assert [type(error) for error in raised] == [ContactRefusedError]
    assert PersonFlag.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_flag_set_while_a_letter_is_printed_never_lets_it_into_the_post(attempt, staff, monkeypatch):
    monkeypatch.setattr("letters.printing.hurry_batch", lambda pk: None)
    slt, office = staff["slt"], staff["office"]
    person = PersonFactory.create(school=slt.school, is_contact=True)
    made = LetterFactory.create(
        school=slt.school,
        recipient=person.recipient,
        drafted_by=slt,
        state=Letter.State.QUEUED,
        approved_by=slt,
        approved_at="2026-11-25T09:00Z",
        queued_at="2026-11-25T09:00Z",
    )
    make_letter(made.pk)
    letter = Letter.objects.get(pk=made.pk)

    raised = at_once(
        lambda: print_letters(letters=[letter], by=office),
        lambda: set_flag(person=person, by=slt, kind=PersonFlag.Kind.COURT_ORDER, reason="An order"),
    )

    assert all(isinstance(error, HeldError) for error in raised)
    assert Letter.objects.held().get() == letter
    assert not Letter.objects.to_print().exists()
    assert not Letter.objects.to_post().exists()
    with pytest.raises((HeldError, WrongStateError)):
        mark_posted(letters=[letter], posted_on=today(), by=office)
