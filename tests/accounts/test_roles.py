"""What each role may do is the table in roles.py, and nothing more."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import RequestFactory

from dkh_conduct.accounts.backend import StaffBackend
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import PERMISSIONS, RIGHTS, Role, sync_roles
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
OURS = {"accounts", "incidents", "letters", "school"}
EVERYTHING = {name for names in PERMISSIONS.values() for name in names}
# The table once more: whoever gives a role a right, or takes one away, says so twice.
RIGHTS_OF = """
                              office slt head chair dsl legal dpo admin
incidents.view_concern        .      x   x    x     x   .     .   .
incidents.view_every_concern  .      x   x    .     .   .     .   .
incidents.pause_concern       .      x   x    x     x   .     .   .
incidents.record_concern      x      x   x    x     x   .     .   .
incidents.triage_concern      .      x   x    x     .   .     .   .
incidents.view_case           .      x   x    x     .   x     .   .
incidents.view_passed_on      .      .   .    x     .   .     .   .
incidents.view_every_case     .      x   x    .     .   .     .   .
incidents.run_case            .      x   x    x     .   .     .   .
incidents.print_case_file     .      x   x    x     .   .     .   .
incidents.view_contacts       x      x   x    .     .   .     .   .
incidents.change_contacts     x      x   x    .     .   .     .   .
incidents.flag_person         x      x   x    x     .   .     .   .
incidents.lift_flag           .      x   x    x     .   .     .   .
incidents.override_flag       .      .   x    x     .   .     .   .
incidents.redact_evidence     .      x   x    x     .   .     .   .
incidents.open_original       .      .   x    x     .   x     .   .
incidents.take_step           .      x   x    x     .   .     .   .
incidents.approve_step        .      .   x    x     .   .     .   .
incidents.view_register       x      x   x    .     .   .     .   .
incidents.view_privileged     .      x   x    .     .   x     .   .
letters.view_letter           x      x   x    x     .   .     .   .
letters.view_every_letter     x      x   x    .     .   .     .   .
letters.draft_letter          .      x   x    x     .   .     .   .
letters.approve_letter        .      x   x    x     .   .     .   .
letters.print_letter          x      .   .    .     .   .     .   .
letters.draft_mailing         .      x   x    .     .   .     .   .
letters.approve_mailing       .      x   x    .     .   .     .   .
letters.change_lettertemplate .      x   x    .     .   .     .   x
school.change_calendar        x      .   .    .     .   .     .   x
school.change_page            .      .   .    .     .   .     .   x
accounts.manage_staff         .      .   .    .     .   .     .   x
accounts.read_access_log      .      .   x    .     .   .     x   .
accounts.view_rights          .      .   x    .     .   .     x   x
"""


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_exactly_what_the_table_says(school, role):
    user = UserFactory.create(school=school, role=role)

    may = {name for name in user.get_all_permissions() if name.split(".")[0] in OURS}

    assert may == set(PERMISSIONS[role])


def test_v8_2_1_who_may_do_what_is_as_it_was_agreed():
    heads, *lines = RIGHTS_OF.strip("\n").splitlines()
    agreed = {line.split()[0]: dict(zip(heads.split(), line.split()[1:], strict=True)) for line in lines}

    now = {right.permission: {str(role): "x" if role in right.roles else "." for role in Role} for right in RIGHTS}

    assert now == agreed


def test_the_office_reads_no_concern_and_no_case(office):
    rights = {name for name in office.get_all_permissions() if name.startswith("incidents.")}

    # Who may not come on site, writing down what somebody tells them without reading it again, and the school's own
    # list of families, which says nothing of cases.
    assert rights == {
        "incidents.view_register",
        "incidents.record_concern",
        "incidents.view_contacts",
        "incidents.change_contacts",
        "incidents.flag_person",
    }


def test_only_the_head_and_who_decides_in_their_place_approve_a_step():
    assert [role for role in Role if "incidents.approve_step" in PERMISSIONS[role]] == [Role.HEAD, Role.CHAIR]


def test_every_permission_in_the_table_exists():
    existing = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }

    assert existing >= EVERYTHING


def test_a_permission_taken_out_of_the_table_is_taken_away():
    group = Group.objects.get(name=Role.OFFICE)
    group.permissions.add(Permission.objects.get(codename="view_case"))

    sync_roles()

    assert not group.permissions.filter(codename="view_case").exists()


def test_a_group_made_anew_has_the_whole_of_its_row():
    """Who may lead a case, or is told of one, is asked of the groups."""
    Group.objects.all().delete()

    sync_roles()

    has: dict[str, set[str]] = {role: set() for role in Role}
    rows = Permission.objects.filter(group__isnull=False)
    for role, app, name in rows.values_list("group__name", "content_type__app_label", "codename"):
        has[role].add(f"{app}.{name}")
    assert has == {role: set(names) for role, names in PERMISSIONS.items()}


def test_every_migration_brings_the_groups_up_to_date():
    Group.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


def test_somebody_without_a_role_may_do_nothing(school):
    assert not UserFactory.create(school=school).get_all_permissions()


def test_an_address_is_stored_in_small_letters_and_found_in_any(school):
    user = User.objects.create_user("Ruth.Adeyemi@DKH.example", school=school, full_name="Ruth", job_title="Head")

    assert user.email == "ruth.adeyemi@dkh.example"
    assert User.objects.get_by_natural_key("RUTH.adeyemi@dkh.example") == user
    assert not user.has_usable_password()


def test_a_right_given_to_one_person_beside_their_role_does_not_count(office):
    office.user_permissions.add(Permission.objects.get(codename="view_case"))

    assert not User.objects.get(pk=office.pk).has_perm("incidents.view_case")


def test_a_group_that_is_no_role_stands_in_nobodys_way(office):
    before = StaffBackend().get_user(office.pk).get_all_permissions()
    Group.objects.create(pk=-1, name="Choir").user_set.add(office)

    assert StaffBackend().get_user(office.pk).get_all_permissions() == before


def test_a_right_is_held_for_everything_or_nothing_and_never_for_one_thing(office):
    for reader in (User.objects.get(pk=office.pk), StaffBackend().get_user(office.pk)):
        assert reader.has_perm("letters.print_letter")
        assert not reader.has_perm("letters.print_letter", office)
        assert reader.get_group_permissions(office) == set()


def test_a_page_asks_for_its_reader_and_their_rights_with_two_queries(office, signed_in, django_assert_num_queries):
    """Their session, and themselves with their school and their role, which their rights follow from."""
    request = RequestFactory().get("/")
    request.session = signed_in(office).session

    with django_assert_num_queries(2):
        request.session.get("anything")
        reader = get_user(request)
        assert reader.school.code
        assert reader.has_perm("letters.print_letter")
        assert not reader.has_perm("incidents.view_case")
