"""The pages that add somebody and change what is held about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from incidents.casework.people import change_person, version_of
from incidents.models import CasePerson, Conflict, Person
from tests.factories import CaseFactory, CasePersonFactory, PersonFactory

if TYPE_CHECKING:
    from django.test import Client

    from dkh_conduct.accounts.models import User

ADD = "/staff/cases/C014/people/add/"
ADDRESS = "Flat 3\n18 Grove Vale\nLondon\nSE22 8EQ"


@pytest.fixture
def client(slt: User, signed_in: Any) -> Client:
    signed: Client = signed_in(slt)
    return signed


def answers(**given: str) -> dict[str, str]:
    return {"full_name": "Priya Raman", "role": "witness", "description": "Parent", **given}


def change_page(link: CasePerson) -> str:
    return reverse("person-change", args=["C014", link.pk])


def test_somebody_new_is_added(case, client):
    response = client.post(ADD, answers(title="Ms", address="  1 New Road \r\n\r\n London  "))

    assert response.status_code == 302
    assert response["Location"] == case.get_absolute_url()
    person = case.people.get().person
    assert (person.full_name, person.title, person.address) == ("Priya Raman", "Ms", "1 New Road\nLondon")
    assert "Priya Raman is on this case now." in client.get(response["Location"]).content.decode()


def test_nothing_filled_in_says_what_to_do(case, client):
    page = client.post(ADD, {}).content.decode()

    assert "Enter their full name, or what they are known as" in page
    assert "Select their role on this case" in page
    assert "<title>Error: " in page
    assert not case.people.exists()


def test_somebody_of_the_same_name_is_asked_about(case, school, client):
    known = PersonFactory.create(school=school, full_name="Priya Raman", title="Ms", address=ADDRESS)

    page = client.post(ADD, answers()).content.decode()

    assert "Somebody has this name already. Say whether this is the same person" in page
    assert "Ms Priya Raman, Flat 3, 18 Grove Vale, London, SE22 8EQ" in page
    assert "Someone new" in page
    assert f'value="{known.pk}"' in page
    assert 'value="Parent"' in page
    assert not case.people.exists()


def test_the_same_person_is_not_doubled(case, school, client):
    known = PersonFactory.create(school=school, full_name="Priya Raman", address=ADDRESS)

    client.post(ADD, answers(full_name="priya  raman", same_person=str(known.pk)))

    assert case.people.get().person == known
    assert Person.objects.filter(full_name__iexact="priya raman").count() == 1


def test_someone_new_of_the_same_name_is_a_second_person(case, school, client):
    PersonFactory.create(school=school, full_name="Priya Raman", address=ADDRESS)

    client.post(ADD, answers(same_person="new", address="2 Other Road"))

    assert case.people.get().person.address == "2 Other Road"
    assert Person.objects.filter(full_name="Priya Raman").count() == 2


def test_another_address_typed_for_a_known_person_is_never_dropped_silently(case, school, client):
    known = PersonFactory.create(school=school, full_name="Priya Raman", address=ADDRESS)

    page = client.post(ADD, answers(same_person=str(known.pk), address="2 Other Road")).content.decode()

    assert "We hold another address for them" in page
    assert "2 Other Road" in page
    assert not case.people.exists()


@pytest.mark.parametrize("chosen", ["0", "999999", "x", ""])
def test_only_a_namesake_that_was_offered_can_be_chosen(chosen, case, school, client):
    PersonFactory.create(school=school, full_name="Priya Raman")

    assert client.post(ADD, answers(same_person=chosen)).status_code == 200
    assert not case.people.exists()


def test_a_person_of_another_school_cannot_be_put_on_the_case(case, outsider, client):
    theirs = PersonFactory.create(school=outsider.school, full_name="Priya Raman")

    client.post(ADD, answers(same_person=str(theirs.pk)))

    assert case.people.get().person.school == case.school


def test_a_namesake_only_known_from_a_case_kept_from_somebody_is_not_shown(case, school, slt, colleague, client):
    other = CaseFactory.create(school=school, lead=colleague, number=15)
    known = PersonFactory.create(school=school, full_name="Priya Raman", address="A secret road")
    CasePersonFactory.create(case=other, person=known)
    Conflict.objects.create(user=slt, case=other, reason="Her sister")

    page = client.post(ADD, answers(role="")).content.decode()

    assert "A secret road" not in page
    assert "Is this the same person?" not in page


def test_a_child_as_the_subject_is_refused_beside_the_form(case, client):
    page = client.post(ADD, answers(role="subject", is_child="on")).content.decode()

    assert "A child cannot be the subject" in page
    assert 'value="Priya Raman"' in page
    assert not Person.objects.exists()


def test_the_same_role_twice_is_refused_beside_the_form(case, client):
    client.post(ADD, answers())

    page = client.post(ADD, answers(same_person=str(Person.objects.get().pk))).content.decode()

    assert "Priya Raman is on this case already, as: witness." in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("full_name", "N" * 121, "Use 120 characters or fewer. There are 121 here"),
        ("title", "T" * 21, "Use 20 characters or fewer"),
        ("description", "D" * 121, "Use 120 characters or fewer"),
        ("address", "A" * 301, "Use 300 characters or fewer"),
        ("full_name", "a\x00b", "One of the symbols here cannot be saved"),
        ("address", "a\x00b", "One of the symbols here cannot be saved"),
        ("role", "reporter", "Select a valid choice"),
        ("full_name", "   ", "Enter their full name"),
    ],
)
def test_what_cannot_be_kept_is_explained_and_the_rest_is_kept(field, value, sentence, case, client):
    page = client.post(ADD, {**answers(description="Parent in Year 4"), field: value}).content.decode()

    assert sentence in page
    assert field == "description" or "Parent in Year 4" in page
    assert not case.people.exists()


@pytest.mark.parametrize("name", ["ليلى الأحمد", "Thanh Nguyễn 🌙", "O’Brien-Nkẹ́", "<b>Bold</b>"])
def test_every_name_is_kept_as_it_was_given(name, case, client):
    client.post(ADD, answers(full_name=name))

    assert case.people.get().person.full_name == name
    assert "<b>Bold" not in client.get(case.get_absolute_url()).content.decode()


def test_the_change_page_shows_what_is_held(case, school, client):
    link = CasePersonFactory.create(case=case, person=PersonFactory.create(school=school))

    page = client.get(change_page(link)).content.decode()

    assert 'value="Daniel Marsh"' in page
    assert "18 Grove Vale" in page


def test_a_changed_address_is_saved(case, school, client):
    link = CasePersonFactory.create(case=case, person=PersonFactory.create(school=school))

    response = client.post(
        change_page(link),
        {"full_name": "Daniel Marsh", "title": "Mr", "address": "1 New Road", "version": version_of(link.person)},
    )

    assert response.status_code == 302
    link.person.refresh_from_db()
    assert link.person.address == "1 New Road"
    assert "Saved: address." in client.get(case.get_absolute_url()).content.decode()


def test_two_at_once_keeps_what_the_second_typed_and_lets_them_save_knowingly(case, school, colleague, client):
    link = CasePersonFactory.create(case=case, person=PersonFactory.create(school=school))
    stale = version_of(link.person)
    change_person(
        case=case,
        by=colleague,
        person=link.person,
        version=stale,
        full_name="Daniel Marsh",
        title="Dr",
        address=ADDRESS,
    )
    typed = {"full_name": "Daniel Marsh", "title": "Mr", "address": "2 Other Road", "version": stale}

    refused = client.post(change_page(link), typed)
    page = refused.content.decode()
    saved = client.post(change_page(link), {**typed, "version": refused.context["form"]["version"].value()})

    assert "changed these details on" in page
    assert "2 Other Road" in page
    assert saved.status_code == 302
    link.person.refresh_from_db()
    assert (link.person.title, link.person.address) == ("Mr", "2 Other Road")
