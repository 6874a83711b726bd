"""What the columns of an export may hold, and a guess at which is which from their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHILD, ADULT, LINK, FLAG = "The child", "The parent or carer", "Between them", "What stops letters"
IGNORED = ""


@dataclass(frozen=True)
class Column:
    """`names` are headings that systems write, in lower case without signs."""

    key: str
    label: str
    about: str
    names: tuple[str, ...]
    most: int = 120


COLUMNS = (
    Column(
        "child_id",
        "Child’s number",
        CHILD,
        ("student id", "pupil id", "upn", "admission number", "adno", "student number", "arbor student id", "mis id"),
        40,
    ),
    Column(
        "child_name",
        "Child’s full name",
        CHILD,
        ("student", "pupil", "child", "student name", "pupil name", "child name", "childs name", "full name"),
    ),
    Column(
        "child_first",
        "Child’s first name",
        CHILD,
        (
            "student forename",
            "pupil forename",
            "child forename",
            "student first name",
            "pupil first name",
            "child first name",
            "legal first name",
            "preferred forename",
            "chosen name",
        ),
    ),
    Column(
        "child_last",
        "Child’s surname",
        CHILD,
        (
            "student surname",
            "pupil surname",
            "child surname",
            "student last name",
            "pupil last name",
            "child last name",
            "legal last name",
            "legal surname",
            "preferred surname",
        ),
    ),
    Column(
        "born_on",
        "Child’s date of birth",
        CHILD,
        ("date of birth", "dob", "birth date", "birthday", "student dob", "pupil dob"),
        20,
    ),
    Column(
        "year_group",
        "Year group",
        CHILD,
        ("year", "year group", "yeargroup", "nc year", "national curriculum year", "yr"),
        20,
    ),
    Column(
        "class_name",
        "Class",
        CHILD,
        (
            "class",
            "class name",
            "form",
            "registration form",
            "reg form",
            "registration group",
            "reg",
            "reg group",
            "tutor group",
        ),
        40,
    ),
    Column(
        "adult_id",
        "Parent’s number",
        ADULT,
        ("parent id", "contact id", "guardian id", "carer id", "person id", "arbor guardian id"),
        40,
    ),
    Column(
        "adult_title",
        "Parent’s title",
        ADULT,
        ("title", "parent title", "contact title", "guardian title", "salutation"),
        20,
    ),
    Column(
        "adult_name",
        "Parent’s full name",
        ADULT,
        (
            "parent",
            "contact",
            "guardian",
            "carer",
            "parent name",
            "contact name",
            "guardian name",
            "carer name",
            "parent carer",
            "addressee",
        ),
    ),
    Column(
        "adult_first",
        "Parent’s first name",
        ADULT,
        (
            "parent forename",
            "contact forename",
            "guardian forename",
            "parent first name",
            "contact first name",
            "guardian first name",
        ),
    ),
    Column(
        "adult_last",
        "Parent’s surname",
        ADULT,
        (
            "parent surname",
            "contact surname",
            "guardian surname",
            "parent last name",
            "contact last name",
            "guardian last name",
        ),
    ),
    Column(
        "email",
        "Email address",
        ADULT,
        (
            "email",
            "e mail",
            "email address",
            "primary email",
            "home email",
            "contact home email",
            "main email",
            "parent email",
            "contact email",
            "guardian email",
        ),
        254,
    ),
    Column(
        "address",
        "Whole address",
        ADULT,
        ("address", "full address", "home address", "postal address", "address block", "contact address"),
        300,
    ),
    Column(
        "address_1",
        "Address, first line",
        ADULT,
        ("address line 1", "address 1", "house", "house number", "house name", "apartment", "flat"),
    ),
    Column(
        "address_2",
        "Address, second line",
        ADULT,
        ("address line 2", "address 2", "street", "road", "house and street"),
    ),
    Column(
        "address_3",
        "Address, third line",
        ADULT,
        ("address line 3", "address 3", "district", "locality", "address line 4", "address 4"),
    ),
    Column("town", "Town", ADULT, ("town", "city", "town city", "post town")),
    Column("postcode", "Postcode", ADULT, ("postcode", "post code", "zip", "postal code"), 12),
    Column(
        "language",
        "Language",
        ADULT,
        ("language", "first language", "home language", "parent language", "contact language"),
        40,
    ),
    Column(
        "relation",
        "Relationship",
        LINK,
        ("relationship", "relation", "relationship to student", "relationship to pupil", "relationship type"),
        60,
    ),
    Column(
        "responsibility",
        "Parental responsibility",
        LINK,
        ("parental responsibility", "pr", "legal guardian", "has parental responsibility"),
        20,
    ),
    Column(
        "lives_together",
        "Lives with the child",
        LINK,
        ("lives with pupil", "lives with student", "lives with child", "lives with", "resides with", "same address"),
        20,
    ),
    Column(
        "priority",
        "Priority",
        LINK,
        ("priority", "contact priority", "contact order", "emergency contact priority"),
        10,
    ),
    Column("court_order", "Court order", FLAG, ("court order", "has court order", "court order flag"), 20),
    Column(
        "do_not_contact",
        "Do not contact",
        FLAG,
        ("do not contact", "no contact", "do not correspond", "correspondence off"),
        20,
    ),
    Column(
        "confidential",
        "Address confidential",
        FLAG,
        ("address confidential", "confidential address", "confidential", "address withheld"),
        20,
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
# Headings that an export writes twice, once for the child and once for the parent: which of them, the place says.
TWICE = {
    "forename": ("child_first", "adult_first"),
    "first name": ("child_first", "adult_first"),
    "given name": ("child_first", "adult_first"),
    "surname": ("child_last", "adult_last"),
    "last name": ("child_last", "adult_last"),
    "family name": ("child_last", "adult_last"),
    "id": ("child_id", "adult_id"),
    "name": ("child_name", "adult_name"),
}


def plain(heading: str) -> str:
    """`(Contact) Home E-mail` as `contact home e mail`."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", heading.casefold()).split())


def guess_columns(headings: list[str]) -> dict[int, str]:
    """What each column holds, by its place, where its heading says so. Nothing is guessed for two columns."""
    names = {name: column.key for column in COLUMNS for name in column.names}
    found: dict[int, str] = {}
    is_past_child = False
    for place, heading in enumerate(headings):
        said = plain(heading)
        key = names.get(said)
        if key is None and said in TWICE:
            for_child, for_adult = TWICE[said]
            key = for_adult if is_past_child or for_child in found.values() else for_child
        if key is None or key in found.values():
            continue
        found[place] = key
        is_past_child = is_past_child or BY_KEY[key].about in (ADULT, LINK)
    return found


def letter_of(place: int) -> str:
    """A, B, …, Z, AA: how a spreadsheet names its columns."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
