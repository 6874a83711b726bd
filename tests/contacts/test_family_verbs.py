"""Who belongs to a family, and who does not, whatever other links they have."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from incidents.contacts.family import family_of, link_family
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import FamilyLink
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_stranger_and_a_siblings_sibling_are_no_family_and_who_is_off_the_list_is_not_named(school, office):
    about = {"school": school, "is_contact": True}
    ava, ben, cy, _, _ = (PersonFactory.create(is_child=True, full_name=name, **about) for name in "ABCDE")
    adult, other = (PersonFactory.create(**about) for _ in range(2))
    unseen = PersonFactory.create(school=school, is_contact=False)
    stranger = PersonFactory.create(is_child=True, **about)
    for person, relative, kind in (
        (ben, ava, "sibling"),
        (ben, cy, "sibling"),
        (adult, ava, "parent"),
        (unseen, ava, "parent"),
        (other, stranger, "parent"),
    ):
        FamilyLink.objects.create(person=person, relative=relative, kind=kind)

    found = family_of(ava, user=office)

    assert {each.person for each in found} == {ben, adult}
    assert [each.details for each in found] == ["", ""]


def test_children_are_siblings_whatever_other_links_they_have_and_nobodys_parents(school, office):
    about = {"school": school, "is_contact": True}
    ava, ben, cy = (PersonFactory.create(is_child=True, full_name=name, **about) for name in ("Ava", "Ben", "Cy"))
    link_family(person=PersonFactory.create(**about), relative=ava, kind="parent", by=office)

    for person, relative in ((ben, cy), (ava, ben)):
        assert link_family(person=person, relative=relative, kind="sibling", by=office).kind == "sibling"
    with pytest.raises(ContactRefusedError, match="A parent or carer is an adult"):
        link_family(person=ava, relative=cy, kind="parent", by=office)
    office.groups.clear()
    with pytest.raises(PermissionDenied):
        link_family(person=ava, relative=cy, kind="sibling", by=type(office).objects.get(pk=office.pk))
