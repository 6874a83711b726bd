"""The template studio: a school's own words for its letters, version by version.

A version is added and never changed, so that a letter can always say which one it was made from: `3` is the text that
the portal came with, `3.2` the school's second version of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.school.models import School, today
from letters.checks import check
from letters.kinds import ALL, KINDS, Source, compose
from letters.kinds.composing import file_source
from letters.merging import TemplateFaultError, check_tags
from letters.models import Letter, LetterTemplate
from letters.refusals import StaleTemplateError, UnprintableError
from letters.text import check_body

if TYPE_CHECKING:
    from letters.checks import Objection
    from letters.kinds import Kind
    from letters.models import Staff

MOST_CHARACTERS = 10_000


@dataclass(frozen=True)
class Standing:
    """A kind with the version of its words that is used now; `row` is None for the one that the portal came with."""

    kind: Kind
    text: str
    version: str
    row: LetterTemplate | None = None

    @property
    def number(self) -> int:
        return self.row.number if self.row else 0


def source_of(school: School, kind: str) -> Source:
    """What `compose` is given, so that a letter uses the school's own words."""
    standing = standing_of(school, KINDS[kind])
    return Source(standing.text, standing.version)


def standing_of(school: School, kind: Kind) -> Standing:
    rows = LetterTemplate.objects.filter(school=school, kind=kind.key).select_related("made_by")
    return _standing(kind, rows.order_by("-number").first())


def all_standing(school: School) -> list[Standing]:
    """Every kind, in two queries at most."""
    rows: dict[str, LetterTemplate] = {}
    for row in LetterTemplate.objects.filter(school=school).select_related("made_by").order_by("number"):
        rows[row.kind] = row
    return [_standing(kind, rows.get(kind.key)) for kind in ALL]


def versions_of(school: School, kind: Kind) -> list[Standing]:
    """The newest first; the one that the portal came with is the last."""
    rows = LetterTemplate.objects.filter(school=school, kind=kind.key).select_related("made_by").order_by("-number")
    return [*(_standing(kind, row) for row in rows), _standing(kind, None)]


@transaction.atomic
def save_template(*, school: School, kind: Kind, by: Staff, text: str, seen: int, why: str = "") -> LetterTemplate:
    """A new version. Raises StaleTemplateError where somebody saved since `seen`, TemplateFaultError for a fault."""
    if by.school_id != school.pk or not by.has_perm("letters.change_lettertemplate"):
        raise PermissionDenied
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    check_template(kind, text)
    School.objects.select_for_update().get(pk=school.pk)  # one after the other
    current = standing_of(school, kind)
    if current.row and current.number != seen:
        raise StaleTemplateError(current.row)
    if current.text.strip() == text.strip() and current.row:
        return current.row
    return LetterTemplate.objects.create(
        school=school, kind=kind.key, number=current.number + 1, text=text, why=why, made_by_id=by.pk
    )


def check_template(kind: Kind, text: str) -> None:
    """Raises TemplateFaultError with a sentence where the text could not become a letter."""
    if len(text) > MOST_CHARACTERS:
        raise TemplateFaultError(f"The text is {len(text):,} characters long. Use {MOST_CHARACTERS:,} or fewer.")
    first, _, rest = text.strip().partition("\n")
    if not first.startswith("# "):
        raise TemplateFaultError("Begin with the heading: one line that starts with # and a space.")
    if not rest.strip():
        raise TemplateFaultError("Write what the letter says below its heading.")
    check_tags(first)
    check_tags(rest, [field.name for field in kind.fields])
    check_tags(first, [field.name for field in kind.fields])
    try:
        check_body(compose(kind.key, kind.sample, source=Source(text, "")).body)
    except UnprintableError as fault:
        raise TemplateFaultError(str(fault)) from fault


def objections_to(school: School, kind: Kind, text: str) -> list[Objection]:
    """What a letter made from this text would be objected to for, with sample facts."""
    return check(sample_letter(school, kind, text))


def sample_letter(school: School, kind: Kind, text: str) -> Letter:
    """An unsaved letter of invented facts, for looking at the words. Raises UnprintableError for a fault in them."""
    try:
        check_template(kind, text)
        composed = compose(kind.key, kind.sample, source=Source(text, ""))
    except TemplateFaultError as fault:
        raise UnprintableError(str(fault)) from fault
    return Letter(
        school=school,
        reference=f"{school.code}-SAMPLE",
        kind=kind.key,
        title=kind.title,
        heading=composed.heading,
        addressee="Ms Ada Sample",
        salutation="Ms Sample",
        address="1 Sample Street\nLondon\nSE1 1AA",
        body=composed.body,
        enclosures=composed.enclosures,
        written_on=today(),
        reply_by=getattr(kind.sample, "reply_by", None),
        signatory_name="Name of the signatory",
        signatory_role="Their role",
    )


@dataclass(frozen=True)
class Line:
    """One line of a comparison: `same`, `gone` or `new`."""

    text: str
    change: str


def compared(old: str, new: str) -> list[Line]:
    before, after = old.strip().splitlines(), new.strip().splitlines()
    lines: list[Line] = []
    for tag, start, end, start_new, end_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(text, "same") for text in before[start:end]]
        else:
            lines += [Line(text, "gone") for text in before[start:end]]
            lines += [Line(text, "new") for text in after[start_new:end_new]]
    return [line for line in lines if line.text.strip() or line.change != "same"]


def _standing(kind: Kind, row: LetterTemplate | None) -> Standing:
    if row is None:
        return Standing(kind, file_source(kind).text, kind.version)
    return Standing(kind, row.text, f"{kind.version}.{row.number}", row)
