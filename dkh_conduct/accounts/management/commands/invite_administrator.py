"""The first account of a school: prints a link that works once, with which an administrator sets up their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from dkh_conduct.accounts.invitations import LIFE, CannotInviteError, invite
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Invite an administrator: prints a link that sets up their account, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("full_name")
        parser.add_argument("--job-title", default="Administrator")
        parser.add_argument("--school", default="", help="Its code, where the portal serves several.")

    def handle(self, *args: Any, **options: Any) -> None:
        schools = School.objects.filter(**({"code": options["school"]} if options["school"] else {}))
        if len(schools) != 1:
            raise CommandError("Say which school by --school CODE." if schools else "There is no such school yet.")
        try:
            validate_email(options["email"])
            _, link = invite(
                school=schools[0],
                email=options["email"],
                full_name=options["full_name"],
                job_title=options["job_title"],
                role=Role.ADMIN,
                by=None,
                send=False,
            )
        except (ValidationError, CannotInviteError) as refusal:
            raise CommandError(" ".join(getattr(refusal, "messages", [str(refusal)]))) from refusal
        self.stdout.write(f"Open this link within {LIFE.days} days. It works once:\n{link}")
