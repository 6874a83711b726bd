"""A letter may not eat the machine: while one is made, the worker's process gets no more than so much memory."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def memory_limit(megabytes: int | None = None) -> Iterator[None]:
    """Past the limit Python raises MemoryError, the letter is put back, and other letters go on.

    The limit is of addresses, which a process has many more of than memory in use.
    """
    most = (megabytes or int(getattr(settings, "LETTER_MEMORY_MB", 2_000))) * 1024 * 1024
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
