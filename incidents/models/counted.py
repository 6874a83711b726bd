"""How many rows there are, as one column of another query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from django.db.models import QuerySet


def number_of(rows: QuerySet[Any]) -> Coalesce:
    """Each row once, however it was joined; 0 where there is none."""
    number = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk", distinct=True))
    return Coalesce(Subquery(number.values("number")), 0)
