"""Stores what is shown of a file beside its sealed original, and says in its row where that is and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from incidents.evidence.chat_lines import keep_lines
from incidents.evidence.custody import Kind, hashes_of, note
from incidents.evidence.quality import hints_of
from incidents.models import EvidencePart

if TYPE_CHECKING:
    import uuid

    from incidents.evidence.pictures import CleanPicture
    from incidents.evidence.reading import Reading
    from incidents.models import Evidence

READ_AS_TEXT = "read as text, character for character"


@dataclass(frozen=True)
class Files:
    """Where one page is stored, and the columns that say what it is."""

    copy: str
    thumbnail: str
    page: CleanPicture

    @classmethod
    def of(cls, stem: str, page: CleanPicture) -> Files:
        return cls(f"copies/{stem}.{page.suffix}", f"thumbnails/{stem}.webp", page)

    @property
    def row(self) -> dict[str, Any]:
        page = self.page
        return {
            "media_type": page.media_type,
            "copy": self.copy,
            "thumbnail": self.thumbnail,
            "width": page.width,
            "height": page.height,
            "seconds": page.seconds,
        }


class Copies:
    """The files of one reading, under names of their own."""

    def __init__(self, found: Reading, stem: str | uuid.UUID) -> None:
        self.found = found
        pages = [*found.pages, *(inside.page for inside in found.inside)]
        self.hashes: dict[str, str] = {}
        self.files = [Files.of(f"{stem}-{at}" if at > 1 else str(stem), page) for at, page in enumerate(pages, start=1)]

    @property
    def names(self) -> list[str]:
        return [name for each in self.files for name in (each.copy, each.thumbnail)]

    @property
    def row(self) -> dict[str, Any]:
        """The columns of the file itself."""
        found = self.found
        return {
            **self.files[0].row,
            "hints": hints_of(found),
            "look": found.first.look,
            "text": found.text,
            "date_order": found.chat.order if found.chat else "",
        }

    def store(self) -> None:
        for each in self.files:
            default_storage.save(each.copy, ContentFile(each.page.copy))
            default_storage.save(each.thumbnail, ContentFile(each.page.thumbnail))
        self.hashes = hashes_of(self.names)  # before the transaction, which others wait for

    def add_to(self, evidence: Evidence) -> None:
        """Further pages, the files inside, and the messages of a chat; then the entry in the chain of custody."""
        found = self.found
        names = [""] * (len(found.pages) - 1) + [inside.name for inside in found.inside]
        EvidencePart.objects.bulk_create(
            EvidencePart(evidence=evidence, number=number, name=name, **each.row)
            for number, (name, each) in enumerate(zip(names, self.files[1:], strict=True), start=2)
        )
        if found.chat is not None:
            keep_lines(evidence, found.chat)
        note(Kind.COPY_MADE, evidence, files=self.hashes, tool=found.first.tool or READ_AS_TEXT)
