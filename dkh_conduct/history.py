"""Every version of a row, by django-simple-history, without its cost of making a class for each row that is saved."""

from __future__ import annotations

from functools import cache
from typing import Any

from simple_history import models
from simple_history.manager import HistoryManager


class OneHistoryManager(HistoryManager):  # type: ignore[misc]
    """The library asks for a manager's class at each look at `history`, and so once for every row saved."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class HistoricalRecords(models.HistoricalRecords):  # type: ignore[misc]
    """To be said in a model as `history`. Takes what the library's takes, but a manager."""

    def __init__(self, **options: Any) -> None:
        super().__init__(history_manager=OneHistoryManager, **options)
