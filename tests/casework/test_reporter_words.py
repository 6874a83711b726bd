"""Who told the school is looked for in what others will read: their name, their children's, their numbers."""

from __future__ import annotations

import pytest

from incidents.casework.case_lock import Refused
from incidents.casework.reporter_words import SHOWN, check_said_why, names_in, told_by
from incidents.models import FamilyLink
from letters.checks import Objection
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory, ReporterFactory

pytestmark = pytest.mark.django_db


def reporter(case, **about):
    return ReporterFactory.create(concern=ConcernFactory.create(school=case.school, case=case), **about)


def child_of(parents, name="Saffron Lee", **about):
    child = PersonFactory.create(school=parents[0].school, full_name=name, **{"is_child": True, **about})
    for each in parents:
        FamilyLink.objects.create(person=each, relative=child, kind="parent")


def test_the_names_the_children_and_the_reaches_are_of_those_who_told_of_this_case(case, subject, slt, outsider):
    other = CaseFactory.create(school=case.school, lead=slt)
    reporter(case, name="Priya Nadkarni", phone="07700 900123", email="pn@families.example")
    reporter(case, name="Sam Quill", phone="", email="")
    reporter(case, name="", phone="07700 900999", email="")
    reporter(other, name="Kate Elsewhere", phone="07700 900777")
    priya, sam, kate = (
        PersonFactory.create(school=case.school, full_name=name)
        for name in ("priya nadkarni", "Sam Quill", "Kate Elsewhere")
    )
    child_of([priya], "Saffron Lee")
    child_of([sam], "Oak Quill")
    child_of([kate], "Kit Elsewhere")
    child_of([priya], "Grown Lee", is_child=False)
    child_of([priya, subject], "Rowan Marsh")
    child_of([PersonFactory.create(school=outsider.school, full_name="Priya Nadkarni")], "Far Away")
    witness = CasePersonFactory.create(case=case, role="witness").person
    child_of([priya, witness], "Wit Lee")
    elsewhere = CasePersonFactory.create(case=other).person
    child_of([priya, elsewhere], "Else Lee")

    names, reaches = told_by(case)

    assert sorted(names) == ["Else Lee", "Oak Quill", "Priya Nadkarni", "Saffron Lee", "Sam Quill", "Wit Lee"]
    assert sorted(reaches) == ["07700 900123", "07700 900999", "pn@families.example"]


def test_where_nobody_gave_a_name_no_child_is_theirs(case):
    child_of([PersonFactory.create(school=case.school, full_name="")], "Saffron Lee")
    reporter(case, name="", phone="", email="")

    assert told_by(case) == ([], [])
    assert names_in(case, [("A text", "Saffron Lee rang.")]) == []


def test_each_text_that_shows_them_is_said_once_by_its_own_name(case, subject):
    reporter(case, name="Priya Nadkarni", phone="07700 900123", email="")

    found = names_in(
        case,
        [
            ("Harm", "Priya was upset. Priya rang."),
            ("Context", "Nothing."),
            ("Custody", f"Ask on 07700 900123 {'x' * 300}"),
        ],
    )

    assert [each.title for each in found] == [
        "“Harm” may show who told the school",
        "“Custody” may show who told the school",
    ]
    assert [each.code for each in found] == ["reporter_named", "reporter_reached"]
    assert found[0].sentence == "Priya was upset."
    assert len(found[1].sentence) == SHOWN


def test_a_name_alone_is_looked_for_too(case):
    reporter(case, name="Priya Nadkarni", phone="", email="")

    assert len(names_in(case, [("Harm", "Priya was upset.")])) == 1


def test_a_number_alone_is_looked_for_too_and_a_subjects_own_name_is_not(case, subject):
    reporter(case, name="", phone="07700 900123", email="")
    assert len(names_in(case, [("Harm", "Ask on 07700 900123.")])) == 1
    reporter(case, name="Ann Marsh", phone="", email="")

    assert names_in(case, [("Harm", "Mr Marsh was there.")]) == []


def test_each_reason_that_is_needed_is_kept_and_no_other():
    one, two = (Objection("reporter_named", f"“{name}” may show who told the school", "why", name) for name in "AB")

    assert check_said_why([one, two], {one.key: "x", two.key: "y", "other": "z"}) == {one.key: "x", two.key: "y"}
    for missing in ({one.key: "x"}, {one.key: "x", two.key: " "}):
        with pytest.raises(Refused, match="“B” may show who told the school"):
            check_said_why([one, two], missing)
