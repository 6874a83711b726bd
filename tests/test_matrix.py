"""The matrix of rights has no empty cell: every address, every role, for looking and for sending a form."""

from __future__ import annotations

import pytest

from dkh_conduct.accounts.roles import PERMISSIONS, RIGHTS, Role
from tests.addresses import every_name
from tests.test_access import GET, OWN, POST, PUBLIC, ROLES, table


def test_v8_1_1_every_address_has_an_answer_for_everybody():
    looking = table(GET)
    cells = [looking[name][role] for name in every_name() for role in ROLES]

    assert len(cells) == len(set(every_name())) * len(ROLES)
    assert {cell for cell in cells if not cell.isdigit()} == set()


def test_v8_1_1_every_form_has_an_answer_for_everybody_who_is_signed_in():
    sending = table(POST)
    cells = [row[role] for row in sending.values() for role in ROLES[1:]]

    assert len(cells) == len(sending) * (len(ROLES) - 1)
    assert set(cells) <= {".", "403", "404"}


@pytest.mark.parametrize("role", ROLES)
def test_v8_2_1_whoever_may_not_look_may_not_send_either(role):
    """A 403 on the page and a way through its form would be a door without a handle."""
    looking, sending = table(GET), table(POST)
    if role == "nobody":
        return

    through = [name for name, row in sending.items() if row[role] == "." and looking[name][role] == "403"]

    assert through == []


def test_v8_2_1_nobody_without_an_account_reaches_anything_but_what_is_public():
    looking = table(GET)

    assert {name for name in looking if looking[name]["nobody"] != "302"} <= PUBLIC | OWN
    assert all(looking[name]["nobody"] == "302" for name in set(looking) - PUBLIC)


def test_every_role_that_exists_is_a_column_or_stands_beside_one():
    """`slt`, `aside`; `head`, `outsider`; `office`, `stranger`; `legal`, `referred`; `chair`, `passed`."""
    assert set(Role) <= set(ROLES)


def test_no_role_has_a_right_that_no_row_gives():
    given = {(role, right.permission) for right in RIGHTS for role in right.roles}

    assert {(role, name) for role, names in PERMISSIONS.items() for name in names} == given
