"""Reads the words in pictures and where they are, where Tesseract is installed, off the request path. They help to find
a picture and to suggest what to cover; they are never shown as the truth. Without them nothing else changes.

On one drawn chat and three worse copies Tesseract read 20 to 21 of 23 lines in 0.7 s and 64 MiB with one thread.
RapidOCR read all 23, in 1.9 s and 657 MiB: too much beside a web server on a small machine.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from incidents.evidence.custody import Kind, note
from incidents.evidence.quality import hints_of_text
from incidents.models import Evidence, ReadWords
from incidents.models.evidence_hints import OF_TEXT

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

logger = logging.getLogger(__name__)

AT_ONCE = 5
SECONDS = 20
LONGEST = 20_000
MOST_ROWS = 10_000
WORD = "5"
# Left, top, width, height and text of each word, line by line.
Word = tuple[int, int, int, int, str]
Lines = list[list[Word]]


def tesseract() -> str | None:
    """Where it is installed."""
    return shutil.which("tesseract")


def read_unread() -> int:
    """Read some pictures that nobody has read yet, the newest first. Gives how many. Safe to run twice."""
    program = tesseract()
    if program is None:
        return 0
    waiting = (
        Evidence.objects.good()
        .filter(text_read_at=None, concern__isnull=False)
        .exclude(scan=Evidence.Scan.WAITING)
        .exclude(copy="")
    )
    keys = list(waiting.order_by("-received_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_read(program, Evidence.objects.select_related("school").get(pk=pk)) for pk in keys)


def _read(program: str, evidence: Evidence) -> bool:
    parts = {part.number: part for part in evidence.parts.all() if part.kind == "picture"}
    pages = {number: _lines_in(program, part.copy) for number, part in parts.items()}
    text, hints = evidence.text, evidence.hints  # an e-mail has its own text
    if evidence.kind == "picture":
        pages[1] = _lines_in(program, evidence.copy)
        text = text_of(pages[1])
        if evidence.media_type != "application/pdf":
            hints = [*(hint for hint in hints if hint not in OF_TEXT), *hints_of_text(text)]
    with transaction.atomic():
        # Whoever comes second finds it done.
        unread = Evidence.objects.select_for_update().filter(pk=evidence.pk, text_read_at=None)
        if not unread.update(text=text, hints=hints, text_read_at=timezone.now()):
            return False
        for number, part in parts.items():
            part.text = text_of(pages[number])
            part.save(update_fields=["text"])
        ReadWords.objects.bulk_create(
            ReadWords(evidence=evidence, part=number, lines=lines) for number, lines in sorted(pages.items()) if lines
        )
        if any(pages.values()):
            note(Kind.TEXT_READ, evidence, tool="Tesseract, for searching only", count=len(pages))
    return True


def text_of(lines: Lines) -> str:
    return "\n".join(" ".join(word for *_, word in line) for line in lines)[:LONGEST]


def _lines_in(program: str, copy: FieldFile) -> Lines:
    """Nothing when it cannot be read, whatever the reason: then it is only not found by its words."""
    try:
        with copy.open("rb") as picture:
            read = subprocess.run(  # noqa: S603  a clean copy of our own, by standard input
                [program, "stdin", "stdout", "--psm", "11", "tsv"],
                input=picture.read(),
                capture_output=True,
                timeout=SECONDS,
                env={"OMP_THREAD_LIMIT": "1"},
                check=True,
            ).stdout
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        logger.info("The text in a picture could not be read: %s", type(error).__name__)
        return []
    return lines_of(read.decode("utf-8", "replace"))


def lines_of(table: str) -> Lines:
    """Tesseract's table: a word on each row that begins with 5, with its line and its place. What is no such row, is
    passed over. (tesseract(1), TSV)"""
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in table.splitlines()[:MOST_ROWS]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != WORD or not all(cell.isascii() and cell.isdigit() for cell in cells[6:10]):
            continue
        word = cells[11].replace("\0", "").strip()
        if word:
            left, top, width, height = (int(cell) for cell in cells[6:10])
            lines.setdefault(tuple(cells[1:5]), []).append((left, top, width, height, word))
    return list(lines.values())
