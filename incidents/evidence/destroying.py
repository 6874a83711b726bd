"""Takes evidence away for good: its rows, every file it has on disk, and a last entry in its chain of custody."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction

from incidents.evidence.custody import Kind, note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dkh_conduct.accounts.models import User
    from incidents.models import Evidence

logger = logging.getLogger(__name__)


def destroy(evidence: Iterable[Evidence], *, by: User | None = None) -> None:
    """Within the caller's transaction, as its last act; the bytes go when that is certain."""
    going = list(evidence)
    names = [name for each in going for name in stored_names(each)]
    kept = [(each, each.sha256) for each in going if not each.problem]
    for each, sha256 in kept:
        note(Kind.DESTROYED, each, by=by, sha256=sha256)
    for each in going:
        each.delete()
    transaction.on_commit(partial(discard, names), robust=True)


def stored_names(evidence: Evidence) -> list[str]:
    """Where its bytes are: what must go when its row goes."""
    files = [evidence.original, evidence.copy, evidence.thumbnail]
    for part in evidence.parts.all():
        files += [part.copy, part.thumbnail]
    files += [made.copy for made in evidence.redactions.all()]
    return [str(file) for file in files if file]


def discard(names: Iterable[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception("A file of evidence could not be deleted: %s", name)
