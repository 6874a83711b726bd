"""What may leave the house: redacted copies and marked messages, nothing else of a file. Packs and letters ask here.

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

from incidents.evidence.custody import Kind, note
from incidents.evidence.marked import sheets_of
from incidents.evidence.redacting import current
from incidents.evidence.serving import MEDIA_TYPES
from incidents.evidence.viewer import pages_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.base import File

    from dkh_conduct.accounts.models import User
    from incidents.evidence.marked import Sheet
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
    """A page of the messages that somebody marked in a chat, as they stand in the file."""

    sheet: Sheet

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
    marked = list(evidence.lines.marked())
    if not marked:
        found.missing.append(f"Evidence {number} is a chat in which no message is marked. Mark those that matter.")
        return
    sheets, redactions = sheets_of(marked), current(evidence)
    attached = {line.attachment for line in marked if line.attachment}
    pictures = [page for page in pages_of(evidence)[1:] if page.kind == "picture" and page.name in attached]
    parts = len(sheets) + len(pictures)
    for part, sheet in enumerate(sheets, start=1):
        found.ready.append(MarkedMessages(evidence, number, part, parts, sheet))
    for part, page in enumerate(pictures, start=len(sheets) + 1):
        if page.number in redactions:
            found.ready.append(RedactedPicture(evidence, number, part, parts, redactions[page.number]))
        else:
            found.missing.append(f"Evidence {number}, the picture {page.name}, is not redacted yet.")


def note_taken_out(copies: Iterable[RedactedCopy], *, by: User, pack: str) -> None:
    """Into the chain of custody of each file: who took which copy out, and in what. `pack` is a reference, no name."""
    for copy in copies:
        note(Kind.EXPORTED, copy.evidence, by=by, part=copy.part, pack=pack, sha256=copy.sha256)
