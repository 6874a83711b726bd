"""Rows of an export as children, adults and what is between them; or a sentence for each cell that cannot be taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError

from dkh_conduct.school.email_addresses import validate_public_address
from incidents.contacts.columns import BY_KEY, letter_of
from incidents.contacts.table_files import FORMULA, MOST_IN_CELL
from incidents.models import FamilyLink, PersonFlag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

YES = {"t", "true", "y", "yes", "1", "x", "✓"}
NO = {"f", "false", "n", "no", "0", ""}
FLAGS = {
    "court_order": PersonFlag.Kind.COURT_ORDER,
    "do_not_contact": PersonFlag.Kind.DO_NOT_CONTACT,
    "confidential": PersonFlag.Kind.CONFIDENTIAL,
}
PARENTS = re.compile(r"mother|father|parent|mum|mam\b|dad|step", re.IGNORECASE)
DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (0, 1, 2)),
    (re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})(?: .*)?"), (2, 1, 0)),
)
MONTHS = {
    name: place
    for place, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
IN_WORDS = re.compile(r"(\d{1,2}) ?([A-Za-z]{3})[a-z]* (\d{4})")


@dataclass(frozen=True)
class RowError:
    """`where` is the column as a spreadsheet names it, with its heading."""

    row: int
    where: str
    sentence: str


@dataclass(frozen=True)
class Given:
    """What a file says of one person; an empty value says nothing."""

    is_child: bool
    full_name: str
    mis_id: str = ""
    title: str = ""
    address: str = ""
    email: str = ""
    language: str = ""
    born_on: date | None = None
    year_group: str = ""
    class_name: str = ""


@dataclass(frozen=True)
class Row:
    """One row: a child, an adult, or both and what is between them."""

    number: int
    child: Given | None
    adult: Given | None
    kind: str = FamilyLink.Kind.PARENT
    has_responsibility: bool | None = None
    lives_together: bool | None = None
    priority: int = 0
    flags: tuple[str, ...] = ()


@dataclass
class _Cells:
    """The cells of one row by what they hold, with every fault that is found in them."""

    number: int
    values: dict[str, str]
    places: dict[str, str]
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, key: str, sentence: str) -> None:
        self.errors.append(RowError(self.number, self.places.get(key, "The row"), sentence))

    def line(self, key: str) -> str:
        return " ".join(self.values.get(key, "").split())

    def yes_or_no(self, key: str) -> bool | None:
        said = self.line(key).casefold()
        if key not in self.values or not said:
            return None
        if said in YES:
            return True
        if said not in NO:
            self.refuse(key, f"“{said}” is neither yes nor no. Write yes or no.")
        return False


def read_rows(
    heading: Sequence[str], rows: Sequence[tuple[int, list[str]]], columns: Mapping[int, str]
) -> tuple[list[Row], list[RowError]]:
    found: list[Row] = []
    errors: list[RowError] = []
    places = {key: f"Column {letter_of(place)}, {heading[place]}" for place, key in columns.items()}
    for number, values in rows:
        cells = _Cells(number, {key: values[place] for place, key in columns.items()}, places)
        row = _read(cells)
        errors += cells.errors
        if row is not None and not cells.errors:
            found.append(row)
    errors += _contradictions(found)
    return found, sorted(errors, key=lambda error: error.row)


def _read(cells: _Cells) -> Row | None:
    for key, value in cells.values.items():
        if value == FORMULA:
            cells.refuse(key, "This is a formula. Copy the column, and paste it as values.")
        elif len(value) > min(BY_KEY[key].most, MOST_IN_CELL):
            cells.refuse(key, f"This is longer than {BY_KEY[key].most} characters. Shorten it.")
    if cells.errors:
        return None
    child, adult = _child(cells), _adult(cells)
    flags = tuple(str(kind) for key, kind in FLAGS.items() if cells.yes_or_no(key))
    between: dict[str, Any] = {
        "has_responsibility": cells.yes_or_no("responsibility"),
        "lives_together": cells.yes_or_no("lives_together"),
        "priority": _priority(cells),
    }
    if cells.errors:
        return None
    if child is None and adult is None:
        cells.refuse("child_name", "There is no name here, of a child or of an adult. Add one, or delete the row.")
    if flags and adult is None:
        cells.refuse(next(key for key in FLAGS if key in cells.values), "A flag needs the parent it is about.")
    relation = cells.line("relation")
    is_parent = not relation or PARENTS.search(relation)
    kind = FamilyLink.Kind.PARENT if is_parent else FamilyLink.Kind.CARER
    return Row(cells.number, child, adult, kind=kind, flags=flags, **between)


def _child(cells: _Cells) -> Given | None:
    name = cells.line("child_name") or _name(cells.line("child_first"), cells.line("child_last"))
    if not name:
        if cells.line("child_id"):
            cells.refuse("child_id", "There is a child’s number without a name. Add the name.")
        return None
    return Given(
        is_child=True,
        full_name=_turned(name),
        mis_id=cells.line("child_id"),
        born_on=_day(cells, "born_on"),
        year_group=cells.line("year_group"),
        class_name=cells.line("class_name"),
    )


def _adult(cells: _Cells) -> Given | None:
    name = cells.line("adult_name") or _name(cells.line("adult_first"), cells.line("adult_last"))
    if not name:
        if cells.line("adult_id") or cells.line("email"):
            cells.refuse("adult_name", "There is a parent’s number or email address without a name. Add the name.")
        return None
    email = cells.line("email").lower()
    if email:
        try:
            validate_public_address(email)
        except ValidationError:
            cells.refuse(
                "email", "This is not one email address, like name@example.com. Correct it, or leave it empty."
            )
    address = _address(cells)
    if len(address) > 300:
        cells.refuse("address", "The address is longer than 300 characters. Shorten it.")
    return Given(
        is_child=False,
        full_name=_turned(name),
        mis_id=cells.line("adult_id"),
        title=cells.line("adult_title"),
        address=address,
        email=email,
        language=_language(cells.line("language")),
    )


def _name(first: str, last: str) -> str:
    return f"{first} {last}".strip()


def _turned(name: str) -> str:
    """`Marsh, Daniel` as `Daniel Marsh`."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def _address(cells: _Cells) -> str:
    """Line by line. A whole address in one cell is cut at its line breaks, or else at its commas."""
    whole = cells.values.get("address", "")
    lines = whole.splitlines() if "\n" in whole else whole.split(",")
    lines += [cells.line(key) for key in ("address_1", "address_2", "address_3")]
    if not any(line.strip() for line in lines):
        return ""  # a town alone is nowhere
    lines += [cells.line("town"), cells.line("postcode")]
    kept: list[str] = []
    for each in lines:
        line = " ".join(each.split())
        if line and line not in kept:
            kept.append(line)
    if len(kept) > 1 and re.fullmatch(r"\d+[A-Za-z]?", kept[0]):  # a house number in a cell of its own
        kept[:2] = [f"{kept[0]} {kept[1]}"]
    return "\n".join(kept)


