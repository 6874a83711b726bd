"""A table out of an uploaded CSV or XLSX: bounded in every direction, and refused in a sentence."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.files.uploadedfile import UploadedFile

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_IN_CELL = 400
MOST_UNPACKED = 48 * 1024 * 1024
MOST_PARTS = 300
MOST_EMPTY = 20_000  # rows that somebody once formatted, below the last one with words
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
FORMULA = "\0formula"  # cannot come out of a file: NUL is refused
TOO_MANY = f"The file has more than {MOST_ROWS:,} rows. Export one year group at a time."
NOT_READ = "This file cannot be read. Export it again from your system, as CSV or as an Excel workbook (.xlsx)."


class TableRefusedError(Exception):
    """`str(error)` says what is wrong with the file, and what to do."""


@dataclass(frozen=True)
class Table:
    """The heading, and each row with its number in the file; as long as the heading, empty rows left out."""

    heading: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(upload: UploadedFile[Any]) -> Table:
    if upload.size is None or upload.size > MOST_BYTES:
        raise TableRefusedError("The file must be smaller than 4MB. Export one year group at a time.")
    content = upload.read()
    if not content.strip():
        raise TableRefusedError("The file is empty.")
    if content.startswith(OLD_EXCEL):
        raise TableRefusedError(
            "This is an old Excel file, or it has a password. Save it as .xlsx without one, or CSV."
        )
    lines = _of_workbook(content) if content.startswith(b"PK") else _of_text(content)
    return _table(lines)


def _table(lines: Iterable[tuple[int, list[str]]]) -> Table:
    heading: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if not heading:
            heading = [cell if cell != FORMULA else "" for cell in cells]
            while heading and not heading[-1]:
                heading.pop()
            if len(heading) < 2:
                raise TableRefusedError("The first row must name the columns, such as Forename, Surname and Class.")
            if len(heading) > MOST_COLUMNS:
                raise TableRefusedError(f"The file has more than {MOST_COLUMNS} columns. Export fewer.")
            continue
        if len(rows) == MOST_ROWS:
            raise TableRefusedError(TOO_MANY)
        rows.append((number, (cells + [""] * len(heading))[: len(heading)]))
    if not rows:
        raise TableRefusedError("The file has a heading and no rows below it.")
    return Table(heading, rows)


def _of_text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [_cell(cell) for cell in cells[: MOST_COLUMNS + 1]]
    except csv.Error:
        raise TableRefusedError(NOT_READ) from None


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, or what Excel writes in Western Europe."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableRefusedError(NOT_READ)


def _of_workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet. A formula is not worked out: what it showed last may be wrong, and it may reach elsewhere."""
    from openpyxl import load_workbook  # half a second, for the one page that needs it

    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        empty = 0
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
            cells = [FORMULA if cell.data_type == "f" else _cell(cell.value) for cell in row]
            empty = 0 if any(cells) else empty + 1
            if empty > MOST_EMPTY:
                break
            yield number, cells
        book.close()
    except TableRefusedError:
        raise
    except Exception:  # noqa: BLE001  a broken or hostile workbook fails in many ways, and all have one answer
        raise TableRefusedError(NOT_READ) from None


def _check_archive(content: bytes) -> None:
    """A workbook is a zip: what it unpacks to is bounded before that happens, and no part gives more than it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise TableRefusedError(NOT_READ) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TableRefusedError("The workbook unpacks to too much. Copy the rows into a new one, or save it as CSV.")
    if any(part.flag_bits & 1 for part in parts):
        raise TableRefusedError("The workbook has a password. Save it without one.")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise TableRefusedError(NOT_READ)


def _cell(value: Any) -> str:
    """As a person reads it: a day as 2026-09-01, a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\0", "")
    text = text.encode("utf-8", "replace").decode("utf-8")
    if text.lstrip().startswith("="):
        return FORMULA
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())[: MOST_IN_CELL + 1]
