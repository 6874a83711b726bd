"""Facts and a template become the words of one letter.

What people typed goes in as values: `as_text` sees to it that a name or a quotation can never become a heading, a
list or anything else of the letter's own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from letters.merging import merge
from letters.text import as_text

if TYPE_CHECKING:
    from letters.kinds.kind import Kind, LetterFacts

MAX_HEADING = 120
Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Composed:
    """The words of a new letter; the body is Markdown that staff can change."""

    title: str
    heading: str
    body: str
    template_version: str
    enclosures: str


@dataclass(frozen=True)
class Source:
    """A template's text and the name of its version: the file of a release, or what the school wrote in the studio."""

    text: str
    version: str


def compose_from(source: Source, kind: Kind, facts: LetterFacts) -> Composed:
    first, _, rest = source.text.strip().partition("\n")
    heading = merge(first.removeprefix("#").strip(), kind.field_values(facts).__getitem__)
    body = merge(rest.strip(), kind.field_values(escaped(facts)).__getitem__)
    return Composed(
        title=kind.title,
        heading=" ".join(heading.split())[:MAX_HEADING],
        body=body + "\n",
        template_version=source.version,
        enclosures=facts.policy_title[:200] if kind.encloses_policy else "",
    )


def escaped(value: Facts) -> Facts:
    """The same facts with every string in them escaped, so that no template can forget to."""
    found: Any = value
    if isinstance(value, str):
        found = as_text(value)
    elif isinstance(value, tuple):
        found = tuple(escaped(item) for item in value)
    elif is_dataclass(value) and not isinstance(value, type):
        found = replace(value, **{field.name: escaped(getattr(value, field.name)) for field in fields(value)})
    return found  # type: ignore[no-any-return]


@lru_cache
def file_source(kind: Kind) -> Source:
    """The template the portal came with, which only a release changes."""
    path = Path(settings.BASE_DIR) / "templates" / "letters" / kind.template
    return Source(path.read_text(), kind.version)
