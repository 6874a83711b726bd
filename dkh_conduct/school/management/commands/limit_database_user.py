"""`manage.py limit_database_user conduct`: run as the owner of the tables, for the user that the portal runs as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction

from dkh_conduct.school.database_user import RefusedError, limit

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "On PostgreSQL, let a user read and write rows, add to the logs, and nothing else. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="The user in the portal’s DATABASE_URL. Not the one that owns the tables.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                limit(connection, options["user"])
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        except ProgrammingError as refusal:
            raise CommandError(f"Run this as the user who owns the tables and the database. {refusal}") from refusal
        self.stdout.write(
            f"“{options['user']}” may read and write rows, and add to the logs. It may not change or delete a line of "
            "a log, nor make, change or drop a table. Migrate as the owner from now on: see docs/operator.md."
        )
