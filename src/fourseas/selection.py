"""What is asked of an indicator: by a person, with its names resolved, and by a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.step import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to show of an indicator; what is not said is not restricted.

    Attributes
    ----------
    indicator
        Name of the indicator.
    countries
        Countries by code or name, groups by id, ``WORLD`` or ``UNKNOWN``.
    organizations
        Organizations by name, ROR id or id; without them rows of organizations are left out.
    fields
        Fields by id or name; ``all`` for the row that holds every work.
    years
        First and last year.
    counting, definition, register
        One of each; the default definitions where none is said.
    """

    indicator: str
    countries: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    counting: str | None = None
    definition: str | None = None
    register: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A selection with its names resolved: what it means whatever lake is open.

    Attributes
    ----------
    indicator
        Name of the indicator.
    unit_ids, field_ids
        Units and fields to keep; empty for all, of units for all but organizations.
    years
        First and last year; null for all.
    counting, register
        One of each; null for all.
    definition_ids
        Definitions to keep.
    has_organizations
        Whether organizations may be among the units.
    """

    indicator: str
    unit_ids: tuple[str, ...]
    field_ids: tuple[str, ...]
    years: tuple[int, int] | None
    counting: str | None
    register: str | None
    definition_ids: tuple[str, ...]
    has_organizations: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of an indicator, the same for every unit, of which a page reads a few units.

    Attributes
    ----------
    indicator
        Name of the indicator.
    columns
        What is read of it; with ``unit_id``.
    among
        Columns, and the values of which a row has one.
    known
        Columns that are not null.
    order
        Columns of pairs in whose order rows lie where they are written down to be found.
    """

    indicator: str
    columns: tuple[str, ...]
    among: tuple[tuple[str, tuple[str | int | bool, ...]], ...] = ()
    known: tuple[str, ...] = ()
    order: tuple[str, ...] = ("unit_id", "partner_id")


Choose = Callable[[pd.DataFrame], pd.DataFrame]
"""What takes which values of columns there are, with `n`, the number of rows of each, and returns
the values of rows that are read."""


def chosen(
    every: pd.DataFrame, by: Sequence[str], choose: Choose
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return which values of columns rows have, and the rows of those that are chosen of them."""
    there = every.groupby([*by], dropna=False).size().reset_index(name="n")
    return there, every.merge(choose(there))


def restriction(
    part: Slice, unit_ids: tuple[str, ...], *, has_organizations: bool = False
) -> Restriction:
    """Return a restriction that keeps at least the rows of some units in a slice."""
    among = dict(part.among)
    every = tuple(one.definition_id for one in DEFINITIONS)
    return Restriction(
        indicator=part.indicator,
        unit_ids=unit_ids,
        field_ids=tuple(map(str, among.get("field_id", ()))),
        years=None,
        counting=None,
        register=None,
        definition_ids=tuple(map(str, among.get("definition_id", every))),
        has_organizations=has_organizations,
    )


def sliced(every: ir.Table, to: Slice) -> ir.Table:
    """Return the rows of a slice, with all columns."""
    # Ibis 12 writes `isin` of a comparison without parentheses: DuckDB reads `a > b IN (FALSE)` as
    # `a > (b IN (FALSE))`, so that open years passed for complete ones. Around = it sets them.
    kept = [ibis.or_(*(every[name] == value for value in values)) for name, values in to.among]
    kept += [every[name].notnull() for name in to.known]
    return every.filter(*kept) if kept else every


def restricted(every: ir.Table, to: Restriction) -> ir.Table:
    """Return the rows of an indicator that a restriction keeps."""
    kept = _kept(every, to)
    return every.filter(*kept.values())


def narrowed(read: ir.Table, to: Restriction, of: Indicator) -> ir.Table:
    """Return what an indicator needs of a table that it reads, for the rows that are kept.

    An engine that computes an aggregate which several others read computes the whole of it,
    whatever is asked for in the end: what is not needed has to be left out at the beginning.
    No row of a country is computed from rows of organizations, which are most of all cells.

    Parameters
    ----------
    read
        A table that the indicator reads.
    of
        The indicator: what its rows are apart by.
    """
    kept = [is_kept for name, is_kept in _kept(read, to).items() if name in of.apart]
    if kept and of.always is not None:
        kept = [ibis.and_(*kept) | of.always(read)]
    if "unit_type" in read.columns and not (to.unit_ids and to.has_organizations):
        kept.append(read.unit_type != "organization")
    if "partner_id" in read.columns and of.are_pairs_apart and to.unit_ids:
        kept.append(read.unit_id.isin(to.unit_ids) | read.partner_id.isin(to.unit_ids))
    return read.filter(*kept) if kept else read


def _kept(table: ir.Table, to: Restriction) -> dict[str, ir.BooleanValue]:
    """Return what a restriction asks for of each column that the table has."""
    kept: dict[str, ir.BooleanValue] = {}
    if "definition_id" in table.columns:
        kept["definition_id"] = table.definition_id.isin(to.definition_ids)
    if "unit_id" in table.columns and to.unit_ids:
        kept["unit_id"] = table.unit_id.isin(to.unit_ids)
    if "unit_type" in table.columns and not to.unit_ids:
        kept["unit_type"] = table.unit_type != "organization"
    if "field_id" in table.columns and to.field_ids:
        kept["field_id"] = table.field_id.isin(to.field_ids)
    if "year" in table.columns and to.years is not None:
        kept["year"] = table.year.between(*to.years)
    if "counting" in table.columns and to.counting is not None:
        kept["counting"] = table.counting == to.counting
    if "register" in table.columns and to.register is not None:
        kept["register"] = table.register == to.register
    return kept
