"""Tables of many works or persons, computed one range of ids or years after another.

Whatever a step joins and sums, only what concerns a range is in memory then. Of files that lie in
the order of an id no more is read; of others the rows of a range of years are picked out once, and
what is known of works or persons goes with the years of these. A hundred million works take as
much memory as five, and little is put aside on the disk but the table itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from fourseas.lake import engine
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec

BYTES_OF_ROW = 800
"""What the engine may use for each row that is read of a range of ids."""

BYTES_OF_SUMMED_ROW = 150
"""The same of a range of years, whose rows are summed: there are far fewer sums than rows."""

YEAR = "year"


@dataclass(frozen=True, slots=True)
class Range:
    """Ids or years of a column from the first to the last, both within it."""

    column: str
    first: int
    last: int

    def of(self, table: ir.Table) -> ir.Table:
        """Return the rows of a table that are of the range: all where it has no such column."""
        if self.column not in table.columns:
            return table
        return table.filter(table[self.column].between(self.first, self.last))


def column_apart(step: Step) -> str | None:
    """Return the column of numbers whose values do not meet, if there is one."""
    types = step.writes.ibis_schema
    return next((name for name in step.apart if types[name].is_integer()), None)


def divided(first: int, last: int, column: str, n_ranges: int) -> tuple[Range, ...]:
    """Divide ids into ranges of one size, all but the last, none of them empty."""
    size = -(-(last - first + 1) // n_ranges)
    return tuple(
        Range(column, start, min(start + size - 1, last)) for start in range(first, last + 1, size)
    )


def packed(rows_of_years: Iterable[tuple[int, int]], n_ranges: int) -> tuple[Range, ...]:
    """Divide years into ranges of at most so many rows; a year alone may have more.

    Parameters
    ----------
    rows_of_years
        Years in ascending order, with their rows.
    n_ranges
        How many ranges there would be if years could be cut.
    """
    known = tuple(rows_of_years)
    most = sum(n_rows for _, n_rows in known) / n_ranges
    found: list[Range] = []
    n_here = 0
    for year, n_rows in known:
        if found and n_here + n_rows <= most:
            found[-1] = replace(found[-1], last=year)
            n_here += n_rows
        else:
            found.append(Range(YEAR, year, year))
            n_here = n_rows
    return tuple(found)


def ranges(con: Backend, step: Step) -> tuple[Range, ...]:
    """Return the ranges by which a step is computed, of which there is none where all fits."""
    column = column_apart(step)
    if column is None:
        return ()
    having = [con.table(spec.name) for spec in step.reads if column in spec.column_names]
    if column != YEAR:
        return fitting(con, having, column, BYTES_OF_ROW)
    going_along = [con.table(spec.name) for spec in step.reads if _id_of_dated(step, spec)]
    n_ranges = _n_ranges(con, [*having, *going_along], BYTES_OF_SUMMED_ROW)
    if n_ranges <= 1:
        return ()
    years = reduce(ir.Table.union, [table.select(YEAR) for table in having])
    known = years.filter(years.year.notnull())
    counted = known.group_by(YEAR).agg(n_rows=known.count())
    rows = con.to_pyarrow(counted.order_by(YEAR)).to_pylist()
    return packed([(row[YEAR], row["n_rows"]) for row in rows], n_ranges)


def fitting(
    con: Backend, tables: Sequence[ir.Table], column: str, bytes_of_row: int
) -> tuple[Range, ...]:
    """Divide tables by an id so that each range fits the engine's memory; not where all does.

    Rows without the id are in no range.
    """
    n_ranges = _n_ranges(con, tables, bytes_of_row)
    if n_ranges <= 1:
        return ()
    ids = reduce(ir.Table.union, [table.select(column) for table in tables])
    ends = con.to_pyarrow(ids.agg(first=ids[column].min(), last=ids[column].max())).to_pylist()[0]
    if ends["first"] is None:
        return ()
    return divided(ends["first"], ends["last"], column, n_ranges)


def _n_ranges(con: Backend, tables: Iterable[ir.Table], bytes_of_row: int) -> int:
    """Return how many ranges of tables would each fit the engine's memory."""
    n_rows = sum(int(con.to_pyarrow(table.count()).as_py()) for table in tables)
    return -(-n_rows * bytes_of_row // engine.bytes_of_memory(con))


def write(
    con: Backend,
    step: Step,
    parts: Sequence[Range],
    path: Path,
    compute: Callable[[Step, Path], int],
) -> int:
    """Compute the ranges of a table, and write them to one file in the order of its key.

    Each range has a file of its own meanwhile, where the engine puts aside what memory does not
    hold. They follow each other where the key begins with their id, and are sorted where it does
    not.

    Parameters
    ----------
    con, step, parts, path
        The engine, what is computed by which ranges, and where to.
    compute
        What writes the table of a step to a file.

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
            compute(of_range(con, step, part), file)
        every = engine.stored(con, files, f"ranges_of_{step.writes.name}")
        is_in_order = step.writes.key[0] == parts[0].column
        return engine.write(con, every if is_in_order else every.order_by(*step.writes.key), path)
    finally:
        for file in files:
            file.unlink(missing_ok=True)
        for spec in step.reads:
            engine.forget(con, _name_in_range(spec))


def of_range(con: Backend, step: Step, part: Range) -> Step:
    """Return the step that reads, under names of their own, the rows of a range alone.

    What lies in the order of the range is read from where it lies. Rows of other tables are picked
    out once, since a definition reads them many times: those of the range, or of a range of years
    those of works or persons that have some of these years in any table that is read.
    """
    for spec in step.reads:
        table, name = con.table(spec.name), _name_in_range(spec)
        id_of_dated = _id_of_dated(step, spec) if part.column == YEAR else None
        if id_of_dated:
            ids = [
                part.of(con.table(one.name)).select(id_of_dated)
                for one in step.reads
                if YEAR in one.column_names and one.key[0] == id_of_dated
            ]
            table = table.semi_join(reduce(ir.Table.union, ids), id_of_dated)
            engine.materialize(con, table, name)
        elif part.column in spec.column_names and spec.key[0] != part.column:
            engine.materialize(con, part.of(table), name)
        else:
            engine.show(con, part.of(table), name)
    return replace(
        step, reads=tuple(replace(spec, name=_name_in_range(spec)) for spec in step.reads)
    )


def _name_in_range(spec: TableSpec) -> str:
    return f"range_of_{spec.name}"


def _id_of_dated(step: Step, spec: TableSpec) -> str | None:
    """Return the id by which rows of a table without a year belong to what has one, if they do."""
    if YEAR in spec.column_names:
        return None
    ids = (
        one.key[0]
        for one in step.reads
        if YEAR in one.column_names and one.ibis_schema[one.key[0]].is_integer()
    )
    return next((name for name in ids if name in spec.column_names), None)
