"""Writes what happened to a file into its chain of custody, and reads it back for its page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage

from dkh_conduct.school import chain
from incidents.models import CustodyEntry

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Evidence

Kind = CustodyEntry.Kind


def note(kind: CustodyEntry.Kind, evidence: Evidence, *, by: User | None = None, **facts: Any) -> CustodyEntry:
    """One entry. The last thing its transaction does: see `chain.append`."""
    return chain.append(CustodyEntry, school=evidence.school, kind=kind, by=by, facts=facts, evidence_key=evidence.pk)


def hashes_of(names: list[str]) -> dict[str, str]:
    """SHA-256 of stored files, by their names in storage."""
    return {name: sha256_of_stored(name) for name in names if name}


def sha256_of_stored(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name) as file:
        for piece in file.chunks():
            digest.update(piece)
    return digest.hexdigest()


@dataclass(frozen=True)
class CustodyLine:
    """One entry as its page shows it: what happened, and the facts that a third party could check."""

    entry: CustodyEntry
    lines: list[str]


def custody_of(evidence: Evidence) -> list[CustodyLine]:
    """Oldest first."""
    entries = CustodyEntry.objects.filter(evidence_key=evidence.pk).select_related("by").order_by("seq")
    return [CustodyLine(entry, _lines(entry)) for entry in entries]


def _lines(entry: CustodyEntry) -> list[str]:
    told = {name: str(value) for name, value in entry.facts.items() if isinstance(value, str | int)}
    files: dict[str, str] = entry.facts.get("files", {})
    labels = LABELS | ({"sha256": "SHA-256 of the copy"} if entry.kind == Kind.EXPORTED else {})
    lines = [f"{label}: {told[name]}" for name, label in labels.items() if told.get(name)]
    return [*lines, *(f"{name}: SHA-256 {sha256}" for name, sha256 in sorted(files.items()))]


LABELS = {
    "sha256": "SHA-256 of the original",
    "size": "Bytes",
    "media_type": "Type, by its content",
    "channel": "Came by",
    "tool": "Made with",
    "result": "Result",
    "part": "Page or part",
    "boxes": "Boxes",
    "passages": "Passages that may leave",
    "masks": "Words covered in them",
    "key": "Key",
    "count": "How many",
    "pack": "Taken out in",
}
