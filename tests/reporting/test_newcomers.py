"""A concern that may be about anybody stays with the Executive Head, also when somebody is given a role later."""

from __future__ import annotations

import pytest

from dkh_conduct.accounts.invitations import accept
from dkh_conduct.accounts.invitations import invite as send_invitation
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.staff import change_staff
from incidents.models import Case, Concern
from incidents.reporting.routing import UNSURE
from tests.factories import CaseFactory, ConcernFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unsure(school, slt, head):
    """As it is made: kept from all who read concerns then, but for the head."""
    case = CaseFactory.create(school=school, lead=head, number=14)
    concerns = [ConcernFactory.create(school=school), ConcernFactory.create(school=school, case=case)]
    for concern in concerns:
        concern.conflicts.create(user=slt, kind="named", reason=UNSURE)
    case.conflicts.create(user=slt, kind="named", reason=UNSURE)
    return concerns


@pytest.fixture
def open_to_all(school):
    return ConcernFactory.create(school=school)


def seen_by(user):
    user = type(user).objects.get(pk=user.pk)
    return set(Concern.objects.visible_to(user)), set(Case.objects.visible_to(user))


@pytest.mark.parametrize("role", [Role.SLT, Role.HEAD])
def test_a_new_role_shows_it_to_a_head_alone(unsure, open_to_all, office, admin, role):
    change_staff(user=office, by=admin, full_name=office.full_name, job_title="x", phone="", role=role)

    seen = ({*unsure, open_to_all}, {unsure[1].case}) if role == Role.HEAD else ({open_to_all}, set())
    assert seen_by(office) == seen


def test_nor_does_somebody_who_joins_find_it(unsure, open_to_all, school, admin):
    _, link = send_invitation(
        school=school, email="new@dkh.example", full_name="Nia New", job_title="Deputy", role=Role.SLT, by=admin
    )
    joined = accept(token=link.rstrip("/").rpartition("/")[2], password="a long enough password of theirs")

    assert joined
    assert seen_by(joined) == ({open_to_all}, set())


def test_who_leads_such_a_case_goes_on_leading_it(unsure, school, admin):
    """A head who is one of the senior leaders from now on."""
    leader = UserFactory.create(school=school, full_name="Ines Duarte", role=Role.HEAD)
    Case.objects.update(lead=leader)

    change_staff(user=leader, by=admin, full_name=leader.full_name, job_title="x", phone="", role=Role.SLT)

    assert seen_by(leader) == ({unsure[1]}, {unsure[1].case})
