"""Covers names and the like in text that may leave: a list of words, kept with the file, applied to what leaves."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incidents.evidence.chats import UNSEEN
from incidents.evidence.custody import Kind, note
from incidents.evidence.originals import case_of
from incidents.evidence.passages import chosen_of, passages_of
from incidents.evidence.redacting import REDACT, CannotRedactError
from incidents.models import Event, Evidence, WordsRedaction
from incidents.models.event import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dkh_conduct.accounts.models import User
    from incidents.evidence.passages import Passage
    from incidents.models import ChatLine

# Says that something was there and nothing of what: not how long it was, and not why it is covered.
COVERED = "[covered]"
MOST_MASKS = 40
NOTHING = "(?!)"
# Of these, words stand apart, so that “Sam” is not covered in “same”. Others are written without spaces, or joined on.
APART = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")
LONGEST = 200


@dataclass(frozen=True)
class Mask:
    """Words that are covered wherever they stand, in capitals or not; never inside a longer word of our alphabet."""

    words: str
    why: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text, to be shown with what will be covered in it."""

    words: str
    is_covered: bool


@transaction.atomic
def cover_words(*, evidence: Evidence, passages: Collection[int], masks: list[Mask], by: User) -> WordsRedaction:
    """Say which passages may leave, with which words covered. No masks: nothing in them needs covering.

    Of a chat the passages are its marked messages, all of them. Raises CannotRedactError, PermissionDenied.
    """
    if not by.has_perm(REDACT):
        raise PermissionDenied
    locked = Evidence.objects.select_for_update(of=("self",)).select_related("school").filter(pk=evidence.pk).first()
    if locked is None or locked.kind not in {"chat", "email"}:
        raise CannotRedactError("This file was destroyed in the meantime.")
    chosen = chosen_of(locked, passages)
    numbers = {passage.number for passage in chosen}
    if numbers != set(passages) or (locked.kind == "chat" and len(passages_of(locked)) > len(numbers)):
        raise CannotRedactError("The marked messages changed in the meantime. Look through them again.")
    if len(masks) > MOST_MASKS:
        raise CannotRedactError(f"{MOST_MASKS} are the most that can be covered.")
    if missing := not_found(masks, chosen):
        raise CannotRedactError(f"“{missing[0].words}” stands in none of these passages. Correct it or remove it.")
    made = WordsRedaction(evidence=locked, passages=sorted(numbers), sha256=fingerprint(chosen, masks), made_by=by)
    made.masks = [asdict(mask) for mask in masks]
    made.save()
    record(Event.Kind.EVIDENCE_REDACTED, school=locked.school, by=by, case=case_of(evidence), concern=evidence.concern)
    note(Kind.WORDS_COVERED, locked, by=by, passages=len(chosen), masks=len(masks))
    return made


def current_words(evidence: Evidence) -> WordsRedaction | None:
    """The one that counts."""
    made = evidence.words_redactions.all()  # may be prefetched
    return max(made, key=lambda each: (each.made_at, each.pk), default=None)


@dataclass(frozen=True)
class Leaves:
    """What is said on a file's page about what may leave of its words."""

    made: WordsRedaction | None
    is_current: bool
    can_be_chosen: bool

    @classmethod
    def of(cls, evidence: Evidence, *, marked: Iterable[ChatLine] | None = None) -> Leaves:
        made = evidence.words_redactions.select_related("made_by").first()
        passages = passages_of(evidence, marked=marked)
        return cls(made, made is not None and is_current(evidence, made, passages), bool(passages))


def is_current(evidence: Evidence, made: WordsRedaction, passages: Collection[Passage]) -> bool:
    """Whether what may leave is still what somebody looked through."""
    chosen = [each for each in passages if evidence.kind == "chat" or each.number in made.passages]
    return made.sha256 == fingerprint(chosen, masks_of(made))


def masks_of(made: WordsRedaction | None) -> list[Mask]:
    return [Mask(**mask) for mask in made.masks or []] if made else []


def not_found(masks: Iterable[Mask], passages: Iterable[Passage]) -> list[Mask]:
    """Those that cover nothing: mistyped, perhaps."""
    text = "\n\n".join(f"{passage.who}\n\n{passage.words}" for passage in passages)
    return [mask for mask in masks if not _pattern([mask]).search(text)]


def fingerprint(passages: Iterable[Passage], masks: Collection[Mask]) -> str:
    """SHA-256 of all that may leave. What is not the same any more has to be looked through again."""
    words = "\n".join(
        f"{passage.number}\n{passage.when}\n{covered(passage.who, masks)}\n{covered(passage.words, masks)}"
        for passage in passages
    )
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def pieces_of(text: str, masks: Collection[Mask]) -> list[Piece]:
    if not masks:
        return [Piece(text, is_covered=False)]
    pieces, at = [], 0
    for found in _pattern(masks).finditer(text):
        pieces += [Piece(text[at : found.start()], is_covered=False), Piece(found[0], is_covered=True)]
        at = found.end()
    pieces.append(Piece(text[at:], is_covered=False))
    return [piece for piece in pieces if piece.words]


def covered(text: str, masks: Collection[Mask]) -> str:
    """The text as it leaves."""
    return "".join(COVERED if piece.is_covered else piece.words for piece in pieces_of(text, masks))


def _pattern(masks: Iterable[Mask]) -> re.Pattern[str]:
    """The longest first, so that a whole name is covered as one. Whatever is typed is words, never a pattern."""
    words = sorted({_plain(mask.words) for mask in masks} - {""}, key=len, reverse=True)
    return re.compile("|".join(map(_wherever, words)) or NOTHING, re.IGNORECASE)


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", UNSEEN.sub("", words)).split())


def _wherever(words: str) -> str:
    """With any spaces between them, accents written either way, and letters that nobody sees between the others."""
    unseen = f"{UNSEEN.pattern}*"
    letters = [rf"(?:{UNSEEN.pattern}|\s)+" if letter == " " else _either_way(letter) for letter in words]
    start = r"(?<!\w)" if _is_word(words[0]) else ""
    end = r"(?!\w)" if _is_word(words[-1]) else ""
    return start + unseen.join(letters) + end


def _either_way(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    if letter in {"'", "’"}:
        return "['’]"
    return re.escape(letter) if apart == letter else f"(?:{re.escape(letter)}|{re.escape(apart)})"


def _is_word(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(APART)
