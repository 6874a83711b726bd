"""The page that says who may do what is the table that the doors ask."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission

from dkh_conduct.accounts.roles import RIGHTS, Role

pytestmark = pytest.mark.django_db


def test_every_right_is_a_row_with_a_yes_for_each_role_that_has_it(signed_in, admin):
    page = signed_in(admin).get("/staff/rights/").content.decode()
    rows = re.findall(r'<th scope="row".*?</tr>', page, re.DOTALL)

    assert len(rows) == len(RIGHTS)
    for right, row in zip(RIGHTS, rows, strict=True):
        assert f">{right.verb}<" in row
        assert row.count("<strong>Yes</strong>") == len(right.roles)
        assert row.count("<td") == len(Role)


def test_no_permission_stands_in_two_rows():
    names = [right.permission for right in RIGHTS]

    assert len(names) == len(set(names))


def test_rows_of_one_kind_of_thing_stand_together():
    things = [right.thing for right in RIGHTS]

    assert sorted(things, key=things.index) == things


def test_every_permission_of_ours_is_in_the_table():
    """One that is not would be a right that nobody can have, or that nobody can read about."""
    ours = Permission.objects.filter(content_type__app_label__in=["accounts", "incidents", "letters", "school"])
    made_by_django = ("add_", "change_", "delete_", "view_")
    ours_alone = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in ours
        if not permission.codename.startswith(made_by_django)
        or permission.codename.startswith(("view_every", "view_rights"))
    }

    assert ours_alone <= {right.permission for right in RIGHTS}
