"""What may leave the house: redacted copies and chosen words, nothing else of a file. Packs and letters ask here.

found = copies_for(Evidence.objects.good().filter(concern__case=case))
if found.missing: ...                    # sentences for whoever makes the pack: say them, and make no pack
for copy in found.ready: page_of(copy)   # one page of a PDF: paper.py
note_taken_out(found.ready, by=user, pack="police pack C014-P1")   # inside the verb, as its last act
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage

from incidents.evidence.covering import current_words, is_current, masks_of
from incidents.evidence.custody import Kind, note
from incidents.evidence.marked import sheets_of_chat, sheets_of_email
from incidents.evidence.passages import OF_A_CHAT, OF_AN_EMAIL, passages_of
from incidents.evidence.redacting import current
from incidents.evidence.serving import MEDIA_TYPES
from incidents.evidence.viewer import pages_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.base import File

    from dkh_conduct.accounts.models import User
    from incidents.evidence.marked import Sheet
    from incidents.evidence.viewer import Page
    from incidents.models import Evidence, Redaction


@dataclass(frozen=True)
class RedactedCopy:
    """One page that may leave. `number` counts the files as they were given."""

    evidence: Evidence
    number: int
    part: int
    parts: int

    @property
    def sha256(self) -> str:
        raise NotImplementedError

    @property
    def title(self) -> str:
        """How a pack calls it: never by the file's own name, which may say who sent it."""
        return f"Evidence {self.number}" + (f", page {self.part} of {self.parts}" if self.parts > 1 else "")


@dataclass(frozen=True)
class RedactedPicture(RedactedCopy):
    """A page with its boxes burnt in. `name` is its name in storage."""

    redaction: Redaction

    @property
    def name(self) -> str:
        return str(self.redaction.copy)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[PurePath(self.name).suffix]

    @property
    def sha256(self) -> str:
        return self.redaction.sha256

    def open(self) -> File[Any]:
        return default_storage.open(self.name)


@dataclass(frozen=True)
class MarkedMessages(RedactedCopy):
    """A page of the messages that somebody marked in a chat, or of the passages of an e-mail that somebody chose, as
    they stand in the file but for what is covered. `about` says which."""

    sheet: Sheet
    about: str = OF_A_CHAT

    @property
    def sha256(self) -> str:
        """Of the words on the page: each message's date, sender and text, one under the other."""
        return self.sheet.sha256


@dataclass(frozen=True)
class Copies:
    """What is ready, and a sentence for everything that is not."""

    ready: list[RedactedCopy] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def copies_for(evidence: Iterable[Evidence]) -> Copies:
    """Every page of these files that may leave, in their order: redacted pictures, and the marked messages of chats."""
    found = Copies()
    for number, each in enumerate(evidence, start=1):
        if each.is_waiting:
            found.missing.append(f"Evidence {number} cannot be shown yet. {each.waiting_words}")
        elif each.kind == "chat":
            _add_chat(found, number, each)
        elif each.kind == "email":
            _add_email(found, number, each)
        else:
            _add_pictures(found, number, each)
    return found


def _add_pictures(found: Copies, number: int, evidence: Evidence) -> None:
    redactions, pages = current(evidence), pages_of(evidence)
    for page in pages:
        if page.kind != "picture":
            if page.number == 1 and page.kind == "voice":
                found.missing.append(f"Evidence {number} is sound, which cannot be redacted. Write down what is said.")
            continue
        if page.number in redactions:
            copy = RedactedPicture(evidence, number, page.number, len(pages), redactions[page.number])
            found.ready.append(copy)
        else:
            which = f", page {page.number}," if len(pages) > 1 else ""
            found.missing.append(f"Evidence {number}{which} is not redacted yet.")


def _add_chat(found: Copies, number: int, evidence: Evidence) -> None:
    """Its marked messages, and the pictures that came with them. The rest of the chat is nobody's business."""
    marked = passages_of(evidence)
    if not marked:
        found.missing.append(f"Evidence {number} is a chat in which no message is marked. Mark those that matter.")
        return
    made = current_words(evidence)
    if made is None:
        found.missing.append(
            f"Evidence {number} is a chat. Cover names in its marked messages, or say that none need it."
        )
        return
    if not is_current(evidence, made, marked):
        found.missing.append(f"The marks of evidence {number} changed after names were covered. Look through it again.")
        return
    attached = {line.attachment for line in evidence.lines.marked() if line.attachment}
    pictures = [page for page in pages_of(evidence)[1:] if page.kind == "picture" and page.name in attached]
    _add_sheets(found, number, evidence, sheets_of_chat(marked, masks_of(made)), pictures, OF_A_CHAT)


def _add_email(found: Copies, number: int, evidence: Evidence) -> None:
    """The passages that were chosen, and the pictures that came in it."""
    made = current_words(evidence)
    if made is None:
        found.missing.append(
            f"Evidence {number} is an email. Choose what of its words may leave, and cover names in it."
        )
        return
    passages = passages_of(evidence)
    if not is_current(evidence, made, passages):
        found.missing.append(f"Evidence {number} is read in another way by now. Choose again what may leave.")
        return
    pictures = [page for page in pages_of(evidence)[1:] if page.kind == "picture"]
    sheets = sheets_of_email(passages, made.passages, masks_of(made))
    _add_sheets(found, number, evidence, sheets, pictures, OF_AN_EMAIL)


def _add_sheets(
    found: Copies, number: int, evidence: Evidence, sheets: list[Sheet], pictures: list[Page], about: str
) -> None:
    redactions = current(evidence)
    parts = len(sheets) + len(pictures)
    for part, sheet in enumerate(sheets, start=1):
        found.ready.append(MarkedMessages(evidence, number, part, parts, sheet, about))
    for part, page in enumerate(pictures, start=len(sheets) + 1):
        if page.number in redactions:
            found.ready.append(RedactedPicture(evidence, number, part, parts, redactions[page.number]))
        else:
            found.missing.append(f"Evidence {number}, the picture {page.name}, is not redacted yet.")


def note_taken_out(copies: Iterable[RedactedCopy], *, by: User, pack: str) -> None:
    """Into the chain of custody of each file: who took which copy out, and in what. `pack` is a reference, no name."""
    for copy in copies:
        note(Kind.EXPORTED, copy.evidence, by=by, part=copy.part, pack=pack, sha256=copy.sha256)
