"""Adding somebody to a case, and changing what is held about them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from incidents.casework.case_lock import Refused
from incidents.casework.people import ChangedMeanwhile, add_person, change_person, people_called, version_of
from incidents.models import CasePerson, Conflict, Person
from incidents.models.story import lines_of, title_of
from tests.factories import CaseFactory, CasePersonFactory, LetterFactory, PersonFactory


def changed(person: Person, **fields: str) -> dict[str, str]:
    held = {name: getattr(person, name) for name in ("full_name", "title", "address")}
    return {**held, "version": version_of(person), **fields}


def test_somebody_new_is_added_with_one_event(case, slt):
    link = add_person(case=case, by=slt, role="witness", full_name="  Priya   Raman ", description="Parent")

    assert link.person.full_name == "Priya Raman"
    assert link.person.school == case.school
    event = case.events.get()
    assert title_of(event) == "Priya Raman added"
    assert lines_of(event) == ["Role on the case: Witness."]
    assert event.by == slt


def test_somebody_known_is_added_and_not_doubled(case, slt):
    known = PersonFactory.create(school=case.school, full_name="Helen Ashby")

    link = add_person(case=case, by=slt, role="subject", person=known)

    assert link.person == known
    assert Person.objects.filter(full_name="Helen Ashby").count() == 1


def test_the_same_role_is_not_given_twice(case, slt):
    known = PersonFactory.create(school=case.school)
    add_person(case=case, by=slt, role="witness", person=known)

    with pytest.raises(Refused, match="on this case already, as: witness"):
        add_person(case=case, by=slt, role="witness", person=known)

    assert case.events.count() == 1


def test_a_child_role_makes_a_child(case, slt):
    link = add_person(case=case, by=slt, role="child", full_name="T. M.")

    assert link.person.is_child


@pytest.mark.parametrize("is_known", [True, False])
def test_a_child_is_never_the_subject(is_known, case, slt):
    child = PersonFactory.create(school=case.school, full_name="T. M.", is_child=True) if is_known else None

    with pytest.raises(Refused, match="A child cannot be the subject"):
        add_person(case=case, by=slt, role="subject", full_name="T. M.", is_child=True, person=child)

    assert not CasePerson.objects.filter(case=case, role="subject").exists()
    assert Person.objects.filter(full_name="T. M.").count() == int(is_known)


def test_a_changed_address_is_one_event_that_does_not_repeat_it(case, slt):
    person = CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school)).person

    words = change_person(case=case, by=slt, person=person, **changed(person, address="1 New Road\nLondon"))

    person.refresh_from_db()
    assert words == ["address"]
    assert person.address == "1 New Road\nLondon"
    assert lines_of(case.events.get()) == ["Changed: address."]


def test_saving_without_a_change_leaves_no_event(case, slt):
    person = CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school)).person

    assert change_person(case=case, by=slt, person=person, **changed(person)) == []

    assert not case.events.exists()


def test_the_second_of_two_changes_is_told_of_the_first(case, slt, colleague):
    person = CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school)).person
    seen = changed(person, address="2 Other Road")
    person._history_user = colleague
    change_person(case=case, by=colleague, person=person, **changed(person, title="Dr"))

    with pytest.raises(ChangedMeanwhile, match="changed these details on") as told:
        change_person(case=case, by=slt, person=person, **seen)
    change_person(case=case, by=slt, person=person, **{**seen, "version": told.value.version, "title": "Dr"})

    person.refresh_from_db()
    assert (person.title, person.address) == ("Dr", "2 Other Road")


def test_people_only_known_from_a_case_kept_from_somebody_are_not_offered(case, slt, colleague):
    CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school, full_name="Helen Ashby"))
    Conflict.objects.create(user=slt, case=case, reason="Her brother")

    CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school, full_name="Helen Ash"))

    assert not people_called("Helen Ashby", user=slt).exists()
    assert people_called("helen  ashby", user=colleague).count() == 1


def test_people_of_another_school_are_not_offered(case, slt, outsider):
    PersonFactory.create(school=outsider.school, full_name="Helen Ashby")

    assert not people_called("Helen Ashby", user=slt).exists()


def test_the_office_cannot_change_a_case_by_the_verb_either(case, office):
    with pytest.raises(PermissionDenied):
        add_person(case=case, by=office, role="witness", full_name="Priya Raman")


def test_somebody_who_stepped_aside_meanwhile_changes_nothing(case, slt):
    Conflict.objects.create(user=slt, case=case, reason="Her brother")

    with pytest.raises(Refused, match="no longer see this case"):
        add_person(case=case, by=slt, role="witness", full_name="Priya Raman")


def test_another_schools_case_is_refused(slt, outsider):
    other = CaseFactory.create(school=outsider.school)

    with pytest.raises(Refused):
        add_person(case=other, by=slt, role="witness", full_name="Priya Raman")


def test_a_closed_case_refuses_with_a_sentence(closed_case, slt):
    with pytest.raises(Refused, match=rf"Case {closed_case.reference} was closed on 4 December 2026"):
        add_person(case=closed_case, by=slt, role="witness", full_name="Priya Raman")

    assert not Person.objects.filter(full_name="Priya Raman").exists()


@pytest.mark.parametrize(("is_child", "role"), [(True, "witness"), (False, "witness")])
def test_somebody_new_is_kept_whole(case, slt, is_child, role):
    about = {"title": "Dr", "address": "1 New Road\nLondon", "description": "Parent"}

    link = add_person(case=case, by=slt, role=role, full_name="Priya Raman", is_child=is_child, **about)

    link.refresh_from_db()
    person = link.person
    assert (link.case, link.role, link.description) == (case, role, "Parent")
    assert (person.full_name, person.title, person.address) == ("Priya Raman", "Dr", "1 New Road\nLondon")
    assert person.is_child is is_child


def test_whom_we_know_as_an_adult_stays_one_whatever_the_form_says(case, slt):
    known = PersonFactory.create(school=case.school)

    assert add_person(case=case, by=slt, role="subject", is_child=True, person=known).person == known


def test_another_role_and_another_case_is_another_link(case, slt):
    known = PersonFactory.create(school=case.school)
    other = CaseFactory.create(school=case.school, lead=slt)

    for where, role in ((case, "witness"), (case, "affected"), (other, "witness")):
        add_person(case=where, by=slt, role=role, person=known)

    assert known.cases.count() == 3


def test_a_change_keeps_every_field_and_its_line_says_which_by_the_name_they_had(case, slt):
    person = CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school)).person
    new = {"full_name": "Daniel  Marsh-Lee", "title": "Dr"}

    words = change_person(case=case, by=slt, person=person, **changed(person, **new))

    person.refresh_from_db()
    assert (person.full_name, person.title, words) == ("Daniel Marsh-Lee", "Dr", ["name", "title"])
    told = case.events.get()
    assert (told.by, told.facts["person"], told.facts["summary"]) == (slt, "Daniel Marsh", "Changed: name, title.")


def test_letters_to_the_old_address_are_withdrawn_and_those_to_others_are_not(case, slt):
    person = CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school)).person
    about = {"school": case.school, "drafted_by": slt, "state": "ready", "approved_by": slt}
    sealed = {"approved_at": case.opened_at, "queued_at": case.opened_at, "file": "a.pdf", "sha256": "0" * 64}
    theirs = LetterFactory.create(recipient=person.recipient, pages=1, **about, **sealed)
    other = LetterFactory.create(recipient="person-0", pages=1, **about, **sealed)
    elsewhere = LetterFactory.create(recipient=person.recipient, address="2 Road\nLondon", pages=1, **about, **sealed)

    change_person(case=case, by=slt, person=person, **changed(person, title="Dr"))
    for row in (theirs, elsewhere, person):
        row.refresh_from_db()
    assert (theirs.state, elsewhere.state) == ("ready", "ready")
    words = change_person(case=case, by=slt, person=person, **changed(person, address="1 New Road\nLondon"))

    for letter in (theirs, other):
        letter.refresh_from_db()
    assert (theirs.state, other.state) == ("void", "ready")
    assert words[0] == "address"
    assert theirs.reference in words[1]


def test_a_person_without_a_history_has_a_version_too(case, slt):
    person = CasePersonFactory.create(case=case).person
    person.history.all().delete()

    assert version_of(person) == ""
    assert change_person(case=case, by=slt, person=person, **changed(person, title="Dr")) == ["title"]


def test_what_is_stored_counts_and_not_what_was_read_before(case, slt, colleague):
    person, _other = (CasePersonFactory.create(case=case, role=role).person for role in ("subject", "witness"))
    stale = Person.objects.get(pk=person.pk)
    change_person(case=case, by=colleague, person=person, **changed(person, title="Dr"))

    new = changed(stale, title="Dr", address="1 New Road\nLondon")
    assert change_person(case=case, by=slt, person=stale, **new) == ["address"]


def test_nobody_is_changed_by_way_of_a_closed_case(closed_case, slt):
    person = CasePersonFactory.create(case=closed_case).person

    with pytest.raises(Refused, match="was closed on"):
        change_person(case=closed_case, by=slt, person=person, **changed(person, title="Dr"))