def _day(cells: _Cells, key: str) -> date | None:
    typed = cells.line(key)
    if not typed:
        return None
    try:
        for pattern, (year, month, day) in DATES:
            if match := pattern.fullmatch(typed):
                parts = [int(part) for part in match.groups()]
                return date(parts[year], parts[month], parts[day])
        if (match := IN_WORDS.fullmatch(typed)) and match[2].casefold() in MONTHS:
            return date(int(match[3]), MONTHS[match[2].casefold()], int(match[1]))
    except ValueError:
        pass
    cells.refuse(key, f"“{typed}” is no day. Write it as 3/9/2017 or 2017-09-03.")
    return None


def _priority(cells: _Cells) -> int:
    typed = cells.line("priority")
    if not typed:
        return 0
    if match := re.fullmatch(r"(?:priority )?([0-9]{1,2})", typed, re.IGNORECASE):
        return int(match[1])
    cells.refuse("priority", f"“{typed}” is no number. Write 1 for whom the school calls first.")
    return 0


def _language(typed: str) -> str:
    """One that the portal speaks, or nothing: the school's system knows many more."""
    said = typed.casefold()
    for code, name in settings.LANGUAGES:
        if said and said in {code.casefold(), str(name).casefold(), ENGLISH_NAMES.get(code, "")}:
            return code
    return ""


ENGLISH_NAMES = {"en-gb": "english", "es": "spanish", "pt": "portuguese", "fr": "french", "ar": "arabic"}


def _contradictions(rows: Sequence[Row]) -> list[RowError]:
    """One number for two names: nobody can say which of them is right."""
    seen: dict[tuple[bool, str], tuple[str, int]] = {}
    errors = []
    for row in rows:
        for given in (row.child, row.adult):
            if given is None or not given.mis_id:
                continue
            name, first = seen.setdefault((given.is_child, given.mis_id), (given.full_name, row.number))
            if name.casefold() != given.full_name.casefold():
                said = f"Number {given.mis_id} is {name} in row {first}, and {given.full_name} here."
                errors.append(RowError(row.number, "The row", f"{said} Correct one of them."))
    return errors
