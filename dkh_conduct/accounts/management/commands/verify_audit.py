"""Goes through every chained log of every school, and names the first entry that is not as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from dkh_conduct.school.chain import Anchor, end_of, logs, verify
from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Check that no entry of any log was changed, taken out or put in. Ends with 1 where one was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--entry", type=int, help="The audit log's last entry, from a weekly message.")
        parser.add_argument("--hash", default="", help="The hash beside it.")

    def handle(self, *args: Any, **options: Any) -> None:
        anchor = Anchor(options["entry"], options["hash"]) if options["entry"] and options["hash"] else None
        broken = []
        for school in School.objects.order_by("code"):
            for log in logs():
                name = f"{school.code} {log._meta.verbose_name_plural}"
                held = anchor if log._meta.label == "accounts.AuditEntry" else None
                if found := verify(log, school, anchor=held):
                    broken.append(f"{name}: {found.problem}")
                else:
                    end = end_of(log, school)
                    self.stdout.write(f"{name}: {end.seq} entries, all as they were written. {end.hash}")
        if broken:
            raise CommandError("\n".join(broken))
