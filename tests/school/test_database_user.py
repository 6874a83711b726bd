"""On PostgreSQL the portal can run as a user who reads and writes rows, adds to the logs, and can do nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.celery import app
from dkh_conduct.school.chain import append, logs, verify
from dkh_conduct.school.chain_triggers import install
from incidents.casework.conflicts import record_conflict
from incidents.models import CustodyEntry
from tests.addresses import build_world

USER = "conduct_of_this_test"
LOG = CustodyEntry._meta.db_table


def say(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def user(db):
    """Goes with the test's transaction, like all that is done here."""
    say(f"CREATE ROLE {USER}")
    return USER


@pytest.fixture
def limited(user):
    call_command("limit_database_user", user)
    call_command("limit_database_user", user)  # after the next upgrade


@pytest.fixture
def as_user(limited):
    say(f"SET LOCAL ROLE {USER}")
    yield
    say("RESET ROLE")


@pytest.mark.services
@pytest.mark.parametrize("log", logs(), ids=lambda log: log._meta.label)
@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_v13_2_1_a_log_is_not_this_users_to_change(as_user, log, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        say(statement.format(log._meta.db_table))


@pytest.mark.services
@pytest.mark.parametrize(
    "statement",
    [
        f"ALTER TABLE {LOG} DISABLE TRIGGER ALL",
        f"DROP TABLE {LOG}",
        f"DROP TRIGGER {LOG}_no_change ON {LOG}",
        "CREATE OR REPLACE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE more (id int)",
        "CREATE TEMPORARY TABLE more (id int)",
        "ALTER TABLE incidents_concern ADD COLUMN more int",
        "UPDATE django_migrations SET name = 'x'",
        "CREATE ROLE another",
        "SET LOCAL session_replication_role = replica",
    ],
)
def test_v13_2_1_what_guards_the_logs_and_the_tables_are_not_this_users_to_change(limited, statement):
    install(connection, LOG)
    say(f"SET LOCAL ROLE {USER}")

    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        say(statement)
    say("RESET ROLE")


@pytest.mark.services
def test_v13_2_1_the_portal_needs_no_more(school, slt, office, colleague, head, as_user, signed_in):
    """Rows of every kind are made, changed and deleted; a log is added to and read."""
    world = build_world(slt=slt, office=office, colleague=colleague)
    record_conflict(case=world.rows["other_case"], by=slt, who=head, kind="named", reason="Named in it")
    append(CustodyEntry, school=school, kind="viewed", by=slt, evidence_key=world.rows["evidence"].pk)

    client = signed_in(slt)
    assert client.get(world.rows["case"].get_absolute_url()).status_code == 200
    assert client.post(reverse("filter-remove", args=[world.rows["filter"].pk])).status_code == 302
    assert verify(CustodyEntry, school) is None
    call_command("verify_audit")


@pytest.mark.services
def test_v13_2_1_whatever_the_timer_asks_the_worker_for_needs_no_more(
    school, slt, office, colleague, as_user, settings
):
    """With a row of every kind there, on the day it is due, and when its time has long been over."""
    build_world(slt=slt, office=office, colleague=colleague)
    app.loader.import_default_modules()
    tasks = {app.tasks[entry["task"]] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    for days in (0, 400):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            for task in tasks:
                task.apply(throw=True)

    assert verify(CustodyEntry, school) is None


@pytest.mark.services
def test_v13_2_1_a_log_that_an_upgrade_brings_is_taken_out_when_it_is_guarded(limited):
    """A new table is this user's to write, so that an upgrade never stops the portal; a new log is only to add to."""
    say(f"CREATE TABLE new_log (LIKE {LOG})")
    assert can("UPDATE") is True

    install(connection, "new_log")

    assert [can(right) for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def can(right):
    return say(f"SELECT has_table_privilege('{USER}', 'new_log', '{right}')")[0][0]


@pytest.mark.services
@pytest.mark.parametrize(
    ("name", "why"),
    [("nobody_of_that_name", "There is no database user"), ("", "owns the tables, or may do everything")],
)
def test_a_user_who_is_not_there_or_owns_everything_is_refused(db, name, why):
    with pytest.raises(CommandError, match=why):
        call_command("limit_database_user", name or say("SELECT current_user")[0][0])


def test_on_sqlite_the_command_says_what_guards_it_there(db):
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError, match="SQLite is a file"):
            call_command("limit_database_user", "conduct")
