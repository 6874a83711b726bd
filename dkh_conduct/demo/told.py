"""What the demo school's parents told it: the shape of a row. The rows are in `unread.py` and `read.py`."""

from __future__ import annotations

from dataclasses import dataclass

PARENT, STAFF, GOVERNOR, OTHER = "parent", "staff", "governor", "other"


@dataclass(frozen=True)
class Who:
    """Who told the school, as far as they said."""

    role: str = PARENT
    name: str = ""
    email: str = ""
    phone: str = ""
    may_name: str = "no"


@dataclass(frozen=True)
class Picture:
    """A file of `pictures/`, under the name the parent's phone gave it."""

    file: str
    name: str
    caption: str = ""


@dataclass(frozen=True)
class Told:
    """One concern. `on` counts school days before today; `seen` counts days before it was sent."""

    reference: str
    on: int
    at: str
    account: str
    clauses: tuple[str, ...] = ()
    places: tuple[str, ...] = ("class_group",)
    place_name: str = ""
    seen: int | None = 0
    when_words: str = ""
    poster: str = ""
    pictures: tuple[Picture, ...] = ()
    who: Who = Who()
    danger: str = "none"
    complaint: str = "no"
    leader: str = ""  # the first name, in lower case, of the senior leader whom it is about
    assigned: str = ""
    recorded: tuple[str, str] | None = None  # how it reached the school, and who of the staff wrote it down
    # School days from today by which it is to be read, where the calendar would not give that day today.
    due: int | None = None
