"""What somebody else does between a look and a lock: one process stands in for two."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOCK = QuerySet.select_for_update


@contextmanager
def just_before_the_lock(deed: Callable[[], object]) -> Iterator[None]:
    """`deed` happens once, when the first rows in here are about to be locked."""
    with pytest.MonkeyPatch.context() as patch:

        def lock(rows: QuerySet[Any], *args: Any, **kwargs: Any) -> QuerySet[Any]:
            patch.undo()
            deed()
            return LOCK(rows, *args, **kwargs)

        patch.setattr(QuerySet, "select_for_update", lock)
        yield
        assert QuerySet.select_for_update is LOCK, "nothing was locked"
