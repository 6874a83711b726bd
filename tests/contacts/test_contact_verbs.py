"""Changing, flagging and linking people: of one person, in the stories of their open cases, and of no other."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.contacts import changing, flags
from incidents.contacts.changing import ChangedMeanwhileError, change_contact, unlist_contact, version_of
from incidents.contacts.family import family_of, households_of, link_family, unlink_family
from incidents.contacts.flags import lift_flag, set_flag
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import Event, FamilyLink, Person, PersonFlag
from tests.factories import CaseFactory, CasePersonFactory, PersonFactory, PersonFlagFactory

pytestmark = pytest.mark.django_db
COURT, CONTACT, HIDDEN_HOME = (
    PersonFlag.Kind.COURT_ORDER,
    PersonFlag.Kind.DO_NOT_CONTACT,
    PersonFlag.Kind.CONFIDENTIAL,
)


@pytest.fixture
def people(school):
    """The one who is meant stands behind another."""
    return [PersonFactory.create(school=school, is_contact=True, full_name=name) for name in ("Abe Obi", "Dan Marsh")]


@pytest.fixture
def cases(people, slt):
    """Two open cases of the second person, who is on one of them twice; a closed one; and one of the first person."""
    other, person = people
    made = [CaseFactory.create(school=slt.school, lead=slt) for _ in range(4)]
    for case in made[:3]:
        CasePersonFactory.create(case=case, person=person)
    CasePersonFactory.create(case=made[0], person=person, role="witness")
    CasePersonFactory.create(case=made[3], person=other)
    over = {"status": "closed", "closed_reason": "Done.", "closed_at": timezone.now()}
    type(made[2]).objects.filter(pk=made[2].pk).update(**over)
    return made


def change(person, by, **wanted):
    return change_contact(person=person, by=by, version=version_of(person), **wanted)


@pytest.fixture
def stopped(monkeypatch):
    """What letters and e-mails were asked to be stopped."""
    asked = []
    monkeypatch.setattr(changing, "stop_emails", lambda **given: asked.append(given))
    return asked


# ----------------------------------------------------------------------------------------------------------- changing


def test_a_change_is_of_one_person_and_told_once_in_each_open_case_under_the_old_name(people, cases, office):
    other, person = people

    words = change(person, office, full_name="Daniel Marsh", title="Mr", language="es")

    assert words == ["name", "language"]
    other.refresh_from_db()
    person.refresh_from_db()
    assert (other.full_name, person.full_name, person.language) == ("Abe Obi", "Daniel Marsh", "es")
    told = Event.objects.order_by("case_id")
    assert [event.case for event in told] == cases[:2]
    for event in told:
        assert (event.kind, event.school, event.by) == ("person_changed", office.school, office)
        assert (event.facts["person"], event.facts["summary"]) == ("Dan Marsh", "Changed: name, language.")


def test_consent_is_noted_where_it_is_given_and_ends_with_the_address_or_the_word(people, office, slt, stopped):
    person = people[1]
    change(person, office, email="a@example.com")
    person.refresh_from_db()
    assert (person.email_agreed_on, person.email_agreed_to, len(stopped)) == (None, None, 1)

    change(person, office, email_agreed_how="By phone")
    person.refresh_from_db()
    assert (person.email_agreed_on, person.email_agreed_to) == (today(), office)
    change(person, slt, title="Dr")
    person.refresh_from_db()
    assert (person.email_agreed_to, len(stopped)) == (office, 2)
    change(person, slt, email="b@example.com")
    person.refresh_from_db()
    assert (person.email_agreed_how, person.email_agreed_to, len(stopped)) == ("By phone", slt, 3)
    change(person, slt, email_agreed_how="")
    person.refresh_from_db()
    assert (person.email, person.email_agreed_on, person.email_agreed_to) == ("b@example.com", None, None)
    why = "They no longer agree to this by email."
    assert stopped[-1] == {"school": person.school, "recipient": person.recipient, "by": slt, "why": why}


def test_who_moved_has_their_letters_withdrawn_and_nobody_else(people, office, monkeypatch, stopped):
    asked = []
    monkeypatch.setattr(changing, "withdraw_from_old_addresses", lambda **given: asked.append(given) or ["x"])
    monkeypatch.setattr(changing, "void_words", lambda found, user: [*found, user])
    person = people[1]

    assert change(person, office, title="Dr") == ["title"]
    assert (asked, stopped) == ([], [])
    assert change(person, office, address="2 New Street", title="Ms") == ["title", "address", "x", office]
    assert asked == [{"school": person.school, "addresses": {person.recipient: "2 New Street"}, "by": office}]


def test_who_changed_it_meanwhile_is_named_with_the_version_to_look_at(people, office, slt):
    person = people[1]
    seen = version_of(person)
    change(person, slt, title="Dr")
    person.history.update(history_user=slt)

    with pytest.raises(ChangedMeanwhileError, match=f"^{slt.full_name} changed these details on ") as refused:
        change_contact(person=person, by=office, version=seen, title="Ms")
    assert refused.value.version == version_of(person) != seen
    person.history.update(history_user=None)
    with pytest.raises(ChangedMeanwhileError, match=r"^Somebody else changed these details on "):
        change_contact(person=person, by=office, version=seen, title="Ms")
    person.history.all().delete()
    assert version_of(person) == ""
    with pytest.raises(ChangedMeanwhileError, match=r"^Somebody else changed these details\. Look"):
        change_contact(person=person, by=office, version=seen, title="Ms")


def test_one_person_goes_off_the_list_and_keeps_what_was_changed_meanwhile(people, office):
    other, person = people
    Person.objects.filter(pk=person.pk).update(title="Dr")

    unlist_contact(person=person, by=office)

    other.refresh_from_db()
    person.refresh_from_db()
    assert (other.is_contact, person.is_contact, person.title) == (True, False, "Dr")


# -------------------------------------------------------------------------------------------------------------- flags


@pytest.fixture
def letters(monkeypatch):
    asked = []
    monkeypatch.setattr(flags, "hold_recipient", lambda **given: asked.append(given) or [])
    monkeypatch.setattr(flags, "release_recipient", lambda **given: asked.append(given) or [])
    return asked


@pytest.mark.parametrize(("kind", "is_absolute"), [(COURT, True), (CONTACT, False)])
def test_a_flag_stops_letters_to_one_person_and_is_told_in_their_open_cases(
    people, cases, office, letters, kind, is_absolute
):
    other, person = people
    PersonFlagFactory.create(person=other, kind=kind, set_by=office)

    assert set_flag(person=person, by=office, kind=kind, reason="On file.") == []

    flag = person.flags.get()
    assert (flag.kind, flag.reason, flag.set_by) == (kind, "On file.", office)
    assert letters == [
        {
            "school": person.school,
            "recipient": person.recipient,
            "key": flag.key,
            "why": flag.sentence,
            "is_absolute": is_absolute,
            "by": office,
        }
    ]
    told = Event.objects.order_by("case_id")
    assert [event.case for event in told] == cases[:2]
    for event in told:
        assert (event.kind, event.school, event.by, event.why) == ("flag_set", office.school, office, "")
        facts = {"person": "Dan Marsh", "flag": flag.get_kind_display(), "summary": "", "case": event.case.reference}
        assert event.facts == facts


def test_a_flag_that_was_lifted_or_is_of_another_kind_is_no_hindrance(people, office, slt, letters):
    person = people[1]
    set_flag(person=person, by=office, kind=COURT, reason="On file.")
    set_flag(person=person, by=office, kind=CONTACT, reason="They asked.")
    lift_flag(flag=person.flags.get(kind=COURT), by=slt, reason="Over.")

    set_flag(person=person, by=office, kind=COURT, reason="Again.")

    assert person.flags.filter(kind=COURT).count() == 2


def test_lifting_one_flag_keeps_who_and_why_and_leaves_the_other(people, cases, office, slt, letters):
    person = people[1]
    set_flag(person=person, by=office, kind=COURT, reason="On file.")
    set_flag(person=person, by=office, kind=CONTACT, reason="They asked.")
    first, second = person.flags.order_by("pk")
    PersonFlag.objects.filter(pk=second.pk).update(reason="Meanwhile")
    letters.clear()
    Event.objects.all().delete()

    assert lift_flag(flag=second, by=slt, reason="They asked again.") == []

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.lifted_at, second.reason) == (None, "Meanwhile")
    assert (second.lifted_by, second.lifted_reason) == (slt, "They asked again.")
    assert second.lifted_at <= timezone.now()
    given = {"school": person.school, "recipient": person.recipient, "key": second.key}
    assert letters == [{**given, "why": "The flag was lifted.", "by": slt}]
    told = Event.objects.order_by("case_id")
    assert [(event.kind, event.case, event.by) for event in told] == [("flag_lifted", case, slt) for case in cases[:2]]


def test_only_those_of_the_school_with_the_right_flag_anybody(people, admin, outsider, slt):
    flag = PersonFlagFactory.create(person=people[1])
    for deed in (
        lambda by: set_flag(person=people[1], by=by, kind=CONTACT, reason="x"),
        lambda by: lift_flag(flag=flag, by=by, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            deed(admin)
        with pytest.raises(ContactRefusedError, match="cannot be found any more"):
            deed(outsider)
    assert PersonFlag.objects.get().lifted_at is None


# ------------------------------------------------------------------------------------------------------------- family


@pytest.fixture
def children(school):
    about = {"school": school, "is_child": True, "is_contact": True}
    return [PersonFactory.create(full_name=name, **about) for name in ("Ava", "Ben")]


def test_a_link_is_between_the_two_that_are_named_and_goes_alone(people, children, office):
    adult, other = people
    ava, ben = children
    first = link_family(person=adult, relative=ava, kind="parent", by=office)
    second = link_family(person=adult, relative=ben, kind="carer", by=office)
    third = link_family(person=other, relative=ava, kind="carer", by=office)

    assert (second.person, second.relative, second.kind) == (adult, ben, "carer")
    with pytest.raises(ContactRefusedError, match="are linked already"):
        link_family(person=adult, relative=ava, kind="carer", by=office)
    unlink_family(link=second, by=office)
    assert list(FamilyLink.objects.order_by("pk")) == [first, third]


def test_a_family_is_those_who_are_linked_or_share_a_parent_each_once(people, children, school, office):
    adult, other = people
    ava, ben = children
    cy, stranger = (
        PersonFactory.create(school=school, full_name=name, is_child=True, is_contact=name == "Cy")
        for name in ("Cy", "Di")
    )
    for person, relative, kind in (
        (adult, ava, "parent"),
        (adult, ben, "parent"),
        (adult, cy, "parent"),
        (adult, stranger, "parent"),
        (other, cy, "carer"),
        (ava, cy, "sibling"),
    ):
        FamilyLink.objects.create(person=person, relative=relative, kind=kind)

    def seen(person):
        return [(each.person.full_name, each.words) for each in family_of(person, user=office)]

    assert sorted(seen(ava)) == [("Abe Obi", "Parent"), ("Ben", "Sibling"), ("Cy", "Sibling")]
    assert sorted(seen(cy)) == [("Abe Obi", "Parent"), ("Ava", "Sibling"), ("Ben", "Sibling"), ("Dan Marsh", "Carer")]
    assert sorted(seen(adult)) == [("Ava", "Child"), ("Ben", "Child"), ("Cy", "Child")]
    assert seen(other) == [("Cy", "Child")]


def test_a_home_is_named_once_and_each_hidden_one_apart(people, children, school, office):
    ava = children[0]
    names = {"Al": "1 Elm Row\nSE22", "Bo": "1 ELM Row\nSE22", "Cat": "", "Dee": "2 Oak\nSE1", "Eve": "2 Oak\nSE1"}
    adults = {
        name: PersonFactory.create(school=school, full_name=name, address=home, is_contact=True)
        for name, home in names.items()
    }
    for adult in adults.values():
        link_family(person=adult, relative=ava, kind="parent", by=office)
    for name in ("Dee", "Eve"):
        PersonFlagFactory.create(person=adults[name], kind=HIDDEN_HOME)
    PersonFlagFactory.create(person=adults["Cat"], kind=COURT)
    over = {"lifted_at": timezone.now(), "lifted_by": office, "lifted_reason": "x"}
    PersonFlagFactory.create(person=adults["Al"], kind=HIDDEN_HOME, **over)

    homes = households_of(ava, family_of(ava, user=office))

    lived_in = sorted((home.address, sorted(each.person.full_name for each in home.adults)) for home in homes)
    assert lived_in == [
        ("1 Elm Row, SE22", ["Al", "Bo"]),
        ("Address confidential", ["Dee"]),
        ("Address confidential", ["Eve"]),
        ("No address held", ["Cat"]),
    ]
