"""Has the database itself refuse to change or delete entries of logs, whoever asks: a shell, an import, a mistake.

Run after every migration, because SQLite drops a table's triggers whenever a migration rebuilds the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections

from dkh_conduct.school.chain import logs

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "entries of this log are never changed or deleted"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
# Users of the database who were given more than to read a log and add to it: see database_user.py.
MAY_CHANGE = """
SELECT DISTINCT pg_get_userbyid(given.grantee) FROM pg_class, aclexplode(relacl) AS given
WHERE oid = to_regclass(%s) AND given.grantee NOT IN (0, relowner)
AND given.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
"""


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    """Safe to run twice."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, table):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(MAY_CHANGE, [table])
            users = ", ".join(connection.ops.quote_name(user) for (user,) in cursor.fetchall())
            statement = f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {users}'
            if users:
                cursor.execute(statement)


def install_all(using: str = "default", **kwargs: Any) -> None:
    """For every log whose table is there. Called after each app's migrations, so some tables come later."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for table in tables.intersection(log._meta.db_table for log in logs()):
        install(connection, table)


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER IF NOT EXISTS "{table}_no_{verb}" BEFORE {verb.upper()} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in ("update", "delete")
        ]
    return [
        FUNCTION,
        f'DROP TRIGGER IF EXISTS "{table}_no_change" ON "{table}"',
        f'CREATE TRIGGER "{table}_no_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log()",
    ]
