"""What an import takes hold of: the list of its own school, one file of whoever uploaded it, the flags that stand."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.contacts.importing import import_contacts, plan_of
from incidents.models import ContactImport, FamilyLink, Person, PersonFlag
from tests.contacts.test_import import AVA_DAN, AVA_KATE, HEADING, upload_of
from tests.factories import SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
COURT_ORDER = AVA_KATE.removesuffix(",F") + ",T"
MOVED = AVA_KATE.replace("1 Elm Row", "7 New Row")


@pytest.fixture
def other_office(school):
    return UserFactory.create(school=SchoolFactory.create(code="OTH", name="Another School"), role=Role.OFFICE)


def counts(plan) -> tuple[int, int]:
    return len(plan.new), len(plan.changed)


def test_another_schools_families_are_no_one_we_know(school, office, other_office):
    import_contacts(upload=upload_of(other_office.school, other_office, AVA_KATE), by=other_office)

    plan = import_contacts(upload=upload_of(school, office, MOVED), by=office)

    assert counts(plan) == (2, 0)
    assert Person.objects.get(school=other_office.school, mis_id="P1").address.startswith("1 Elm Row")
    assert set(FamilyLink.objects.values_list("person__school", "relative__school")) == {
        (school.pk, school.pk),
        (other_office.school_id, other_office.school_id),
    }


def test_a_new_file_takes_the_place_of_ones_own_that_waited_and_of_no_other(school, office, admin, other_office):
    done = upload_of(school, office, AVA_KATE)
    import_contacts(upload=done, by=office)
    theirs = upload_of(school, UserFactory.create(school=school, role=Role.OFFICE), AVA_KATE)
    elsewhere = upload_of(other_office.school, other_office, AVA_KATE)
    mine = upload_of(school, office, AVA_DAN)

    last = upload_of(school, office, AVA_DAN)

    assert set(ContactImport.objects.all()) == {done, theirs, elsewhere, last}
    assert not ContactImport.objects.filter(pk=mine.pk).exists()
    assert last.file_name == "f.csv"


def test_only_the_file_that_was_chosen_is_taken_over(school, office):
    other = UserFactory.create(school=school, role=Role.OFFICE)
    first, second = upload_of(school, other, AVA_DAN), upload_of(school, office, AVA_KATE)

    import_contacts(upload=second, by=office)

    assert ContactImport.objects.get(pk=first.pk).applied_at is None
    assert not Person.objects.filter(mis_id="P2").exists()


def test_a_flag_that_was_lifted_is_set_anew_and_one_that_stands_is_not(school, office):
    import_contacts(upload=upload_of(school, office, COURT_ORDER), by=office)
    assert plan_of(upload_of(school, office, COURT_ORDER)).flags == []

    PersonFlag.objects.update(lifted_at=timezone.now(), lifted_by=office, lifted_reason="The order has ended.")

    assert len(plan_of(upload_of(school, office, COURT_ORDER)).flags) == 1


@pytest.mark.parametrize(
    ("again", "is_nothing"),
    [
        (AVA_KATE, True),
        (MOVED, False),
        (AVA_DAN, False),
        (COURT_ORDER, False),
        (AVA_KATE.replace(",T,T,1,F", ",T,T,2,F"), False),
        (AVA_KATE.replace(",T,T,1,F", ",T,F,1,F"), False),
    ],
)
def test_whether_a_file_says_anything_new(school, office, again, is_nothing):
    import_contacts(upload=upload_of(school, office, AVA_KATE), by=office)

    assert plan_of(upload_of(school, office, again, heading=HEADING)).is_nothing is is_nothing
