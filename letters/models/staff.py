"""What letters know of a member of staff; the user model itself is reached through settings."""

from __future__ import annotations

from typing import Any, Protocol


class Staff(Protocol):
    pk: int
    school_id: int
    full_name: str
    job_title: str

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...
