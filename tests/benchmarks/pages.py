"""Whether pages cost more with more rows: `python -m tests.benchmarks.pages`.

The demo school as it is told, then with 25,000 concerns, 5,000 cases and 5,000 letters more. For each page the queries
and the best of five times, both ways. Ends with 1 when a page takes more than 15 queries, or other queries than
before.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.benchmarks.demo import demo_school, signed_in

if TYPE_CHECKING:
    from django.test import Client

CONCERNS, CASES, LETTERS = 25_000, 5_000, 5_000
MOST_QUERIES = 15
TRIES = 5
PAGES = (
    "/staff/",
    "/staff/concerns/",
    "/staff/concerns/?page=2",
    "/staff/concerns/?q=liar",
    "/staff/concerns/?status=read",
    "/staff/concerns/DKH-7R4K-2Q/",
    "/staff/cases/",
    "/staff/cases/?q=marsh",
    "/staff/cases/?sort=changed",
    "/staff/cases/?clause=guideline&sort=newest",
    "/staff/cases/C014/",
    "/staff/search/?q=liar",
    "/staff/search/?q=liar&in=concerns",
    "/staff/search/?q=zzzzz",
    "/staff/print-room/",
    "/staff/print-room/?show=post",
    "/staff/print-room/?show=posted",
    "/staff/letters/DKH-C016-1/",
)


def main() -> int:
    with demo_school("pages-benchmark-"):
        few = measured()
        multiply()
        many = measured()
    for page in PAGES:
        (queries, took), (queries_then, took_then) = few[page], many[page]
        print(f"{page:<34} {queries:>3} queries {took:>5.0f} ms   then {queries_then:>3} queries {took_then:>5.0f} ms")
    costly = [page for page in PAGES if many[page][0] > MOST_QUERIES or many[page][0] != few[page][0]]
    print("more queries than it should: " + (", ".join(costly) or "no page"))
    return bool(costly)


def measured() -> dict[str, tuple[int, float]]:
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    client = signed_in()
    found = {}
    for page in PAGES:
        times = sorted(_time(client, page) for _ in range(TRIES))
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        found[page] = len(queries), times[0] * 1000
    return found


def _time(client: Client, page: str) -> float:
    started = time.perf_counter()
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status_code)
    return time.perf_counter() - started


def multiply() -> None:
    """Like those that are there already: half of the concerns read, half of the letters posted."""
    from django.db import transaction
    from django.utils import timezone

    from dkh_conduct.accounts.models import User
    from incidents.models import Case, CasePerson, Concern, Person
    from letters.models import Letter

    ruth = User.objects.get(email="ruth.adeyemi@dkh.example")
    school, now = ruth.school, timezone.now()
    account = "They called the teaching assistant a liar in front of 31 parents."
    with transaction.atomic():
        cases = Case.objects.bulk_create(
            Case(school=school, number=1_000 + n, summary="Comments about staff", lead=ruth, opened_by=ruth)
            for n in range(CASES)
        )
        people = Person.objects.bulk_create(Person(school=school, full_name=f"Person {n}") for n in range(CASES))
        CasePerson.objects.bulk_create(
            CasePerson(case=case, person=person, role=CasePerson.Role.SUBJECT)
            for case, person in zip(cases, people, strict=True)
        )
        read = {"outcome": "nothing_further", "kind": "criticism", "outcome_by": ruth, "outcome_at": now}
        Concern.objects.bulk_create(
            Concern(
                school=school,
                reference=f"DKH-{n:05}-XX",
                access_code_hash="unusable",
                received_at=now - timedelta(minutes=n),
                due_on=(now + timedelta(days=n % 5)).date(),
                places=["class_group"],
                account=account,
                **(read | {"outcome_reason": "A complaint."} if n % 2 else {}),
            )
            for n in range(CONCERNS)
        )
        sealed = {"sha256": "0" * 64, "file": "letters/none.pdf", "pages": 1, "sealed_at": now}
        Letter.objects.bulk_create(
            Letter(
                school=school,
                reference=f"DKH-MANY-{n}",
                kind="warning",
                addressee="Mr A Person",
                heading="A warning",
                body="Words.",
                drafted_by=ruth,
                approved_by=ruth,
                approved_at=now,
                queued_at=now,
                written_on=now.date(),
                state=Letter.State.READY,
                **sealed,
            )
            for n in range(LETTERS)
        )


if __name__ == "__main__":
    sys.exit(main())
