"""The people the school knows: who sees whom, families, households, and changing what is held."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from incidents.casework.conflicts import record_conflict
from incidents.contacts.changing import ChangedMeanwhileError, change_contact, unlist_contact, version_of
from incidents.contacts.family import HIDDEN, family_of, households_of, link_family, unlink_family
from incidents.contacts.flags import set_flag
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import Event, FamilyLink, Person, PersonFlag
from tests.factories import CaseFactory, CasePersonFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(school):
    """Ava with two parents who live apart, and her brother with one of them."""
    mother = PersonFactory.create(
        school=school, full_name="Kate Marsh", title="Ms", is_contact=True, address="1 Elm Row\nSE22 8EQ"
    )
    father = PersonFactory.create(
        school=school, full_name="Daniel Marsh", is_contact=True, address="9 Oak Way\nSE15 3AB"
    )
    ava = PersonFactory.create(
        school=school, full_name="Ava Marsh", title="", is_child=True, is_contact=True, class_name="Maple"
    )
    ben = PersonFactory.create(school=school, full_name="Ben Marsh", title="", is_child=True, is_contact=True)
    return mother, father, ava, ben


@pytest.fixture
def linked(family, office):
    mother, father, ava, ben = family
    link_family(person=mother, relative=ava, kind="parent", by=office)
    link_family(person=father, relative=ava, kind="parent", by=office)
    link_family(person=mother, relative=ben, kind="parent", by=office)
    return family


def test_who_share_a_parent_are_siblings(linked, office):
    _, _, ava, ben = linked

    assert {(each.person, each.words) for each in family_of(ava, user=office)} >= {(ben, "Sibling")}


def test_a_child_of_parents_who_live_apart_has_two_households(linked, office):
    mother, father, ava, _ = linked

    homes = households_of(ava, family_of(ava, user=office))

    lived_in = {home.address: [adult.person for adult in home.adults] for home in homes}
    assert lived_in == {"9 Oak Way, SE15 3AB": [father], "1 Elm Row, SE22 8EQ": [mother]}


def test_an_address_that_is_confidential_is_in_no_household(linked, slt, signed_in):
    mother, _, ava, _ = linked
    set_flag(person=mother, by=slt, kind=PersonFlag.Kind.CONFIDENTIAL, reason="A refuge.")

    page = signed_in(slt).get(reverse("contact", args=[ava.pk])).content.decode()

    assert "1 Elm Row" not in page
    assert HIDDEN in page


def test_a_person_is_on_many_cases_and_the_flag_shows_on_each(linked, slt, signed_in):
    mother = linked[0]
    cases = [CaseFactory.create(school=mother.school, lead=slt, number=number) for number in (14, 15)]
    for case in cases:
        CasePersonFactory.create(case=case, person=mother)
    set_flag(person=mother, by=slt, kind=PersonFlag.Kind.DO_NOT_CONTACT, reason="They asked on 3 May.")

    browser = signed_in(slt)
    for case in cases:
        page = browser.get(case.get_absolute_url()).content.decode()
        assert "No letters: do not contact." in page
        assert "They asked on 3 May." in page
        assert "Parent of" in page


def test_the_office_sees_the_list_and_nobody_known_from_a_case_only(linked, office, slt, signed_in):
    stranger = PersonFactory.create(school=linked[0].school, full_name="Someone Else")
    CasePersonFactory.create(case=CaseFactory.create(school=stranger.school, lead=slt), person=stranger)
    browser = signed_in(office)

    page = browser.get(reverse("contact-list")).content.decode()
    gone = browser.get(reverse("contact", args=[stranger.pk]))

    assert "Kate Marsh" in page
    assert "Someone Else" not in page
    assert gone.status_code == 404


def test_the_office_reads_the_flag_and_not_its_reason_nor_any_case(linked, office, slt, signed_in):
    mother = linked[0]
    case = CaseFactory.create(school=mother.school, lead=slt, number=14)
    CasePersonFactory.create(case=case, person=mother)
    set_flag(person=mother, by=slt, kind=PersonFlag.Kind.COURT_ORDER, reason="The Family Court")

    page = signed_in(office).get(reverse("contact", args=[mother.pk])).content.decode()

    assert "Court order" in page
    assert "The Family Court" not in page
    assert "C014" not in page


def test_whoever_stepped_aside_reads_neither_the_case_nor_the_reason(linked, colleague, slt, signed_in):
    mother = linked[0]
    case = CaseFactory.create(school=mother.school, lead=slt, number=14)
    CasePersonFactory.create(case=case, person=mother)
    record_conflict(case=case, by=colleague, reason="A friend")
    set_flag(person=mother, by=slt, kind=PersonFlag.Kind.COURT_ORDER, reason="The Family Court")

    page = signed_in(colleague).get(reverse("contact", args=[mother.pk])).content.decode()

    assert "C014" not in page
    assert "The Family Court" not in page


@pytest.mark.parametrize(
    ("first", "second", "kind", "said"),
    [
        (2, 0, "parent", "A parent or carer is an adult"),
        (0, 2, "sibling", "Siblings are two children"),
        (0, 0, "parent", "nobody is their own family"),
        (0, 1, "carer", "A parent or carer is an adult"),
    ],
)
def test_a_link_that_makes_no_sense_is_refused(first, second, kind, said, family, office):
    with pytest.raises(ContactRefusedError, match=said):
        link_family(person=family[first], relative=family[second], kind=kind, by=office)


def test_two_children_are_siblings_once_whichever_is_named_first(family, office):
    *_, ava, ben = family
    link_family(person=ava, relative=ben, kind="sibling", by=office)

    for one, other in ((ava, ben), (ben, ava)):
        with pytest.raises(ContactRefusedError, match="are linked already"):
            link_family(person=one, relative=other, kind="sibling", by=office)
    assert [each.words for each in family_of(ava, user=office)] == ["Sibling"]


def test_a_link_is_taken_away_again(linked, office):
    mother, _, ava, _ = linked

    unlink_family(link=FamilyLink.objects.get(person=mother, relative=ava), by=office)

    assert mother not in [each.person for each in family_of(ava, user=office)]


def test_a_family_says_who_has_responsibility_and_who_lives_with_the_child(linked, office):
    mother, father, ava, _ = linked
    mother.relatives.filter(relative=ava).update(has_responsibility=True, lives_together=True)
    father.relatives.filter(relative=ava).update(has_responsibility=False, lives_together=False)

    assert {each.person: each.details for each in family_of(ava, user=office) if each.details} == {
        mother: "has parental responsibility, lives with the child",
        father: "no parental responsibility, lives elsewhere",
    }


def test_only_who_may_change_contacts_changes_them_and_only_those_they_may_know(family, linked, admin, outsider):
    mother, _, ava, ben = family
    link = FamilyLink.objects.get(person=mother, relative=ava)
    assert not admin.has_perm("incidents.change_contacts")
    deeds = (
        lambda by: change_contact(person=mother, by=by, version=version_of(mother), title="Dr"),
        lambda by: unlist_contact(person=mother, by=by),
        lambda by: link_family(person=ava, relative=ben, kind="sibling", by=by),
        lambda by: unlink_family(link=link, by=by),
    )

    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed(admin)
        with pytest.raises(ContactRefusedError):
            deed(outsider)
    assert Person.objects.get(pk=mother.pk).title == "Ms"
    assert FamilyLink.objects.count() == 3


def test_off_the_list_somebody_stays_on_their_case_and_is_taken_off_once(family, office, slt):
    mother = family[0]
    case = CasePersonFactory.create(case=CaseFactory.create(school=mother.school, lead=slt), person=mother).case

    unlist_contact(person=mother, by=office)

    assert not Person.objects.get(pk=mother.pk).is_contact
    assert case.subjects == [mother]
    with pytest.raises(ContactRefusedError, match="not on the list any more"):
        unlist_contact(person=mother, by=office)


def test_saving_what_is_there_already_changes_nothing_and_is_no_news(family, office):
    mother = family[0]

    assert change_contact(person=mother, by=office, version=version_of(mother), full_name="Kate Marsh") == []
    assert mother.history.count() == 1


def test_the_page_asks_which_of_several_of_a_name(family, office, signed_in):
    mother, _, ava, _ = family
    double = PersonFactory.create(school=ava.school, full_name="Kate Marsh", is_contact=True, address="7 Ash Close")
    browser, address = signed_in(office), reverse("family-add", args=[ava.pk])

    asked = browser.post(address, {"full_name": "kate marsh", "kind": "parent"})
    added = browser.post(address, {"full_name": "kate marsh", "kind": "parent", "which": double.pk})

    assert "Several people have this name" in asked.content.decode()
    assert added.status_code == 302
    assert ava.related_from.get().person == double
    assert ava.related_from.get().person != mother


def test_consent_to_email_is_kept_with_who_and_when_and_ends_with_the_address(family, office, slt):
    mother = family[0]
    held = {"full_name": "Kate Marsh", "title": "Ms", "address": mother.address, "language": "es"}

    change_contact(
        person=mother,
        by=office,
        version=version_of(mother),
        **held,
        email="kate@example.com",
        email_agreed_how="On the form",
    )
    agreed = Person.objects.get(pk=mother.pk)
    change_contact(person=agreed, by=slt, version=version_of(agreed), title="Dr")
    agreed = Person.objects.get(pk=mother.pk)
    change_contact(
        person=agreed, by=office, version=version_of(agreed), **held, email="", email_agreed_how="On the form"
    )
    ended = Person.objects.get(pk=mother.pk)

    assert (agreed.may_be_emailed, agreed.email_agreed_to, agreed.language) == (True, office, "es")
    assert (ended.may_be_emailed, ended.email_agreed_on, ended.email_agreed_how) == (False, None, "")


def test_a_link_to_somebody_of_a_case_that_is_kept_from_the_reader_cannot_be_removed(family, office, slt, signed_in):
    mother = family[0]
    unseen = PersonFactory.create(school=mother.school, is_child=True, is_contact=False)
    CasePersonFactory.create(case=CaseFactory.create(school=mother.school, lead=slt), person=unseen)
    link = FamilyLink.objects.create(person=mother, relative=unseen, kind="parent")

    page = signed_in(office).post(reverse("family-remove", args=[mother.pk, link.pk]))

    assert page.status_code == 404
    assert FamilyLink.objects.filter(pk=link.pk).exists()


def test_the_slower_of_two_editors_is_told_and_keeps_what_was_typed(family, office, slt, signed_in):
    mother = family[0]
    seen = version_of(mother)
    change_contact(person=mother, by=slt, version=seen, address="2 New Street")

    with pytest.raises(ChangedMeanwhileError):
        change_contact(person=mother, by=office, version=seen, address="3 Other Street")
    page = signed_in(office).post(
        reverse("contact-change", args=[mother.pk]),
        {"full_name": "Kate Marsh", "address": "3 Other Street", "version": seen},
    )

    assert "changed these details" in page.content.decode()
    assert "3 Other Street" in page.content.decode()
    assert Person.objects.get(pk=mother.pk).address == "2 New Street"


def test_a_change_is_in_the_story_of_every_open_case(family, office, slt):
    mother = family[0]
    CasePersonFactory.create(case=CaseFactory.create(school=mother.school, lead=slt), person=mother)

    change_contact(person=mother, by=office, version=version_of(mother), address="2 New Street")

    assert Event.objects.get(kind=Event.Kind.PERSON_CHANGED).facts["summary"] == "Changed: address."


def test_the_list_costs_no_more_queries_with_more_rows(school, office, signed_in, django_assert_max_num_queries):
    for number in range(60):
        adult = PersonFactory.create(school=school, full_name=f"Adult {number:02}", is_contact=True)
        child = PersonFactory.create(school=school, full_name=f"Child {number:02}", is_child=True, is_contact=True)
        link_family(person=adult, relative=child, kind="parent", by=office)
        set_flag(person=adult, by=office, kind=PersonFlag.Kind.COURT_ORDER, reason="x")
    browser = signed_in(office)
    browser.get(reverse("contact-list"))

    with django_assert_max_num_queries(15):
        page = browser.get(reverse("contact-list"), {"only": "flagged"}).content.decode()

    assert "Adult 00" in page
    assert "Child 00" in page


def test_somebody_of_another_school_finds_nobody(family, outsider, signed_in):
    page = signed_in(outsider).get(reverse("contact-list")).content.decode()

    assert "Kate Marsh" not in page
