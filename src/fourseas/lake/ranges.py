"""Tables of many ids, computed one range of ids after another.

Whatever a step joins and sums, only what concerns a range of works or persons is in memory then,
and of files that lie in the order of the id no more is read. A hundred million works take as much
memory as five, and nothing is put aside on the disk but the table itself. Sums over works are
computed for each range and added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from fourseas.lake import engine
from fourseas.lake.recipe import expression
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec, conform

BYTES_OF_ROW = 800
"""What the engine may use for each row that is read of a range."""

BYTES_OF_ADDED_ROW = 250
"""The same where rows are sums: there are far fewer of these than of what is read."""


@dataclass(frozen=True, slots=True)
class Range:
    """Ids of a column from the first to the last, both within it."""

    column: str
    first: int
    last: int

    def of(self, table: ir.Table) -> ir.Table:
        """Return the rows of a table that are of the range: all where it has no such column."""
        if self.column not in table.columns:
            return table
        return table.filter(table[self.column].between(self.first, self.last))


def id_apart(step: Step) -> str | None:
    """Return the column of numbers whose values do not meet, if there is one."""
    types = step.writes.ibis_schema
    return next((name for name in step.apart if types[name].is_integer()), None)


def divided(first: int, last: int, column: str, n_ranges: int) -> tuple[Range, ...]:
    """Divide ids into ranges of one size, all but the last, none of them empty."""
    size = -(-(last - first + 1) // n_ranges)
    return tuple(
        Range(column, start, min(start + size - 1, last)) for start in range(first, last + 1, size)
    )


def ranges(con: Backend, step: Step) -> tuple[Range, ...]:
    """Return the ranges by which a step is computed, of which there is none where all fits."""
    column = step.added or id_apart(step)
    if column is None:
        return ()
    read = [con.table(spec.name) for spec in step.reads if column in spec.column_names]
    return fitting(con, read, column, BYTES_OF_ADDED_ROW if step.added else BYTES_OF_ROW)


def fitting(
    con: Backend, tables: Sequence[ir.Table], column: str, bytes_of_row: int
) -> tuple[Range, ...]:
    """Divide tables by an id so that each range fits the engine's memory; not where all does.

    Rows without the id are in no range.
    """
    n_rows = sum(int(con.to_pyarrow(table.count()).as_py()) for table in tables)
    n_ranges = -(-n_rows * bytes_of_row // engine.bytes_of_memory(con))
    if n_ranges <= 1:
        return ()
    ids = reduce(ir.Table.union, [table.select(column) for table in tables])
    ends = con.to_pyarrow(ids.agg(first=ids[column].min(), last=ids[column].max())).to_pylist()[0]
    if ends["first"] is None:
        return ()
    return divided(ends["first"], ends["last"], column, n_ranges)


def write(con: Backend, step: Step, parts: Sequence[Range], path: Path) -> int:
    """Compute the ranges of a table, and write them to one file in the order of its key.

    Each range has a file of its own meanwhile, where the engine puts aside what memory does not
    hold. They follow each other where the key begins with their id, are sorted where it does not,
    and added up where rows are sums.

    Raises
    ------
    LakeError
        If the disk is full or closed to us, or the memory limit is too low.
    """
    directory = Path(engine.setting(con, "temp_directory"))
    directory.mkdir(parents=True, exist_ok=True)
    files = [directory / f"{step.writes.name}-{i:04d}.parquet" for i in range(len(parts))]
    try:
        for part, file in zip(parts, files, strict=True):
            of = part.of if part == parts[0] else without(step.beside, part.of)
            engine.write(con, expression(step, of), file)
        every = engine.stored(con, files, f"ranges_of_{step.writes.name}")
        if step.added:
            every = added_up(every, step.writes)
        is_in_order = step.writes.key[0] == parts[0].column
        return engine.write(con, every if is_in_order else every.order_by(*step.writes.key), path)
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def without(
    specs: Sequence[TableSpec], of: Callable[[ir.Table], ir.Table]
) -> Callable[[ir.Table], ir.Table]:
    """Return what gives no row of some tables, and of the others what it is given."""
    left_out = {spec.name for spec in specs}

    def remaining(table: ir.Table) -> ir.Table:
        return table.limit(0) if table.get_name() in left_out else of(table)

    return remaining


def added_up(rows: ir.Table, spec: TableSpec) -> ir.Table:
    """Return the sums of rows of one key."""
    sums = {name: rows[name].sum() for name in spec.column_names if name not in spec.key}
    return conform(rows.group_by(*spec.key).agg(**sums), spec)
