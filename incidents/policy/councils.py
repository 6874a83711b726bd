"""Whose children’s services to call, by the borough a child lives in, read from `councils.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

# Asks for a postcode, and leads to the page of whichever council of England it is.
FIND_ANY = "https://www.gov.uk/report-child-abuse-to-local-council"


@dataclass(frozen=True)
class Council:
    """A row. No number is given that nobody read on the council's own page: then `page` is where to look."""

    name: str
    page: str
    phone: str = ""
    night_phone: str = ""
    checked: date | None = None

    @property
    def address(self) -> str:
        return f"https://{self.page}/"


def read_councils(path: Path) -> tuple[Council, ...]:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(Council(**row) for row in raw["councils"])


COUNCILS = read_councils(Path(__file__).with_name("councils.toml"))


def others_than(name: str) -> tuple[Council, ...]:
    """All but the one whose numbers the page gives anyway."""
    return tuple(council for council in COUNCILS if council.name.casefold() != name.casefold())
