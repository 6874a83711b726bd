"""What a big case costs: `python -m tests.benchmarks.case_page`.

The page of an empty case, and of one with 200 events, 60 pieces of evidence and 40 allegations, in the demo school:
queries, and the best of twenty times. Ends with 1 when the big one takes more than 15 queries or three times as long.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks.demo import demo_school, signed_in

if TYPE_CHECKING:
    from django.test import Client

EVENTS, FILES, ALLEGATIONS = 200, 60, 40
MOST_QUERIES, MOST_TIMES = 15, 3.0
TRIES = 20
EMPTY, BIG = 901, 902


def main() -> int:
    with demo_school("case-page-benchmark-"):
        build()
        client = signed_in()
        few, many = measured(client, EMPTY), measured(client, BIG)
    for label, (queries, took, size) in (("empty", few), ("big", many)):
        print(f"{label:<6} {queries:>3} queries {took * 1000:>6.1f} ms {size / 1024:>6.0f} KB")
    times = many[1] / few[1]
    print(f"{EVENTS} events, {FILES} pieces of evidence, {ALLEGATIONS} allegations: {times:.2f} times the empty page")
    return int(many[0] > MOST_QUERIES or times >= MOST_TIMES)


def measured(client: Client, number: int) -> tuple[int, float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = f"/staff/cases/C{number}/"
    client.get(address)
    best, size = 60.0, 0
    for _ in range(TRIES):
        started = time.perf_counter()
        answer = client.get(address)
        best = min(best, time.perf_counter() - started)
        assert answer.status_code == 200, (address, answer.status_code)
        size = len(answer.content)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries), best, size


def build() -> None:
    """Twice the same lead; the big one with people, both sides, letters' steps and notes as well."""
    from dkh_conduct.accounts.models import User
    from incidents.models import (
        Allegation,
        Case,
        CasePerson,
        Concern,
        Event,
        Evidence,
        InformationRequest,
        Note,
        Person,
    )

    ruth = User.objects.get(email="ruth.adeyemi@dkh.example")
    about = {"school": ruth.school, "summary": "Messages in many groups", "lead": ruth, "opened_by": ruth}
    Case.objects.create(number=EMPTY, **about)
    case = Case.objects.create(number=BIG, **about)
    people = [Person.objects.create(school=ruth.school, full_name=f"Person {number}") for number in range(4)]
    for person in people:
        CasePerson.objects.create(case=case, person=person, role="subject")
    files: list[Evidence] = []
    stored = {"sha256": "0" * 64, "original": "o", "copy": "c", "thumbnail": "t"}
    for number in range(6):
        concern = Concern.objects.create(
            school=ruth.school,
            reference=f"DKH-BIG{number}-XX",
            access_code_hash="unusable",
            due_on="2026-12-01",
            account="They wrote it again.",
            case=case,
        )
        files += [
            Evidence(school=ruth.school, concern=concern, position=place, name="a.png", **stored)
            for place in range(FILES // 6)
        ]
    Evidence.objects.bulk_create(files)
    for number in range(ALLEGATIONS):
        Allegation.objects.create(
            case=case,
            subject=people[number % 4],
            clause="abusive",
            words=f"The words, number {number}",
            evidence=files[number],
            made_by=ruth,
        )
    for person in people:
        InformationRequest.objects.create(
            case=case,
            person=person,
            is_subject_account=True,
            asked_on="2026-11-20",
            asked_how="letter",
            asked_by=ruth,
            due_on="2026-12-01",
        )
    for number in range(10):
        Note.objects.create(case=case, kind="fact", text=f"Note {number}", written_by=ruth)
    Event.objects.bulk_create(
        Event(school=ruth.school, kind="note_added", case=case, by=ruth, why="Heard.", facts={"case": case.reference})
        for _ in range(EVENTS)
    )


if __name__ == "__main__":
    sys.exit(main())
