"""Whom a letter to many reaches: the adults of one school's listed children, each household once, and why not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from incidents.contacts import audience
from incidents.contacts.audience import (
    CLASSES,
    NO_ADDRESS,
    NO_FIT,
    NO_RESPONSIBILITY,
    WHOLE,
    YEARS,
    Audience,
    Reached,
    groups_of,
    missed_of,
    reached_by,
)
from incidents.models import FamilyLink, PersonFlag
from letters.mailings import Addressee
from letters.models import Letter
from tests.factories import PersonFactory, PersonFlagFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def child_of(school, name: str, year: str = "Year 4", of: str = "Willow", **about):
    row = {"is_contact": True, **about}
    return PersonFactory.create(
        school=school, full_name=name, title="", is_child=True, year_group=year, class_name=of, **row
    )


def adult_of(child, name: str, address: str, *, priority: int = 0, may: bool | None = True, **about):
    row = {"title": "", "is_contact": True, **about}
    adult = PersonFactory.create(school=child.school, full_name=name, address=address, **row)
    FamilyLink.objects.create(person=adult, relative=child, kind="parent", priority=priority, has_responsibility=may)
    return adult


def reached(school, *audience) -> list[str]:
    return [each.addressee for each in reached_by(Audience(*(audience or (WHOLE,))), school=school).addressees]


def test_an_audience_is_kept_and_read_back_and_says_what_it_is():
    year = Audience(YEARS, ("Year 4", "Year 5"))

    assert year.kept == {"kind": "years", "names": ["Year 4", "Year 5"]}
    assert Audience.of(year.kept) == year
    assert Audience.of({}) == Audience(WHOLE)
    assert Audience.of({"kind": "classes", "names": [4]}) == Audience(CLASSES, ("4",))
    assert [each.words for each in (Audience(WHOLE), year, Audience(YEARS, ("6",)), Audience(CLASSES, ("Elm",)))] == [
        "The whole school",
        "Year 4, Year 5",
        "Year 6",
        "Class Elm",
    ]


def test_reasons_are_counted_with_who_they_leave_out():
    excluded = [("Al", "Court order"), ("Bo", "Same household as another letter: with Al"), ("Cy", "Court order")]

    assert Reached([], excluded).reasons == [
        ("Court order", 2, ["Al", "Cy"]),
        ("Same household as another letter", 1, ["Bo, with Al"]),
    ]


def test_the_school_calls_first_whom_it_calls_first_and_then_by_name(school):
    ava, ben = child_of(school, "Ava"), child_of(school, "Ben", "Year 6", "Maple")
    dee = adult_of(ava, "Dee", "4 Elm\nSE1", priority=2)
    adult_of(ava, "ann", "1 Elm\nSE1")
    adult_of(ava, "Bo", "2 Elm\nSE1")
    adult_of(ben, "Cy", "3 Elm\nSE1", priority=3)
    FamilyLink.objects.create(person=dee, relative=ben, kind="carer", priority=1, has_responsibility=True)
    FamilyLink.objects.create(person=ava, relative=ben, kind="sibling")

    assert reached(school) == ["Dee", "Cy", "ann", "Bo"]
    assert reached(school, YEARS, ("Year 6",)) == ["Dee", "Cy"]
    assert reached(school, CLASSES, ("Willow",)) == ["Dee", "ann", "Bo"]
    assert reached(school, CLASSES, ("Year 6",)) == reached(school, YEARS, ("Willow",)) == []
    assert reached_by(Audience(YEARS, ("Year 6",)), school=school).addressees[0] == Addressee(
        dee.recipient, "Dee", "Dee", "4 Elm\nSE1"
    )


def test_whoever_is_not_on_the_list_of_this_school_is_neither_written_to_nor_named(school):
    ava, gone = child_of(school, "Ava"), child_of(school, "Gone", "Year 9", "Oak", is_contact=False)
    adult_of(ava, "Ann", "1 Elm\nSE1", is_contact=False)
    adult_of(gone, "Bo", "2 Elm\nSE1")
    other = child_of(SchoolFactory.create(code="OTH"), "Cy", "Year 8", "Ash")
    adult_of(other, "Dee", "3 Elm\nSE1")

    assert reached_by(Audience(WHOLE), school=school) == Reached([], [])
    child_of(school, "Eve", "", "")
    child_of(school, "Fay", "Year 1", "Elm")
    child_of(school, "Gil", "Year 1", "Elm")
    adult_of(ava, "Hal", "5 Elm\nSE1", year_group="Adult", class_name="Adult")
    assert groups_of(school) == (["Year 1", "Year 4"], ["Elm", "Willow"])


def test_a_child_of_another_school_brings_nobody(school):
    other = child_of(SchoolFactory.create(code="OTH"), "Cy")
    adult = PersonFactory.create(school=school, full_name="Ann", address="1 Elm\nSE1", is_contact=True)
    FamilyLink.objects.create(person=adult, relative=other, kind="parent", has_responsibility=True)

    adult_of(other, "Dan", "2 Elm\nSE1")
    FamilyLink.objects.create(person=other.related_from.last().person, relative=child_of(school, "Di"), kind="carer")

    assert reached_by(Audience(WHOLE), school=school) == Reached([], [])


def home(number: int, name: str, address: str = "") -> Addressee:
    return Addressee(f"person-{number}", name, name, address or f"{number} Elm\nSE1")


def test_a_void_letter_goes_to_where_they_live_now_and_a_stopped_one_to_somebody_else_who_lives_there(monkeypatch):
    def row(number: int, state: str, address: str = "") -> SimpleNamespace:
        letter = Letter(recipient=f"person-{number}", state=state)
        given = {
            "recipient": letter.recipient,
            "addressee": f"Old {number}",
            "address": address or f"{number} Elm, SE1",
        }
        return SimpleNamespace(number=number, letter=letter, **given)

    unwritten = SimpleNamespace(letter=None)
    rows = [row(1, "void"), row(2, "ready"), unwritten, row(3, "void"), row(4, "void"), row(5, "ready"), row(6, "void")]
    moved, lives = home(1, "Moved", "9 Oak\nSE9"), home(12, "Lives there", "2 ELM\nSE1")
    now = [moved, lives, home(2, "Flagged"), home(7, "Has one", "5 Elm\nSE1"), home(16, "New", "6 Elm\nSE1")]
    monkeypatch.setattr(audience, "missed_by", lambda mailing: [(each, "why") for each in rows])
    asked = []
    reached = Reached(now, [("Old 3", "Court order")])
    monkeypatch.setattr(audience, "reached_by", lambda who, school: asked.append((who, school)) or reached)
    written_to = [f"person-{number}" for number in range(1, 8)]
    recipients = SimpleNamespace(
        values_list=lambda name, flat: written_to if flat else [(each,) for each in written_to]
    )
    mailing = SimpleNamespace(audience={"kind": "classes", "names": ["Elm"]}, school="here", recipients=recipients)

    missed = missed_of(mailing)

    assert asked == [(Audience(CLASSES, ("Elm",)), "here")]
    assert [(each.number, each.why, each.to, each.why_nobody, each.is_to_another) for each in missed] == [
        (1, "why", moved, "", False),
        (2, "why", lives, "", True),
        (3, "why", None, "Court order", False),
        (4, "why", None, "Not on the list any more", False),
        (5, "why", None, "Nobody else of the household", False),
        (6, "why", now[-1], "", True),
    ]
    rows.clear()
    assert missed_of(mailing) == []
    assert len(asked) == 1


def test_each_reason_for_which_somebody_is_left_out_is_said(school):
    ava, ben = child_of(school, "Ava"), child_of(school, "Ben")
    first = adult_of(ava, "Ann", "1 Elm Row\nSE1", priority=1)
    adult_of(ava, "Bo", "1 ELM row,\nse1", priority=2, title="Mr")
    adult_of(ava, "Cat", "2 Elm Row\nSE1", may=False)
    unsure = adult_of(ava, "Dee", "3 Elm Row\nSE1", may=None)
    adult_of(ava, "Eve", "London")
    adult_of(ava, "Fay", "\n".join(["A house with a name that goes on and on for the width of the sheet"] * 6))
    flagged = adult_of(ava, "Gil", "1 Elm Row\nSE1", priority=3, may=False)
    both = adult_of(ava, "Hal", "5 Elm Row\nSE1", may=False)
    FamilyLink.objects.create(person=both, relative=ben, kind="parent", has_responsibility=True)
    by = UserFactory.create(school=school)
    for kind in (PersonFlag.Kind.COURT_ORDER, PersonFlag.Kind.DO_NOT_CONTACT):
        PersonFlagFactory.create(person=flagged, kind=kind, set_by=by)
    over = {"lifted_at": timezone.now(), "lifted_by": by, "lifted_reason": "x"}
    PersonFlagFactory.create(person=first, set_by=by, **over)

    found = reached_by(Audience(WHOLE), school=school)

    assert [each.addressee for each in found.addressees] == ["Ann", unsure.full_name, "Hal"]
    assert dict(found.excluded) == {
        "Mr Bo": "Same household as another letter: with Ann",
        "Cat": NO_RESPONSIBILITY,
        "Eve": NO_ADDRESS,
        "Fay": NO_FIT,
        "Gil": "Court order and Do not contact",
    }
    assert len(found.excluded) == 5
