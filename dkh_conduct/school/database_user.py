"""A database user with few rights, for the portal to run as on PostgreSQL: it reads and writes rows and does no more.

Another user owns the tables: it makes and changes them when the portal is upgraded. So whoever takes over the portal,
or finds its password, can neither switch off what guards the logs nor make, change or drop a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dkh_conduct.school.chain import logs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

READ_ONLY = ("django_migrations",)
# Whoever asks, who owns the tables; and whether the other is the same, acts for them, or may do everything.
WHO = """
SELECT current_user, rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s
"""


class RefusedError(Exception):
    """Why the rights were not given, as a sentence."""


def limit(connection: BaseDatabaseWrapper, user: str) -> None:
    """Takes every right from `user`, and gives back the few that running the portal needs. Safe to run twice."""
    if connection.vendor != "postgresql":
        raise RefusedError(
            "Only PostgreSQL has users. SQLite is a file: its folder is for the portal’s own user alone."
        )
    with connection.cursor() as cursor:
        cursor.execute(WHO, [user])
        found = cursor.fetchone()
        if found is None:
            raise RefusedError(f"There is no database user “{user}”. Make one first: createuser --pwprompt {user}")
        owner, may_do_everything = found
        if may_do_everything:
            raise RefusedError(
                f"“{user}” owns the tables, or may do everything: nothing can be taken from it. Run this as the owner, "
                "and name another user."
            )
        for statement in _statements(connection, user, owner):
            cursor.execute(statement)


def _statements(connection: BaseDatabaseWrapper, user: str, owner: str) -> Iterator[str]:
    name = connection.ops.quote_name
    who, database = name(user), name(str(connection.settings_dict["NAME"]))
    tables = set(connection.introspection.table_names())
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {who}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {who}"
    yield f"REVOKE CREATE ON SCHEMA public FROM {who}, PUBLIC"
    yield f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {who}, PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {who}"
    yield f"GRANT USAGE ON SCHEMA public TO {who}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}"
    # Tables that a later migration makes. Its logs are taken out again by `chain_triggers.install`, after it.
    later = f"ALTER DEFAULT PRIVILEGES FOR ROLE {name(owner)} IN SCHEMA public"
    yield f"{later} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {who}"
    yield f"{later} GRANT USAGE, SELECT ON SEQUENCES TO {who}"
    for table in tables.intersection(READ_ONLY):
        yield f"REVOKE INSERT, UPDATE, DELETE ON {name(table)} FROM {who}"
    for table in tables.intersection(log._meta.db_table for log in logs()):
        yield f"REVOKE UPDATE, DELETE ON {name(table)} FROM {who}"
