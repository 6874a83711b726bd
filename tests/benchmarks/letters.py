"""How much the worker adds to bare WeasyPrint: `python -m tests.benchmarks.letters`.

The path is all that a worker does for one letter: claim the row, render, hash, store with fsync, seal, write event
and history, on SQLite. Bare is `HTML(string).write_pdf` on the same HTML with the same options: the same font
configuration, parsed style sheet and picture cache, kept from one letter to the next on both sides. The two take
turns in one run, and who goes first alternates. The last line is the path's rate over the bare rate.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from datetime import date, timedelta

from tests.benchmarks.timing import timed

PAIRS = 20
WARM_UP = 4


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="letters-benchmark-") as folder:
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="dkh_conduct.settings", LOG_LEVEL="WARNING")
        os.environ.update(SECRET_KEY="x" * 60, DATABASE_URL=f"sqlite:///{folder}/db.sqlite3", REDIS_URL="")
        import django

        django.setup()
        print_run()
        compare()


def print_run() -> None:
    """Two workers at once, then 800 sealed letters in one PDF."""
    from django.core.management import call_command
    from django.utils import timezone

    from letters.models import Letter, PrintBatch
    from letters.printing import print_letters
    from letters.rendering import letter_html
    from tests.benchmarks.print_run import BATCH, DIFFERENT, EACH, WARM_UP, WORKERS, one_batch, two_workers
    from tests.factories import LetterFactory, SchoolFactory, UserFactory

    call_command("migrate", verbosity=0)
    school = SchoolFactory.create()
    writer = UserFactory.create(school=school, password="!", role="slt")
    office = UserFactory.create(school=school, password="!", role="office")
    now, body = timezone.now(), warning_letter()
    queued = LetterFactory.create_batch(
        WORKERS * (EACH + WARM_UP), school=school, drafted_by=writer, approved_by=writer, approved_at=now,
        queued_at=now, state=Letter.State.QUEUED, body=body,
    )  # fmt: skip
    two_workers([letter.pk for letter in queued], [letter_html(letter) for letter in queued])
    made = list(Letter.objects.filter(pk__in=[letter.pk for letter in queued[:DIFFERENT]]))
    Letter.objects.bulk_create(
        LetterFactory.build(
            school=school, drafted_by=writer, approved_by=writer, approved_at=now, state=Letter.State.READY, body=body,
            reference=f"DKH-B{number}", file=like.file.name, sha256=like.sha256, pages=like.pages, sealed_at=now,
        )
        for number in range(BATCH)
        for like in [made[number % DIFFERENT]]
    )  # fmt: skip
    batch = print_letters(letters=Letter.objects.filter(reference__startswith="DKH-B"), by=office)
    assert PrintBatch.objects.get(pk=batch.pk).letters_total == BATCH
    one_batch(batch.pk)


def compare() -> None:
    import weasyprint
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from letters.models import Letter
    from letters.rendering import letter_html, options, press
    from letters.sealing import make_letter
    from letters.tagging import finish
    from tests.factories import LetterFactory, SchoolFactory, UserFactory

    call_command("migrate", verbosity=0)
    school = SchoolFactory.create()
    writer = UserFactory.create(school=school, password="!")
    now = timezone.now()
    letters = [
        LetterFactory.create(
            school=school,
            drafted_by=writer,
            approved_by=writer,
            approved_at=now,
            queued_at=now,
            state=Letter.State.QUEUED,
            heading=f"Warning letter: what was posted on {number + 1} November 2026",
            body=warning_letter(),
        )
        for number in range(WARM_UP + PAIRS)
    ]
    tools = press()
    base_url = settings.LETTER_ASSETS_DIR
    path_times: list[float] = []
    bare_times: list[float] = []
    pages = 0
    for number, letter in enumerate(letters):
        html = letter_html(letter)

        def path(pk: int = letter.pk) -> None:
            assert make_letter(pk)

        def bare(html: str = html, finisher: object = None) -> object:
            page = weasyprint.HTML(string=html, base_url=base_url)
            return page.write_pdf(font_config=tools.fonts, finisher=finisher, **options(tools))

        if number % 2:
            took_bare, took_path = timed(bare), timed(path)
        else:
            took_path, took_bare = timed(path), timed(bare)
        letter.refresh_from_db()
        pages = letter.pages
        assert bare(finisher=finish) == letter.file.read()  # that it is the same letter; not timed
        letter.file.close()
        if number >= WARM_UP:
            path_times.append(took_path)
            bare_times.append(took_bare)
    path_rate, bare_rate = 1 / statistics.median(path_times), 1 / statistics.median(bare_times)
    print(f"{PAIRS} pairs after {WARM_UP} to warm up, a letter of {pages} pages, WeasyPrint {weasyprint.__version__}")
    for name, times in (("path", path_times), ("bare", bare_times)):
        low, middle, high = min(times) * 1000, statistics.median(times) * 1000, max(times) * 1000
        print(f"{name}: {middle:.0f} ms a letter (median; {low:.0f} to {high:.0f})")
    print(f"path {path_rate:.2f} letters a second, bare {bare_rate:.2f}")
    print(f"ratio {path_rate / bare_rate:.2f}")


def warning_letter() -> str:
    from incidents.policy.wording import POLICY
    from letters.kinds import Finding, QuotedClause, WarningFacts, compose

    posted_on = date(2026, 11, 19)
    facts = WarningFacts(
        policy_title=POLICY.title,
        findings=(Finding("class WhatsApp group", words="Useless AND a liar", posted_on=posted_on),),
        clauses=(QuotedClause(POLICY.clause("abusive").text),),
        asks=("Do not post abusive or personal comments.", "Think about taking the message down."),
        reply_by=posted_on + timedelta(days=27),
        keep_until=posted_on + timedelta(days=365),
        ladder_lead=POLICY.ladder_lead,
        ladder=tuple(step.text for step in POLICY.steps),
        school_phone="020 7946 0123",
        school_email="school@dkh.example",
        signatory_phone="020 7946 0127",
        account_received_on=posted_on + timedelta(days=11),
        account="you were worried because your son came home hurt.",
    )
    return compose("warning", facts).body


if __name__ == "__main__":
    main()
