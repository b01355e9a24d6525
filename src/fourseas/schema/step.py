"""A step is a pure function from tables to a table, with the declarations of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from fourseas.schema.table import TableSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A computation: `compute` takes the tables of `reads` in order and returns `writes`.

    Attributes
    ----------
    parts
        Of a step that a kernel may compute too: the tables, by name, that it begins from, made
        like `compute` from those of `reads`. What definitions decide is decided there.
    apart
        Columns whose values do not meet: a row is computed from nothing of the tables that are
        read but what has its own value there, where they have the column at all. What is asked
        of a few values is computed from little, and a table of many ids range by range. Where it
        is a year, what is read of works or persons is of those that have it.
    """

    compute: Callable[..., ir.Table]
    reads: tuple[TableSpec, ...]
    writes: TableSpec
    parts: Callable[..., Mapping[str, ir.Table]] | None = None
    apart: tuple[str, ...] = ()


OF_DEFINITION = ("register", "definition_id")
OF_FIELD = (*OF_DEFINITION, "field_id")
OF_PLACE = (*OF_FIELD, "year")
OF_UNIT = (*OF_PLACE, "unit_type", "unit_id")
"""What rows of an indicator may be apart by, from what almost all are to what few are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Step):
    """A step whose result people read.

    Attributes
    ----------
    title
        Its name in the field's words.
    meaning
        One line that says what it tells.
    formula
        The definition in plain mathematical notation.
    headline
        The column that a map or a series shows.
    source
        Where the definition was published.
    caveats
        What a reader must know before quoting it; never empty.
    is_of_fields
        Whether all its rows are of single fields, none of all fields together.
    are_pairs_apart
        Whether a row of a pair is computed from no other rows of tables of pairs than those of
        the same two, either way round.
    always
        Which rows of the tables that it reads every row is computed from, wherever it is. Null
        where what its rows are apart by is all.
    of_units
        `compute` for some units alone, whose ids it takes after the tables; it may return other
        rows besides. Null where an engine finds out by itself what it need not compute.
    """

    title: str
    meaning: str
    formula: str
    headline: str
    source: str
    caveats: tuple[str, ...]
    is_of_fields: bool = False
    are_pairs_apart: bool = False
    always: Callable[[ir.Table], ir.BooleanValue] | None = None
    of_units: Callable[..., ir.Table] | None = None
    apart: tuple[str, ...] = OF_DEFINITION

    @property
    def name(self) -> str:
        """The name of the table it writes, by which users ask for it."""
        return self.writes.name
