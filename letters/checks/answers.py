"""Going on in spite of an objection: the reason is written to the letter's history, for that very sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from letters.models import LetterEvent
from letters.refusals import UnansweredError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from letters.checks.objection import Objection
    from letters.models import Letter, Staff

MOST_CHARACTERS = 500
PREFIX = "reason-"


@dataclass(frozen=True)
class Asked:
    """An objection as a page shows it, with what was typed as the reason."""

    objection: Objection
    reason: str = ""


def reasons_in(posted: Mapping[str, Any]) -> dict[str, str]:
    """What a form with `letters/_objections.html` in it sent, by the objection's key."""
    return {name.removeprefix(PREFIX): str(posted[name]) for name in posted if name.startswith(PREFIX)}


def asked(objections: Iterable[Objection], reasons: Mapping[str, str] | None = None) -> list[Asked]:
    return [Asked(objection, (reasons or {}).get(objection.key, "")) for objection in objections]


def unanswered(letter: Letter, objections: Iterable[Objection]) -> list[Objection]:
    """Those that nobody has given a reason for yet. A changed sentence is a new objection."""
    found = list(objections)
    if not found or not letter.pk:
        return found
    given = set(letter.events.filter(kind=LetterEvent.Kind.CHECK_ANSWERED).values_list("facts__key", flat=True))
    return [objection for objection in found if objection.key not in given]


@transaction.atomic
def answer_objections(
    *, letter: Letter, objections: Sequence[Objection], reasons: Mapping[str, str], by: Staff
) -> None:
    """Writes down why each is gone on with. Raises UnansweredError, and writes nothing, while one has no reason.

    `reasons` are by the objection's key. One that may not be gone on with has to be put right instead.
    """
    if by.school_id != letter.school_id or not by.has_perm("letters.draft_letter"):
        raise PermissionDenied
    waiting = unanswered(letter, objections)
    open_still = [found for found in waiting if not found.may_go_on or not reasons.get(found.key, "").strip()]
    if open_still:
        raise UnansweredError(open_still)
    LetterEvent.objects.bulk_create(
        LetterEvent(letter=letter, kind=LetterEvent.Kind.CHECK_ANSWERED, by_id=by.pk, facts=_facts(found, reasons))
        for found in waiting
    )


def _facts(found: Objection, reasons: Mapping[str, str]) -> dict[str, Any]:
    why = reasons[found.key].strip()[:MOST_CHARACTERS]
    return {"key": found.key, "code": found.code, "title": found.title, "sentence": found.sentence[:500], "why": why}
