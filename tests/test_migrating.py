"""Tables that are made at one go are the same tables, and go again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations import AddField, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.models import IntegerField

from dkh_conduct.migrating import Tables, together

SQUASHED = [
    ("school", "0001_squashed_0006_pages_in_each_language"),
    ("letters", "0001_squashed_0011_emails"),
    ("incidents", "0001_squashed_0027_merged_cases"),
]


def statements(loader, key, operations, *, backwards=False):
    """What a database would be sent for these operations of a migration, were it at that point."""
    migration = loader.disk_migrations[key]
    state = loader.project_state(loader.graph.node_map[key].key, at_end=False)
    migration.operations, kept = operations, migration.operations
    try:
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            (migration.unapply if backwards else migration.apply)(state, editor, collect_sql=True)
    finally:
        migration.operations = kept
    return [line for line in editor.collected_sql if not line.startswith("--")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("backwards", [False, True], ids=["made", "taken away"])
@pytest.mark.parametrize("key", SQUASHED[:2], ids=str)
def test_a_database_is_sent_the_same_as_for_one_table_after_another(key, backwards):
    loader = MigrationLoader(None)
    at_once, *rest = loader.disk_migrations[key].operations
    one_by_one = [*at_once.tables, *rest]

    sent = statements(loader, key, [at_once, *rest], backwards=backwards)

    assert len(at_once.tables) > 5
    assert len(sent) > 5
    # Constraints between tables come last either way, in an order of their own.
    assert sorted(sent) == sorted(statements(loader, key, one_by_one, backwards=backwards))


def test_it_says_which_tables():
    loader = MigrationLoader(None)
    for key in SQUASHED:
        tables = loader.disk_migrations[key].operations[0]
        assert tables.formatted_description().startswith("+ Create model ")
        assert tables.describe().count("Create model ") == len(tables.tables)


def test_what_comes_after_a_change_of_a_table_is_left_as_it_is():
    one, two = (CreateModel(name, fields=[]) for name in ("One", "Two"))
    change = AddField("One", "number", IntegerField())

    first, *rest = together([one, change, two])

    assert isinstance(first, Tables)
    assert list(first.tables) == [one]
    assert rest == [change, two]
