"""`manage.py seed_demo`: fills an empty database with the demo school, and says how to sign in to it."""

from __future__ import annotations

import secrets
from datetime import date
from typing import TYPE_CHECKING, Any

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dkh_conduct.school.models import School
from dkh_conduct.school.models import today as this_day

if TYPE_CHECKING:
    from argparse import ArgumentParser

SHORTEST = 8


class Command(BaseCommand):
    help = "Fills an empty database with a demo school: invented people, concerns, cases and letters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, help="The day the story is told on, such as 2026-11-23. Default: today."
        )
        parser.add_argument(
            "--password", help="For every demo sign-in. Default: DEMO_PASSWORD, else one that is made up and printed."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if School.objects.exists():
            self.stdout.write(remembered() or "There is a school here already, so the demo school was not added.")
            return
        password = options["password"] or environ.Env().str("DEMO_PASSWORD", default="") or secrets.token_urlsafe(12)
        if len(password) < SHORTEST:
            raise CommandError(f"The demo password is too short. Use {SHORTEST} characters or more.")
        # Only here: a portal that starts with its school in place need not load the story.
        from dkh_conduct.demo.seed import seed

        seed(today=options["today"] or this_day(), password=password)
        self.stdout.write(remember(sign_ins(password)))


def sign_ins(password: str) -> str:
    from dkh_conduct.demo.school import STAFF
    from dkh_conduct.demo.unread import ACCESS_CODES

    width = max(len(person.email) for person in STAFF)
    return "\n".join(
        (
            f"Demo sign-ins at /staff/, all with the password {password}",
            *(f"  {person.email:<{width}}  {person.full_name}, {person.job_title}" for person in STAFF),
            "A concern as the parent who sent it sees it, at /status/",
            *(f"  {reference}  {code}" for reference, code in ACCESS_CODES.items()),
        )
    )


def remember(sign_ins: str) -> str:
    """Kept for its owner only, so that the next start can say them again."""
    path = settings.DATA_DIR / "demo-sign-ins.txt"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(sign_ins, encoding="utf-8")
    return sign_ins


def remembered() -> str:
    path = settings.DATA_DIR / "demo-sign-ins.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""
