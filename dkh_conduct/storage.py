"""Files that are whole or not there at all: written beside their place, flushed, then moved into it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from django.core.files.base import File


class WholeFileStorage(FileSystemStorage):
    """A full disk or a killed process leaves no half file under the final name.

    Django's own storage leaves a truncated file with the final name on a full disk.
    """

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=self.directory_permissions_mode or 0o700)
        temporary = target.with_name(f".tmp-{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                _copy(content, out)
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        directory = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return name


def _copy(content: File[Any], out: IO[bytes]) -> None:
    for chunk in content.chunks():
        out.write(chunk if isinstance(chunk, bytes) else chunk.encode())
