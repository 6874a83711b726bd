"""The bodies a school can turn to, read from `bodies.toml`: for a child at risk, by the borough the child lives in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Body:
    """A row. `checked` is when somebody last rang or read the contact."""

    key: str
    name: str
    what: str
    page: str
    phone: str = ""
    night_phone: str = ""
    borough: str = ""
    checked: date | None = None

    @property
    def contact(self) -> str:
        """`020 7525 1921, and 020 7525 5000 at other times`, or where to look it up."""
        if not self.phone:
            return f"Look it up on {self.page}"
        return f"{self.phone}, and {self.night_phone} at other times" if self.night_phone else self.phone


def read_bodies(path: Path) -> tuple[Body, ...]:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(Body(**row) for row in raw["bodies"])


BODIES = read_bodies(Path(__file__).with_name("bodies.toml"))
BOROUGHS = tuple(body.borough for body in BODIES if body.borough)


def body_of(key: str) -> Body:
    return next(body for body in BODIES if body.key == key)
