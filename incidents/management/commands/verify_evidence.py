"""`manage.py verify_evidence`: recomputes every hash and the chain of custody, and names the first thing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from dkh_conduct.school.chain import Anchor, end_of
from dkh_conduct.school.models import School
from incidents.evidence.verifying import faults
from incidents.models import CustodyEntry, Evidence

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Recomputes every hash and the chain of custody. Names what is not as it was stored, the first thing first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", metavar="CODE", help="one school only, such as DKH")
        parser.add_argument(
            "--anchor", metavar="NUMBER:HASH", help="the end of the log as it was printed once, with --school"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        schools = School.objects.order_by("code")
        if options["school"]:
            schools = schools.filter(code=options["school"])
        if not schools:
            raise CommandError("There is no such school.")
        anchor = _read_anchor(options["anchor"], is_one_school=len(schools) == 1)
        found = 0
        for school in schools:
            for fault in faults(school, anchor=anchor):
                found += 1
                self.stdout.write(f"{school.code}  {fault}")
            end = end_of(CustodyEntry, school)
            files = Evidence.objects.good().filter(school=school).count()
            self.stdout.write(
                f"{school.code}  looked at {files} files and {end.seq} entries. Anchor {end.seq}:{end.hash}"
            )
        if found:
            raise CommandError(f"{found} found. The first is named first.", returncode=1)
        self.stdout.write("Everything is as it was stored.")


def _read_anchor(typed: str | None, *, is_one_school: bool) -> Anchor | None:
    if not typed:
        return None
    number, _, sha256 = typed.partition(":")
    if not number.isdigit() or len(sha256) != 64 or not is_one_school:
        raise CommandError("An anchor is NUMBER:HASH as it was printed, for one school.")
    return Anchor(int(number), sha256.lower())
