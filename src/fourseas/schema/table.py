"""What a table promises: its grain, key, columns, their units, ranges and laws."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

Unit = Literal[
    "authors",
    "category",
    "citations",
    "code",
    "count",
    "credit",
    "date",
    "degrees",
    "difference",
    "flag",
    "id",
    "index",
    "km",
    "list",
    "name",
    "people",
    "percent",
    "ratio",
    "score",
    "share",
    "text",
    "usd",
    "works",
    "year",
]

UNIT_RANGES: dict[str, tuple[float, float | None]] = {
    "authors": (0.0, None),
    "citations": (0.0, None),
    "count": (0.0, None),
    "credit": (0.0, None),
    "index": (0.0, None),
    "km": (0.0, None),
    "people": (0.0, None),
    "share": (0.0, 1.0),
    "usd": (float("-inf"), None),
    "works": (0.0, None),
}
"""Least and greatest value of a unit; units that are not here have none."""

ROUNDING = 1e-9
"""What a sum of float64 shares may miss its bound by without breaking it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Ibis type, unit and meaning in the reader's words.

    Attributes
    ----------
    name
        The column's name; the same quantity has the same name in every table.
    dtype
        An Ibis type such as ``int64`` or ``array<string>``.
    unit
        What a value is counted in; it fixes the allowed range.
    meaning
        One sentence that ends with a full stop.
    nullable
        Whether a value may be missing; key columns never may.
    """

    name: str
    dtype: str
    unit: Unit
    meaning: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Law:
    """A promise across rows: `violations` returns the rows that break it, none when it holds.

    Attributes
    ----------
    apart
        An id that the promise holds for one by one, so that a table of many may be looked at
        range by range; none where all its rows meet.
    """

    statement: str
    violations: Callable[[ir.Table], ir.Table]
    apart: str | None = None


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The declaration of a table; a written table is checked against it.

    Attributes
    ----------
    name
        The plural of what a row is.
    grain
        One sentence that says what one row is.
    key
        Columns that together name a row; unique and never null.
    columns
        All columns in order.
    laws
        What must hold across rows, such as credits that sum to at most one.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    laws: tuple[Law, ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the declaration of one column."""
        return next(column for column in self.columns if column.name == name)

    @property
    def ibis_schema(self) -> ibis.Schema:
        """The columns as an Ibis schema."""
        return ibis.schema({column.name: column.dtype for column in self.columns})


def arrow_schema(spec: TableSpec) -> pa.Schema:
    """Return the columns as an Arrow schema."""
    return spec.ibis_schema.to_pyarrow()


def unbound(spec: TableSpec) -> ir.Table:
    """Return a table expression of the declared columns, with no data behind it."""
    return ibis.table(spec.ibis_schema, name=spec.name)


def conform(table: ir.Table, spec: TableSpec) -> ir.Table:
    """Select the declared columns in order and cast each to its declared type."""
    return table.select(
        **{column.name: table[column.name].cast(column.dtype) for column in spec.columns}
    )


def complete(table: ir.Table, spec: TableSpec) -> ir.Table:
    """Conform a table to a declaration, null in the nullable columns that it does not have."""
    absent = {
        column.name: ibis.null(column.dtype)
        for column in spec.columns
        if column.nullable and column.name not in table.columns
    }
    return conform(table.mutate(**absent), spec)


def extend(left: ir.Table, right: ir.Table, on: Iterable[str]) -> ir.Table:
    """Add the other columns of `right` where its key matches, null where none does.

    The key of `right` must be unique; the rows of `left` stay what they are.
    """
    keys = list(on)
    added = [name for name in right.columns if name not in keys]
    return left.left_join(right, keys).select(*left.columns, *added)
