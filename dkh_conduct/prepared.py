"""A query that every page asks: its statement is put together once, and what differs from page to page is filled in.

Putting together a statement of many parts takes Django ten times as long as the database needs to answer it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from django.db.models import QuerySet

V = TypeVar("V", bound=NamedTuple)


class NotAlikeError(Exception):
    """What is filled in changes more of a statement than the values it is sent with."""


@dataclass(frozen=True)
class Statement:
    sql: str
    params: tuple[Any, ...]
    gaps: tuple[tuple[int, int], ...]  # which of the parameters is which of the values

    def row(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        params = list(self.params)
        for place, value in self.gaps:
            params[place] = _sent_as(params[place], values[value])
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return cursor.fetchone() or ()


_kept: dict[Hashable, Statement] = {}


def row_of(shape: Hashable, build: Callable[[V], QuerySet[Any]], values: V, stand_ins: tuple[V, V]) -> tuple[Any, ...]:
    """The first row of `build(values)`, a query of columns, as the database says it; nothing where there is no row.

    Everything that `build` decides by, other than the values, belongs to the `shape`. Before a statement is kept it is
    built for two sets of stand-ins, which are nobody's values: it may differ in nothing but those.
    """
    key = (connection.vendor, shape)
    statement = _kept.get(key)
    if statement is None:
        statement = _kept[key] = _prepared(build, stand_ins)
    return statement.row(values)


def _prepared(build: Callable[[V], QuerySet[Any]], stand_ins: tuple[V, V]) -> Statement:
    (sql, params), (other_sql, other_params) = (_compiled(build(values)) for values in stand_ins)
    one, other = ([_adapted(value) for value in values] for values in stand_ins)
    if sql != other_sql or len(params) != len(other_params):
        raise NotAlikeError(sql)
    gaps = []
    for place, pair in enumerate(zip(params, other_params, strict=True)):
        if pair[0] != pair[1]:
            value = next((value for value, filled in enumerate(zip(one, other, strict=True)) if filled == pair), None)
            if value is None:
                raise NotAlikeError(f"parameter {place} of {sql}")
            gaps.append((place, value))
    return Statement(sql, tuple(params), tuple(gaps))


def _compiled(query: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    sql, params = query.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, tuple(params)


def _sent_as(stand_in: Any, value: Any) -> Any:
    """A database may be told more of a number than the number: which kind its column has."""
    adapted = _adapted(value)
    return type(stand_in)(adapted) if isinstance(stand_in, int) else adapted


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
