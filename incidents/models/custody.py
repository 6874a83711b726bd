"""Chain of custody: every receipt, copy, look, redaction, opening and export of a file, in one chained log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dkh_conduct.school.chain import ChainedEntry


class CustodyEntry(ChainedEntry):
    """What happened to one file. It outlives the file: a key and hashes, no name and nothing that was written."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "Received and sealed"
        COPY_MADE = "copy_made", "Copy made"
        SCANNED = "scanned", "Checked for viruses"
        TEXT_READ = "text_read", "Text read from it"
        VIEWED = "viewed", "Looked at"
        REDACTED = "redacted", "Redacted copy made"
        MARKED = "marked", "Messages marked"
        WORDS_COVERED = "words_covered", "Words covered in what may leave"
        REST_DESTROYED = "rest_destroyed", "What was not marked destroyed"
        EXPORTED = "exported", "Redacted copy taken out"
        ORIGINAL_OPENED = "original_opened", "Original opened"
        SEALED_AGAIN = "sealed_again", "Sealed with another key"
        DESTROYED = "destroyed", "Destroyed"

    chained: ClassVar[tuple[str, ...]] = ("evidence_key",)

    evidence_key = models.UUIDField(help_text="Of the file. Not a foreign key: the file may be destroyed.")

    class Meta(ChainedEntry.Meta):
        verbose_name_plural = "custody entries"
        indexes = [models.Index(fields=["evidence_key", "seq"], name="custody_of_evidence")]

    @property
    def words(self) -> str:
        """What happened, as it is shown."""
        return self.Kind(self.kind).label if self.kind in self.Kind.values else self.kind
