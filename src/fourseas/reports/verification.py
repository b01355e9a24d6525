"""Rows of a table held against a second opinion: the same numbers, from records by plain SQL."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import ibis.expr.types as ir

from fourseas.catalog import INDICATORS, STEPS
from fourseas.errors import FourseasError, NotComputableError, UnknownNameError
from fourseas.lake import second_opinion
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.table import TableSpec
from fourseas.workspace import Workspace

COUNTED = tuple(d.definition_id for d in DEFINITIONS if d.computed)
"""Definitions by which works are counted here; figures of publishers have no records behind."""

CHALLENGE = "challenge"
"""The scheme whose fields are composed of others; no second opinion says how."""

OF_REGISTER = ("snapshot_on", "scope")
"""Columns of a key that say the same in every row of a register."""

REASON = "not_computable"
TOLERANCE = 1e-9
INTERVAL_TOLERANCE = 1e-6
"""An interval is the root of a small difference of sums, which keeps half of the digits."""

Key = tuple[object, ...]
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A row of the sample.

    Attributes
    ----------
    key
        What names it.
    differences
        Column by column, what the lake has and what the records give; empty if all is equal.
    """

    key: Mapping[str, object]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of a comparison.

    Attributes
    ----------
    name, columns
        The table, and its columns that were compared.
    n_rows
        Rows that the lake, or the records, or both give: what the sample is drawn from.
    n_left_out
        Rows of the lake of which there is no second opinion.
    rows
        The sample, by key.
    """

    name: str
    columns: tuple[str, ...]
    n_rows: int
    n_left_out: int
    rows: tuple[Verified, ...]

    @property
    def different(self) -> tuple[Verified, ...]:
        """The rows that differ."""
        return tuple(row for row in self.rows if row.differences)


def verification(
    ws: Workspace, name: str, *, countries: tuple[str, ...] = (), sample: int, seed: int = 0
) -> Verification:
    """Compare a sample of the rows of a table with what the staged records give.

    The sample is drawn from the rows of both sides, so that a row that is missing is found as
    well as one that is wrong. A value that the lake withholds, with a reason in its row, is not
    compared: whether a register is a census is no matter of its records.

    Raises
    ------
    UnknownNameError
        For an indicator or table that is not known, or a country.
    FourseasError
        For a table of which there is no second opinion, or a sample of nothing.
    NotComputableError
        Where neither side has a row.
    """
    spec = _spec(name)
    if sample < 1:
        message = f"A sample of {sample} rows says nothing."
        raise FourseasError(message, "Ask for 1 or more.")
    units = ws.unit_ids(countries)
    key = tuple(column for column in spec.key if column not in OF_REGISTER)
    every = _of_units(ws.table(name), units)
    verifiable = _verifiable(every)
    ours = _by_key(verifiable, key)
    n_left_out = int(every.count().to_pyarrow().as_py()) - len(ours)
    with second_opinion.second_opinion(ws.lake, ws.ledger.registers, name) as opinion:
        theirs = _by_key(_of_units(opinion, units), key)
        columns = tuple(c for c in spec.column_names if c in opinion.columns and c not in key)
    keys = sorted({*ours, *theirs}, key=repr)
    if not keys:
        message = f"{name} has no rows there that come from records."
        remedy = "Leave out --country, or verify another table; published figures have no records."
        raise NotComputableError(message, remedy)
    drawn = sorted(Random(seed).sample(keys, min(sample, len(keys))), key=repr)  # noqa: S311
    return Verification(
        name=name,
        columns=columns,
        n_rows=len(keys),
        n_left_out=n_left_out,
        rows=tuple(
            Verified(
                key=dict(zip(key, one, strict=True)),
                differences=_differences(ours.get(one), theirs.get(one), columns),
            )
            for one in drawn
        ),
    )


def _spec(name: str) -> TableSpec:
    """Return the declaration of a table of which there is a second opinion."""
    specs = {step.writes.name: step.writes for step in (*STEPS, *INDICATORS)}
    offered = second_opinion.names()
    if name not in specs:
        raise UnknownNameError.of("indicator", name, specs)
    if name not in offered:
        message = f"There is no second opinion on {name}."
        raise FourseasError(message, f"There is one on {', '.join(offered)}.")
    return specs[name]


def _of_units(table: ir.Table, units: tuple[str, ...]) -> ir.Table:
    """Return the rows of some units; all where none is named."""
    return table.filter(table.unit_id.isin(units)) if units else table


def _verifiable(table: ir.Table) -> ir.Table:
    """Return the rows that were counted from records alone."""
    counted = table.filter(table.definition_id.isin(COUNTED))
    return counted.filter(counted.scheme != CHALLENGE)


def _by_key(table: ir.Table, key: tuple[str, ...]) -> dict[Key, Values]:
    """Return rows by their key; two rows of one key are a fault of whoever gave them."""
    rows = table.to_pyarrow().to_pylist()
    named = {tuple(row[column] for column in key): row for row in rows}
    assert len(named) == len(rows), "two rows have one key"
    return named


def _differences(
    ours: Values | None, theirs: Values | None, columns: tuple[str, ...]
) -> tuple[str, ...]:
    """Say in which columns two rows differ."""
    if ours is None:
        return ("the lake has no such row",)
    if theirs is None:
        return ("the records give no such row",)
    is_withheld = ours.get(REASON) is not None
    return tuple(
        f"{column}: the lake has {ours[column]}, the records give {theirs[column]}"
        for column in columns
        if not _is_equal(column, ours[column], theirs[column])
        and not (is_withheld and (ours[column] is None or column == REASON))
    )


def _is_equal(column: str, ours: object, theirs: object) -> bool:
    """Return whether two values are one, but for rounding."""
    if isinstance(ours, float) and isinstance(theirs, int | float):
        tolerance = INTERVAL_TOLERANCE if column.endswith(("_low", "_high")) else TOLERANCE
        return math.isclose(ours, theirs, rel_tol=tolerance, abs_tol=tolerance)
    return ours == theirs
